import { beforeAll, describe, expect, test } from "vitest";
import { bounds } from "../../src/domain/bounds.ts";
import { documentedOperations, sendExample } from "../support/documented.ts";
import { examples, usualCredential } from "../support/example-states.ts";
import { changeEvent, eventsOf, generated, putEvent } from "../support/pairs.ts";
import { ada, signedIn } from "../support/people.ts";
import { nested, plantedEvent } from "../support/planted-events.ts";
import { aKey, anAccount, aPolicy } from "../support/registered.ts";
import { ask, locationOf, post, postJson, refusal, times } from "../support/requests.ts";
import { alertSearch, allEvents, eventSearch, eventsFound } from "../support/searches.ts";
import { addEvents, demo, logged } from "../support/target.ts";
import { authorizePath } from "../support/tokens.ts";

const { most } = bounds.jsonLevels;

describe("JSON of more than 100 levels is refused wherever it is taken, with the limit in the text", () => {
	const taking = documentedOperations.filter(({ doc }) => doc.body?.media.includes("application/json"));

	test.each(taking)("$name", async (row) => {
		const example = await (examples[row.name]?.() ?? {});
		for (const levels of [most + 1, 2000, 7000]) {
			const answer = await sendExample(row, { ...example, raw: { text: nested(levels), media: "application/json" } });
			expect([levels, answer.status]).toEqual([levels, 400]);
			expect(answer.text).toContain(`more than ${most} levels`);
		}
		const bearable = await sendExample(row, { ...example, raw: { text: nested(most), media: "application/json" } });
		expect(bearable.status).toBeLessThan(500);
		expect(bearable.text).not.toContain("levels");
	});

	test("every route that takes JSON is among them", () => {
		expect(taking.length).toBeGreaterThan(15);
	});

	test("an array of arrays is no way around it, nor are brackets within a text levels", async () => {
		const to = "/v1/events?environment=my-workspace/staging";
		expect((await post(to, `[${nested(most)}]`, writer)).status).toBe(400);
		expect((await post(to, JSON.stringify({ text: '\\"[{'.repeat(500) }), writer)).status).toBe(202);
	});

	test("the claims of an authorization request", async () => {
		const path = authorizePath(demo.webApp, { scope: "openid", claims: `{"vendor":${nested(most)}}` });
		const refused = locationOf(await ask(path, { headers: { cookie: await signedIn(ada) } })).searchParams;
		expect(refused.get("error")).toBe("invalid_request");
		expect(refused.get("error_description")).toContain(`more than ${most} levels`);
	});
});

let reader: Record<string, string>;
let writer: Record<string, string>;
beforeAll(async () => {
	const reads = await aPolicy(demo.accounts.acme, ["events:read", "alerts:read"]);
	reader = { "x-api-key": (await aKey(demo.accounts.acme, [reads])).secret };
	const writes = await aPolicy(demo.accounts.acme, ["events:write"]);
	writer = { "x-api-key": (await aKey(demo.accounts.acme, [writes])).secret };
});

