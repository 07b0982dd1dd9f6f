import { readdirSync, readFileSync } from "node:fs";

/** The workerd that this process has started since it had those of `known`. */
export function findWorkerd(known: readonly number[]): number {
	const found = workerds().filter((pid) => !known.includes(pid));
	const [pid] = found;
	if (found.length !== 1 || pid === undefined) throw new Error(`${found.length} workerd processes instead of one`);
	return pid;
}

/** Every child of that name. */
export function workerds(): readonly number[] {
	const found = readdirSync("/proc").filter((name) => {
		if (!/^\d+$/.test(name)) return false;
		try {
			const [, command, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, "utf8")) ?? [];
			return command === "workerd" && Number(parent) === process.pid;
		} catch {
			return false; // it has ended since the directory was read
		}
	});
	return found.map(Number);
}

/**
 * CPU time of a process so far, in microseconds. Summed over its threads from `schedstat`, which counts nanoseconds:
 * `utime + stime` of `/proc/<pid>/stat` are the same time in steps of 10 ms, a tenth of a round.
 */
export function cpuTime(pid: number): number {
	let nanoseconds = 0;
	for (const thread of readdirSync(`/proc/${pid}/task`)) {
		const [running] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ");
		nanoseconds += Number(running);
	}
	return nanoseconds / 1000;
}
