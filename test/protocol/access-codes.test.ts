import { describe, expect, test } from "vitest";
import { writeInstant } from "../../src/domain/instant.ts";
import { call, codesOf, good, newCode, newKey, opensWith, type ShownCode, usableKey } from "../support/keys-api.ts";
import { loggedIn, opens } from "../support/logins.ts";
import { ask, refusal, times } from "../support/requests.ts";
import { advance, logged, now } from "../support/target.ts";

const year = 365 * 86_400;

describe("access codes", () => {
	test("a code is good for 365 days, and its secret is in the answer alone", async () => {
		const key = await newKey();
		const code = await newCode(key.id, " The exporter ");
		expect(code).toEqual({
			id: expect.stringMatching(/^[\w-]{22}$/),
			description: "The exporter",
			enabled: true,
			created_at: writeInstant(now()),
			expires_at: writeInstant(now() + year),
			last_used_at: null,
			revealable: true,
			visible: expect.stringMatching(/^lk_[\w-]{8}\u2026[\w-]{4}$/),
			secret: expect.stringMatching(/^lk_[\w-]+$/),
		});
		const { secret, ...listed } = code;
		expect(await codesOf(key.id)).toEqual([listed]);
		expect((await logged()).join("\n")).not.toContain(secret);
	});

	test("of ten that are made at once two are", async () => {
		const key = await newKey();
		const answers = await Promise.all(
			times(10, (index) => call("POST", `/v1/keys/${key.id}/codes`, { description: `Code ${index}` })),
		);
		expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
		expect(new Set(answers.filter(({ status }) => status !== 201).map(refusal))).toEqual(new Set(["409 Conflict"]));
		expect(await codesOf(key.id)).toHaveLength(2);
	});

	test("a third is refused, and the refusal says which to remove", async () => {
		const key = await newKey();
		const first = await newCode(key.id, "First");
		await advance(10);
		const second = await newCode(key.id, "Second");
		const full = () => call("POST", `/v1/keys/${key.id}/codes`, { description: "Third" });
		const answer = await full();
		expect(refusal(answer)).toBe("409 Conflict");
		expect(answer.body).toMatchObject({ remove: first.id, detail: expect.stringContaining('"First"') });
		good(await call("PATCH", `/v1/keys/${key.id}/codes/${second.id}`, { enabled: false }));
		expect((await full()).body).toMatchObject({ remove: second.id, detail: expect.stringContaining('"Second"') });
		expect((await call("DELETE", `/v1/keys/${key.id}/codes/${second.id}`)).status).toBe(204);
		expect((await full()).status).toBe(201);
	});

	test("one that is enabled cannot be deleted", async () => {
		const { key, code } = await usableKey();
		const path = `/v1/keys/${key.id}/codes/${code.id}`;
		expect(refusal(await call("DELETE", path))).toBe("409 Conflict");
		expect(await opensWith(code.secret)).toBe(200);
		good(await call("PATCH", path, { enabled: false }));
		expect((await call("DELETE", path)).status).toBe(204);
		expect(refusal(await call("DELETE", path))).toBe("404 Not Found");
		expect(await codesOf(key.id)).toEqual([]);
	});

	test("a disabled code opens nothing with the next request, and what it opened has ended; the other code goes on", async () => {
		const { key, code } = await usableKey();
		const other = await newCode(key.id, "Other");
		const token = await loggedIn({ api_key: code.secret });
		good(await call("PATCH", `/v1/keys/${key.id}/codes/${code.id}`, { enabled: false }));
		expect([await opensWith(code.secret), await opens(token), await opensWith(other.secret)]).toEqual([401, 401, 200]);
		good(await call("PATCH", `/v1/keys/${key.id}/codes/${code.id}`, { enabled: true }));
		expect([await opensWith(code.secret), await opens(token)]).toEqual([200, 401]);
	});

	test("the description can be edited; what is malformed is refused and changes nothing", async () => {
		const { key, code } = await usableKey();
		const path = `/v1/keys/${key.id}/codes/${code.id}`;
		expect(good<ShownCode>(await call("PATCH", path, { description: "New" })).description).toBe("New");
		for (const body of [{ description: "" }, { description: "x".repeat(201) }, { enabled: "no" }, { secret: "lk_" }]) {
			expect(refusal(await call("PATCH", path, body))).toBe("400 Malformed request");
		}
		expect(await codesOf(key.id)).toEqual([expect.objectContaining({ description: "New", enabled: true })]);
	});

	test("the code of one key is not there under another", async () => {
		const { code } = await usableKey();
		const other = await newKey();
		for (const answer of [
			await call("PATCH", `/v1/keys/${other.id}/codes/${code.id}`, { enabled: false }),
			await call("PATCH", `/v1/keys/${other.id}/codes/${code.id}`, { description: "Stolen" }),
			await call("DELETE", `/v1/keys/${other.id}/codes/${code.id}`),
			await call("DELETE", `/v1/keys/${other.id}/codes/constructor`),
		]) {
			expect(refusal(answer)).toBe("404 Not Found");
		}
		expect(await opensWith(code.secret)).toBe(200);
	});

	test("after 365 days it is refused", async () => {
		const { key, code } = await usableKey();
		await advance(year - 1);
		expect(await opensWith(code.secret)).toBe(200);
		await advance(1);
		expect(await opensWith(code.secret)).toBe(401);
		expect(await codesOf(key.id)).toHaveLength(1);
	});

	test("DESIGN §8: last used is told to the minute", async () => {
		const { key, code } = await usableKey();
		await advance(60 - (now() % 60));
		const lastUse = async () => (await codesOf(key.id))[0]?.last_used_at;
		expect(await lastUse()).toBeNull();
		await opensWith(code.secret);
		const first = now();
		expect(await lastUse()).toBe(writeInstant(first));
		await advance(59);
		await opensWith(code.secret);
		expect(await lastUse()).toBe(writeInstant(first));
		await advance(1);
		await loggedIn({ api_key: code.secret });
		expect(await lastUse()).toBe(writeInstant(first + 60));
	});

	test("the same secret in the header and in the query; two different ones in one request are refused", async () => {
		const { code } = await usableKey();
		const { code: other } = await usableKey();
		expect((await ask(`/v1/environments?apiKey=${code.secret}`)).status).toBe(200);
		const both = await ask(`/v1/environments?apiKey=${code.secret}`, { headers: { "x-api-key": other.secret } });
		expect(refusal(both)).toBe("400 Malformed request");
		const same = await ask(`/v1/environments?apiKey=${code.secret}`, { headers: { "x-api-key": code.secret } });
		expect([same.status, same.headers.get("referrer-policy")]).toEqual([200, "no-referrer"]);
	});

	test("a code whose policy is narrowed opens less within 30 seconds", async () => {
		const { code, policy } = await usableKey();
		expect(await opensWith(code.secret)).toBe(200);
		const narrowed = await call("PATCH", `/v1/policies/${policy}`, { permissions: ["events:read"] });
		expect(narrowed.body.effective_within_seconds).toBe(30);
		await advance(31);
		expect(await opensWith(code.secret)).toBe(403);
	});
});
