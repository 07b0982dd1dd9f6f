import type { Counted } from "./count.ts";
import { type Counts, noCounts } from "./counts.ts";
import { lanes } from "./load.ts";
import type { Measured, MeasuredOperation, Measurement } from "./measure.ts";
import { peerName } from "./peer.ts";

/** The table that is printed, and whether everything kept to its budget. */
export function report(
	measured: Measured,
	counts: ReadonlyMap<string, Counted>,
	other: string | null,
): { text: string; withinBudget: boolean } {
	const timed = ["", "req/s", "p50 ms", "p99 ms", "CPU µs", "ratio", "goal"];
	const header = [...timed, "against", "spread", "", "storage calls", "budget", ""];
	const lines = [header, [...timings(measured.floor), "1.0"]];
	let withinBudget = true;
	for (const found of measured.operations) {
		const { goal } = found.operation;
		const { called, allowed } = counts.get(found.name) ?? { called: noCounts(), allowed: noCounts() };
		const fits = storages.every((storage) => called[storage] <= allowed[storage]);
		if (!fits) withinBudget = false;
		lines.push([
			...timings(found),
			found.ratio.toFixed(1),
			goal.toFixed(1),
			found.against?.ratio.toFixed(2) ?? "",
			found.against?.spread.map((end) => end.toFixed(2)).join("–") ?? "",
			found.ratio <= goal ? "ok" : "ABOVE",
			inWords(called),
			inWords(allowed),
			fits ? "ok" : "OVER",
		]);
	}
	const text = [
		...tableOf(lines),
		"",
		`${lanes} requests at a time. CPU is workerd's alone, Durable Objects and local storage included, the lower quartile of the`,
		"rounds; a ratio is to an empty request, and counts the cost of workerd's local KV, not of Cloudflare's. What is",
		"against is the median of the rounds, each compared by itself, and the spread their middle half.",
		...(other === null ? [] : ["", ...comparison(measured.operations, other)]),
		...(measured.peer.length === 0 ? [] : ["", `${peerName}, in empty requests: ${inRequests(measured.peer)}`]),
	].join("\n");
	return { text, withinBudget };
}

function inRequests(peer: Measured["peer"]): string {
	return peer.map(({ name, ratio }) => `${name} ${ratio.toFixed(1)}`).join(", ");
}

function comparison(operations: readonly MeasuredOperation[], other: string): readonly string[] {
	const compared = operations.flatMap(({ name, operation, against }) =>
		against ? [{ name, signs: operation.signs ?? false, ratio: against.ratio }] : [],
	);
	const missing = operations.filter(({ against }) => !against).map(({ name }) => name);
	const plain = compared.filter(({ signs }) => !signs).map(({ ratio }) => ratio);
	const signing = compared.filter(({ signs }) => signs).map(({ ratio }) => ratio);
	const [highest] = compared.toSorted((a, b) => b.ratio - a.ratio);
	return [
		...(plain.length > 0 ? [`geometric mean against ${other}: ${geometricMean(plain).toFixed(3)}`] : []),
		...(signing.length > 0 ? [`geometric mean with an RS256 signature: ${geometricMean(signing).toFixed(3)}`] : []),
		...(highest ? [`highest: ${highest.ratio.toFixed(3)} (${highest.name})`] : []),
		...(missing.length > 0 ? [`left out, since that build has no such thing: ${missing.join("; ")}`] : []),
	];
}

function geometricMean(ratios: readonly number[]): number {
	return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}

/** The same operations on the server with its files on disk. There are no goals: what a commit costs is the disk's to say. */
export function reportNode({ floor, operations }: Measured): string {
	const header = ["Node", "req/s", "p50 ms", "p99 ms", "CPU µs", "ratio"];
	const rows = operations.map((found) => [...timings(found), found.ratio.toFixed(1)]);
	return tableOf([header, [...timings(floor), "1.0"], ...rows]).join("\n");
}

/** Numbers to the right, words to the left. */
export function tableOf(lines: readonly (readonly string[])[]): readonly string[] {
	const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
	return lines.map((line) =>
		line
			.map((cell, column) => align(cell, widths[column] ?? 0, column))
			.join("  ")
			.trimEnd(),
	);
}

const storages = ["ledger", "kv", "d1", "other"] as const;
const names = { ledger: "ledger", kv: "KV", d1: "D1", other: "other" };

function inWords(counts: Counts): string {
	const words = storages
		.filter((storage) => storage !== "other" || counts.other > 0)
		.map((storage) => `${names[storage]} ${Number(counts[storage].toFixed(2))}`);
	return words.join(", ");
}

function timings({ name, requestsPerSecond, p50, p99, cpu }: Measurement): string[] {
	return [name, requestsPerSecond.toFixed(0), p50.toFixed(1), p99.toFixed(1), cpu.toFixed(0)];
}

function align(cell: string, width: number, column: number): string {
	return column > 0 && column < 9 ? cell.padStart(width) : cell.padEnd(width);
}
