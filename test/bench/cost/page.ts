import { span } from "../../../src/operations/events/usage-counter.ts";
import { type Billed, billedOf, nothing } from "./billed.ts";
import type { Counts } from "./count-billed.ts";
import { alwaysAwake, assumed, awake, ofAMillion, prices } from "./prices.ts";

/** How long a replica waits for a ledger, at most: a packet to the other end of the world and back. */
const farthest = 400;
/** A lease lasts so many seconds, and is noted so often. */
const leaseSeconds = 10;
const notedSeconds = 60;

/** docs/cost.md */
export function page(counts: Counts): string {
	return [
		...intro,
		...priceTable(),
		...operationsTable(counts),
		...replicaTable(counts),
		...awakeLines,
		...revocationTable(counts),
		"",
	].join("\n");
}

const intro = [
	"# What it costs on Cloudflare",
	"",
	"What one request is billed for is counted on the built Worker (`test/bench/cost/counts.json`) and multiplied by Cloudflare's published",
	"prices; `npm run cost -- --write` counts anew and writes this page. Beyond the 5 dollars a month of the Workers Paid plan and what",
	"that includes; US dollars, as published on the pages that are named, read on 30 November 2026.",
	"",
	`Two things are no counts, and are assumed: a request takes ${assumed.cpuMilliseconds} ms of CPU, which is more than \`npm run bench\` measures of any in`,
	"the table but the code exchange (a little more, and twice as much with an id_token that is signed by RS256), and an object is awake",
	`for ${assumed.awakeMilliseconds} ms at each call (${dollars(awake(assumed.awakeMilliseconds))} dollars a million calls), which nothing here measures: how long it waits until a write is safe is`,
	"Cloudflare's to say.",
];

function priceTable(): string[] {
	const rows = Object.values(prices).map(({ what, price, included, source }) => [
		what,
		String(price),
		included,
		`<${source}>`,
	]);
	return ["", "## Prices", "", ...table(["a million", "dollars", "included in a month", "published at"], rows)];
}

function operationsTable({ home }: Counts): string[] {
	const rows = Object.entries(home).map(([name, billed]) => [name, sumOf(billed), dollars(ofAMillion(billed))]);
	return [
		"",
		"## A million of each",
		"",
		"In an isolate that is warm, at the subject's home. What a new session or a redeemed code wrote is deleted when it has ended, at the",
		"price of as many rows once more; an alarm that is set for that is one row, and one for many.",
		"",
		...table(["a million of", "arithmetic", "dollars"], rows),
		"",
		"A `jti` that is taken (of a DPoP proof, a workload's token, an assertion) is a call and two rows more, which are deleted later: " +
			`${dollars(ofAMillion(ofJti) - ofAMillion(noCalls))} dollars a million, and as many rows once more. A token exchange costs what an introspection does.`,
		"",
		`Beside all of these, how often each thing is done is counted in memory and written every ${span} s by each isolate that did something: a ` +
			"row for the batch, and one for each account, key, client and API that had a part in it, two where it is the first of its hour. A key " +
			"that is checked a thousand times in that time costs as much as one that is checked once: 4 to 9 rows, so a thousandth of 4 dollars for " +
			"a million checks of few keys, and 4 dollars and more where hardly any two requests of an isolate have to do with the same.",
	];
}

const noCalls: Billed = nothing();
/** The tally and its place in the index by its end. */
const ofJti: Billed = { ...noCalls, objects: 1, rowsWritten: 2 };

/** `0.30 + 1 ms × 0.02 + 1 call × (0.15 + 0.008) + 3 rows written × 1` */
function sumOf(billed: Billed, waiting = 0): string {
	const request = `${dollars(prices.requests.price)} + ${assumed.cpuMilliseconds} ms × ${prices.cpu.price}`;
	const ofCalls = `(${prices.objects.price} + ${dollars(awake(assumed.awakeMilliseconds))})`;
	const parts = billedOf
		.filter((each) => billed[each] > 0)
		.map((each) => `${counted(billed[each], each)} × ${each === "objects" ? ofCalls : prices[each].price}`);
	const wait = waiting > 0 ? [`${waiting} ms awake × ${awake(1).toFixed(4)}`] : [];
	return [request, ...parts, ...wait].join(" + ");
}

