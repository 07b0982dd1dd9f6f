import type { Counts } from "./counts.ts";
import type { Source } from "./load.ts";

/** One thing that latchkey does, as a client asks for it. */
export interface Operation extends Source {
	readonly name: string;
	/** How many times the CPU of an empty request it may cost. */
	readonly goal: number;
	/** By RS256, which alone costs ten empty requests (DESIGN §3.9). */
	readonly signs?: true;
	/** DESIGN §3.9. */
	readonly budget: Partial<Counts>;
	/** A member that the answer has to have: a build of before there was any ignores what is asked for. */
	readonly member?: string;
	/** Makes what so many requests use up, outside the measured time. */
	prepare?(requests: number): Promise<void>;
}
