import { setTimeout as pause } from "node:timers/promises";
import type { DemoData } from "../../src/operations/upkeep/demo-data.ts";
import { cpuTime } from "./cpu.ts";
import { load, type Send, sender, type Source } from "./load.ts";
import { makeOperations, type Operation } from "./operations.ts";
import type { Started } from "./start.ts";

export interface Measurement {
	readonly name: string;
	readonly requestsPerSecond: number;
	/** Milliseconds. */
	readonly p50: number;
	readonly p99: number;
	/** CPU time of the server for one request, in microseconds. */
	readonly cpu: number;
}

export interface Measured {
	readonly floor: Measurement;
	readonly operations: readonly MeasuredOperation[];
}

type MeasuredOperation = Measurement & {
	readonly operation: Operation;
	/** To an empty request. */
	readonly ratio: number;
	/** To the same operation of the other build; null where there is none. */
	readonly against: number | null;
};

type Start = () => Promise<Started>;

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
 * Measures the build that `start` starts and, in turn with it, that of `other`. Rounds of an operation stand between rounds of
 * empty requests, and each is compared with its two neighbours in time: what else the machine does weighs on all of them.
 */
export async function measure(start: Start, other: Start | null, demo: DemoData): Promise<Measured> {
	const ours = await bring(start, demo);
	const theirs = other === null ? null : await bring(other, demo);
	try {
		const floors: Round[] = [];
		const found = ours.operations.map((operation) => ({
			operation,
			rounds: [] as Round[],
			ratios: [] as number[],
			theirRatios: [] as number[],
		}));
		// The first pass is the warm-up: what it finds is dropped.
		for (let pass = 0; pass <= rounds; pass++) {
			const seconds = pass > 0 ? operationSeconds : warmUpSeconds;
			for (const [index, own] of found.entries()) {
				// Whichever comes first, it is not always the same.
				const both = [ours, ...(theirs ? [theirs] : [])];
				for (const build of pass % 2 === 0 ? both : both.toReversed()) {
					const compared = await runBetween(build, build.operations[index], seconds);
					if (pass === 0) continue;
					if (build === theirs) own.theirRatios.push(compared.ratio);
					else {
						floors.push(compared.floor);
						own.rounds.push(compared.round);
						own.ratios.push(compared.ratio);
					}
				}
			}
		}
		return {
			floor: summary("empty request", floors),
			operations: found.map(({ operation, rounds: own, ratios, theirRatios }) => ({
				...summary(operation.name, own),
				operation,
				ratio: median(ratios),
				against: theirs ? median(ratios.map((ratio, pass) => ratio / (theirRatios[pass] ?? Number.NaN))) : null,
			})),
		};
	} finally {
		await ours.stop();
		await theirs?.stop();
	}
}

interface Build {
	readonly operations: readonly Operation[];
	readonly run: (source: Source, seconds: number) => Promise<Round>;
	readonly runFloor: () => Promise<Round>;
	stop(): Promise<void>;
}

async function bring(start: Start, demo: DemoData): Promise<Build> {
	const started = await start();
	const latchkey = sender(started.latchkey);
	const floor = sender(started.floor);
	return {
		operations: await makeOperations(latchkey.send, demo),
		run: (source, seconds) => runRound(started.pid, latchkey.send, source, seconds),
		runFloor: () => runRound(started.pid, floor.send, { next: () => ({ method: "GET", path: "/" }) }, floorSeconds),
		async stop() {
			latchkey.close();
			floor.close();
			await started.stop();
		},
	};
}

async function runBetween(build: Build, operation: Operation | undefined, seconds: number) {
	if (!operation) throw new Error("The builds have different operations");
	await operation.prepare?.();
	const before = await build.runFloor();
	const round = await build.run(operation, seconds);
	const floor = await build.runFloor();
	return { round, floor, ratio: cpuOf(round) / ((cpuOf(before) + cpuOf(floor)) / 2) };
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