function counted(count: number, what: keyof Billed): string {
	const [one, many] = units[what];
	return `${count} ${count === 1 ? one : many}`;
}

const units: Readonly<Record<keyof Billed, readonly [one: string, many: string]>> = {
	objects: ["call", "calls"],
	rowsRead: ["row read", "rows read"],
	rowsWritten: ["row written", "rows written"],
	kvReads: ["read of KV", "reads of KV"],
	kvWrites: ["write of KV", "writes of KV"],
	d1RowsRead: ["row read by D1", "rows read by D1"],
	d1RowsWritten: ["row written by D1", "rows written by D1"],
};

function replicaTable({ home, near, lease }: Counts): string[] {
	const check = near["introspect"];
	if (!check || !home["introspect"]) throw new Error("No check was counted");
	const rows = [0.2, 1, 10, 100].map((rate) => {
		// At each lease that has run out the replica asks the home, for which it waits.
		const leases = Math.min(1, 1 / (leaseSeconds * rate));
		const notes = Math.min(1, 1 / (notedSeconds * rate));
		const billed: Billed = {
			...check,
			objects: check.objects + leases * (lease.objects - check.objects),
			// And deleted, when it is over.
			rowsWritten: check.rowsWritten + notes * 2 * lease.rowsWritten,
		};
		return [String(rate), leases.toFixed(3), notes.toFixed(4), dollars(ofAMillion(billed, leases * farthest))];
	});
	return [
		"",
		"## Checks by a replica",
		"",
		`A check that a replica answers is billed as one at the home is (${dollars(ofAMillion(home["introspect"]))} dollars a million introspections): one call of one object. Beside that, a`,
		`replica gets itself a lease every ${leaseSeconds} s of each subject that is asked about, which is ${lease.objects} calls and, once a minute, ${lease.rowsWritten} rows of the`,
		`ledger, which are deleted later; it is awake while it waits for the ledger, ${farthest} ms at most. A subject that is asked about less often than every ${leaseSeconds} s has no`,
		"lease, and costs what it did.",
		"",
		...table(
			["checks of one subject in one colo, a second", "leases for each", "notes for each", "dollars a million"],
			rows,
		),
	];
}

const awakeLines = [
	"",
	"## Replicas that are awake",
	"",
	`An object that is awake all month costs 0.128 GB × 2,592,000 s × ${prices.awake.price} = ${dollars(alwaysAwake)} dollars. Cloudflare bills what runs, or waits for something,`,
	"and not an object that is idle and could hibernate (<https://developers.cloudflare.com/durable-objects/concepts/durable-object-lifecycle/>).",
	"A replica sets no timer and holds nothing open, so that it is billed for its calls alone; the worst that traffic can make of it is",
	"awake all month:",
	"",
	...table(
		["replicas", "at most, dollars a month"],
		[1, 8, 100, 300].map((count) => [String(count), dollars(count * alwaysAwake)]),
	),
	"",
	"That is for all subjects of a deployment together: one object of each colo serves all of them. An object for each subject in each colo",
	"would cost as much for every key that is in use everywhere.",
];

function revocationTable({ revocations }: Counts): string[] {
	const rows = Object.entries(revocations).map(([holders, billed]) => {
		const waiting = holders === "0" ? 0 : farthest;
		return [holders, sumOf(billed, waiting), dollars(ofAMillion(billed, waiting))];
	});
	return [
		"",
		"## A million revocations",
		"",
		`By how many replicas have a lease when a grant is revoked: each is told, and the ledger waits for the farthest, ${farthest} ms at most. What D1`,
		"writes is the entry of the audit log and the install that has ended, with their indexes.",
		"",
		...table(["replicas with a lease", "arithmetic", "dollars"], rows),
	];
}

function dollars(amount: number): string {
	return amount.toFixed(amount < 0.1 ? 3 : 2);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
	return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}
