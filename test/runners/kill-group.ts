import type { ChildProcess } from "node:child_process";

/** A signal to a `detached` child and to all that it started. */
export function killGroup({ pid }: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
	if (pid === undefined) return;
	try {
		process.kill(-pid, signal);
	} catch {
		// All of them have ended already.
	}
}
