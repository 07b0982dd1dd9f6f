import { describe, expect, test } from "vitest";
import { writeInstant } from "../../src/domain/instant.ts";
import { staleness } from "../../src/operations/lookups.ts";
import {
	call,
	good,
	inGlobex,
	keyWith,
	newCode,
	newKey,
	newName,
	newPolicy,
	opensWith,
	type ShownKey,
	usableKey,
} from "../support/keys-api.ts";
import { loggedIn, logIn, opens } from "../support/logins.ts";
import { ask, refusal, times } from "../support/requests.ts";
import { advance, now } from "../support/target.ts";

describe("keys", () => {
	test("a key is made, read, edited and deleted", async () => {
		const policy = await newPolicy(["events:read"]);
		const name = newName();
		const made = await call("POST", "/v1/keys", { name: ` ${name} `, tags: ["a", "b", "a"], policies: [policy] });
		const key = good<ShownKey>(made, 201);
		expect(key).toEqual({
			id: expect.stringMatching(/^key_any_[\w-]{22}$/),
			kind: "own",
			name,
			tags: ["a", "b"],
			type: "standard",
			state: "enabled",
			policies: [policy],
			created_at: writeInstant(now()),
		});
		expect(made.headers.get("location")).toBe(`/v1/keys/${key.id}`);
		expect(good(await call("GET", `/v1/keys/${key.id}`))).toEqual(key);
		const renamed = newName();
		const edited = await call("PATCH", `/v1/keys/${key.id}`, { name: renamed, tags: [], policies: [], enabled: false });
		expect(good(edited)).toEqual({ ...key, name: renamed, tags: [], policies: [], state: "disabled" });
		expect((await call("DELETE", `/v1/keys/${key.id}`)).status).toBe(204);
		expect(refusal(await call("GET", `/v1/keys/${key.id}`))).toBe("404 Not Found");
		expect(refusal(await call("DELETE", `/v1/keys/${key.id}`))).toBe("404 Not Found");
	});

	test("RFC 9562: the id of a key is a UUID of version 4", async () => {
		const { id } = await newKey();
		const bytes = Uint8Array.fromBase64(id.slice("key_any_".length), { alphabet: "base64url" });
		expect([(bytes[6] ?? 0) >> 4, (bytes[8] ?? 0) >> 6]).toEqual([4, 2]);
	});

	test("a name is unique in its account, without regard to case, until its key is deleted", async () => {
		const name = newName("Unique");
		const key = await newKey({ name });
		const again = await call("POST", "/v1/keys", { name: name.toUpperCase() });
		expect(refusal(again)).toBe("409 Conflict");
		expect(again.body.errors).toEqual([{ field: "name", detail: expect.any(String) }]);
		const other = await newKey();
		expect(refusal(await call("PATCH", `/v1/keys/${other.id}`, { name }))).toBe("409 Conflict");
		expect(good(await call("PATCH", `/v1/keys/${key.id}`, { name: name.toUpperCase() }))).toMatchObject({
			name: name.toUpperCase(),
		});
		expect((await newKey({ name }, await inGlobex())).name).toBe(name);
		await call("DELETE", `/v1/keys/${key.id}`);
		expect((await newKey({ name })).name).toBe(name);
	});

	test("of ten keys of one name at once one is made", async () => {
		const name = newName("Race");
		const answers = await Promise.all(times(10, () => call("POST", "/v1/keys", { name })));
		expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
		expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
	});

	test.each([
		["a name that is missing", {}],
		["an empty name", { name: " " }],
		["a name of 101 characters", { name: "x".repeat(101) }],
		["a control character", { name: "a\u0007b" }],
		["a direction override", { name: "a\u202eb" }],
		["21 tags", { name: "x", tags: times(21, String) }],
		["a tag of 51 characters", { name: "x", tags: ["x".repeat(51)] }],
		["a tag that is no string", { name: "x", tags: [1] }],
		["an unknown type", { name: "x", type: "root" }],
		["an unknown member", { name: "x", permissions: ["keys:write"] }],
		["a policy that is not there", { name: "x", policies: ["nothing"] }],
		["the built-in policy for a standard key", { name: "x", policies: ["integration"] }],
	])("%s is refused, and the field is named", async (_, body) => {
		const answer = await call("POST", "/v1/keys", body);
		expect(refusal(answer)).toBe("400 Malformed request");
		expect(answer.body.errors).toEqual([expect.objectContaining({ field: expect.any(String) })]);
	});

	test("another account's key and policies are as if they were not there", async () => {
		const globex = await inGlobex();
		const { key, code, policy } = await usableKey();
		for (const answer of [
			await call("GET", `/v1/keys/${key.id}`, undefined, globex),
			await call("PATCH", `/v1/keys/${key.id}`, { enabled: false }, globex),
			await call("DELETE", `/v1/keys/${key.id}`, undefined, globex),
			await call("GET", `/v1/keys/${key.id}/codes`, undefined, globex),
			await call("POST", `/v1/keys/${key.id}/codes`, { description: "Mine" }, globex),
			await call("PATCH", `/v1/keys/${key.id}/codes/${code.id}`, { enabled: false }, globex),
			await call("GET", `/v1/keys/${key.id}/links`, undefined, globex),
		]) {
			expect(refusal(answer)).toBe("404 Not Found");
		}
		expect(refusal(await call("POST", "/v1/keys", { name: newName(), policies: [policy] }, globex))).toBe(
			"400 Malformed request",
		);
		expect(await opensWith(code.secret)).toBe(200);
	});

	test("each route names the permission that it needs", async () => {
		const { key, code } = await usableKey();
		const none = await keyWith(["events:read"]);
		for (const [method, path, permission] of [
			["GET", "/v1/keys", "keys:read"],
			["POST", "/v1/keys", "keys:write"],
			["PATCH", `/v1/keys/${key.id}`, "keys:write"],
			["DELETE", `/v1/keys/${key.id}`, "keys:delete"],
			["POST", `/v1/keys/${key.id}/codes`, "keys:write"],
			["DELETE", `/v1/keys/${key.id}/codes/${code.id}`, "keys:delete"],
			["POST", `/v1/keys/${key.id}/codes/${code.id}/reveal`, "keys:write"],
			["POST", "/v1/links", "keys:write"],
			["POST", "/v1/policies", "keys:write"],
			["GET", "/v1/policies", "keys:read"],
		] as const) {
			const answer = await call(method, path, undefined, none);
			expect([refusal(answer), answer.body.permission]).toEqual(["403 Forbidden", permission]);
		}
		expect(refusal(await ask("/v1/keys"))).toBe("401 Unauthorized");
	});

	test("nobody gives a key what they may not do themselves", async () => {
		const writer = await keyWith(["keys:read", "keys:write", "events:read"]);
		const strong = await newPolicy(["audit:read"]);
		const weak = await newPolicy(["events:read"]);
		const refused = await call("POST", "/v1/keys", { name: newName(), policies: [strong] }, writer);
		expect([refusal(refused), refused.body.permission]).toEqual(["403 Forbidden", "audit:read"]);
		const policy = { name: newName("Policy"), description: "Everything", permissions: ["audit:read"] };
		expect(refusal(await call("POST", "/v1/policies", policy, writer))).toBe("403 Forbidden");
		expect(refusal(await call("PATCH", `/v1/policies/${weak}`, { permissions: ["audit:read"] }, writer))).toBe(
			"403 Forbidden",
		);
		expect(refusal(await call("POST", "/v1/keys", { name: newName(), type: "integration" }, writer))).toBe(
			"403 Forbidden",
		);
		const own = await newKey({ policies: [weak] }, writer);
		expect(refusal(await call("PATCH", `/v1/keys/${own.id}`, { policies: [weak, strong] }, writer))).toBe(
			"403 Forbidden",
		);
		// Nor does it get a secret of a key that may do more; what the key has already may stay.
		const stronger = await newKey({ policies: [strong] });
		expect(refusal(await call("POST", `/v1/keys/${stronger.id}/codes`, { description: "x" }, writer))).toBe(
			"403 Forbidden",
		);
		const kept = await call("PATCH", `/v1/keys/${stronger.id}`, { policies: [strong, weak] }, writer);
		expect(good<ShownKey>(kept).policies).toEqual([strong, weak]);
	});
});

