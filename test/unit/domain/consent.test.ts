import { describe, expect, test } from "vitest";
import { type Asked, type Consent, covers, joinConsents, mayBeRemembered } from "../../../src/domain/consent.ts";
import type { Client } from "../../../src/domain/client.ts";
import { noClaims } from "../../../src/domain/identity.ts";
import { start } from "./builders.ts";

const consent: Consent = {
	clientId: "client-1",
	accountId: "account-1",
	scope: ["email", "events:read", "openid"],
	resource: ["https://mcp.example/mcp"],
	claims: { userinfo: ["email"], idToken: [] },
	agreedAt: start,
	expiresAt: start + 100,
};
const asked: Asked = { scope: ["openid"], resource: [], claims: noClaims };

describe("a remembered consent covers", () => {
	test("what was agreed to, and less", () => {
		expect(covers(consent, asked, 0, start)).toBe(true);
		expect(covers(consent, consent, start, start + 99)).toBe(true);
	});

	test.each<[string, Partial<Asked>]>([
		["another scope value", { scope: ["openid", "phone"] }],
		["another resource", { resource: ["https://mcp.example"] }],
		["a claim of UserInfo", { claims: { userinfo: ["email", "address"], idToken: [] } }],
		["a claim in the id_token that was to stand in UserInfo", { claims: { userinfo: [], idToken: ["email"] } }],
	])("not %s", (_, more) => {
		expect(covers(consent, { ...asked, ...more }, 0, start)).toBe(false);
	});

	test("no word that nobody knew then, and an API knows now; nor one that no API knows any more", () => {
		const passedOn = { ...consent, scope: ["openid", "tasks:read"], unchecked: ["tasks:read"] };
		expect(covers(passedOn, { ...asked, scope: ["tasks:read"], unchecked: ["tasks:read"] }, 0, start)).toBe(true);
		expect(covers(passedOn, { ...asked, scope: ["tasks:read"] }, 0, start)).toBe(false);
		const checked = { ...consent, scope: ["openid", "tasks:read"] };
		expect(covers(checked, { ...asked, scope: ["tasks:read"], unchecked: ["tasks:read"] }, 0, start)).toBe(false);
	});

	test("nothing after its end, nor when what stands behind it began anew", () => {
		expect(covers(consent, asked, 0, start + 100)).toBe(false);
		expect(covers(consent, asked, start + 1, start + 2)).toBe(false);
	});
});

describe("agreeing once more", () => {
	const later: Consent = {
		...consent,
		scope: ["phone"],
		resource: [],
		claims: noClaims,
		agreedAt: start + 10,
		expiresAt: start + 110,
	};

	test("adds up in the same account", () => {
		expect(joinConsents(consent, later)).toEqual({
			...later,
			scope: ["email", "events:read", "openid", "phone"],
			resource: consent.resource,
			claims: consent.claims,
		});
	});

	test("a word is known, or not, as it was the last time", () => {
		const earlier = { ...consent, scope: ["a", "b", "c"], unchecked: ["a", "b"] };
		const joined = joinConsents(earlier, { ...later, scope: ["a", "c", "d"], unchecked: ["c", "d"] });
		expect([joined.scope, joined.unchecked]).toEqual([
			["a", "b", "c", "d"],
			["b", "c", "d"],
		]);
	});

	test("begins anew in another account, after the end of the first, and where there was none", () => {
		expect(joinConsents({ ...consent, accountId: "account-2" }, later)).toEqual(later);
		expect(joinConsents({ ...consent, expiresAt: start + 10 }, later)).toEqual(later);
		expect(joinConsents(null, later)).toEqual(later);
	});
});

describe("RFC 8252 §8.6: what may stand for the next time", () => {
	const application: Pick<Client, "accountId" | "kind" | "authMethods"> = {
		accountId: "account-1",
		kind: "application",
		authMethods: ["client_secret_basic"],
	};

	test.each<[boolean, string, Partial<typeof application>, string]>([
		[true, "a confidential application on loopback", {}, "http://localhost/cb"],
		[false, "a confidential one on a private-use scheme", {}, "com.example.app:/cb"],
		[true, "a public one with a site", { authMethods: ["none"] }, "https://app.example/cb"],
		[false, "a public one on loopback", { authMethods: ["none"] }, "http://127.0.0.1/cb"],
		[false, "a public one on a private-use scheme", { authMethods: ["none"] }, "com.example.app:/cb"],
		[false, "one on a scheme without a dot", { authMethods: ["none"] }, "cursor://anysphere.cursor-mcp/cb"],
		[false, "one that may prove who it is, or not", { authMethods: ["private_key_jwt", "none"] }, "http://[::1]/cb"],
		[false, "an integration", { kind: "integration" }, "https://app.example/cb"],
		[false, "one that registered itself", { accountId: null }, "https://app.example/cb"],
	])("%s: %s", (may, _, changes, redirectUri) => {
		expect(mayBeRemembered({ ...application, ...changes }, redirectUri)).toBe(may);
	});
});