describe("events that an earlier version stored", () => {
	// Up to SQLite's own limit, past it, past what JSON.stringify bears, and what is no JSON at all.
	const bodies = [nested(1000), nested(1001), nested(200_000), "{", nested(999)];
	const range = { from: "2020-05-01T00:00:00Z", to: "2020-06-01T00:00:00Z" };
	const found = async (filters: readonly object[]) =>
		(await allEvents({ filters, ...range, limit: 3 }, reader)).flat().map((each) => each.id);

	test("do not take their neighbours along: a search answers with all that can be read", async () => {
		const id = demo.accounts.acme;
		const damaged = bodies.map((body, index) => plantedEvent(id, index * 2, body));
		const whole = times(6, (index) => plantedEvent(id, index * 2 + 1, JSON.stringify({ n: index, env: "x" })));
		await addEvents([...damaged, ...whole]);
		const readableToo = [damaged[0], damaged[4]];
		expect(new Set(await found([]))).toEqual(new Set([...whole, ...readableToo].map((each) => each?.id)));
		for (const operator of ["eq", "neq"]) {
			expect((await found([{ field: "data.env", operator, value: "x" }])).length).toBeGreaterThan(0);
		}
		expect(await found([{ field: "data.n", operator: "gte", value: 4 }])).toEqual([whole[5]?.id, whole[4]?.id]);
		expect(await found([{ field: "data.env", operator: "contains", value: "x" }])).toHaveLength(6);
		expect(await found([{ field: "data.env", operator: "in", value: ["x", "y"] }])).toHaveLength(6);
	});

	test("nor in the list of change events", async () => {
		const { read, write } = await generated(ada);
		const id = demo.accounts.acme;
		const timestamp = "2020-07-01T00:00:00Z";
		await putEvent(write.access, { ...changeEvent, timestamp });
		const change = { type: "change_event" as const, environment: "", occurredAt: Date.parse(timestamp) + 1 };
		await addEvents(
			[nested(1001), nested(200_000), "no JSON"].map((body) => ({ ...plantedEvent(id, 0, body), ...change })),
		);
		const listed = await eventsOf(read.access, "?from=2020-07-01T00:00:00Z&to=2020-07-02T00:00:00Z");
		expect(listed.map((each) => each.timestamp)).toEqual([timestamp]);
	});

	test("another account, and the alerts, never notice", async () => {
		const accountId = await anAccount();
		await addEvents(bodies.map((body, index) => plantedEvent(accountId, index, body)));
		expect((await eventSearch({}, reader)).status).toBe(200);
		expect((await alertSearch({ filters: [{ field: "detail.key", operator: "eq", value: "x" }] }, reader)).status).toBe(
			200,
		);
	});

	test("none of this failed on our side", async () => {
		expect((await logged()).filter((line) => line.includes("request.failed"))).toEqual([]);
	});
});

describe("names and texts of any kind", () => {
	const names = ["constructor", "prototype", "__proto__", "toString", "größe", "app.kubernetes.io/name", 'a"b\\c'];

	test("an attribute of a change event may be called anything, is kept, and is found", async () => {
		const { read, write } = await generated(ada);
		for (const name of names) {
			const timestamp = "2020-08-01T00:00:00Z";
			const attributes = Object.fromEntries([[name, `here ${names.indexOf(name)}`]]);
			const event = { ...changeEvent, timestamp, attributes };
			expect((await putEvent(write.access, event)).status).toBe(200);
		}
		const listed = await eventsOf(read.access, "?from=2020-08-01T00:00:00Z&to=2020-08-02T00:00:00Z");
		const kept = listed.flatMap(({ attributes }) => Object.entries(attributes as object));
		expect(kept.map(([name]) => name).toSorted()).toEqual(names.toSorted());
		for (const [index, name] of names.entries()) {
			const field = `data.attributes.${name.replaceAll(/[\\.]/g, "\\$&")}`;
			const found = await eventsFound({ filters: [{ field, operator: "eq", value: `here ${index}` }] }, reader);
			expect([name, found.length]).toEqual([name, 1]);
		}
	});

	test.each(["data.a..b", "data.", "data.a.", "data..a", "data.a\\b", "data.a\\", "data"])(
		"%s is no field",
		async (field) => {
			expect(refusal(await eventSearch({ filters: [{ field, operator: "eq", value: 1 }] }, reader))).toMatch(/^400/);
		},
	);

	test.each(["data.text", "environment"])("half a surrogate pair is nothing to look for in %s", async (field) => {
		const filters = [{ field, operator: "contains", value: "\ud83d" }];
		const answer = await eventSearch(JSON.stringify({ filters }), reader);
		expect([answer.status, answer.text.includes("surrogate")]).toEqual([400, true]);
	});

	test("of many thousand things that are wrong with a body the first twenty are told", async () => {
		const permissions = times(4000, () => "x y");
		const path = "/v1/policies";
		const answer = await postJson(path, { name: "n", description: "d", permissions }, await usualCredential());
		expect(answer.status).toBe(400);
		expect(answer.body.errors).toHaveLength(20);
	});
});
