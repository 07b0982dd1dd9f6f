import { setTimeout as pause } from "node:timers/promises";
import type { DemoData } from "../../src/operations/upkeep/demo-data.ts";
import { cpuTime } from "./cpu.ts";
import { lanes, load, type Send, sender, type Source } from "./load.ts";
import type { Operation } from "./operation.ts";
import { makeOperations } from "./operations.ts";
import { makePeerOperations } from "./peer.ts";
import type { Started } from "./start.ts";

export interface Measurement {
	readonly name: string;
	readonly requestsPerSecond: number;
	/** Milliseconds. */
	readonly p50: number;
	readonly p99: number;
	/** CPU time of the server for one request, in microseconds: the lower quartile of the rounds. */
	readonly cpu: number;
}

export interface Measured {
	readonly floor: Measurement;
	readonly operations: readonly MeasuredOperation[];
	/** What another product does, as {@link MeasuredOperation.ratio} says it. */
	readonly peer: readonly { readonly name: string; readonly ratio: number }[];
}

export type MeasuredOperation = Measurement & {
	readonly operation: Operation;
	/** To an empty request. */
	readonly ratio: number;
	/** Null where there is no other build, or where it has no such operation. */
	readonly against: Comparison | null;
};

interface Comparison {
	/** CPU time of this build, to that of the other in the same round: the median of the rounds. */
	readonly ratio: number;
	/** Their quartiles. */
	readonly spread: readonly [number, number];
}

export interface Plan {
	/** So many processes, one after the other: how well code is optimised in one is luck that lasts as long as it does. */
	readonly starts: number;
	/** Of each process. */
	readonly rounds: number;
	/** Whether the operation of this name is to be measured. */
	readonly asked: (name: string) => boolean;
}

/** Enough that the code is optimised by then, as an isolate's is that has been at work for a while. */
const warmUpRequests = 50 * lanes;
/** Of a turn, in microseconds of the server's CPU: young garbage is collected several times in one. */
const turnCpu = 120_000;
const fewestRequests = 10 * lanes;

/** So many requests of one operation to one build. */
interface Turn {
	readonly seconds: number;
	readonly latencies: readonly number[];
	/** For one request. */
	readonly cpu: number;
}

/** Turns of an operation, by build. */
interface Found {
	readonly operation: Operation;
	readonly turns: readonly Turn[][];
}

/**
 * Measures the first build, and a second in turn with it: first, second, second, first in one round, the other way about in the
 * next, so that neither is the one that comes after, and each round compares by itself: what else the machine does, or does no
 * more, weighs on both. A turn is a fixed number of requests, so that what grows (sessions, grants) is as large in both.
 */
export async function measure(
	start: (isReversed: boolean) => Promise<Started>,
	demo: DemoData,
	plan: Plan,
): Promise<Measured> {
	const floors: Turn[] = [];
	const found = new Map<string, Found>();
	const peers = new Map<string, Turn[]>();
	for (let each = 0; each < plan.starts; each++) {
		const isReversed = each % 2 === 1;
		await measureOne(await start(isReversed), isReversed, demo, plan, { floors, found, peers });
	}
	const floor = summary("empty request", floors);
	return {
		floor,
		operations: [...found.values()].map(({ operation, turns: [own = [], other] }) => {
			const measured = summary(operation.name, own);
			const against = other ? compare(own, other) : null;
			return { ...measured, operation, ratio: measured.cpu / floor.cpu, against };
		}),
		peer: [...peers].map(([name, turns]) => ({ name, ratio: summary(name, turns).cpu / floor.cpu })),
	};
}

interface All {
	readonly floors: Turn[];
	readonly found: Map<string, Found>;
	readonly peers: Map<string, Turn[]>;
}

