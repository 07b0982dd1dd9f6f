import { beforeAll, describe, expect, test } from "vitest";
import { call, type Credential, good, newKey, type ShownCode, type ShownKey, tokenOf } from "../support/keys-api.ts";
import { ada, formOn, signedIn } from "../support/people.ts";
import { anAccount, aPerson, slugOf } from "../support/registered.ts";
import { ask, locationOf, ownPage, postForm, refusal, times } from "../support/requests.ts";
import { demo, now } from "../support/target.ts";

interface KeyPage {
	readonly keys: readonly ShownKey[];
	readonly next: string | null;
	readonly previous: string | null;
	readonly total: number | null;
}

// Thirty keys of an account of their own, a few of which differ.
let theirs: Credential;
let path: string;
let cookie: { cookie: string };
let code: ShownCode;
let coded: ShownKey;

beforeAll(async () => {
	const accountId = await anAccount();
	const somebody = await aPerson({ [accountId]: "admin" });
	theirs = await tokenOf(somebody, slugOf(accountId));
	cookie = { cookie: await signedIn(somebody) };
	path = `/console/${slugOf(accountId)}/keys`;
	for (const n of times(30, String)) {
		const type = n === "3" ? "integration" : "standard";
		const name = `${n === "7" ? "Nightly" : "Export"} run-${n.padStart(2, "0")}`;
		await newKey({ name, type, tags: n === "5" ? ["Metrics"] : [] }, theirs);
	}
	const [first] = (await listed()).keys;
	if (!first) throw new Error("There is no key");
	coded = first;
	code = good<ShownCode>(await call("POST", `/v1/keys/${coded.id}/codes`, { description: "one" }, theirs), 201);
});

async function listed(query: Record<string, string> = {}, credential = theirs): Promise<KeyPage> {
	return good<KeyPage>(await call("GET", `/v1/keys?${new URLSearchParams(query)}`, undefined, credential));
}

interface PolicyPage {
	readonly policies: readonly { readonly name: string }[];
	readonly total: number;
	readonly previous: string | null;
	readonly next: string | null;
}

async function policiesOf(query: string): Promise<PolicyPage> {
	return good<PolicyPage>(await call("GET", `/v1/policies?${query}`, undefined, theirs));
}

async function names(query: Record<string, string>): Promise<readonly string[]> {
	return (await listed({ limit: "100", ...query })).keys.map(({ name }) => name);
}

const timeOf = (seconds: number) => new Date(seconds * 1000).toISOString();
const rows = (text: string) => [...text.matchAll(/<a class="row-link"[^>]*><bdi>([^<]*)</g)].map(([, name]) => name);
const visible = (secret: string) => `${secret.slice(0, 11)}…${secret.slice(-4)}`;

