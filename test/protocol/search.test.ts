import { beforeAll, describe, expect, test } from "vitest";
import { makePublicKey } from "../../src/crypto/public-key.ts";
import { generated, putEvent } from "../support/pairs.ts";
import { ada } from "../support/people.ts";
import { anAccount, aKey, aPolicy } from "../support/registered.ts";
import { post, refusal, times } from "../support/requests.ts";
import { alertSearch, allEvents, eventSearch, eventsFound } from "../support/searches.ts";
import { addRows, advance, demo, serverKeys } from "../support/target.ts";
import { randomId, systemRandom } from "../../src/crypto/random.ts";

type Headers = Record<string, string>;
let reader: Headers;
let writer: Headers;

beforeAll(async () => {
	const policy = await aPolicy(demo.accounts.acme, ["events:read", "alerts:read"]);
	reader = { "x-api-key": (await aKey(demo.accounts.acme, [policy])).secret };
	const writes = await aPolicy(demo.accounts.acme, ["events:write"]);
	writer = { "x-api-key": (await aKey(demo.accounts.acme, [writes])).secret };
	const [prod] = demo.environments;
	const publicKey = { "x-api-key": await makePublicKey(prod?.id ?? "", 1, serverKeys) };
	const events = [
		{ timestamp: "2022-01-01T00:00:00Z", n: 1, env: "prod", nested: { deep: { er: "x" } }, flag: true, maybe: null },
		{ timestamp: "2022-01-02T00:00:00Z", n: 2, env: "prod", "with space": "y", flag: false },
		{ timestamp: "2022-01-03T00:00:00Z", n: 3, env: "staging", text: 'quote " and \\ and % and _' },
		{ timestamp: "2022-01-04T00:00:00Z", n: "3", env: 3, list: [1, 2] },
	];
	const sent = await post("/v1/events", JSON.stringify(events), publicKey);
	if (sent.status !== 202) throw new Error(sent.text);
	const { write } = await generated(ada);
	await putEvent(write.access, {
		timestamp: "2022-01-05T00:00:00Z",
		event_name: "new_deployment",
		event_state: "start",
		attributes: { env: "production" },
	});
});

const range = { from: "2022-01-01T00:00:00Z", to: "2022-02-01T00:00:00Z" };

/** The days of January 2022 whose events pass these filters, newest first. */
async function days(...filters: readonly (readonly [string, string, unknown])[]): Promise<number[]> {
	const sent = filters.map(([field, operator, value]) => ({ field, operator, value }));
	const found = await eventsFound({ filters: sent, ...range }, reader);
	return found.map(({ timestamp }) => new Date(timestamp).getUTCDate());
}

