import { setTimeout as pause } from "node:timers/promises";
import type { DemoData } from "../../src/operations/upkeep/demo-data.ts";
import { cpuTime } from "./cpu.ts";
import { load, type Send, sender, type Source } from "./load.ts";
import { makeOperations, type Operation } from "./operations.ts";
import { start } from "./start.ts";

export interface Measurement {
	readonly name: string;
	readonly requestsPerSecond: number;
	/** Milliseconds. */
	readonly p50: number;
	readonly p99: number;
	/** CPU time of workerd for one request, in microseconds. */
	readonly cpu: number;
}

export interface Measured {
	readonly floor: Measurement;
	readonly operations: readonly (Measurement & { readonly operation: Operation; readonly ratio: number })[];
}

const rounds = 6;
/** Long enough that the code is optimised by then, as an isolate's is that has been at work for a while. */
const warmUpSeconds = 1.5;
const operationSeconds = 0.4;
const floorSeconds = 0.3;

interface Round {
	readonly seconds: number;
	readonly latencies: readonly number[];
	readonly cpu: number;
}

/**
 * Measures the build in `script`. Rounds of an operation stand between rounds of the empty Worker, and each is compared
 * with its two neighbours in time: what else the machine does weighs on all three.
 */
export async function measure(script: string, demo: DemoData): Promise<Measured> {
	const started = await start(script);
	const latchkey = sender(started.latchkey);
	const floor = sender(started.floor);
	try {
		const operations = await makeOperations(latchkey.send, demo);
		const run = (send: Send, source: Source, seconds: number) => runRound(started.pid, send, source, seconds);
		const runFloor = () => run(floor.send, { next: () => ({ method: "GET", path: "/" }) }, floorSeconds);

		const floors: Round[] = [];
		const found = new Map<Operation, { rounds: Round[]; ratios: number[] }>();
		for (const operation of operations) found.set(operation, { rounds: [], ratios: [] });
		// The first pass is the warm-up: what it finds is dropped.
		for (let pass = 0; pass <= rounds; pass++) {
			let before = await runFloor();
			for (const [operation, own] of found) {
				await operation.prepare?.();
				const round = await run(latchkey.send, operation, pass > 0 ? operationSeconds : warmUpSeconds);
				const after = await runFloor();
				if (pass > 0) {
					floors.push(after);
					own.rounds.push(round);
					own.ratios.push(cpuOf(round) / ((cpuOf(before) + cpuOf(after)) / 2));
				}
				before = after;
			}
		}
		return {
			floor: summary("empty Worker", floors),
			operations: [...found].map(([operation, own]) => ({
				...summary(operation.name, own.rounds),
				operation,
				ratio: median(own.ratios),
			})),
		};
	} finally {
		latchkey.close();
		floor.close();
		await started.stop();
	}
}

async function runRound(pid: number, send: Send, source: Source, seconds: number): Promise<Round> {
	// What the round before left to do (commits, collected garbage) is not this one's.
	await pause(50);
	const before = cpuTime(pid);
	const done = await load(send, source, seconds);
	return { ...done, cpu: cpuTime(pid) - before };
}

function cpuOf({ cpu, latencies }: Round): number {
	return cpu / latencies.length;
}

function summary(name: string, all: readonly Round[]): Measurement {
	const sorted = all.flatMap(({ latencies }) => latencies).toSorted((a, b) => a - b);
	const quantile = (part: number) => sorted[Math.floor(sorted.length * part)] ?? 0;
	return {
		name,
		requestsPerSecond: sorted.length / all.reduce((sum, { seconds }) => sum + seconds, 0),
		p50: quantile(0.5),
		p99: quantile(0.99),
		cpu: median(all.map(cpuOf)),
	};
}

function median(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
