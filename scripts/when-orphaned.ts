import process from "node:process";

/**
 * npm runs a script in a shell, and ends no more than the shell when it is told to stop: whoever was started in it has to see
 * for itself that nobody waits for it any more.
 */
export function whenOrphaned(stop: () => void): void {
	const parent = process.ppid;
	const watch = setInterval(() => {
		if (process.ppid === parent) return;
		clearInterval(watch);
		stop();
	}, 250);
	watch.unref();
}
