import { describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { anApiOfAcme } from "../support/api-grants.ts";
import { aSigningKey } from "../support/assertions.ts";
import { aSenderKey, proofOf, type SenderKey, tokenRequest } from "../support/dpop.ts";
import { aClient, anAccount, anApi, aPerson, slugOf } from "../support/registered.ts";
import { type Answer, ask, type Fields, refusal, times } from "../support/requests.ts";
import { advance, demo, issuer, now, setStanding } from "../support/target.ts";
import {
	asAdministrator,
	aTrustedIssuer,
	presentAs,
	showAlone,
	signedBy,
	type Trusted,
} from "../support/trusted-issuers.ts";
import {
	askForToken,
	claimsOf,
	environments,
	introspect,
	type Registered,
	revoke,
	tokensOf,
} from "../support/tokens.ts";

const { webApp, nativeApp } = demo;
const { acme, globex } = demo.accounts;

interface World {
	readonly idp: Trusted;
	readonly app: Registered;
	readonly member: Awaited<ReturnType<typeof aPerson>>;
	readonly api: Awaited<ReturnType<typeof anApiOfAcme>>;
}

/** An identity provider of Acme's, a client that it is trusted for, a member, and an API that both may call. */
async function aWorld(changes: object = {}): Promise<World> {
	const api = await anApiOfAcme();
	const app = await aClient(webApp, { scope: [api.read, api.write].toSorted() });
	const member = await aPerson({ [acme]: "member" });
	const idp = await aTrustedIssuer({ clients: [app.client.id], ...changes });
	return { idp, app, member, api };
}

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

const header = { typ: "oauth-id-jag+jwt" };

function jagOf({ idp, app, member, api }: World, claims: object = {}, how: Parameters<typeof signedBy>[2] = {}) {
	const said = { sub: "U019488227", aud_sub: member.id, client_id: app.client.id, resource: api.resource };
	return signedBy(idp, { ...said, scope: api.read, ...claims }, { ...how, header: { ...header, ...how.header } });
}

async function presented(world: World, claims: object = {}, fields: Fields = {}): Promise<Answer> {
	return presentAs(world.app, await jagOf(world, claims), fields);
}

/** The error, and what is said of it. */
function told(answer: Answer): string {
	return `${refusal(answer)}: ${String(answer.body.error_description)}`;
}

describe("MCP, Enterprise-Managed Authorization: an identity provider decides, and nobody is asked", () => {
	test("§5.2: an access token for the member at that API, and no refresh token", async () => {
		const world = await aWorld();
		const answer = await presented(world);
		expect(answer.body).toEqual({
			access_token: expect.any(String),
			token_type: "Bearer",
			expires_in: 3600,
			scope: world.api.read,
		});
		expect(claimsOf(tokensOf(answer).accessToken)).toMatchObject({
			sub: world.member.id,
			client_id: world.app.client.id,
			account_id: acme,
			aud: world.api.resource,
			scope: world.api.read,
		});
		expect(answer.headers.get("cache-control")).toBe("no-store");
	});

	test("one that is bound to a key comes with that key's proof, and so is the token bound", async () => {
		const world = await aWorld();
		const key = await aSenderKey();
		const by = async (sender: SenderKey) => {
			const headers = { dpop: await proofOf(sender, tokenRequest) };
			const fields = { grant_type: jwtBearer, assertion: await jagOf(world, { cnf: { jkt: key.thumbprint } }) };
			return askForToken({ client: world.app, headers }, fields);
		};
		expect(refusal(await by(await aSenderKey()))).toBe("400 invalid_grant");
		const { status, body } = await by(key);
		expect([status, body.token_type]).toEqual([200, "DPoP"]);
		expect(claimsOf(String(body.access_token)).cnf).toEqual({ jkt: key.thumbprint });
	});

	test("the audit log of the account has who was vouched for, by whom and to which client", async () => {
		const world = await aWorld();
		expect((await presented(world)).status).toBe(200);
		const { body } = await asAdministrator("/v1/audit?action=grant.assert", "GET");
		const entries = body.entries as readonly Record<string, unknown>[];
		expect(entries.filter(({ actor }) => actor === world.member.id)).toMatchObject([
			{ detail: { client: world.app.client.id, issuer: world.idp.iss } },
		]);
	});

	test("RFC 8414 §2: the metadata says that it is taken", async () => {
		const { body } = await ask("/.well-known/oauth-authorization-server");
		expect(body).toMatchObject({
			authorization_grant_profiles_supported: ["urn:ietf:params:oauth:grant-profile:id-jag"],
			grant_types_supported: expect.arrayContaining(["urn:ietf:params:oauth:grant-type:jwt-bearer"]),
		});
	});

	test("the scope is what the assertion, the client, the person and the API all have", async () => {
		const world = await aWorld();
		const { api } = world;
		const wide = await presented(world, { scope: `${api.read} ${api.write} ${api.admin} events:read openid nothing` });
		// A member may read, and no more.
		expect(wide.body.scope).toBe(api.read);
		expect(refusal(await presented(world, { scope: api.write }))).toBe("400 invalid_scope");
		expect(refusal(await presented(world, {}, { scope: api.write }))).toBe("400 invalid_scope");
		const admin = await aPerson({ [acme]: "admin" });
		const all = await presented(world, { aud_sub: admin.id, scope: undefined });
		expect(all.body.scope).toBe([api.read, api.write].toSorted().join(" "));
		const some = await presented(world, { aud_sub: admin.id, scope: undefined }, { scope: api.write });
		expect(some.body.scope).toBe(api.write);
	});

	test("RFC 8707: the request may narrow what it is for, and not widen it", async () => {
		const world = await aWorld();
		const other = await anApiOfAcme();
		const both = { resource: [world.api.resource, other.resource] };
		const one = await presented(world, both, { resource: world.api.resource });
		expect(claimsOf(tokensOf(one).accessToken).aud).toBe(world.api.resource);
		expect(refusal(await presented(world, {}, { resource: other.resource }))).toBe("400 invalid_target");
	});

	test("by e-mail address, where an administrator says whose it is, in any case", async () => {
		const world = await aWorld({ subject: "email" });
		const email = `${world.member.username}@acme.example`;
		const path = `/v1/people/${encodeURIComponent(world.member.id)}/verified_email`;
		expect((await asAdministrator(path, "PUT", { email })).status).toBe(200);
		const answer = await presented(world, { aud_sub: undefined, email: email.toUpperCase() });
		expect(claimsOf(tokensOf(answer).accessToken).sub).toBe(world.member.id);
		for (const claims of [{ email, email_verified: false }, { email: undefined }, { email: ["x"] }]) {
			expect(told(await presented(world, claims))).toBe("400 invalid_grant: email is missing, or not verified");
		}
		expect(refusal(await presented(world, { email: "nobody@acme.example" }))).toBe("400 invalid_grant");
	});

	test("RFC 7591: a client that registered itself is the API's account's, where that trusts it", async () => {
		const world = await aWorld();
		const stranger = await aClient(webApp, { accountId: null, scope: [world.api.read] });
		const own = { ...world, app: stranger };
		expect(refusal(await presented(own))).toBe("400 invalid_grant");
		const clients = [world.app.client.id, stranger.client.id];
		expect((await asAdministrator(`/v1/trusted-issuers/${world.idp.id}`, "PATCH", { clients })).status).toBe(200);
		await advance(staleness + 1);
		expect((await presented(own)).body.scope).toBe(world.api.read);
		expect((await presented(own, { aud_tenant: "acme" })).status).toBe(200);
	});
});

describe("RFC 7523 §3: what is no ID-JAG to be taken, each for its own reason", () => {
	test.each<[string, object, string]>([
		["another audience", { aud: "https://auth.other.example" }, `aud has to be ${issuer}, and nothing beside it`],
		["none", { aud: undefined }, `aud has to be ${issuer}, and nothing beside it`],
		[
			"two audiences",
			{ aud: [issuer, "https://auth.other.example"] },
			`aud has to be ${issuer}, and nothing beside it`,
		],
		["the token endpoint", { aud: `${issuer}/oauth/token` }, `aud has to be ${issuer}, and nothing beside it`],
		["another client", { client_id: "lkid_other" }, "client_id is not that of the client"],
		["no client", { client_id: undefined }, "client_id is not that of the client"],
		["another tenant", { tenant: "globex" }, "tenant is not the one that the account trusts"],
		[
			"another account",
			{ aud_tenant: "globex" },
			"No account here is that of aud_tenant, of the client or of resource",
		],
		["no account", { aud_tenant: "nobody" }, "No account here is that of aud_tenant, of the client or of resource"],
		["no subject", { sub: undefined }, "sub is missing, or too long"],
		["no id", { jti: undefined }, "jti is missing"],
		["an id that is no text", { jti: 7 }, "jti has to be a text of 1 to 256 characters"],
		["no iat", { iat: undefined }, "iat is missing"],
		["no end", { exp: undefined }, "exp is missing, or no number"],
		["no resource", { resource: undefined }, "resource is missing"],
		["a scope that is none", { scope: ["a"] }, "scope is malformed"],
		["authorization_details", { authorization_details: [] }, "authorization_details are not understood here"],
		["an actor", { act: { sub: "agent" } }, "act is not understood here"],
		["a certificate", { cnf: { "x5t#S256": "x" } }, "cnf is not understood here"],
		["a key without its proof", { cnf: { jkt: "x" } }, "Proof of possession of the key in cnf is required"],
		["nobody", { aud_sub: "usr_any_0123456789012345678901" }, "The subject is no member of the account"],
		["a key", { aud_sub: "key_any_0123456789012345678901" }, "The subject is no member of the account"],
		["a machine", { aud_sub: "cli_any_0123456789012345678901" }, "The subject is no member of the account"],
		[
			"an issuer that nobody trusts",
			{ iss: "https://evil.example" },
			"The account does not trust this issuer for this client",
		],
	])("%s", async (_, claims, detail) => {
		expect(told(await presented(await aWorld(), claims))).toBe(`400 invalid_grant: ${detail}`);
	});

	test("expired, not valid yet, from the future, and too long", async () => {
		const world = await aWorld();
		for (const [claims, detail] of [
			[{ exp: now() - 61 }, "The assertion has expired"],
			[{ nbf: now() + 61 }, "The assertion is not valid yet"],
			[{ iat: now() + 61 }, "iat is in the future"],
			[{ exp: now() + 3661 }, "exp is more than 3600 seconds ahead"],
		] as const) {
			expect(told(await presented(world, claims))).toBe(`400 invalid_grant: ${detail}`);
		}
		expect((await presented(world, { exp: now() - 30, nbf: now() + 30, iat: now() + 30 })).status).toBe(200);
	});

	test.each(["JWT", "at+jwt", "client-authentication+jwt", "oauth-id-jag", undefined])(
		"RFC 8725 §3.11: another type: %s",
		async (typ) => {
			const world = await aWorld();
			const assertion = await jagOf(world, {}, { header: { typ } });
			expect(told(await presentAs(world.app, assertion))).toBe("400 invalid_grant: typ has to be oauth-id-jag+jwt");
		},
	);

	test("RFC 8725 §3.1: an algorithm that the account did not say, none and HS256 among them", async () => {
		const world = await aWorld();
		const rsa = await aSigningKey("RS256");
		const [head, payload] = (await jagOf(world)).split(".");
		const named = (alg: string) =>
			Buffer.from(JSON.stringify({ ...header, alg, kid: world.idp.key.kid })).toString("base64url");
		for (const assertion of [
			`${named("none")}.${payload}.`,
			`${named("HS256")}.${payload}.AAAA`,
			`${head?.slice(0, 0)}${named("ES384")}.${payload}.AAAA`,
			await jagOf(world, {}, { signedBy: rsa }),
		]) {
			expect(told(await presentAs(world.app, assertion))).toMatch(
				/^400 invalid_grant: (alg has to be one of ES256|assertion is no JWT)$/,
			);
		}
	});

	test("a key that is not the issuer's, though it says so", async () => {
		const world = await aWorld();
		const other = await aSigningKey();
		for (const kid of [other.kid, world.idp.key.kid, undefined]) {
			const assertion = await jagOf(world, {}, { signedBy: other, header: { kid } });
			expect(told(await presentAs(world.app, assertion))).toBe(
				"400 invalid_grant: No key of the issuer verifies the signature",
			);
		}
		const damaged = (await jagOf(world)).replace(/.{8}$/, "AAAAAAAA");
		expect(refusal(await presentAs(world.app, damaged))).toBe("400 invalid_grant");
	});

	test("an issuer whose keys cannot be fetched", async () => {
		const uri = "http://127.0.0.1:9/keys";
		const world = await aWorld({ jwks: null, jwks_uri: uri });
		expect(told(await presented(world))).toBe("400 invalid_grant: The keys of the issuer cannot be fetched");
	});

	test("what is no JWT at all, or more than one parameter can be", async () => {
		const { app } = await aWorld();
		for (const bad of ["x", "a.b.c", `${"a".repeat(9000)}.b.c`]) {
			expect(told(await presentAs(app, bad))).toBe("400 invalid_grant: assertion is no JWT");
		}
		expect(refusal(await presentAs(app, ""))).toBe("400 invalid_request");
	});

	test("RFC 7523 §3 (7): a second time; of a hundred at once one is taken", async () => {
		const world = await aWorld();
		const assertion = await jagOf(world);
		// What is refused for another reason spends nothing.
		expect(refusal(await presentAs(world.app, assertion, { scope: "nothing" }))).toBe("400 invalid_scope");
		const answers = await Promise.all(times(100, () => presentAs(world.app, assertion)));
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
		const others = answers.filter(({ status }) => status !== 200);
		expect(new Set(others.map(told))).toEqual(new Set(["400 invalid_grant: jti was used before"]));
		await advance(300);
		expect(refusal(await presentAs(world.app, assertion))).toBe("400 invalid_grant");
	});
});

describe("RFC 7523 §2.1: who may present it, and for what", () => {
	test("§5.1: a client that authenticates, and no other", async () => {
		const world = await aWorld();
		expect(refusal(await presentAs({ ...world.app, secret: "wrong" }, await jagOf(world)))).toBe("401 invalid_client");
		const alone = await showAlone(world.app.client.id, await jagOf(world));
		expect(told(alone)).toBe("400 invalid_grant: An ID-JAG is for a client that authenticates");
		const open = await aClient(nativeApp);
		const own = { ...world, app: open };
		expect(refusal(await presented(own))).toBe("400 unauthorized_client");
	});

	test("a client that the account did not name for this issuer", async () => {
		const world = await aWorld();
		const other = { ...world, app: await aClient(webApp, { scope: [world.api.read] }) };
		expect(refusal(await presented(other))).toBe("400 invalid_grant");
	});

	test("§2 of RFC 8707: no API of another account, nor latchkey, nor what nobody registered", async () => {
		const world = await aWorld();
		const theirs = await anApi({ accountId: await anAccount() });
		for (const resource of [theirs.identifier, issuer, `${issuer}/v1`, "https://elsewhere.example/", "api"]) {
			expect([resource, refusal(await presented(world, { resource }))]).toEqual([resource, "400 invalid_target"]);
		}
	});

	test("a person of another account, or one whose membership has ended", async () => {
		const world = await aWorld();
		const theirs = await aPerson({ [globex]: "admin" });
		expect(refusal(await presented(world, { aud_sub: theirs.id }))).toBe("400 invalid_grant");
		await setStanding(
			{ kind: "membership", personId: world.member.id, accountId: acme },
			{ state: "ended", notBefore: 0 },
		);
		await advance(staleness + 1);
		expect(refusal(await presented(world))).toBe("400 invalid_grant");
	});

	test("an account that is not this one's: another trusts the issuer by keys of its own, and reaches nothing here", async () => {
		const world = await aWorld();
		const other = await anAccount();
		expect(refusal(await presented(world, { aud_tenant: slugOf(other) }))).toBe("400 invalid_grant");
	});
});

describe("what becomes of the token", () => {
	test("its person sees and ends it as what they allowed, and it opens nothing of latchkey", async () => {
		const world = await aWorld();
		const token = tokensOf(await presented(world)).accessToken;
		expect((await environments(token)).status).toBe(401);
		expect(await introspect(token, world.app)).toMatchObject({ active: true, sub: world.member.id });
		await revoke(token, world.app);
		expect(await introspect(token, world.app)).toEqual({ active: false });
	});

	test("trusted no more, the issuer is refused, within 30 seconds", async () => {
		const world = await aWorld();
		expect((await asAdministrator(`/v1/trusted-issuers/${world.idp.id}`, "DELETE")).status).toBe(204);
		await advance(staleness + 1);
		expect(refusal(await presented(world))).toBe("400 invalid_grant");
	});
});
