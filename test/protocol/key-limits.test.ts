import { describe, expect, test } from "vitest";
import { writeInstant } from "../../src/domain/instant.ts";
import { filledIn, withCookie, wordsOf } from "../support/console.ts";
import {
	call,
	good,
	inAcme,
	inGlobex,
	newCode,
	newKey,
	newPolicy,
	type ShownKey,
	usableKey,
} from "../support/keys-api.ts";
import { logIn, opens } from "../support/logins.ts";
import { ada, signInAnew } from "../support/people.ts";
import { type Answer, ask, postJson, refusal, times } from "../support/requests.ts";
import { advance, demo, now } from "../support/target.ts";
import { basicOf } from "../support/tokens.ts";

const inside = "192.0.2.7";
const outside = "198.51.100.7";

/** A key of Acme that is good but for its limits. */
async function limited(limits: object) {
	const policy = await newPolicy(["environments:read"]);
	const key = await newKey({ policies: [policy], limits });
	return { key, code: await newCode(key.id), policy };
}

function use(secret: string, from = inside): Promise<Answer> {
	return ask("/v1/environments", { headers: { "x-api-key": secret, "cf-connecting-ip": from } });
}

async function verify(key: string, more: object = {}): Promise<Answer["body"]> {
	return good(await postJson("/v1/keys/verify", { key, ...more }, basicOf(demo.webApp)));
}

function set(id: string, limits: object | null): Promise<Answer> {
	return call("PATCH", `/v1/keys/${id}`, { limits });
}

const tokenOf = ({ body }: Answer) => String(body.access_token);

describe("an end of the key's own", () => {
	test("is that of its codes and of what they opened, wherever one asks", async () => {
		const { key, code } = await limited({ expires_at: writeInstant(now() + 100) });
		const token = tokenOf(await logIn({ api_key: code.secret }));
		expect(await verify(code.secret)).toMatchObject({ valid: true, expires_at: writeInstant(now() + 100) });
		await advance(100);
		expect(await verify(code.secret)).toEqual({ valid: false, reason: "key_expired" });
		expect(refusal(await use(code.secret))).toBe("401 Unauthorized");
		expect([(await logIn({ api_key: code.secret })).status, await opens(token)]).toEqual([401, 401]);
		// What had ended does not come back with the key.
		good(await set(key.id, null));
		expect([(await use(code.secret)).status, await opens(token)]).toEqual([200, 401]);
	});

	test("is not passed by an answer that may be a minute old", async () => {
		const { code } = await limited({ expires_at: writeInstant(now() + 20) });
		expect(await verify(code.secret, { max_staleness: 60 })).toMatchObject({ valid: true });
		await advance(20);
		expect(await verify(code.secret, { max_staleness: 60 })).toMatchObject({ valid: false, reason: "key_expired" });
	});
});