describe("lists", () => {
	test("go by name, in pages that a cursor connects", async () => {
		const prefix = newName("Paged");
		const globex = await inGlobex();
		const names = ["c", "A", "b", "D", "e"].map((letter) => `${prefix} ${letter}`);
		for (const name of names) await newKey({ name }, globex);
		const seen: string[] = [];
		let next: string | null = null;
		do {
			const cursor: string = next === null ? "" : `&cursor=${encodeURIComponent(next)}`;
			const answer = await call("GET", `/v1/keys?limit=2${cursor}`, undefined, globex);
			const page: { keys: ShownKey[]; next: string | null } = good(answer);
			expect(page.keys.length).toBeLessThanOrEqual(2);
			seen.push(...page.keys.map(({ name }) => name));
			({ next } = page);
		} while (next !== null);
		const wanted = ["A", "b", "c", "D", "e"].map((letter) => `${prefix} ${letter}`);
		expect(seen.filter((name) => name.startsWith(prefix))).toEqual(wanted);
	});

	test("a cursor that was tampered with, or of another list or account, is refused", async () => {
		await newKey();
		await newKey();
		const { next } = good<{ next: string }>(await call("GET", "/v1/keys?limit=1"));
		expect((await call("GET", pageAt(next))).status).toBe(200);
		const flipped = next.slice(0, 5) + (next[5] === "A" ? "B" : "A") + next.slice(6);
		for (const answer of [
			await call("GET", pageAt(flipped)),
			await call("GET", pageAt(`${next}A`)),
			await call("GET", pageAt("x")),
			await call("GET", pageAt(next), undefined, await inGlobex()),
			await call("GET", `/v1/policies?cursor=${encodeURIComponent(next)}`),
			await call("GET", "/v1/keys?limit=0"),
			await call("GET", "/v1/keys?limit=101"),
		]) {
			expect(refusal(answer)).toBe("400 Malformed request");
		}
	});
});