describe("event search", () => {
	test("events and change events together, newest first", async () => {
		expect(await days()).toEqual([5, 4, 3, 2, 1]);
		const [change] = await eventsFound({ filters: [], ...range }, reader);
		expect(change).toEqual({
			id: expect.any(String),
			type: "change_event",
			environment: null,
			timestamp: "2022-01-05T00:00:00Z",
			received_at: expect.any(String),
			data: { event_name: "new_deployment", event_state: "start", attributes: { env: "production" } },
		});
	});

	test.each([
		["type eq", [["type", "eq", "change_event"]], [5]],
		["type neq", [["type", "neq", "change_event"]], [4, 3, 2, 1]],
		["environment", [["environment", "eq", "my-workspace/prod"]], [4, 3, 2, 1]],
		["environment contains", [["environment", "contains", "workspace/pr"]], [4, 3, 2, 1]],
		["event_name", [["event_name", "eq", "new_deployment"]], [5]],
		["event_name contains", [["event_name", "contains", "deploy"]], [5]],
		["event_state in", [["event_state", "in", ["start", "stop"]]], [5]],
		["a member", [["data.env", "eq", "prod"]], [2, 1]],
		["a member of a member", [["data.attributes.env", "eq", "production"]], [5]],
		["three deep", [["data.nested.deep.er", "eq", "x"]], [1]],
		["with a space", [["data.with space", "eq", "y"]], [2]],
		["a number is not its text", [["data.n", "eq", 3]], [3]],
		["a text is not its number", [["data.n", "eq", "3"]], [4]],
		["true", [["data.flag", "eq", true]], [1]],
		["true is not 1", [["data.flag", "eq", 1]], []],
		["numbers compare", [["data.n", "gte", 2]], [3, 2]],
		["numbers compare below", [["data.n", "lt", 2]], [1]],
		["in, of all kinds", [["data.env", "in", ["staging", 3]]], [4, 3]],
		["neq finds what has no such member", [["data.env", "neq", "prod"]], [5, 4, 3]],
		["contains, with what SQL and LIKE would read", [["data.text", "contains", '" and \\ and % and _']], [3]],
		["contains is no pattern", [["data.env", "contains", "p%d"]], []],
		["contains regards case", [["data.env", "contains", "PROD"]], []],
		["contains is of texts", [["data.n", "contains", "3"]], [4]],
		[
			"times",
			[
				["timestamp", "gt", "2022-01-02T00:00:00Z"],
				["timestamp", "lte", "2022-01-04T00:00:00+00:00"],
			],
			[4, 3],
		],
		[
			"all have to hold",
			[
				["data.env", "eq", "prod"],
				["data.n", "gt", 1],
			],
			[2],
		],
		["nothing", [["data.nothing", "eq", "x"]], []],
		["an injection finds nothing", [["data.env", "eq", "' OR 1=1 --"]], []],
	] as [string, [string, string, unknown][], number[]][])("%s", async (_, filters, found) => {
		expect(await days(...filters)).toEqual(found);
	});

	test("page by page every event once; the range belongs to the cursor, the limit does not", async () => {
		const pages = await allEvents({ filters: [], ...range, limit: 2 }, reader);
		expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
		expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(5);
		const first = await eventSearch({ filters: [], ...range, limit: 1 }, reader);
		const rest = await eventsFound({ filters: [], ...range, limit: 100, cursor: first.body.next_cursor }, reader);
		expect(rest).toHaveLength(4);
	});

	test("events of one instant are paged as well, each once", async () => {
		const batch = JSON.stringify(times(25, (n) => ({ timestamp: "2023-03-03T03:03:03Z", n })));
		expect((await post("/v1/events?environment=my-workspace/staging", batch, writer)).status).toBe(202);
		const same = { filters: [], from: "2023-03-03T03:03:03Z", to: "2023-03-03T03:03:04Z", limit: 7 };
		const pages = await allEvents(same, reader);
		expect(pages.map(({ length }) => length)).toEqual([7, 7, 7, 4]);
		expect(new Set(pages.flat().map(({ data }) => data.n)).size).toBe(25);
	});

	test("a cursor that was tampered with, or is of another search, account or route, is refused", async () => {
		const body = { filters: [], ...range, limit: 1 };
		const cursor = String((await eventSearch(body, reader)).body.next_cursor);
		const [version, position = "", mac = ""] = cursor.split(".");
		const forged = btoa(JSON.stringify([9e15, "zzz"])).replaceAll("=", "");
		const wrong = [
			"",
			"x",
			`${cursor}A`,
			`${version}.${forged}.${mac}`,
			`${version}.${position}.${mac.slice(1)}A`,
			`7.${position}.${mac}`,
		];
		for (const each of wrong) {
			const answer = await eventSearch({ ...body, cursor: each }, reader);
			expect(refusal(answer)).toBe("400 Malformed request");
			expect(answer.body.errors).toEqual([
				{ field: "cursor", detail: expect.stringContaining("not one of this search") },
			]);
		}
		const others = [{ filters: [] }, { ...range, filters: [{ field: "type", operator: "eq", value: "event" }] }];
		for (const other of others) expect((await eventSearch({ ...other, cursor }, reader)).status).toBe(400);
		expect((await alertSearch({ ...body, cursor }, reader)).status).toBe(400);
		const account = await anAccount();
		const policy = await aPolicy(account, ["events:read"]);
		const stranger = { "x-api-key": (await aKey(account, [policy])).secret };
		expect((await eventSearch({ ...body, cursor }, stranger)).status).toBe(400);
		expect(await eventsFound({ filters: [] }, stranger)).toEqual([]);
	});

	test.each([
		[
			"an unknown field",
			{ filters: [{ field: "colour", operator: "eq", value: "x" }] },
			/no field "colour".*timestamp.*data\./s,
		],
		["a field of no object", { filters: [{ field: "constructor", operator: "eq", value: "x" }] }, /no field/],
		["a field of the other search", { filters: [{ field: "detail.x", operator: "eq", value: "x" }] }, /no field/],
		["the body itself", { filters: [{ field: "data", operator: "eq", value: "x" }] }, /no field/],
		[
			"a backslash for nothing",
			{ filters: [{ field: "data.a\\b", operator: "eq", value: "x" }] },
			/no field "data\.a\\b"/,
		],
		[
			"a name that is no text",
			{ filters: [{ field: 'data.".', operator: "eq", value: "x" }] },
			/no field of that name/,
		],
		["too deep a name", { filters: [{ field: "data.a.b.c.d.e.f.g.h.i", operator: "eq", value: "x" }] }, /no field/],
		[
			"an unknown operator",
			{ filters: [{ field: "type", operator: "like", value: "x" }] },
			/no operator "like".*eq, neq/,
		],
		[
			"an operator of numbers on a text",
			{ filters: [{ field: "type", operator: "gt", value: 1 }] },
			/no operator "gt"/,
		],
		[
			"an operator of texts on a time",
			{ filters: [{ field: "timestamp", operator: "contains", value: "2022" }] },
			/no operator/,
		],
		["a time that is a number", { filters: [{ field: "timestamp", operator: "gt", value: 1 }] }, /end in Z/],
		["a day that there is not", { filters: [], from: "2022-02-30T00:00:00Z" }, /from: .*end in Z/],
		["a text that is a number", { filters: [{ field: "type", operator: "eq", value: 1 }] }, /type is a text/],
		["in without an array", { filters: [{ field: "type", operator: "in", value: "event" }] }, /takes an array/],
		["in with none", { filters: [{ field: "type", operator: "in", value: [] }] }, /at least one/],
		["eq with an array", { filters: [{ field: "type", operator: "eq", value: ["event"] }] }, /takes one value/],
		["a comparison with a text", { filters: [{ field: "data.n", operator: "gt", value: "1" }] }, /takes a number/],
		["null", { filters: [{ field: "type", operator: "eq", value: null }] }, /value/],
		["no value", { filters: [{ field: "type", operator: "eq" }] }, /value/],
		["21 filters", { filters: times(21, () => ({ field: "type", operator: "eq", value: "event" })) }, /more than 20/],
		["51 values", { filters: [{ field: "type", operator: "in", value: times(51, String) }] }, /more than 50/],
		["a text that is too long", { filters: [{ field: "type", operator: "eq", value: "x".repeat(501) }] }, /500/],
		["limit 101", { filters: [], limit: 101 }, /1 to 100/],
		["limit 0", { filters: [], limit: 0 }, /1 to 100/],
		["limit 1.5", { filters: [], limit: 1.5 }, /whole/],
		["filters as an object", { filters: {} }, /array of filters/],
		["a misspelt member", { filter: [] }, /is not known/],
		["a list", [], /./],
		["no JSON", "filters=[]", /not valid JSON/],
		["nothing", "", /not valid JSON/],
	])("%s is refused, and named", async (_, body, detail) => {
		const answer = await eventSearch(body, reader);
		expect(refusal(answer)).toBe("400 Malformed request");
		expect(answer.body.detail).toMatch(detail);
	});

	test("every wrong filter is named at once, by its place", async () => {
		const good = { field: "type", operator: "eq", value: "event" };
		const bad = { field: "colour", operator: "eq", value: "x" };
		const answer = await eventSearch({ filters: [good, bad, { ...good, operator: "is" }], from: "now" }, reader);
		const errors = answer.body.errors as { field: string }[];
		expect(errors.map(({ field }) => field)).toEqual(["filters.1.field", "filters.2.operator", "from"]);
	});

	test("the permission is named where it lacks: reading events is not reading alerts, nor writing them", async () => {
		const answer = await eventSearch({ filters: [] }, writer);
		expect(refusal(answer)).toBe("403 Forbidden");
		expect(answer.body.permission).toBe("events:read");
		const demoKey = { "x-api-key": demo.apiKey.accessCode };
		expect((await eventSearch({ filters: [] }, demoKey)).status).toBe(200);
		expect((await alertSearch({ filters: [] }, demoKey)).body.permission).toBe("alerts:read");
		expect(refusal(await eventSearch({ filters: [] }, {}))).toBe("401 Unauthorized");
	});
});

