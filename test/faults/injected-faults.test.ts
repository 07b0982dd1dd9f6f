import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Faulty, startFaulty } from "../runners/start-faulty.ts";
import { type Answer, type Api, createApi, saysWhen } from "./api.ts";
import type { Order } from "./fault.ts";
import { makeProbes, type Probe, probeNames } from "./probes.ts";
import { type FaultRow, noAnswers, report } from "./report.ts";
import { nodeFaults, otherFaults, type Scenario, scenarios, stated } from "./stated-faults.ts";
import { createPeople, type People } from "./traffic.ts";

// What docs/faults.md states of each fault, on workerd with its real KV, D1 and Durable Objects.

/** How many calls of one request are made to fail, one in each round. */
const mostCalls = 12;
const rounds = Number(process.env.FAULT_ROUNDS ?? 1);

let faulty: Faulty;
let api: Api;
let people: People;
let probes: readonly Probe[];

beforeAll(async () => {
	faulty = await startFaulty();
	api = createApi(faulty.edges.right);
	people = createPeople(faulty.issuer, (url, init) => fetch(url.replace(faulty.issuer, faulty.edges.right), init));
	await people.signIn();
	probes = await makeProbes(api, people);
});
afterAll(() => faulty?.stop());

test("docs/faults.md states every fault that is tried, and no other", () => {
	const tried = new Set([...scenarios.map(({ name }) => name), ...otherFaults, ...nodeFaults]);
	expect([...stated.keys()]).toEqual([...tried]);
});

describe.for(scenarios)("$name", (scenario) => {
	const names = scenario.probes ?? probeNames;
	const row = noAnswers(scenario.name, "workerd");
	let metAtAll = 0;
	afterAll(() => report(row));

	test.for(names)("%s", { timeout: 60_000 * rounds }, async (name) => {
		const probe = probes.find((each) => each.name === name);
		if (!probe) throw new Error(`There is no probe ${name}`);
		for (let round = 0; round < (scenario.rounds ?? rounds); round++) {
			// Of a fault that meets one call, each call of the request has its turn.
			for (let after = 0; after < (scenario.order.calls === null ? 1 : mostCalls); after++) {
				const { met, ...harm } = await attempt(probe, { ...scenario.order, after }, scenario, row);
				expect(harm, `${name}, call ${after}`).toEqual({ lost: [], doubled: [] });
				metAtAll += met;
				if (met === 0) break;
			}
		}
	});

	test("was met by a request, so that what is stated was seen", () => {
		expect(metAtAll).toBeGreaterThan(0);
	});
});

async function attempt(probe: Probe, order: Order, scenario: Scenario, row: FaultRow) {
	const attempted = await probe.begin();
	const impatient = scenario.patience;
	const at = impatient === undefined ? api : createApi(faulty.edges.right, () => AbortSignal.timeout(impatient));
	if (scenario.atStart) await faulty.restart({ DEMO_DATA: "off" });
	await faulty.order(order);
	const first = await attempted.ask(at).catch((error: unknown): Answer => {
		if (impatient !== undefined && error instanceof Error && error.name === "TimeoutError") return gone;
		throw error;
	});
	const met = await faulty.order(null);
	row.rounds += 1;
	row.answers[first.status] = (row.answers[first.status] ?? 0) + 1;
	expect(answersOf(scenario, probe), `${probe.name}: ${JSON.stringify(first)}`).toContain(first.status);
	expect(saysWhen(first)).toBe(true);
	if (probe.good.includes(first.status)) row.acknowledged += 1;
	const { lost, doubled } = await attempted.judge(first, () => attempted.ask(api));
	const unstated = lost.filter((what) => scenario.mayLose === undefined || !what.startsWith(scenario.mayLose));
	row.lost += unstated.length;
	row.doubled += doubled.length;
	return { met, lost: unstated, doubled };
}

const gone: Answer = { status: 0, body: {}, retryAfter: null };

/** What the page allows, of this probe. */
function answersOf({ name, needs }: Scenario, probe: Probe): readonly number[] {
	if (needs) return needs.includes(probe.name) ? [503] : probe.good;
	const words = stated.get(name) ?? "";
	return [...(words.includes("good") ? [...probe.good, gone.status] : []), ...(words.includes("503") ? [503] : [])];
}
