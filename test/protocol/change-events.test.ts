import { beforeAll, describe, expect, test } from "vitest";
import {
	changeEvent,
	deleteEvent,
	eventsOf,
	generated,
	last9,
	type ListedEvent,
	listEvents,
	pairRefusal,
	type Pairs,
	putEvent,
} from "../support/pairs.ts";
import { ada, grace } from "../support/people.ts";
import { aKey, aPolicy } from "../support/registered.ts";
import { loggedIn } from "../support/logins.ts";
import { ask, bearer, times } from "../support/requests.ts";
import { demo } from "../support/target.ts";

let pairs: Pairs;
beforeAll(async () => {
	pairs = await generated(ada);
});

const put = (changes: object, slug?: string) => putEvent(pairs.write.access, { ...changeEvent, ...changes }, slug);
const named = async (name: string) =>
	(await eventsOf(pairs.read.access, "?limit=100")).filter((each) => each.event_name === name);

const putWith = (headers: Record<string, string>, slug = "acme") =>
	ask(`/api/v4/organizations/${slug}/change_events`, {
		method: "PUT",
		body: JSON.stringify({ ...changeEvent, event_name: "by a key" }),
		headers,
	});
const refusalOf = async (query: string) => pairRefusal(await listEvents(pairs.read.access, query));
const namesIn = async (query: string) => (await eventsOf(pairs.read.access, query)).map((each) => each.event_name);

describe("PUT change_events", () => {
	test.each([
		["without attributes", { event_name: "bare", attributes: undefined }],
		["with Z", { event_name: "zulu", timestamp: "2024-01-15T12:27:22Z" }],
		["with a fraction", { event_name: "fraction", timestamp: "2024-01-15T12:27:22.123456+00:00" }],
		["which stopped", { event_name: "stopped", event_state: "stop" }],
		["in another script", { event_name: "déploiement 配備 🚀", attributes: { größe: "ü" } }],
	])("an event %s", async (_, changes) => {
		expect((await put(changes)).body).toEqual({ message: "success" });
		expect(await named(changes.event_name)).toHaveLength(1);
	});

	test.each([
		["a naive time", { timestamp: "2024-01-15T17:57:22" }, /^400 timestamp: must be an ISO 8601 .* Z or an offset/],
		["a day", { timestamp: "2024-01-15" }, /^400 timestamp: .*offset/],
		["a number", { timestamp: 1_705_321_642 }, /^400 timestamp: .*offset/],
		["no time", { timestamp: undefined }, /^400 timestamp: is missing/],
		["30 February", { timestamp: "2024-02-30T00:00:00Z" }, /^400 timestamp: /],
		["hour 25", { timestamp: "2024-01-15T25:00:00Z" }, /^400 timestamp: /],
		["no name", { event_name: undefined }, /^400 event_name: is missing/],
		["an empty name", { event_name: "" }, /^400 event_name: is empty/],
		["a name that is too long", { event_name: "x".repeat(101) }, /^400 event_name: is longer than 100/],
		["a control character", { event_name: "a\u0007b" }, /^400 event_name: has control characters/],
		["another state", { event_state: "paused" }, /^400 event_state: must be start or stop/],
		["an attribute that is no text", { attributes: { replicas: 3 } }, /^400 attributes.replicas: must be a string/],
		["attributes as a list", { attributes: ["env"] }, /^400 attributes/],
		["51 attributes", { attributes: Object.fromEntries(times(51, (n) => [`a${n}`, "x"])) }, /^400 .*more than 50/],
		["a misspelt member", { atributes: {} }, /^400 atributes: is not known/],
	])("%s is refused, and says what is wrong", async (_, changes, message) => {
		const before = await eventsOf(pairs.read.access, "?limit=100");
		expect(pairRefusal(await put(changes))).toMatch(message);
		expect(await eventsOf(pairs.read.access, "?limit=100")).toEqual(before);
	});

	test.each([
		["nothing", ""],
		["no JSON", "{"],
		["a list", "[]"],
		["null", "null"],
		["a member twice", '{"event_name":"a","event_name":"b"}'],
	])("%s is no change event", async (_, body) => {
		const path = "/api/v4/organizations/acme/change_events";
		expect(pairRefusal(await ask(path, { method: "PUT", body, headers: last9(pairs.write.access) }))).toMatch(/^400 /);
	});

	test("64 KiB and no more", async () => {
		expect(pairRefusal(await put({ attributes: { a: "x".repeat(70_000) } }))).toMatch(/^413 /);
	});

	test("RFC 9110 §9.3.4: sent again, or a hundred times at once, it is one", async () => {
		const event = { event_name: "idempotent", attributes: { b: "2", a: "1" } };
		const answers = await Promise.all(times(100, () => put(event)));
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
		await put({ ...event, attributes: { a: "1", b: "2" } });
		expect(await named("idempotent")).toHaveLength(1);
		await put({ ...event, event_state: "stop" });
		await put({ ...event, attributes: { a: "1", b: "3" } });
		expect(await named("idempotent")).toHaveLength(3);
	});

	test("an API key with the permission puts them as well, with its access code and with a login token", async () => {
		const policy = await aPolicy(demo.accounts.acme, ["change_events:write"]);
		const key = await aKey(demo.accounts.acme, [policy]);
		expect((await putWith({ "x-api-key": key.secret })).status).toBe(200);
		expect((await putWith(last9(await loggedIn({ api_key: key.secret })))).status).toBe(200);
		expect(pairRefusal(await putWith({ "x-api-key": key.secret }, "globex"))).toMatch(/^403 .*another organization/);
		const reader = await aKey();
		expect(pairRefusal(await putWith({ "x-api-key": reader.secret }))).toMatch(/^403 .*change_events:write/);
	});
});