/** One process: its turns come to those of the ones before. */
async function measureOne(started: Started, isReversed: boolean, demo: DemoData, plan: Plan, all: All): Promise<void> {
	try {
		const empty = sender(started.floor);
		const runFloor = () => runTurn(started.pid, empty.send, emptyRequests, floorRequests);
		const origins = isReversed ? started.builds.toReversed() : started.builds;
		const make = (send: Send) => makeOperations(send, demo);
		const builds = await Promise.all(origins.map((origin) => bring(started.pid, origin, make)));
		const peer = started.peer && (await bring(started.pid, started.peer, makePeerOperations));
		for (const [name, { prepare }] of peer?.operations ?? [])
			await peer?.run(name, prepare ? fewestRequests : warmUpRequests);
		const found = await warmUp(builds, plan);
		for (let round = 0; round < plan.rounds; round++) {
			for (const { operation, having, requests } of found) {
				const { turns } = all.found.get(operation.name) ?? { turns: having.map((): Turn[] => []) };
				all.found.set(operation.name, { operation, turns });
				all.floors.push(await runFloor());
				const inOrder = round % 2 === 0 ? having : having.toReversed();
				for (const build of [...inOrder, ...inOrder.toReversed()])
					turns[having.indexOf(build)]?.push(await build.run(operation.name, requests));
			}
			for (const name of peer?.operations.keys() ?? []) {
				const turns = all.peers.get(name) ?? [];
				all.peers.set(name, turns);
				if (peer) turns.push(await peer.run(name, fewestRequests));
			}
		}
		for (const side of [empty, ...builds, ...(peer ? [peer] : [])]) side.close();
	} finally {
		await started.stop();
	}
}

const floorRequests = 60 * lanes;
const emptyRequests: Source = { next: () => ({ method: "GET", path: "/" }) };

/** The operations of the first build, with those of the builds that have them, and how many requests of each fill a turn. */
async function warmUp(builds: readonly Build[], { asked }: Plan) {
	const found = [];
	for (const operation of builds[0]?.operations.values() ?? []) {
		if (!asked(operation.name)) continue;
		const having = builds.filter(({ operations }) => operations.has(operation.name));
		// What is made anew for each request is dear, and fills its turn with few.
		const enough = operation.prepare ? fewestRequests : warmUpRequests;
		const costs: number[] = [];
		for (const build of having) costs.push((await build.run(operation.name, enough)).cpu);
		const fitting = Math.ceil(turnCpu / Math.min(...costs) / lanes) * lanes;
		const requests = operation.prepare ? fewestRequests : Math.max(fewestRequests, fitting);
		found.push({ operation, having, requests });
	}
	return found;
}

interface Build<Kind extends Asked = Operation> {
	readonly operations: ReadonlyMap<string, Kind>;
	run(name: string, requests: number): Promise<Turn>;
	close(): void;
}

type Asked = Pick<Operation, "name" | "prepare" | "member"> & Source;

async function bring<Kind extends Asked>(
	pid: number,
	origin: URL,
	make: (send: Send) => Promise<readonly Kind[]>,
): Promise<Build<Kind>> {
	const { send, close } = sender(origin);
	const made = await make(send);
	const operations = new Map<string, Kind>();
	for (const operation of made) if (await isThere(send, operation)) operations.set(operation.name, operation);
	return {
		operations,
		async run(name, requests) {
			const operation = operations.get(name);
			if (!operation) throw new Error(`The build has no ${name}`);
			try {
				await operation.prepare?.(requests);
				return await runTurn(pid, send, operation, requests);
			} catch (error) {
				throw new Error(`"${name}" ended the run`, { cause: error });
			}
		},
		close,
	};
}

async function isThere(send: Send, operation: Asked): Promise<boolean> {
	const request = operation.member === undefined ? null : operation.next(0);
	if (!request) return true;
	const answer: Readonly<Record<string, unknown>> = JSON.parse((await send(request)).body);
	return operation.member !== undefined && operation.member in answer;
}

async function runTurn(pid: number, send: Send, source: Source, requests: number): Promise<Turn> {
	// What the turn before left to do (commits, collected garbage) is not this one's.
	await pause(50);
	const before = cpuTime(pid);
	const done = await load(send, source, requests);
	return { ...done, cpu: (cpuTime(pid) - before) / requests };
}

function compare(own: readonly Turn[], other: readonly Turn[]): Comparison {
	const rounds = own.flatMap((turn, index) => {
		const [next, first, second] = [own[index + 1], other[index], other[index + 1]];
		return index % 2 === 0 && next && first && second ? [(turn.cpu + next.cpu) / (first.cpu + second.cpu)] : [];
	});
	return { ratio: quantile(rounds, 0.5), spread: [quantile(rounds, 0.25), quantile(rounds, 0.75)] };
}

function summary(name: string, turns: readonly Turn[]): Measurement {
	const latencies = turns.flatMap((turn) => turn.latencies);
	return {
		name,
		requestsPerSecond: latencies.length / turns.reduce((sum, { seconds }) => sum + seconds, 0),
		p50: quantile(latencies, 0.5),
		p99: quantile(latencies, 0.99),
		cpu: quantile(
			turns.map(({ cpu }) => cpu),
			0.25,
		),
	};
}

export function quantile(values: readonly number[], part: number): number {
	return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN;
}
