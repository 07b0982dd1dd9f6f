import { exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { ApiPermission } from "../../src/domain/api.ts";
import { aSenderKey, boundGrant, proofOf } from "../support/dpop.ts";
import { call } from "../support/keys-api.ts";
import { loggedIn } from "../support/logins.ts";
import { aKey, anAccessCode, anAccount, anApi, aPolicy, slugOf } from "../support/registered.ts";
import { advance, demo, issuer, now, setStanding } from "../support/target.ts";
import { granted, revoke } from "../support/tokens.ts";

// `exports` holds the Worker's entry points as a service binding does: every call here is RPC.
const verifier = exports.Verifier;
const { acme, globex } = demo.accounts;
const acmes = { account: "acme" };

/** A permission as the JSON API takes it. */
function shown({ name, title, description, members, selfRegistered }: ApiPermission) {
	return { name, title, description, members, self_registered: selfRegistered };
}

/** What is said of a proof may be anything. */
function withProof(dpop: object): { account: string; dpop: never } {
	return { account: "acme", dpop: dpop as never };
}

/** Of a token that was asked for with a resource, for a Worker that knows itself as one. */
async function verdictFor(named: string | undefined, resource?: unknown): Promise<string> {
	const { accessToken } = await granted(demo.webApp, { resource: named });
	const verdict = await verifier.verifyToken(accessToken, { account: "acme", resource: resource as string });
	return verdict.valid ? "valid" : verdict.reason;
}

describe("Verifier.verifyToken", () => {
	test("an access token that counts: whose it is, in which account, and what it opens", async () => {
		const { accessToken } = await granted(demo.nativeApp);
		expect(await verifier.verifyToken(accessToken, { account: "acme" })).toEqual({
			valid: true,
			subject: demo.people[0]?.id,
			clientId: demo.nativeApp.client.id,
			account: { id: acme, slug: "acme" },
			permissions: ["environments:read", "events:read"],
			issuedAt: now(),
			expiresAt: now() + 3600,
		});
	});

	test("a login token as well, with the key as its subject", async () => {
		const key = await aKey();
		const verdict = await verifier.verifyToken(await loggedIn({ api_key: key.secret }));
		expect(verdict).toMatchObject({ valid: true, subject: key.id, account: { id: acme, slug: "acme" } });
	});

	test("tenancy: a token of another account is refused where the account is named", async () => {
		const { accessToken } = await granted(demo.nativeApp);
		const refused = { valid: false, reason: "other_account" };
		expect(await verifier.verifyToken(accessToken, { account: "globex" })).toEqual(refused);
		expect(await verifier.verifyToken(accessToken, { account: "nobody" })).toEqual(refused);
		// The id is no slug, and nothing is as good as no account.
		expect(await verifier.verifyToken(accessToken, { account: acme })).toEqual(refused);
		expect(await verifier.verifyToken(accessToken, { account: "" })).toEqual(refused);
		expect(await verifier.verifyToken(accessToken, { account: null as unknown as string })).toEqual(refused);
	});

	test("revocation is seen at the next call, and time too", async () => {
		const first = await granted(demo.nativeApp);
		await revoke(first.refreshToken, demo.nativeApp);
		expect(await verifier.verifyToken(first.accessToken)).toEqual({ valid: false, reason: "invalid" });
		const second = await granted(demo.nativeApp);
		await advance(3600);
		expect(await verifier.verifyToken(second.accessToken)).toEqual({ valid: false, reason: "expired" });
	});

	test("RFC 9068 §4: a token for somebody else is invalid; one that names the caller's resource is not", async () => {
		const [mine, other] = ["https://billing.example", "https://mcp.example"];
		expect(await verdictFor(mine, mine)).toBe("valid");
		expect(await verdictFor(`${mine}/`, mine)).toBe("valid");
		// One for latchkey itself is good for the Workers beside it.
		expect(await verdictFor(undefined, mine)).toBe("valid");
		for (const resource of [undefined, null, "", other, `${mine}.evil.example`, [mine]]) {
			expect([resource, await verdictFor(mine, resource)]).toEqual([resource, "invalid"]);
		}
		expect(await verdictFor(`${issuer}/v1/keys`, mine)).toBe("invalid");
	});

	test("of a registered API: what the token permits there now, and nothing of it to another", async () => {
		const api = await anApi({ accountId: acme });
		const [read = "", write = ""] = api.permissions.map(({ name }) => name);
		const policy = await aPolicy(acme, ["events:read", read, write]);
		const { secret } = await aKey(acme, [policy]);
		const token = await loggedIn({ api_key: secret, resource: api.identifier });
		const verdictAs = async (resource?: string) => {
			const verdict = await verifier.verifyToken(token, { account: "acme", ...(resource && { resource }) });
			return verdict.valid ? verdict.permissions : verdict.reason;
		};
		expect(await verdictAs(api.identifier)).toEqual([read, write]);
		for (const resource of [undefined, "https://nobody.example", `${issuer}/v1`]) {
			expect([resource, await verdictAs(resource)]).toEqual([resource, "invalid"]);
		}
		const left = { permissions: api.permissions.filter(({ name }) => name === read).map(shown) };
		expect((await call("PATCH", `/v1/apis/${api.id}?force=true`, left)).status).toBe(200);
		expect(await verdictAs(api.identifier)).toEqual([read]);
		const about = { account: "acme", resource: api.identifier };
		expect(await verifier.verifyKey(secret, about)).toMatchObject({ valid: true, permissions: [read] });
	});

	test("what is no access token is invalid", async () => {
		const { refreshToken, accessToken } = await granted(demo.nativeApp);
		const forged = `${accessToken.slice(0, -6)}AAAAAA`;
		const anything = [refreshToken, forged, "", "x", "a.b.c", demo.apiKey.accessCode, null, undefined, 7, {}];
		for (const token of anything) {
			expect(await verifier.verifyToken(token as string)).toEqual({ valid: false, reason: "invalid" });
		}
	});
});

describe("RFC 9449 §7: Verifier.verifyToken of a token that is bound to a key", () => {
	const method = "GET";
	const url = "https://billing.example/invoices";

	test("it is good with a proof of that request, once", async () => {
		const key = await aSenderKey();
		const { accessToken } = await boundGrant(key);
		const proof = await proofOf(key, { method, path: "", token: accessToken }, { claims: { htu: `${url}#end` } });
		const dpop = { proof, method, url: `${url}?page=2` };
		expect(await verifier.verifyToken(accessToken, withProof(dpop))).toMatchObject({
			valid: true,
			cnf: { jkt: key.thumbprint },
		});
		const again = { valid: false, reason: "invalid_dpop_proof" };
		expect(await verifier.verifyToken(accessToken, withProof(dpop))).toEqual(again);
		// Nor where the answer about the token may be one of a moment ago.
		const remembered = { account: "acme", maxStaleness: 30 };
		expect(await verifier.verifyToken(accessToken, { ...remembered, dpop })).toEqual(again);
		expect(await verifier.verifyToken(accessToken, { ...remembered, dpop })).toEqual(again);
		expect(await verifier.verifyToken(accessToken, remembered)).toEqual({ valid: false, reason: "invalid" });
	});

	test("it is none without a proof, or with that of another request, token or key", async () => {
		const [key, other] = [await aSenderKey(), await aSenderKey()];
		const { accessToken } = await boundGrant(key);
		const claims = { htu: url };
		const [right, wrong] = [accessToken, (await boundGrant(key)).accessToken];
		expect(await verifier.verifyToken(accessToken, { account: "acme" })).toEqual({ valid: false, reason: "invalid" });
		for (const [proof, reason] of [
			[null, "invalid_dpop_proof"],
			[await proofOf(key, { method: "POST", path: "", token: right }, { claims }), "invalid_dpop_proof"],
			[await proofOf(key, { method, path: "/elsewhere", token: right }), "invalid_dpop_proof"],
			[await proofOf(key, { method, path: "", token: wrong }, { claims }), "invalid_dpop_proof"],
			[await proofOf(other, { method, path: "", token: right }, { claims }), "invalid"],
		] as const) {
			const verdict = await verifier.verifyToken(accessToken, withProof({ proof, method, url }));
			expect([reason, verdict]).toEqual([reason, { valid: false, reason }]);
		}
	});

	test("a bearer token is none of the scheme DPoP, and what is said of a proof has to be whole", async () => {
		const key = await aSenderKey();
		const { accessToken } = await granted(demo.nativeApp);
		const proof = await proofOf(key, { method, path: "", token: accessToken }, { claims: { htu: url } });
		const dpop = withProof({ proof, method, url });
		expect(await verifier.verifyToken(accessToken, dpop)).toEqual({ valid: false, reason: "invalid" });
		for (const said of [null, {}, "proof", { proof }, { proof, method }, { proof, url }, { proof: 1, method, url }]) {
			const verdict = await verifier.verifyToken(accessToken, withProof(said as object));
			expect([said, verdict]).toEqual([said, { valid: false, reason: "bad_dpop" }]);
		}
	});
});

describe("Verifier.verifyKey", () => {
	test("an access code, and what it opens in the account that was named", async () => {
		const key = await aKey();
		expect(await verifier.verifyKey(key.secret, { account: "acme" })).toEqual({
			valid: true,
			keyId: key.id,
			account: { id: acme, slug: "acme" },
			permissions: ["environments:read", "events:read"],
			expiresAt: now() + 365 * 86_400,
		});
	});

	test("a key with limits: from where it may be used, and how often still", async () => {
		const key = await aKey();
		const limits = { networks: ["192.0.2.0/24"], uses: 2, rate: { uses: 1, per: "minute" } } as const;
		await key.change({ kind: "edit_limits", from: null, limits });
		const from = (address?: unknown) =>
			verifier.verifyKey(key.secret, { account: "acme", address, maxStaleness: 60 } as { account: string });
		expect(await from()).toEqual({ valid: false, reason: "network_refused" });
		for (const none of ["here", 7, null, ""]) expect(await from(none)).toEqual({ valid: false, reason: "bad_address" });
		const left = { uses: 1, rate: { uses: 1, per: "minute", left: 0, endsAt: now() + 60 } };
		expect(await from("192.0.2.9")).toMatchObject({ valid: true, left });
		// Counted each time, however old the answer may be.
		expect(await from("192.0.2.9")).toEqual({ valid: false, reason: "rate_limited", retryAfter: 60 });
	});

	test("tenancy: a link opens the linker's account by the linker's policies, and no other", async () => {
		const key = await aKey();
		expect(await verifier.verifyKey(key.secret, { account: "globex" })).toEqual({ valid: false, reason: "unknown" });
		const policy = await aPolicy(globex, ["alerts:read"]);
		await key.change({ kind: "set_policies", accountId: globex, policies: [policy] });
		const inGlobex = { valid: true, account: { id: globex, slug: "globex" }, permissions: ["alerts:read"] };
		expect(await verifier.verifyKey(key.secret, { account: "globex" })).toMatchObject(inGlobex);
		await key.change({ kind: "set_policies", accountId: globex, policies: null });
		expect(await verifier.verifyKey(key.secret, { account: "globex" })).toEqual({ valid: false, reason: "unknown" });
	});

	test("with a resource: the permissions of that API alone, and none of one that the account does not see", async () => {
		const [mine, theirs] = [await anApi({ accountId: acme }), await anApi({ accountId: globex })];
		const [read = ""] = mine.permissions.map(({ name }) => name);
		const key = await aKey(acme, [await aPolicy(acme, ["events:read", read])]);
		const permissionsFor = async (resource?: unknown) => {
			const verdict = await verifier.verifyKey(key.secret, { account: "acme", resource: resource as string });
			return verdict.valid ? verdict.permissions : verdict.reason;
		};
		expect(await permissionsFor(mine.identifier)).toEqual([read]);
		expect(await permissionsFor(undefined)).toEqual(["events:read"]);
		for (const resource of [theirs.identifier, "https://nobody.example", "", null, 7]) {
			expect([resource, await permissionsFor(resource)]).toEqual([resource, []]);
		}
	});

	test("without an account nothing is guessed, not even the owner's", async () => {
		const { secret } = await aKey();
		for (const about of [
			undefined,
			null,
			{},
			{ account: "" },
			{ account: acme },
			{ account: "nobody" },
			{ account: 1 },
		]) {
			const verdict = await verifier.verifyKey(secret, about as { account: string });
			expect([about, verdict]).toEqual([about, { valid: false, reason: "unknown_account" }]);
		}
	});

	test("an account that has ended is unknown, within the bound of 30 seconds", async () => {
		const id = await anAccount();
		const key = await aKey(id, []);
		const slug = slugOf(id);
		expect(await verifier.verifyKey(key.secret, { account: slug })).toMatchObject({ valid: true, permissions: [] });
		await setStanding({ kind: "account", id }, { state: "ended", notBefore: now() });
		await advance(31);
		const refused = { valid: false, reason: "unknown_account" };
		expect(await verifier.verifyKey(key.secret, { account: slug })).toEqual(refused);
	});

	test("disabled, expired and deleted are told apart, at the next call", async () => {
		const key = await aKey();
		const second = await anAccessCode(key);
		await key.change({ kind: "set_code_enabled", id: key.codeId, enabled: false });
		expect(await verifier.verifyKey(key.secret, acmes)).toEqual({ valid: false, reason: "code_disabled" });
		await key.change({ kind: "set_state", state: "disabled" });
		expect(await verifier.verifyKey(second.secret, acmes)).toEqual({ valid: false, reason: "key_disabled" });
		await key.change({ kind: "set_state", state: "enabled" });
		await advance(365 * 86_400);
		expect(await verifier.verifyKey(second.secret, acmes)).toEqual({ valid: false, reason: "code_expired" });
		await key.change({ kind: "delete" });
		expect(await verifier.verifyKey(second.secret, acmes)).toEqual({ valid: false, reason: "key_deleted" });
	});

	test("what is no access code is unknown", async () => {
		const { secret } = await aKey();
		for (const key of ["", "x", "lk_", secret.slice(0, -1), `${secret} `, null, undefined, 7, {}]) {
			const verdict = await verifier.verifyKey(key as string, { account: "acme" });
			expect([key, verdict]).toEqual([key, { valid: false, reason: "unknown" }]);
		}
	});
});

describe("maxStaleness", () => {
	test("a token: the answer of less than that ago, with when it was so; without it, or with 0, that of now", async () => {
		const { accessToken, refreshToken } = await granted(demo.nativeApp);
		const checkedAt = now();
		const strict = await verifier.verifyToken(accessToken, acmes);
		const found = await verifier.verifyToken(accessToken, { ...acmes, maxStaleness: 10 });
		expect(found).toEqual({ ...strict, checkedAt });
		await revoke(refreshToken, demo.nativeApp);
		await advance(9);
		const invalid = { valid: false, reason: "invalid" };
		expect(await verifier.verifyToken(accessToken, { ...acmes, maxStaleness: 10 })).toEqual(found);
		expect(await verifier.verifyToken(accessToken, acmes)).toEqual(invalid);
		expect(await verifier.verifyToken(accessToken, { ...acmes, maxStaleness: 0 })).toEqual(invalid);
		await advance(1);
		expect(await verifier.verifyToken(accessToken, { ...acmes, maxStaleness: 10 })).toEqual(invalid);
	});

	test("is about the account and the resource that were named, and about none that is no text", async () => {
		const { accessToken } = await granted(demo.nativeApp);
		expect(await verifier.verifyToken(accessToken, { maxStaleness: 60 })).toMatchObject({ valid: true });
		for (const account of ["globex", "", acme, null, 7, {}]) {
			const about = { account: account as string, maxStaleness: 60 };
			expect([account, await verifier.verifyToken(accessToken, about)]).toEqual([
				account,
				{ valid: false, reason: "other_account" },
			]);
		}
		const api = await anApi({ accountId: acme });
		const [read = ""] = api.permissions.map(({ name }) => name);
		const key = await aKey(acme, [await aPolicy(acme, ["events:read", read])]);
		for (const resource of [undefined, api.identifier, undefined, null, api.identifier]) {
			const about = { ...acmes, resource: resource as string, maxStaleness: 60 };
			const permissions = resource === undefined ? ["events:read"] : resource === null ? [] : [read];
			expect(await verifier.verifyKey(key.secret, about)).toMatchObject({ valid: true, permissions });
		}
	});

	test("a key: as above, and what is refused is asked about anew", async () => {
		const key = await aKey();
		const about = { ...acmes, maxStaleness: 60 };
		const found = await verifier.verifyKey(key.secret, about);
		expect(found).toMatchObject({ valid: true, checkedAt: now() });
		await key.change({ kind: "set_state", state: "disabled" });
		const disabled = { valid: false, reason: "key_disabled" };
		expect([await verifier.verifyKey(key.secret, about), await verifier.verifyKey(key.secret, acmes)]).toEqual([
			found,
			disabled,
		]);
		await advance(60);
		expect(await verifier.verifyKey(key.secret, about)).toEqual(disabled);
		await key.change({ kind: "set_state", state: "enabled" });
		expect(await verifier.verifyKey(key.secret, about)).toMatchObject({ valid: true, checkedAt: now() });
	});

	test("that is none is refused, whatever was presented", async () => {
		const { accessToken } = await granted(demo.nativeApp);
		const { secret } = await aKey();
		for (const maxStaleness of [-1, 61, 0.5, Number.NaN, Infinity, "10", null, {}]) {
			const about = { ...acmes, maxStaleness: maxStaleness as number };
			const refused = { valid: false, reason: "bad_max_staleness" };
			expect(await verifier.verifyToken(accessToken, about)).toEqual(refused);
			expect(await verifier.verifyKey(secret, about)).toEqual(refused);
		}
	});
});