describe("the list of keys, as programs ask for it", () => {
	test("is walked to its end and back, page by page, and says how many there are", async () => {
		const there: KeyPage[] = [await listed({ limit: "12" })];
		for (let last = there[0]; last?.next; last = there.at(-1))
			there.push(await listed({ limit: "12", cursor: last.next }));
		expect(there.map(({ keys, total }) => [keys.length, total])).toEqual([
			[12, 30],
			[12, 30],
			[6, 30],
		]);
		expect(there[0]?.previous).toBeNull();
		const back = await listed({ limit: "12", cursor: there[2]?.previous ?? "" });
		expect(back.keys).toEqual(there[1]?.keys);
		const begin = await listed({ limit: "12", cursor: back.previous ?? "" });
		expect([begin.keys, begin.previous]).toEqual([there[0]?.keys, null]);
		expect((await listed({ limit: "12", cursor: begin.next ?? "" })).keys).toEqual(there[1]?.keys);
	});

	test("is searched by how words of a name begin, filtered and sorted", async () => {
		expect(await names({ q: "NIGHT" })).toEqual(["Nightly run-07"]);
		expect(await names({ q: "export run-1" })).toEqual(times(10, (n) => `Export run-1${n}`));
		expect(await names({ q: "xport" })).toEqual([]);
		expect(await names({ tag: "metrics" })).toEqual(["Export run-05"]);
		expect(await names({ type: "integration" })).toEqual(["Export run-03"]);
		expect(await names({ q: "run", type: "standard", tag: "metrics" })).toEqual(["Export run-05"]);
		const down = await names({ sort: "-name" });
		expect([down[0], down.at(-1)]).toEqual(["Nightly run-07", "Export run-00"]);
	});

	test("follows what becomes of a key at once", async () => {
		const key = await newKey({ name: "Turned" }, theirs);
		const at = `/v1/keys/${key.id}`;
		good(await call("PATCH", at, { enabled: false, tags: ["off"] }, theirs));
		expect(await names({ state: "disabled" })).toEqual(["Turned"]);
		good(await call("PATCH", at, { name: "Rounded" }, theirs));
		expect([await names({ q: "turned" }), await names({ q: "round", tag: "OFF" })]).toEqual([[], ["Rounded"]]);
		await call("DELETE", at, undefined, theirs);
		expect([await names({ q: "round" }), (await listed()).total]).toEqual([[], 30]);
	});

	test("tells which keys end, first those that end first; a key without a code does not", async () => {
		const end = Date.parse(code.expires_at) / 1000;
		const withCodes = await names({ expires_before: timeOf(end + 1) });
		expect(withCodes).toContain(coded.name);
		expect(withCodes).not.toContain("Export run-09");
		expect(await names({ expires_before: timeOf(end - 86_400) })).toEqual([]);
	});

	test("tells which keys were not used since a day, be it never, as soon as a use was noted", async () => {
		const key = await newKey({ name: "Busy" }, theirs);
		const made = good<ShownCode>(await call("POST", `/v1/keys/${key.id}/codes`, { description: "b" }, theirs), 201);
		const [today, tomorrow] = [timeOf(now()), timeOf(now() + 86_400)];
		const unused = { q: "busy", never_used: "true" };
		expect([await names(unused), await names({ q: "busy", used_before: tomorrow })]).toEqual([["Busy"], ["Busy"]]);
		await ask("/v1/environments", { headers: { "x-api-key": made.secret } });
		// Who asks has the ledger asked, before the use is told of too.
		expect(await names(unused)).toEqual([]);
		expect(await names({ q: "busy", used_before: today })).toEqual([]);
		expect(await names({ q: "busy", used_before: tomorrow })).toEqual(["Busy"]);
		expect((await names({ sort: "used" })).at(-1)).toBe("Busy");
		expect((await call("GET", "/v1/keys?never_used=false", undefined, theirs)).status).toBe(400);
		await call("DELETE", `/v1/keys/${key.id}`, undefined, theirs);
	});

	test("finds a key by its id, by its whole code, and by what is visible of that", async () => {
		const { secret } = code;
		for (const q of [coded.id, secret, visible(secret), visible(secret).replace("…", "..."), secret.slice(0, 11)]) {
			expect(await names({ q })).toEqual([coded.name]);
		}
	});

	test("finds no key of another account, whatever is known of it", async () => {
		for (const q of [coded.id, code.secret, visible(code.secret)]) {
			expect((await listed({ q }, await tokenOf(ada, "acme"))).keys).toEqual([]);
		}
	});

	test.each([
		["a filter that the list does not have", { owner: "ada" }],
		["a state that there is not", { state: "deleted" }],
		["an order that there is not", { sort: "policies" }],
		["an order by what is inherited", { sort: "constructor" }],
		["a time without its zone", { expires_before: "2026-01-31T08:00:00" }],
		["a search of 201 characters", { q: "x".repeat(201) }],
	])("%s is refused", async (_, query) => {
		const answer = await call("GET", `/v1/keys?${new URLSearchParams(query)}`, undefined, theirs);
		expect(refusal(answer)).toBe("400 Malformed request");
		expect(answer.body.errors).toEqual([{ field: expect.any(String), detail: expect.any(String) }]);
	});

	test("a cursor goes on with its own search, filters, order, account and direction alone", async () => {
		const { next } = await listed({ limit: "5", q: "export" });
		const cursor = next ?? "";
		expect((await listed({ limit: "5", q: "export", cursor })).keys).toHaveLength(5);
		for (const query of [{}, { q: "run" }, { q: "export", state: "enabled" }, { q: "export", sort: "-name" }]) {
			const answer = await call("GET", `/v1/keys?${new URLSearchParams({ ...query, cursor })}`, undefined, theirs);
			expect(refusal(answer)).toBe("400 Malformed request");
		}
		const elsewhere = await tokenOf(ada, "acme");
		const query = new URLSearchParams({ q: "export", cursor });
		expect(refusal(await call("GET", `/v1/keys?${query}`, undefined, elsewhere))).toBe("400 Malformed request");
		expect(refusal(await call("GET", `/v1/policies?cursor=${cursor}`, undefined, theirs))).toBe(
			"400 Malformed request",
		);
	});
});

describe("what is visible of an access code", () => {
	test("tells it apart wherever it is listed, logged or verified, and opens nothing", async () => {
		const { secret } = code;
		const at = `/v1/keys/${coded.id}/codes`;
		expect(code.visible).toBe(visible(secret));
		const { codes } = good<{ codes: readonly ShownCode[] }>(await call("GET", at, undefined, theirs));
		expect(codes.map((each) => each.visible)).toEqual([visible(secret)]);
		const card = await ask(`${path}/${coded.id}/codes`, { headers: cookie });
		expect([card.text.includes(visible(secret)), card.text.includes(secret)]).toEqual([true, false]);
		const log = good<{ entries: readonly { action: string; detail: object }[] }>(
			await call("GET", "/v1/audit?action=access_code", undefined, theirs),
		);
		expect(log.entries.map(({ action, detail }) => ({ action, detail }))).toContainEqual({
			action: "access_code.create",
			detail: expect.objectContaining({ code: visible(secret) }),
		});
		const opened = await ask(`/v1/environments?apiKey=${encodeURIComponent(visible(secret))}`);
		expect(opened.status).toBe(401);
		// Of its 32 random bytes there is none in it, but for what the checksum tells of them.
		expect(visible(secret)).toHaveLength(16);
	});
});

