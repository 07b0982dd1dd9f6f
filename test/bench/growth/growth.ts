// `npm run bench:growth`: what a request costs by how much there is: CPU time, and rows that D1 reads.
//   --against <worker.js>  another build in the same run: the worker.js in the `dist` of its checkout
//   --sizes <numbers>      100,10000,1000000 unless told
//   --only <words>         only the requests that have one of these words, between commas, in their name
import { parseArgs } from "node:util";
import { cpuTime } from "../cpu.ts";
import { type Send, sender } from "../load.ts";
import { quantile } from "../measure.ts";
import { demoData } from "../people.ts";
import { json } from "../requests.ts";
import { start } from "../start.ts";
import { type GrowingOperation, makeGrowingOperations } from "./operations.ts";
import { addRows } from "./rows.ts";
import { counted, rowsReadPath } from "./rows-read.ts";

const { against, sizes, only } = parseArgs({
	options: {
		against: { type: "string" },
		sizes: { type: "string", default: "100,10000,1000000" },
		only: { type: "string" },
	},
}).values;
const words = only?.toLowerCase().split(",");
const steps = sizes.split(",").map(Number);

/** Requests of one measurement: as many as there is time for, and some first that are not counted. */
const most = 80;
const longest = 8000;
const warmUp = 8;
/** So many at a time are one measure, and the lower quartile of these counts: a collection of garbage is in some of them. */
const atOnce = 10;
/** A subject has at most 10,000 live sessions, and the measurements make some. */
const mostSessions = 8000;

interface Cost {
	/** Milliseconds of CPU time. */
	readonly cpu: number;
	readonly rowsRead: number;
}

interface Build {
	readonly name: string;
	readonly send: Send;
	readonly operations: readonly GrowingOperation[];
	/** By operation, one for each size. Null where the build has no such thing. */
	readonly costs: Map<string, (Cost | null)[]>;
}

const demo = await demoData();
const started = await start(["dist/worker.js", ...(against === undefined ? [] : [against])], { modulesOf: counted });
const builds: Build[] = [];
const closing: (() => void)[] = [];
try {
	for (const [index, origin] of started.builds.entries()) {
		const { send, close } = sender(origin);
		closing.push(close);
		const operations = (await makeGrowingOperations(send, demo)).filter(
			({ name }) => words === undefined || words.some((word) => name.toLowerCase().includes(word)),
		);
		builds.push({ name: index === 0 ? "this build" : (against ?? ""), send, operations, costs: new Map() });
	}
	let from = 0;
	for (const size of steps) {
		for (const [index, { name, send }] of builds.entries()) {
			console.error(`${size.toLocaleString("en")}: ${name}`);
			await addRows((binding) => started.database(index, binding), demo, from, size);
			await addSessions(send, Math.min(from, mostSessions), Math.min(size, mostSessions));
		}
		// Else the fewest rows would be those of code that is not optimised yet.
		if (from === 0) for (const build of builds) for (const each of build.operations) await costOf(build, each);
		from = size;
		// In turn, since what else the machine does weighs on both.
		for (const [index, { name }] of builds[0]?.operations.entries() ?? []) {
			for (const build of builds) {
				const found = build.costs.get(name) ?? [];
				build.costs.set(name, found);
				found.push(await costOf(build, build.operations[index]));
				console.error(`${size.toLocaleString("en")}: ${build.name}: ${name}: ${inWords(found.at(-1) ?? null)}`);
			}
		}
	}
	console.log(`\n${report()}`);
} finally {
	for (const close of closing) close();
	await started.stop();
}

/** Live sessions of the key that the logins are measured by. */
async function addSessions(send: Send, first: number, last: number): Promise<void> {
	for (let begin = first; begin < last; begin += 16) {
		const numbers = Array.from({ length: Math.min(16, last - begin) }, (_, each) => begin + each);
		const { accessCode } = demo.apiKey;
		await Promise.all(numbers.map((n) => send(json("/auth/login", { api_key: accessCode, session_id: `old ${n}` }))));
	}
}

async function costOf({ send }: Build, operation: GrowingOperation | undefined): Promise<Cost | null> {
	if (!operation) throw new Error("The builds have different operations");
	const begun = performance.now();
	const first = await send(operation.next());
	if (first.status === 404) return null;
	if (first.status >= 300) throw new Error(`${operation.name} answered ${first.status}: ${first.body}`);
	// What takes long needs no warming up.
	if (performance.now() - begun < 100) for (let each = 0; each < warmUp; each++) await send(operation.next());
	await send({ method: "GET", path: rowsReadPath });
	const until = performance.now() + longest;
	const costs: number[] = [];
	let requests = 0;
	do {
		const [before, from] = [cpuTime(started.pid), requests];
		do {
			await send(operation.next());
			requests += 1;
		} while (requests % atOnce > 0 && performance.now() < until);
		costs.push((cpuTime(started.pid) - before) / 1000 / (requests - from));
	} while (requests < most && performance.now() < until);
	const { body } = await send({ method: "GET", path: rowsReadPath });
	return { cpu: quantile(costs, 0.25), rowsRead: Number(body) / requests };
}

function report(): string {
	const columns = steps.map((size) => size.toLocaleString("en"));
	const head = ["request", "build", ...columns, "last to first"];
	const rows = (builds[0]?.operations ?? []).flatMap(({ name }) =>
		builds.map(({ name: build, costs }) => {
			const found = costs.get(name) ?? [];
			const [first, last] = [found[0], found.at(-1)];
			const grown = first && last ? (last.cpu / first.cpu).toFixed(2) : "";
			return [name, build, ...found.map(inWords), grown];
		}),
	);
	const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
	return [
		"CPU time of one request, and rows that D1 reads for it, by how much of everything the account has:",
		"",
		...lines,
	].join("\n");
}

function inWords(cost: Cost | null): string {
	return cost === null ? "-" : `${cost.cpu.toFixed(2)} ms, ${Math.round(cost.rowsRead).toLocaleString("en")} rows`;
}
