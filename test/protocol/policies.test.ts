import { describe, expect, test } from "vitest";
import { call, good, inGlobex, newKey, newName, newPolicy, opensWith, usableKey } from "../support/keys-api.ts";
import { refusal, times } from "../support/requests.ts";
import { advance } from "../support/target.ts";

const text = () => ({ name: newName("Policy"), description: "Reads events.", permissions: ["events:read"] });

describe("policies", () => {
	test("a policy is made, read, edited and deleted", async () => {
		const wanted = text();
		const made = good<{ id: string }>(await call("POST", "/v1/policies", wanted), 201);
		expect(made).toEqual({ id: expect.stringMatching(/^[\w-]{22}$/), ...wanted, built_in: false });
		const path = `/v1/policies/${made.id}`;
		expect(good(await call("GET", path))).toEqual(made);
		const edited = await call("PATCH", path, { description: "Other", permissions: ["alerts:read"] });
		expect(good(edited)).toEqual({
			...made,
			description: "Other",
			permissions: ["alerts:read"],
			effective_within_seconds: 30,
		});
		expect((await call("DELETE", path)).status).toBe(204);
		for (const method of ["GET", "DELETE"] as const) expect(refusal(await call(method, path))).toBe("404 Not Found");
	});

	test("a permission that is given twice is one", async () => {
		const permissions = ["events:read", "alerts:read", "events:read"];
		const made = await call("POST", "/v1/policies", { ...text(), permissions });
		expect([made.status, made.body.permissions]).toEqual([201, ["events:read", "alerts:read"]]);
	});

	test("a name is unique in its account, without regard to case", async () => {
		const wanted = text();
		const first = await Promise.all(times(5, () => call("POST", "/v1/policies", wanted)));
		expect(first.filter(({ status }) => status === 201)).toHaveLength(1);
		const answer = await call("POST", "/v1/policies", { ...wanted, name: wanted.name.toUpperCase() });
		expect([refusal(answer), answer.body.errors]).toEqual([
			"409 Conflict",
			[{ field: "name", detail: expect.any(String) }],
		]);
		const other = await newPolicy(["events:read"]);
		expect(refusal(await call("PATCH", `/v1/policies/${other}`, { name: wanted.name }))).toBe("409 Conflict");
		expect((await call("POST", "/v1/policies", wanted, await inGlobex())).status).toBe(201);
	});

	test.each([
		["no description", { description: undefined }],
		["an empty description", { description: "  " }],
		["no permission", { permissions: [] }],
		["an unknown permission", { permissions: ["everything"] }],
		["a prototype's member", { permissions: ["constructor"] }],
		["a long name", { name: "x".repeat(101) }],
	])("%s is refused", async (_, wrong) => {
		expect(refusal(await call("POST", "/v1/policies", { ...text(), ...wrong }))).toBe("400 Malformed request");
	});

	test("another account's policy is as if it were not there", async () => {
		const policy = await newPolicy(["events:read"]);
		const globex = await inGlobex();
		for (const [method, body] of [["GET"], ["PATCH", { name: "Mine" }], ["DELETE"]] as const) {
			expect(refusal(await call(method, `/v1/policies/${policy}`, body, globex))).toBe("404 Not Found");
		}
	});

	test("one that keys use goes only after the caller was told which, and then permits nothing", async () => {
		const { key, code, policy } = await usableKey();
		const refused = await call("DELETE", `/v1/policies/${policy}`);
		expect(refusal(refused)).toBe("409 Conflict");
		expect(refused.body).toMatchObject({
			keys: [{ id: key.id, name: key.name }],
			detail: expect.stringContaining(key.name),
		});
		expect(await opensWith(code.secret)).toBe(200);
		expect((await call("DELETE", `/v1/policies/${policy}?force=true`)).status).toBe(204);
		await advance(31);
		expect(await opensWith(code.secret)).toBe(403);
	});

	test("a key that was deleted uses no policy", async () => {
		const { key, policy } = await usableKey();
		await call("DELETE", `/v1/keys/${key.id}`);
		expect((await call("DELETE", `/v1/policies/${policy}`)).status).toBe(204);
	});

	test("contract 004: the built-in policy can be neither given, edited, deleted nor taken away", async () => {
		expect(good(await call("GET", "/v1/policies/integration"))).toMatchObject({
			built_in: true,
			permissions: ["events:read", "alerts:read"],
		});
		expect(refusal(await call("PATCH", "/v1/policies/integration", { name: "x" }))).toBe("409 Conflict");
		expect(refusal(await call("DELETE", "/v1/policies/integration?force=true"))).toBe("409 Conflict");
		const key = await newKey({ type: "integration" });
		expect(key.policies).toEqual(["integration"]);
		expect(good(await call("PATCH", `/v1/keys/${key.id}`, { policies: [] }))).toMatchObject({
			policies: ["integration"],
		});
		const standard = await newKey();
		expect(refusal(await call("PATCH", `/v1/keys/${standard.id}`, { policies: ["integration"] }))).toBe(
			"400 Malformed request",
		);
	});
});
