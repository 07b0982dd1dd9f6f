// `npm run bench:cold`: what an isolate costs before it answers, over that of an empty Worker with the same bindings.
//   --against <worker.js>  measures another build in turn with this one: the worker.js in the `dist` of its checkout
import { parseArgs } from "node:util";
import { cpuTime } from "./cpu.ts";
import { quantile } from "./measure.ts";
import { form } from "./requests.ts";
import { sender } from "./load.ts";
import { startWorkerd } from "./start.ts";
import { buildOf, emptyWorkerLike, workerOf } from "./worker-options.ts";

const { against, starts } = parseArgs({
	options: { against: { type: "string", multiple: true }, starts: { type: "string", default: "10" } },
}).values;

const tokenRequest = form("/oauth/token", {
	grant_type: "client_credentials",
	client_id: "nobody",
	client_secret: "none",
});

/** Isolates in one process: what differs between two processes is divided by as many. */
const isolates = 8;

const empty = {
	name: "empty Worker",
	worker: (name: string) => emptyWorkerLike(buildOf("dist/worker.js", name)),
	asked: 200,
};
const kinds = [
	empty,
	...["dist/worker.js", ...(against ?? [])].map((script) => ({
		name: script,
		worker: (name: string) => workerOf(buildOf(script, name), {}),
		asked: 401,
	})),
];

/** Microseconds of CPU of one isolate. */
interface Cold {
	/** Until the process listens: the modules are read and evaluated. */
	readonly start: number;
	/** Of the first request, which is one to the token endpoint that needs no storage. */
	readonly first: number;
}

const found = kinds.map((): Cold[] => []);
for (let each = 0; each < Number(starts); each++)
	for (const index of each % 2 === 0 ? kinds.keys() : [...kinds.keys()].toReversed()) {
		const kind = kinds[index];
		if (kind) found[index]?.push(await startCold(kind));
	}

const [floor] = found.map(lower);
console.log(
	`\nCPU in ms of one isolate, lower quartile of ${starts} starts of ${isolates} isolates; over an empty Worker's\n`,
);
console.log(
	`${"".padEnd(40)}${["start", "first request", "both", "over empty"].map((word) => word.padStart(15)).join("")}`,
);
for (const [index, { name }] of kinds.entries()) {
	const { start, first } = lower(found[index] ?? []);
	const over = start + first - (floor ? floor.start + floor.first : 0);
	const cells = [start, first, start + first, over].map((cpu) => (cpu / 1000).toFixed(1).padStart(15));
	console.log(`${name.slice(-40).padEnd(40)}${cells.join("")}`);
}

async function startCold({ worker, asked }: (typeof kinds)[number]): Promise<Cold> {
	const names = Array.from({ length: isolates }, (_, index) => `isolate-${index}`);
	const { miniflare, pid } = await startWorkerd(names.map(worker));
	try {
		const start = cpuTime(pid);
		const urls = await Promise.all(names.map((name) => miniflare.unsafeGetDirectURL(name)));
		for (const url of urls) {
			const { send, close } = sender(url);
			const { status, body } = await send(tokenRequest);
			close();
			if (status !== asked) throw new Error(`The first request was answered by ${status}: ${body}`);
		}
		return { start: start / isolates, first: (cpuTime(pid) - start) / isolates };
	} finally {
		await miniflare.dispose();
	}
}

function lower(all: readonly Cold[]): Cold {
	return {
		start: quantile(
			all.map(({ start }) => start),
			0.25,
		),
		first: quantile(
			all.map(({ first }) => first),
			0.25,
		),
	};
}
