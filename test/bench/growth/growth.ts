// `npm run bench:growth`: what a request costs by how much there is: CPU time, and rows that D1 reads.
//   --against <worker.js>  another build in the same run: the worker.js in the `dist` of its checkout
//   --sizes <numbers>      100,10000,100000 unless told; of entries of the audit log there are ten times as many
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
		sizes: { type: "string", default: "100,10000,100000" },
		only: { type: "string" },
	},
}).values;
const words = only?.toLowerCase().split(",");
const steps = sizes.split(",").map(Number);

/** Of a measurement: so many turns of each, and requests of a turn; one, where a request takes as long as that. */
const rounds = 9;
const atOnce = 10;
const slow = 100;
/** Until the code of an isolate is optimised. */
const warmUp = 40;
/** A subject has at most 10,000 live sessions, and the measurements make some. */
const mostSessions = 8000;

/** A build with an account of one size: a Worker of its own with its own storage, all in one process. */
interface Grown {
	readonly build: string;
	readonly size: number;
	readonly send: Send;
	readonly operations: readonly GrowingOperation[];
}

interface Cost {
	/** Milliseconds of CPU time, one for each turn. */
	readonly turns: readonly number[];
	readonly rowsRead: number;
}

const demo = await demoData();
const scripts = ["dist/worker.js", ...(against === undefined ? [] : [against])];
const kinds = scripts.flatMap((script) => steps.map((size) => ({ script, size })));
const started = await start(
	kinds.map(({ script }) => script),
	{ modulesOf: counted },
);
const closing: (() => void)[] = [];
try {
	const all: Grown[] = [];
	for (const [index, { script, size }] of kinds.entries()) {
		const origin = started.builds[index];
		if (!origin) throw new Error(`${script} was not started`);
		const { send, close } = sender(origin);
		closing.push(close);
		const operations = (await makeGrowingOperations(send, demo)).filter(
			({ name }) => words === undefined || words.some((word) => name.toLowerCase().includes(word)),
		);
		const build = script === "dist/worker.js" ? "this build" : script;
		console.error(`${size.toLocaleString("en")}: ${build}`);
		const begun = performance.now();
		await addRows((binding) => started.database(index, binding), demo, 0, size);
		console.error(`filled in ${Math.round((performance.now() - begun) / 1000)} s`);
		await addSessions(send, Math.min(size, mostSessions));
		all.push({ build, size, send, operations });
	}
	const lines = [];
	for (const [index, { name }] of all[0]?.operations.entries() ?? []) {
		const costs = await costsOf(all, index);
		for (const build of new Set(all.map((each) => each.build))) {
			const found = costs.filter((_, place) => all[place]?.build === build);
			lines.push([name, build, ...found.map(inWords), grownBy(found)]);
			console.error(lines.at(-1)?.join(": "));
		}
	}
	const columns = ["request", "build", ...steps.map((size) => size.toLocaleString("en")), "last to first"];
	console.log("\nCPU time of one request, and rows that D1 reads for it, by how much of everything the account has:\n");
	for (const cells of [columns, columns.map(() => "---"), ...lines]) console.log(`| ${cells.join(" | ")} |`);
} finally {
	for (const close of closing) close();
	await started.stop();
}

/** Live sessions of the key that the logins are measured by. */
async function addSessions(send: Send, count: number): Promise<void> {
	for (let begin = 0; begin < count; begin += 16) {
		const numbers = Array.from({ length: Math.min(16, count - begin) }, (_, each) => begin + each);
		const { accessCode } = demo.apiKey;
		await Promise.all(numbers.map((n) => send(json("/auth/login", { api_key: accessCode, session_id: `old ${n}` }))));
	}
}

/** Of all in turn, there and back again, since what else the machine does weighs on each. Null where a build has no such thing. */
async function costsOf(all: readonly Grown[], index: number): Promise<readonly (Cost | null)[]> {
	const measured = [];
	for (const { send, operations } of all) {
		const operation = operations[index];
		if (!operation) throw new Error("The builds have different operations");
		await operation.prepare?.();
		const begun = performance.now();
		const first = await send(operation.next());
		const isSlow = performance.now() - begun > slow;
		if (first.status >= 300 && first.status !== 404)
			throw new Error(`${operation.name} answered ${first.status}: ${first.body}`);
		if (!isSlow) for (let each = 0; each < warmUp; each++) await send(operation.next());
		await send({ method: "GET", path: rowsReadPath });
		const turns: number[] = [];
		measured.push({ send, operation, isThere: first.status !== 404, requests: isSlow ? 1 : atOnce, turns });
	}
	for (let round = 0; round < rounds; round++) {
		for (const { send, operation, requests, turns } of round % 2 === 0 ? measured : measured.toReversed()) {
			const before = cpuTime(started.pid);
			for (let each = 0; each < requests; each++) await send(operation.next());
			turns.push((cpuTime(started.pid) - before) / 1000 / requests);
		}
	}
	const costs = [];
	for (const { send, isThere, requests, turns } of measured) {
		const { body } = await send({ method: "GET", path: rowsReadPath });
		costs.push(isThere ? { turns, rowsRead: Number(body) / requests / rounds } : null);
	}
	return costs;
}

/** What the largest costs, to what the smallest does: the median of the rounds, each compared by itself. */
function grownBy(costs: readonly (Cost | null)[]): string {
	const [first, last] = [costs[0], costs.at(-1)];
	if (!first || !last) return "";
	const ratios = last.turns.map((turn, round) => turn / (first.turns[round] ?? Number.NaN));
	return quantile(ratios, 0.5).toFixed(2);
}

function inWords(cost: Cost | null): string {
	if (cost === null) return "-";
	return `${quantile(cost.turns, 0.25).toFixed(2)} ms, ${Math.round(cost.rowsRead).toLocaleString("en")} rows`;
}