const send = (query: string, headers: Headers) => post(`/v1/events${query}`, '{"by":"credential"}', headers);

describe("ingestion with a credential", () => {
	test("events:write and ?environment=workspace/name", async () => {
		expect((await send("?environment=my-workspace/staging", writer)).body).toEqual({ accepted: 1 });
		const filters = [{ field: "data.by", operator: "eq", value: "credential" }];
		const [found] = await eventsFound({ filters }, reader);
		expect(found?.environment).toBe("my-workspace/staging");
	});

	test("without it, without the environment, or with one of another account, nothing is stored", async () => {
		expect(refusal(await send("?environment=my-workspace/staging", reader))).toBe("403 Forbidden");
		expect(refusal(await send("", writer))).toBe("400 Malformed request");
		expect(refusal(await send("?environment=a/b&environment=my-workspace/prod", writer))).toBe("400 Malformed request");
		expect(refusal(await send("?environment=my-workspace/nothing", writer))).toBe("404 Not Found");
		const accountId = await anAccount();
		const environment = {
			id: randomId(systemRandom),
			accountId,
			workspace: "theirs",
			name: "prod",
			keyVersion: 1,
			enabled: true,
		};
		await addRows({ environments: [environment] });
		expect(refusal(await send("?environment=theirs/prod", writer))).toBe("404 Not Found");
	});
});

