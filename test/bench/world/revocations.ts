import type { DemoData } from "../../../src/operations/upkeep/demo-data.ts";
import type { Send } from "../load.ts";
import { json } from "../requests.ts";
import { tableOf } from "../report.ts";
import { makeGrants } from "./grants.ts";
import { type Asked, askPath, cutPath } from "./holders.ts";
import { coloIn, home, regionOf, regions, roundTrip } from "./regions.ts";

const rounds = 5;

/** Who holds a lease when a grant is revoked, and whether one of them cannot be reached. */
const cases = [
	{ what: "nobody", colos: [] },
	{ what: "1, in Frankfurt", colos: ["FRA"] },
	{ what: "8, one in each region", colos: regions },
	{ what: "100", colos: Array.from({ length: 100 }, (_, index) => coloOf(index)) },
	{ what: "8, one of them cut off", colos: regions, cut: "BOM" },
];

function coloOf(index: number): string {
	return coloIn(regions[index % regions.length] ?? home, Math.floor(index / regions.length));
}

/** How long each takes until it is acknowledged to somebody in the home region. */
export async function timeRevocations(send: Send, demo: DemoData): Promise<readonly string[]> {
	const makeGrant = await makeGrants(send, demo);
	const lines: string[][] = [["holders", "acknowledged after, ms", "farthest", "ratio", ""]];
	for (const { what, colos, cut } of cases) {
		const times: number[] = [];
		for (let round = 0; round < (cut === undefined ? rounds : 1); round++) {
			times.push(await timeOne(colos, cut ?? null));
		}
		const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
		const farthest = Math.max(0, ...colos.map((colo) => roundTrip(home, regionOf(colo))));
		const ratio = median / farthest;
		const isBounded = cut !== undefined || farthest === 0;
		lines.push([
			what,
			median.toFixed(0),
			String(farthest),
			isBounded ? "" : ratio.toFixed(2),
			isBounded ? "" : ratio <= 1.2 ? "ok" : "ABOVE",
		]);
	}
	return tableOf(lines);

	async function timeOne(colos: readonly string[], cut: string | null): Promise<number> {
		const { check, revocation } = await makeGrant();
		const asked = { ...check, replicas: colos.map((colo) => `${colo}/0/`) };
		const live = await ask(asked);
		if (!live.every((grant) => grant !== null)) throw new Error("A grant that was just given is not live");
		await send(json(cutPath, { colo: cut }));
		const sent = performance.now();
		const answer = await send(revocation);
		const took = performance.now() - sent;
		await send(json(cutPath, { colo: null }));
		if (answer.status !== 200) throw new Error(`Not revoked: ${answer.status}`);
		const left = await ask(asked);
		if (!left.every((grant) => grant === null))
			throw new Error("A grant is live after its revocation was acknowledged");
		return took;
	}

	async function ask(asked: Asked): Promise<readonly unknown[]> {
		return JSON.parse((await send(json(askPath, asked))).body);
	}
}