describe("the list of keys, as people see it", () => {
	test("has the search, the filters and the ways to the pages before and after", async () => {
		const first = await ask(path, { headers: cookie });
		expect(first.text).toContain("30 API keys");
		expect(rows(first.text)).toHaveLength(20);
		const [, next] = /href="([^"]*)"[^>]*>\s*Next page/.exec(first.text) ?? [];
		const second = await ask((next ?? "").replaceAll("&amp;", "&"), { headers: cookie });
		expect(rows(second.text)).toHaveLength(10);
		const [, previous] = /href="([^"]*)"[^>]*>\s*Previous page/.exec(second.text) ?? [];
		const again = await ask((previous ?? "").replaceAll("&amp;", "&"), { headers: cookie });
		expect(rows(again.text)).toEqual(rows(first.text));
		const found = await ask(`${path}?q=night&state=enabled`, { headers: cookie });
		expect([rows(found.text), found.text.includes("1 API key matches")]).toEqual([["Nightly run-07"], true]);
		expect((await ask(`${path}?q=nothing`, { headers: cookie })).text).toContain("Nothing matches.");
		const wrong = await ask(`${path}?sort=constructor`, { headers: cookie });
		expect([wrong.status, wrong.text.includes("It is one of these: name,")]).toEqual([400, true]);
	});

	test("an access code that is pasted into the search finds its key, and stands in no address", async () => {
		const page = await ask(path, { headers: cookie });
		const { action, hidden } = formOn(page, "q");
		const search = (q: string) => postForm(action, { ...hidden, q }, { ...cookie, ...ownPage });
		const { secret } = code;
		// Whole, cut off, with a letter too many, and with what somebody copied around it.
		for (const q of [secret, secret.slice(0, -1), `${secret}x`, ` ${secret}\n`, `X-apiKey: ${secret}`]) {
			const sent = await search(q);
			expect(sent.status).toBe(303);
			const to = sent.headers.get("location") ?? "";
			expect(decodeURIComponent(to)).not.toContain(secret.slice(0, 16));
			const found = await ask(to, { headers: cookie });
			expect(rows(found.text)).toEqual([coded.name]);
			expect(found.text).not.toContain(secret.slice(0, 16));
		}
		expect(locationOf(await search(visible(secret))).searchParams.get("q")).toBe(visible(secret));
		// The token of a key file is base64 of one.
		const [holder] = (await listed({ type: "integration" })).keys;
		const made = await call("POST", `/v1/keys/${holder?.id}/codes`, { description: "in a file" }, theirs);
		const file = good<{ key_file: { api_keys: Record<string, { token: string }> } }>(made, 201).key_file;
		const [{ token } = { token: "" }] = Object.values(file.api_keys);
		for (const q of [token, JSON.stringify(file)]) {
			const to = (await search(q)).headers.get("location") ?? "";
			expect([to.length < 100, decodeURIComponent(to).includes(token.slice(0, 16))]).toEqual([true, false]);
			expect(rows((await ask(to, { headers: cookie })).text)).toEqual([holder?.name]);
		}
		// A link that has one leads to where it has not.
		const linked = await ask(`${path}?q=${secret}`, { headers: cookie, redirect: "manual" });
		expect(linked.status).toBe(303);
		expect(decodeURIComponent(linked.headers.get("location") ?? "")).not.toContain(secret.slice(0, 16));
	});

	test("each key is edited and deleted in its own row, by whoever may", async () => {
		const { text } = await ask(`${path}?q=night`, { headers: cookie });
		expect(text).toMatch(/Edit<span class="visually-hidden"> Nightly run-07<\/span>/);
		expect(text).toMatch(/Delete<span class="visually-hidden"> Nightly run-07<\/span>/);
		const reader = await aPerson({ [demo.accounts.acme]: "member" });
		const seen = await ask("/console/acme/keys", { headers: { cookie: await signedIn(reader) } });
		expect(seen.text).not.toMatch(/<a class="button secondary small" href="[^"]*\/delete"/);
	});
});

describe("the list of policies", () => {
	test("is searched, sorted and walked as that of keys is", async () => {
		for (const name of ["Read all", "Reports", "Write"]) {
			good(await call("POST", "/v1/policies", { name, description: name, permissions: ["events:read"] }, theirs), 201);
		}
		const found = await policiesOf("q=RE&sort=-name&limit=1");
		expect([found.policies.map(({ name }) => name), found.total]).toEqual([["Reports"], 2]);
		const second = await policiesOf(`q=RE&sort=-name&limit=1&cursor=${found.next}`);
		expect(second.policies.map(({ name }) => name)).toEqual(["Read all"]);
		expect((await policiesOf(`q=RE&sort=-name&limit=1&cursor=${second.previous}`)).policies).toEqual(found.policies);
		const page = await ask(`${path.replace(/keys$/, "policies")}?q=rit`, { headers: cookie });
		expect([rows(page.text), page.text.includes("1 policy matches")]).toEqual([["Write"], true]);
	});
});