describe("networks", () => {
	test("RFC 4632 §3.1: a code opens nothing from anywhere else, and gets no login", async () => {
		const { code } = await limited({ networks: ["192.0.2.0/24", "2001:db8::/32"] });
		for (const from of [inside, "2001:db8::9"]) expect((await use(code.secret, from)).status).toBe(200);
		for (const from of [outside, "2001:db9::9"]) {
			expect(refusal(await use(code.secret, from))).toBe("401 Unauthorized");
			const login = await postJson("/auth/login", { api_key: code.secret }, { "cf-connecting-ip": from });
			expect(refusal(login)).toBe("401 Unauthorized");
		}
		const login = await postJson("/auth/login", { api_key: code.secret }, { "cf-connecting-ip": inside });
		expect(login.status).toBe(200);
	});

	test("a refusal is that of any other code: whoever found one learns nothing of its networks", async () => {
		const { code } = await limited({ networks: ["192.0.2.0/24"] });
		const { instance: _, ...refused } = (await use(code.secret, outside)).body;
		const { instance: __, ...unknown } = (await use(`${code.secret}x`, outside)).body;
		expect(refused).toEqual(unknown);
	});

	test("a service says where it was shown the code; without that it is refused", async () => {
		const { code } = await limited({ networks: ["192.0.2.0/24"] });
		expect(await verify(code.secret, { address: inside })).toMatchObject({ valid: true });
		expect(await verify(code.secret, { address: outside })).toEqual({ valid: false, reason: "network_refused" });
		expect(await verify(code.secret)).toEqual({ valid: false, reason: "network_refused" });
		for (const address of ["here", "192.0.2.0/24", "192.0.2.256"]) {
			const answer = await postJson("/v1/keys/verify", { key: code.secret, address }, basicOf(demo.webApp));
			expect(refusal(answer)).toBe("400 Malformed request");
		}
	});

	test("what was answered to one address is not remembered for another", async () => {
		const { code } = await limited({ networks: ["192.0.2.0/24"] });
		const stale = { max_staleness: 60 };
		expect(await verify(code.secret, { ...stale, address: inside })).toMatchObject({ valid: true });
		expect(await verify(code.secret, { ...stale, address: outside })).toMatchObject({ reason: "network_refused" });
		expect(await verify(code.secret, stale)).toMatchObject({ reason: "network_refused" });
	});

	test("are those of the owner, in an account that has linked the key too, which does not see them", async () => {
		const { key, code } = await limited({ networks: ["192.0.2.0/24"] });
		const policy = await newPolicy(["environments:read"], await inGlobex());
		good(await call("POST", "/v1/links", { key_id: key.id, policies: [policy] }, await inGlobex()), 201);
		const there = (from: string) =>
			ask("/v1/environments?account=globex", { headers: { "x-api-key": code.secret, "cf-connecting-ip": from } });
		expect([(await there(inside)).status, (await there(outside)).status]).toEqual([200, 401]);
		const shown = await call("GET", `/v1/keys/${key.id}`, undefined, await inGlobex());
		expect(good<ShownKey>(shown)).not.toHaveProperty("limits");
	});
});

describe("a number of uses", () => {
	test("of twenty at once as many come through as there may be", async () => {
		const { key, code } = await limited({ uses: 5 });
		const answers = await Promise.all(times(20, () => use(code.secret)));
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
		expect(answers.filter(({ status }) => status === 401)).toHaveLength(15);
		expect(good<ShownKey>(await call("GET", `/v1/keys/${key.id}`))).toMatchObject({
			uses_left: 0,
			limits: { uses: 5 },
		});
	});

	test("logins, uses and verifications count; the token that a login got does not, nor what was refused", async () => {
		const { code } = await limited({ uses: 3 });
		const token = tokenOf(await logIn({ api_key: code.secret }));
		expect(await verify(code.secret)).toMatchObject({ valid: true, uses_left: 1 });
		expect([await opens(token), await opens(token)]).toEqual([200, 200]);
		expect((await ask("/v1/environments?account=nowhere", { headers: { "x-api-key": code.secret } })).status).toBe(403);
		expect((await logIn({ api_key: code.secret })).status).toBe(200);
		expect((await logIn({ api_key: code.secret })).status).toBe(401);
		expect(await verify(code.secret)).toEqual({ valid: false, reason: "uses_spent" });
		expect(await opens(token)).toBe(200);
	});

	test("each verification is one, however old the answer may be", async () => {
		const { code } = await limited({ uses: 2 });
		const left = () => verify(code.secret, { max_staleness: 60 });
		expect([(await left()).uses_left, (await left()).uses_left, (await left()).reason]).toEqual([1, 0, "uses_spent"]);
	});

	test("another number begins to count anew, and what else is edited does not", async () => {
		const { key, code } = await limited({ uses: 1 });
		expect((await use(code.secret)).status).toBe(200);
		good(await set(key.id, { uses: 1, networks: ["0.0.0.0/0"] }));
		expect((await use(code.secret)).status).toBe(401);
		good(await set(key.id, { uses: 2 }));
		expect((await use(code.secret)).status).toBe(200);
	});
});

