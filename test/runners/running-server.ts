/** A latchkey in processes of its own, on whichever platform. */
export interface RunningServer {
	readonly origin: string;
	readonly port: number;
	/** What it has printed so far. */
	output(): string;
	/** As a deploy ends an old version: nothing is cut off in the middle of a write. */
	stop(): Promise<void>;
	/** As a crash does: SIGKILL to every process of the server at once. */
	kill(): Promise<void>;
}
