import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Far, startFar } from "../runners/start-far.ts";
import { demo } from "../support/demo-world.ts";
import { type Api, createApi } from "./api.ts";
import { type Makers, type Thing, things, tokenOf } from "./near.ts";
import { createPeople } from "./traffic.ts";

// Replicas on workerd: isolates in several colos, far from the ledgers, as far as their storage is told.

const away = 120;
const edges = {
	/** Beside the ledgers, which it asks itself. */
	home: { colo: null, distance: 0 },
	sin: { colo: "SIN", distance: away },
	gru: { colo: "GRU", distance: away },
	failing: { colo: "SYD", distance: away },
	slow: { colo: "JNB", distance: away },
	deaf: { colo: "LHR", distance: away },
	gone: { colo: "CDG", distance: away },
	held: { colo: "BOM", distance: away },
	nowhere: { colo: null, distance: away },
	misnamed: { colo: "../SIN", distance: away },
	off: { colo: "NRT", distance: away, variables: { REPLICAS: "off" } },
} as const;
type Name = keyof typeof edges;

let far: Far<Name>;
let makers: Makers;
const at = {} as Record<Name, Api>;

beforeAll(async () => {
	far = await startFar(edges);
	for (const name of Object.keys(edges) as Name[]) at[name] = createApi(far.origins[name]);
	const people = createPeople(far.issuer, (url, init) => fetch(url.replace(far.issuer, far.origins.home), init));
	makers = { api: at.home, people, admin: tokenOf(await at.home.logInAs(demo.ada, "acme")) };
	await people.signIn();
});
afterAll(() => far?.stop());
afterEach(() => far.trouble(null));

/** Asks there until the replica answers by itself. */
async function bringNear(thing: Thing, name: Name): Promise<void> {
	for (let round = 0; round < 20; round++) {
		await far.asked();
		expect(await thing.isLive(at[name])).toBe(true);
		if ((await far.asked()).own > 0) return;
	}
	throw new Error(`No replica answers in ${name}`);
}

describe.each(Object.entries(things))("%s", (_, make) => {
	test("is checked by the replica of the caller's colo, from its second check there on, and the ledger is not asked", async () => {
		const thing = await make(makers);
		await bringNear(thing, "sin");
		await thing.isLive(at.sin);
		expect(await far.asked()).toMatchObject({ home: 0, lent: 0, replica: 1, own: 1 });
	});

	test("once its end is acknowledged it counts nowhere, whoever ended it and whatever is held of it", async () => {
		const thing = await make(makers);
		for (const name of ["sin", "gru"] as const) await bringNear(thing, name);
		expect((await thing.end(at.off)).status).toBeLessThan(300);
		expect((await far.asked()).recalled).toBeGreaterThanOrEqual(2);
		for (const name of Object.keys(edges) as Name[])
			expect([name, await thing.isLive(at[name])]).toEqual([name, false]);
	});
});

describe("where there is no replica", () => {
	test.each(["nowhere", "misnamed", "off"] as const)(
		"an isolate %s asks the ledger each time, as before",
		async (name) => {
			const thing = await things["a login session"]!(makers);
			await far.asked();
			for (let check = 0; check < 5; check++) expect(await thing.isLive(at[name])).toBe(true);
			expect(await far.asked()).toEqual({ home: 5, lent: 0, replica: 0, own: 0, recalled: 0 });
		},
	);
});

describe("a replica that fails", () => {
	test.each([
		["failing", "fails"],
		["slow", "is slow"],
	] as const)("%s: the ledger answers in its place", async (name, trouble) => {
		const thing = await things["a login session"]!(makers);
		await bringNear(thing, name);
		await far.trouble(trouble);
		expect(await thing.isLive(at[name])).toBe(true);
		expect(await far.asked()).toMatchObject({ replica: 1, own: 0, home: 1 });
		// Left alone for a while: nobody waits for it twice.
		expect(await thing.isLive(at[name])).toBe(true);
		expect(await far.asked()).toMatchObject({ replica: 0, home: 1 });
	});

	test("and hears no recall: its lease is waited out, and so long nobody is told that it counts or not", async () => {
		const [thing, other] = [await things["a login session"]!(makers), await things["a login session"]!(makers)];
		await bringNear(thing, "deaf");
		await far.trouble("hears nothing");
		const ended = followed(thing.end(at.home));
		await until(async () => (await far.asked()).recalled > 0);
		const told = followed(thing.isLive(at.home));
		// What is not being ended does not wait with it, though it is the same ledger's.
		expect(await other.isLive(at.home)).toBe(true);
		expect([ended.isOver(), told.isOver()]).toEqual([false, false]);
		expect((await ended.answer).status).toBe(204);
		expect(await told.answer).toBe(false);
		expect(await thing.isLive(at.deaf)).toBe(false);
	});

	test("and is another by now: what that one says does not count for the one that held it, which is waited out", async () => {
		const [thing, other] = [await things["a login session"]!(makers), await things["a login session"]!(makers)];
		await bringNear(thing, "gone");
		await far.trouble(null, { replica: "CDG/0/" });
		await far.asked();
		const ended = followed(thing.end(at.home));
		await until(async () => (await far.asked()).recalled > 0);
		expect(await other.isLive(at.home)).toBe(true);
		expect(ended.isOver()).toBe(false);
		expect((await ended.answer).status).toBe(204);
		for (const name of ["gone", "home"] as const) expect(await thing.isLive(at[name])).toBe(false);
	});
});

test("a ledger that goes down during a recall goes on with it, and nobody is told two things", async () => {
	const thing = await things["a login session"]!(makers);
	await bringNear(thing, "held");
	await far.trouble("hears nothing");
	const ended = thing.end(at.home);
	await until(async () => (await far.asked()).recalled > 0);
	await far.trouble(null, { ledger: demo.apiKey.id });
	// Whoever asked for it does not hear whether it was done.
	expect([204, 503]).toContain((await ended).status);
	expect(await thing.isLive(at.home)).toBe(false);
	expect((await far.asked()).recalled).toBeGreaterThan(0);
	expect(await thing.isLive(at.held)).toBe(false);
});

async function until(holds: () => Promise<boolean>): Promise<void> {
	while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** An answer that is waited for, and whether it has come. */
function followed<Value>(answer: Promise<Value>) {
	let over = false;
	return { answer: answer.finally(() => (over = true)), isOver: () => over };
}