describe("a rate", () => {
	test("draft-ietf-httpapi-ratelimit-headers-10 §3: 429 says which it is and when there is more; then there is", async () => {
		const { code } = await limited({ rate: { uses: 2, per: "minute" } });
		expect([(await use(code.secret)).status, (await use(code.secret)).status]).toEqual([200, 200]);
		const refused = await use(code.secret);
		expect([refusal(refused), refused.headers.get("retry-after")]).toEqual(["429 Too many uses", "60"]);
		expect(refused.headers.get("ratelimit-policy")).toBe('"api-key";q=2;w=60');
		expect(refused.headers.get("www-authenticate")).toBeNull();
		expect(refusal(await logIn({ api_key: code.secret }))).toBe("429 Too many uses");
		expect(await verify(code.secret)).toEqual({ valid: false, reason: "rate_limited", retry_after: 60 });
		await advance(60);
		const rate = { uses: 2, per: "minute", left: 1, resets_at: writeInstant(now() + 60) };
		expect(await verify(code.secret)).toMatchObject({ valid: true, rate });
	});

	test("of twenty at once as many come through as there may be in a minute, by whichever of its two codes", async () => {
		const { key, code } = await limited({ rate: { uses: 4, per: "minute" } });
		const other = await newCode(key.id);
		const answers = await Promise.all(times(20, (index) => use(index % 2 ? code.secret : other.secret)));
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
		expect(answers.filter(({ status }) => status === 429)).toHaveLength(16);
	});
});

describe("saying what a key is limited to", () => {
	test("is shown as it was said, as a whole, and is noted", async () => {
		const { key } = await usableKey();
		expect(key).not.toHaveProperty("limits");
		const limits = {
			expires_at: writeInstant(now() + 86_400),
			networks: ["10.0.0.0/8"],
			rate: { uses: 3, per: "hour" },
			uses: 9,
		};
		expect(good<ShownKey>(await set(key.id, { ...limits, networks: ["10.0.0.0/8", " 10.0.0.0/8"] }))).toMatchObject({
			limits,
			uses_left: 9,
		});
		expect(good<ShownKey>(await set(key.id, { uses: 1 })).limits).toEqual({ uses: 1 });
		expect(good<ShownKey>(await set(key.id, null))).not.toHaveProperty("limits");
		const { entries } = good<{ entries: { action: string; target: string; detail: object }[] }>(
			await call("GET", "/v1/audit"),
		);
		const noted = entries.filter(({ action, target }) => action === "key.edit_limits" && target === key.id);
		expect(noted.map(({ detail }) => detail)).toContainEqual({
			name: key.name,
			expires_at: limits.expires_at,
			networks: "10.0.0.0/8",
			rate: "3 a hour",
			uses: 9,
		});
	});

	test("a network that is no CIDR, a rate of zero, and what else is malformed is refused and changes nothing", async () => {
		const { key } = await limited({ uses: 7 });
		const bad = [
			...["10.0.0.1/8", "192.0.2.0/33", "example.com", "", "0x7f.1"].map((network) => ({ networks: [network] })),
			{ networks: [] },
			{ networks: times(21, (index) => `10.0.${index}.0/24`) },
			{ networks: "10.0.0.0/8" },
			...[0, -1, 1.5, "7", 1_000_000_001, null].flatMap((uses) => [{ uses }, { rate: { uses, per: "minute" } }]),
			{ rate: { uses: 1, per: "year" } },
			{ rate: { uses: 1 } },
			{ rate: { uses: 1, per: "constructor" } },
			...[writeInstant(now()), now() + 60, -1, "2030-01-01", "2030-01-01T00:00:00"].map((expires_at) => ({
				expires_at,
			})),
			{ country: "CH" },
		];
		for (const limits of bad) {
			expect([limits, refusal(await set(key.id, limits))]).toEqual([limits, "400 Malformed request"]);
			expect(refusal(await call("POST", "/v1/keys", { name: "Bad", limits }))).toBe("400 Malformed request");
		}
		expect(good<ShownKey>(await call("GET", `/v1/keys/${key.id}`)).limits).toEqual({ uses: 7 });
	});

	test("RFC 9110 §13.1.1: for the key as it was read alone, where that is said", async () => {
		const { key } = await limited({ uses: 7 });
		const tag = (await call("GET", `/v1/keys/${key.id}`)).headers.get("etag") ?? "";
		good(await set(key.id, { uses: 8 }));
		const headers = { ...(await inAcme()), "if-match": tag, "content-type": "application/json" };
		const body = JSON.stringify({ limits: null });
		expect((await ask(`/v1/keys/${key.id}`, { method: "PATCH", headers, body })).status).toBe(412);
	});
});