describe("disabling and deleting", () => {
	test("a disabled key opens nothing with the next request, its sessions end, and enabling does not bring them back", async () => {
		const { key, code } = await usableKey();
		const token = await loggedIn({ api_key: code.secret });
		expect([await opens(token), await opensWith(code.secret)]).toEqual([200, 200]);
		good(await call("PATCH", `/v1/keys/${key.id}`, { enabled: false }));
		expect([await opens(token), await opensWith(code.secret)]).toEqual([401, 401]);
		expect((await logIn({ api_key: code.secret })).status).toBe(401);
		good(await call("PATCH", `/v1/keys/${key.id}`, { enabled: true }));
		expect([await opens(token), await opensWith(code.secret)]).toEqual([401, 200]);
	});

	test("whatever logs in while its key is deleted, afterwards nothing of it opens anything", async () => {
		const { key, code } = await usableKey();
		const logins = times(8, (index) => logIn({ api_key: code.secret, session_id: `s${index}` }));
		const [deleted, ...answers] = await Promise.all([call("DELETE", `/v1/keys/${key.id}`), ...logins]);
		expect(deleted.status).toBe(204);
		for (const answer of answers.filter(({ status }) => status === 200)) {
			expect(await opens(String(answer.body.access_token))).toBe(401);
		}
		expect(await opensWith(code.secret)).toBe(401);
	});

	test("a deleted key stays deleted: no code can be made for it, and nothing edits it", async () => {
		const key = await newKey();
		const answers = await Promise.all([
			call("DELETE", `/v1/keys/${key.id}`),
			...times(4, () => call("PATCH", `/v1/keys/${key.id}`, { enabled: true })),
			...times(4, () => call("POST", `/v1/keys/${key.id}/codes`, { description: "Late" })),
		]);
		expect(answers[0]?.status).toBe(204);
		// Those that were made before it went open nothing either.
		const secrets = answers.slice(5).flatMap(({ body }) => (typeof body.secret === "string" ? [body.secret] : []));
		for (const secret of secrets) expect(await opensWith(secret)).toBe(401);
		expect(refusal(await call("POST", `/v1/keys/${key.id}/codes`, { description: "Late" }))).toBe("404 Not Found");
		expect(refusal(await call("PATCH", `/v1/keys/${key.id}`, { enabled: true }))).toBe("404 Not Found");
	});

	test("a key without a policy is made, and opens nothing (contract 003)", async () => {
		const key = await newKey();
		const { secret } = await newCode(key.id);
		expect(await opensWith(secret)).toBe(403);
		const policy = await newPolicy(["environments:read"]);
		await advance(staleness + 1);
		good(await call("PATCH", `/v1/keys/${key.id}`, { policies: [policy] }));
		expect(await opensWith(secret)).toBe(200);
	});

	test("every act is in the audit log, and no secret is", async () => {
		const { key, code } = await usableKey();
		await call("PATCH", `/v1/keys/${key.id}/codes/${code.id}`, { enabled: false });
		await call("DELETE", `/v1/keys/${key.id}/codes/${code.id}`);
		await call("PATCH", `/v1/keys/${key.id}`, { enabled: false, tags: ["x"] });
		await call("DELETE", `/v1/keys/${key.id}`);
		const answer = await call("GET", "/v1/audit?limit=100");
		const { entries } = good<{ entries: { action: string; target: string }[] }>(answer);
		const of = (target: string) => entries.filter((entry) => entry.target === target).map(({ action }) => action);
		expect(of(key.id).toSorted()).toEqual(["key.create", "key.delete", "key.disable", "key.edit"]);
		expect(of(code.id).toSorted()).toEqual(["access_code.create", "access_code.delete", "access_code.disable"]);
		expect(answer.text).not.toContain(code.secret);
	});
});

function pageAt(cursor: string): string {
	return `/v1/keys?limit=1&cursor=${encodeURIComponent(cursor)}`;
}
