// `npm run bench:world`: how long a request takes in each of eight regions, with and without replicas, and how long a revocation
// takes until it is acknowledged. What is far is far by a table of round trips (regions.ts); all else is the Worker as it is deployed. On a
// machine that is busy the times are the machine's: `client credentials` touches no storage, and shows how busy it is.
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Operation } from "../operation.ts";
import { makeOperations } from "../operations.ts";
import { demoData } from "../people.ts";
import { tableOf } from "../report.ts";
import { changes, checks, others, untouched } from "./operation-names.ts";
import { home, type Region, regions } from "./regions.ts";
import { timeRevocations } from "./revocations.ts";
import { startWorld, type World } from "./start-world.ts";

const { samples } = parseArgs({ options: { samples: { type: "string", default: "100" } } }).values;
const count = Number(samples);

/** Until an isolate knows how far a subject's home is, and has its lookups. */
const warmUp = 4;
const between = 40;

interface Times {
	readonly p50: number;
	readonly p99: number;
}
type Row = Readonly<Record<Region, Times>>;

/** An operation by all regions of a world. */
async function timeAll(world: World, operations: readonly Operation[], name: string): Promise<Row> {
	const operation = operations.find((each) => each.name === name);
	if (!operation) throw new Error(`There is no operation ${name}`);
	await operation.prepare?.((count + warmUp) * regions.length);
	const times = await Promise.all(regions.map((region, lane) => timeOne(operation, lane, world.send[region])));
	return Object.fromEntries(times.map((each, lane) => [regions[lane], each])) as Row;
}

async function timeOne(operation: Operation, lane: number, send: World["send"][Region]): Promise<Times> {
	const times: number[] = [];
	for (let each = 0; each < count + warmUp; each++) {
		await turnOf(lane);
		const request = operation.next(lane);
		if (!request) throw new Error(`${operation.name} has nothing left to ask`);
		const sent = performance.now();
		const answer = await send(request);
		if (each >= warmUp) times.push(performance.now() - sent);
		if (answer.status !== 200) throw new Error(`${operation.name} answered ${answer.status}: ${answer.body}`);
		operation.answered?.(lane, answer);
	}
	times.sort((a, b) => a - b);
	const quantile = (part: number) => times[Math.floor(times.length * part)] ?? Number.NaN;
	return { p50: quantile(0.5), p99: quantile(0.99) };
}

/** Regions are many machines, and here they share one: each asks at a time of its own, so that none waits for another's work. */
async function turnOf(lane: number): Promise<void> {
	const [now, first] = [performance.now(), (between * lane) / regions.length];
	await pause(first + between * Math.ceil((now - first) / between) - now);
}

function show(title: string, rows: ReadonlyMap<string, Row>): void {
	const lines = [...rows].map(([name, row]) => [name, ...regions.map((region) => inMilliseconds(row[region]))]);
	console.log(`${tableOf([[title, ...regions], ...lines]).join("\n")}\n`);
}

function inMilliseconds({ p50, p99 }: Times): string {
	return `${p50.toFixed(1)} / ${p99.toFixed(0)}`;
}

const demo = await demoData();
const worlds = { off: await startWorld("off"), on: await startWorld("on") };
try {
	const made = {
		off: await makeOperations(worlds.off.send[home], demo),
		on: await makeOperations(worlds.on.send[home], demo),
	};
	const [far, near] = [new Map<string, Row>(), new Map<string, Row>()];
	// In turn, since what else the machine does weighs on both.
	for (const name of [...checks, ...others, ...changes]) {
		far.set(name, await timeAll(worlds.off, made.off, name));
		near.set(name, await timeAll(worlds.on, made.on, name));
	}
	console.log(`p50 / p99 in milliseconds, ${count} requests each; ledgers and register in ${home}.\n`);
	show("without replicas", far);
	show("with replicas", near);
	const above = (name: string) => {
		const own = far.get(name)?.[home].p50 ?? Number.NaN;
		return Math.max(...regions.map((region) => near.get(name)?.[region].p50 ?? Number.NaN)) - own;
	};
	console.log(`A check's p50 in the slowest region, above that of its home's own without replicas; goal 1 ms:`);
	console.log(
		checks.map((name) => `${name} ${above(name).toFixed(1)} (${above(name) <= 1 ? "ok" : "ABOVE"})`).join(", "),
	);
	// It asks nobody in either: so much of the others is eight Workers on one machine, and not the replica's call.
	console.log(`of that, by the machine: ${untouched} ${above(untouched).toFixed(1)}\n`);
	console.log((await timeRevocations(worlds.on.send[home], demo)).join("\n"));
} finally {
	await worlds.off.stop();
	await worlds.on.stop();
}