const fieldsOf = async (keyId: string) => {
	const admin = withCookie(await signInAnew(ada));
	const at = `/console/acme/keys/${keyId}/limits`;
	return { admin, at, page: await admin.open(at) };
};

describe("the limits of a key in the console", () => {
	test("a form with what there is: what is not touched stays as it is, to the second", async () => {
		const expires_at = writeInstant(now() + 100_000);
		const { key, code } = await limited({ expires_at, uses: 5 });
		await use(code.secret);
		const { admin, at, page } = await fieldsOf(key.id);
		expect(wordsOf(page)).toContain("4 left. Another number begins to count anew.");
		const saved = await admin.send(at, at, {
			...filledIn(page, at),
			networks: `${inside}\r\n2001:db8::/32`,
			rate: "10",
		});
		expect(saved.headers.get("location")).toContain("done=saved");
		expect(good<ShownKey>(await call("GET", `/v1/keys/${key.id}`))).toMatchObject({
			limits: { expires_at, networks: [`${inside}/32`, "2001:db8::/32"], rate: { uses: 10, per: "hour" }, uses: 5 },
			uses_left: 4,
		});
		const empty = { expires: "", networks: "", rate: "", per: "hour", uses: "" };
		await admin.send(at, at, empty);
		expect(good<ShownKey>(await call("GET", `/v1/keys/${key.id}`))).not.toHaveProperty("limits");
	});

	test("the last day is one whole day of UTC", async () => {
		const { key } = await usableKey();
		const { admin, at, page } = await fieldsOf(key.id);
		const day = new Date((now() + 3 * 86_400) * 1000).toISOString().slice(0, 10);
		await admin.send(at, at, { ...filledIn(page, at), expires: day });
		const { limits } = good<ShownKey>(await call("GET", `/v1/keys/${key.id}`));
		expect(limits).toEqual({ expires_at: writeInstant(Date.parse(`${day}T00:00:00Z`) / 1000 + 86_400) });
		expect(filledIn(await admin.open(at), at)).toMatchObject({ drawn: expect.any(String) });
		expect((await admin.open(at)).text).toContain(`value="${day}"`);
	});

	test("a key is created with its limits, and none is with one that is wrong", async () => {
		const admin = withCookie(await signInAnew(ada));
		const at = "/console/acme/keys/new";
		const name = `Limited ${now()} ${Math.random()}`;
		const page = await admin.open(at);
		expect(page.text).toMatch(/<details class="more">/);
		const wrong = await admin.send(at, at, { ...filledIn(page, at), name, rate: "0" });
		expect([wrong.status, wordsOf(wrong)]).toEqual([400, expect.stringContaining("Enter a whole number, at least 1.")]);
		// What is wrong is not folded away.
		expect(wrong.text).toMatch(/<details class="more" open/);
		const said = { networks: inside, rate: "10", per: "minute", uses: "3" };
		const made = await admin.post(at, { ...filledIn(wrong, at), name, ...said });
		const id = /keys\/(key_[\w-]+)/.exec(made.headers.get("location") ?? "")?.[1];
		expect(good<ShownKey>(await call("GET", `/v1/keys/${id}`))).toMatchObject({
			name,
			limits: { networks: [`${inside}/32`], rate: { uses: 10, per: "minute" }, uses: 3 },
		});
	});

	test("what is wrong is said beside its field, and nothing is written; nor over what somebody else has saved", async () => {
		const { key } = await limited({ uses: 5 });
		const { admin, at, page } = await fieldsOf(key.id);
		const wrong = { networks: "10.0.0.1/8", rate: "0", uses: "many", expires: "2020-01-01" };
		const refused = await admin.send(at, at, { ...filledIn(page, at), ...wrong });
		expect(refused.status).toBe(400);
		const words = wordsOf(refused);
		for (const said of ["“10.0.0.1/8” is no network", "Choose a day that is not over", "Enter a whole number"]) {
			expect(words).toContain(said);
		}
		good(await set(key.id, { uses: 6 }));
		const stale = await admin.post(at, { ...filledIn(page, at), uses: "7" });
		expect([stale.status, wordsOf(stale)]).toEqual([409, expect.stringContaining("saved this while you had it open")]);
		expect(good<ShownKey>(await call("GET", `/v1/keys/${key.id}`)).limits).toEqual({ uses: 6 });
	});
});