test("no event is so deep that it spoils the searches of others", async () => {
	const [deep, deeper] = [99, 100].map((lists) => `{"deep":${"[".repeat(lists)}${"]".repeat(lists)}}`);
	const to = "/v1/events?environment=my-workspace/staging";
	expect((await post(to, deep ?? "", writer)).status).toBe(202);
	expect(refusal(await post(to, deeper ?? "", writer))).toBe("400 Malformed request");
	const filters = [{ field: "data.deep", operator: "eq", value: 5 }];
	expect((await eventSearch({ filters }, reader)).status).toBe(200);
});

test("an environment stores so much in an hour and no more, and another is not in its way", async () => {
	const accountId = await anAccount();
	const [full, other] = [randomId(systemRandom), randomId(systemRandom)];
	const environment = { accountId, workspace: "w", keyVersion: 1, enabled: true };
	await addRows({
		environments: [
			{ ...environment, id: full, name: "full" },
			{ ...environment, id: other, name: "other" },
		],
	});
	const key = { "x-api-key": await makePublicKey(full, 1, serverKeys) };
	// 250 KiB count as 250 events: 40 of them are the hour's 10,000.
	const big = JSON.stringify({ text: "x".repeat(250 * 1024 - 20) });
	const statuses: number[] = [];
	for (const _ of times(41, () => null)) statuses.push((await post("/v1/events", big, key)).status);
	expect(statuses).toEqual([...times(40, () => 202), 429]);
	const limited = await post("/v1/events", "{}", key);
	expect(refusal(limited)).toBe("429 Too Many Requests");
	expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
	const beside = { "x-api-key": await makePublicKey(other, 1, serverKeys) };
	expect((await post("/v1/events", "{}", beside)).status).toBe(202);
	await advance(3600);
	expect((await post("/v1/events", big, key)).status).toBe(202);
});
