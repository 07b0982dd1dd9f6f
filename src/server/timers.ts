import type { Seconds } from "../domain/brands.ts";

export interface Timer {
	/** Resolves when what is under way is done. */
	stop(): Promise<void>;
}

/**
 * Has work done again and again, never twice at once. Every wait is up to a fifth longer: servers that were started together
 * do not go on together, which takes no secret randomness. The work must not fail.
 */
export function every(seconds: Seconds, work: () => Promise<void>): Timer {
	let underWay = Promise.resolve();
	let isStopped = false;
	let timer = plan();

	function plan(): ReturnType<typeof setTimeout> {
		const wait = seconds * 1000 * (1 + Math.random() / 5);
		return setTimeout(() => {
			underWay = work().finally(() => {
				if (!isStopped) timer = plan();
			});
		}, wait);
	}

	return {
		stop() {
			isStopped = true;
			clearTimeout(timer);
			return underWay;
		},
	};
}
