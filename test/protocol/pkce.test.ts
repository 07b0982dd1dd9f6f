import { describe, expect, test } from "vitest";
import { create } from "../support/integrations.ts";
import { idTokenOf, verifiedBy } from "../support/openid.ts";
import { aClient } from "../support/registered.ts";
import { ada, signedIn } from "../support/people.ts";
import { ask, type Fields, locationOf, refusal } from "../support/requests.ts";
import { selfRegistered } from "../support/self-registered.ts";
import { demo } from "../support/target.ts";
import { pkce } from "../support/pkce.ts";
import { authorized, authorizePath, exchange, installed, type Registered } from "../support/tokens.ts";

// OAuth 2.1 §7.5.1: a code is bound to the client's session by PKCE, or, for a client that authenticates, by its id_token.

const { webApp, nativeApp, integration } = demo;
const without = { code_challenge: undefined, code_challenge_method: undefined };
const unverified = { code_verifier: undefined };

async function open(path: string) {
	return ask(path, { headers: { cookie: await signedIn(ada) } });
}

/** What a client is told of a request that it sends without PKCE. */
async function toldOf(client: Registered, query: Fields = {}): Promise<readonly (string | null)[]> {
	const { searchParams } = locationOf(await open(authorizePath(client, { ...without, ...query })));
	return [searchParams.get("error"), searchParams.get("error_description")];
}

/** As an administrator makes one who says nothing of PKCE. */
async function madeByAnAdministrator(): Promise<Registered> {
	const redirect = "https://radar.example/done";
	const { body } = await create({ kind: "application", redirect_urls: [redirect], scopes: ["openid", "events:read"] });
	expect(body.require_pkce).toBe(false);
	const client = { ...webApp.client, id: String(body.client_id), redirectUris: [redirect] };
	return { client, secret: String(body.client_secret) };
}

/** As software registers itself that says nothing of PKCE, which it cannot. */
async function registeredByItself(): Promise<Registered> {
	return selfRegistered({ token_endpoint_auth_method: "client_secret_post" });
}

const strict = await aClient(webApp, { options: { requirePkce: true } });

describe("a confidential client that signs people in, and knows no PKCE", () => {
	// mozilla-django-oidc 5.0.2, django-allauth 65.22.1, social-auth-core 7.0.0, Authlib 1.9.10 (Flask), requests-oauthlib 2.0.0, go-oidc
	// 3.21.0 by its README and Debian's mod_auth_openidc 2.4.12, unless told.
	test.each([
		["the demonstration's", () => webApp],
		["made by an administrator", madeByAnAdministrator],
		["registered by itself", registeredByItself],
	])("%s: openid is enough, with a nonce or without", async (_, make) => {
		const client = await make();
		for (const nonce of ["n-0S6_WzA2Mj", undefined]) {
			const code = await authorized(client, { ...without, scope: "openid events:read", nonce });
			const answer = await exchange(code, { client, fields: unverified });
			expect(answer.status).toBe(200);
			const { payload } = await verifiedBy(client, idTokenOf(answer));
			expect(payload.nonce).toBe(nonce);
		}
	});

	test("with PKCE it is held to it, as anybody is", async () => {
		const code = await authorized(webApp, { scope: "openid" });
		expect(refusal(await exchange(code, { client: webApp, fields: unverified }))).toBe("400 invalid_grant");
		expect((await exchange(code, { client: webApp })).status).toBe(200);
	});
});

describe("where PKCE is demanded the answer says what to do", () => {
	const how = "code_challenge is missing: send it with code_challenge_method=S256 (RFC 7636)";

	test("a confidential client that asks for no openid", async () => {
		for (const scope of ["events:read", undefined, ""]) {
			expect(await toldOf(webApp, { scope })).toEqual(["invalid_request", `${how}, or ask for the scope openid`]);
		}
	});

	test("one that asks for it, and cannot have it", async () => {
		const plain = await aClient(webApp, { scope: ["events:read"] });
		const [error] = await toldOf(plain, { scope: "openid events:read" });
		expect(error).toMatch(/^invalid_(request|scope)$/);
	});

	test("one whose registration demands it, with openid and a nonce too", async () => {
		expect(await toldOf(strict, { scope: "openid", nonce: "n" })).toEqual([
			"invalid_request",
			`${how}: require_pkce is set for this client`,
		]);
	});

	test("a public client, with openid and a nonce too", async () => {
		const publicOne = await aClient(nativeApp, { scope: ["openid", "events:read"] });
		expect(await toldOf(publicOne, { scope: "openid", nonce: "n" })).toEqual(["invalid_request", how]);
		// One that may leave its assertion out is as a public one is.
		const either = await aClient(webApp, { authMethods: ["private_key_jwt", "none"], secrets: [] });
		expect(await toldOf(either, { scope: "openid" })).toEqual(["invalid_request", how]);
	});

	test("an integration at the authorization endpoint; contract 000: its install link is as it was", async () => {
		expect(await toldOf(integration, { scope: "events:read" })).toEqual([
			"invalid_request",
			`${how}, or ask for the scope openid`,
		]);
		expect((await exchange(await installed())).status).toBe(200);
	});
});

describe("RFC 9700 §4.8.2: whoever takes the challenge out of a request gets nowhere", () => {
	test.each([
		["and leaves the method", { code_challenge: undefined, scope: "openid" }],
		["and asks for no openid", { ...without, scope: "events:read" }],
	])("%s: refused at once", async (_, query) => {
		const location = locationOf(await open(authorizePath(webApp, query)));
		expect(location.searchParams.get("error")).toBe("invalid_request");
	});

	test("and adds openid: the verifier of the client that knows PKCE is one too many", async () => {
		const code = await authorized(webApp, { ...without, scope: "openid events:read" });
		const fields = { code_verifier: pkce.verifier };
		expect(refusal(await exchange(code, { client: webApp, fields }))).toBe("400 invalid_grant");
	});

	test("and the nonce with it: the client is given none to compare", async () => {
		const code = await authorized(webApp, { ...without, scope: "openid" });
		const { payload } = await verifiedBy(
			webApp,
			idTokenOf(await exchange(code, { client: webApp, fields: unverified })),
		);
		expect(payload).not.toHaveProperty("nonce");
	});
});