describe("GET change_events", () => {
	const instants = ["2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z", "2020-01-03T00:00:00Z", "2020-01-03T00:00:00Z"];
	beforeAll(async () => {
		for (const [index, timestamp] of instants.entries()) await put({ event_name: `listed ${index}`, timestamp });
	});
	const range = "from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z";

	test("newest first, page by page, each once", async () => {
		const seen: ListedEvent[] = [];
		const nexts: unknown[] = [];
		let cursor = "";
		for (let page = 0; page < 4; page++) {
			const answer = await listEvents(pairs.read.access, `?${range}&limit=1${cursor}`);
			const { change_events: events, next_cursor: next } = JSON.parse(answer.text);
			expect(events).toHaveLength(1);
			seen.push(...events);
			cursor = `&cursor=${next}`;
			nexts.push(next);
		}
		expect(nexts.map((next) => next === null)).toEqual([false, false, false, true]);
		expect(new Set(seen.map(({ id }) => id)).size).toBe(4);
		expect(seen.map(({ timestamp }) => timestamp)).toEqual(instants.toReversed());
	});

	test("from is included, to is not; another zone is the same instant", async () => {
		expect(await namesIn("?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z")).toEqual(["listed 0"]);
		expect(await namesIn("?from=2020-01-01T05:30:00%2B05:30&to=2020-01-02T05:30:00+05:30")).toEqual(["listed 0"]);
	});

	test("a naive time, a wrong cursor or limit and a misspelt parameter are refused", async () => {
		expect(await refusalOf("?from=2020-01-01T00:00:00")).toMatch(/^400 from: .*offset/);
		expect(await refusalOf("?to=tomorrow")).toMatch(/^400 to: .*offset/);
		expect(await refusalOf("?limit=101")).toMatch(/^400 limit/);
		expect(await refusalOf("?limit=x")).toMatch(/^400 limit/);
		expect(await refusalOf("?form=2020-01-01T00:00:00Z")).toMatch(/^400 The query takes/);
		const { next_cursor: next } = JSON.parse((await listEvents(pairs.read.access, `?${range}&limit=1`)).text);
		const cursor = String(next);
		for (const wrong of ["x", `${cursor}A`, cursor.slice(0, -1), cursor.replace(/^\d+/, "9")]) {
			expect(await refusalOf(`?${range}&cursor=${wrong}`)).toMatch(/^400 The cursor/);
		}
		// Of another range, and of another organization.
		expect(await refusalOf(`?cursor=${cursor}`)).toMatch(/^400 The cursor/);
		const globex = await generated(grace, "globex");
		expect(pairRefusal(await listEvents(globex.read.access, `?${range}&cursor=${cursor}`, "globex"))).toMatch(/^400/);
	});

	test("an organization sees its own alone", async () => {
		const globex = await generated(grace, "globex");
		await putEvent(globex.write.access, { ...changeEvent, event_name: "of globex" }, "globex");
		expect((await eventsOf(globex.read.access, "", "globex")).map((each) => each.event_name)).toEqual(["of globex"]);
		expect(await named("of globex")).toEqual([]);
		const [foreign] = await eventsOf(globex.read.access, "", "globex");
		expect(pairRefusal(await deleteEvent(pairs.delete.access, foreign?.id ?? ""))).toBe(
			"404 There is no such change event",
		);
		expect(await eventsOf(globex.read.access, "", "globex")).toHaveLength(1);
	});
});

describe("DELETE change_events", () => {
	test("it is gone, once; and can be put again", async () => {
		await put({ event_name: "deleted" });
		const [event] = await named("deleted");
		expect((await deleteEvent(pairs.delete.access, event?.id ?? "")).status).toBe(200);
		expect(await named("deleted")).toEqual([]);
		expect(pairRefusal(await deleteEvent(pairs.delete.access, event?.id ?? ""))).toMatch(/^404 /);
		await put({ event_name: "deleted" });
		expect(await named("deleted")).toEqual([event]);
	});

	test("an event that was ingested is no change event", async () => {
		const policy = await aPolicy(demo.accounts.acme, ["events:write", "events:read"]);
		const key = await aKey(demo.accounts.acme, [policy]);
		const headers = { "x-api-key": key.secret };
		const path = "/v1/events?environment=my-workspace/prod";
		expect((await ask(path, { method: "POST", body: '{"event_name":"ingested"}', headers })).status).toBe(202);
		const search = { filters: [{ field: "event_name", operator: "eq", value: "ingested" }] };
		const found = await ask("/api/public/event/search", { method: "POST", body: JSON.stringify(search), headers });
		const [event]: { id: string }[] = JSON.parse(found.text).events;
		expect(event?.id).toBeDefined();
		expect(pairRefusal(await deleteEvent(pairs.delete.access, event?.id ?? ""))).toMatch(/^404 /);
	});

	test("the audit log tells who did it", async () => {
		await put({ event_name: "audited" });
		const [event] = await named("audited");
		await deleteEvent(pairs.delete.access, event?.id ?? "");
		const log = await ask(`/v1/audit?target=${event?.id ?? ""}`, { headers: bearer(pairs.read.access) });
		expect(log.body.entries).toEqual([expect.objectContaining({ action: "change_event.delete" })]);
	});
});
