import { CompactSign, exportJWK, generateKeyPair } from "jose";
import { expect, test } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { type PresetName, providerPresets } from "../../src/domain/provider-presets.ts";
import { createOutbound, type Fetch } from "../../src/operations/clients/outbound.ts";
import { startMemoryApp } from "../runners/memory-app.ts";

// The presets, with Google, Microsoft Entra and GitHub as their own documentation has them: addresses, metadata, keys and claims of
// their shape, answered in their place. What is not theirs alone is tested with providers that run.

const issuer = "http://localhost:8787";
const client = { client_id: "latchkey at work", client_secret: "a secret" };
const tenantId = "11111111-2222-4333-8444-555555555555";
const tenant = `https://login.microsoftonline.com/${tenantId}`;
const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
const jwk = { ...(await exportJWK(publicKey)), kid: "of theirs", use: "sig" };

interface Known {
	/** What the form to add it begins with, and what an administrator says beside that. */
	readonly preset: PresetName;
	readonly about: object;
	/** Where people sign in there. */
	readonly authorization: string;
	/** What it answers, by its address: claims of the id_token stand in the place of what the token endpoint answers. */
	readonly answers: Readonly<Record<string, unknown>>;
	/** What it adds to the answer that is none of ours. */
	readonly returned: Readonly<Record<string, string>>;
	readonly member: object;
}

const google: Known = {
	preset: "google",
	about: {
		// The Workspace that they belong to: it has groups of no other kind.
		groups_claim: "hd",
		group_roles: [{ group: "acme.example", role: "member" }],
	},
	authorization: "https://accounts.google.com/o/oauth2/v2/auth",
	answers: {
		"https://accounts.google.com/.well-known/openid-configuration": {
			issuer: "https://accounts.google.com",
			authorization_endpoint: "https://accounts.google.com/o/oauth2/v2/auth",
			token_endpoint: "https://oauth2.googleapis.com/token",
			userinfo_endpoint: "https://openidconnect.googleapis.com/v1/userinfo",
			jwks_uri: "https://www.googleapis.com/oauth2/v3/certs",
			response_types_supported: ["code", "token", "id_token", "code token", "code id_token"],
			subject_types_supported: ["public"],
			id_token_signing_alg_values_supported: ["RS256"],
			token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
		},
		"https://www.googleapis.com/oauth2/v3/certs": { keys: [{ ...jwk, alg: "RS256" }] },
		"https://oauth2.googleapis.com/token": {
			iss: "https://accounts.google.com",
			azp: client.client_id,
			sub: "110169484474386276334",
			hd: "acme.example",
			email: "rosa@acme.example",
			email_verified: true,
			name: "Rosa Parks",
			given_name: "Rosa",
		},
	},
	returned: { scope: "email profile openid", authuser: "0", hd: "acme.example", prompt: "consent" },
	member: { name: "Rosa Parks", username: "rosa@acme", role: "member" },
};

const microsoft: Known = {
	preset: "microsoft",
	about: {
		issuer: providerPresets.microsoft.draft.issuer.replace("<tenant>", tenantId),
		groups_claim: "groups",
		group_roles: [{ group: "77777777-8888-4999-8aaa-bbbbbbbbbbbb", role: "admin" }],
	},
	authorization: `${tenant}/oauth2/v2.0/authorize`,
	answers: {
		[`${tenant}/v2.0/.well-known/openid-configuration`]: {
			issuer: `${tenant}/v2.0`,
			authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
			token_endpoint: `${tenant}/oauth2/v2.0/token`,
			userinfo_endpoint: "https://graph.microsoft.com/oidc/userinfo",
			jwks_uri: `${tenant}/discovery/v2.0/keys`,
			end_session_endpoint: `${tenant}/oauth2/v2.0/logout`,
			response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
			subject_types_supported: ["pairwise"],
			id_token_signing_alg_values_supported: ["RS256"],
			token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
		},
		// Its keys say of no algorithm that they are for it.
		[`${tenant}/discovery/v2.0/keys`]: { keys: [{ ...jwk, x5t: "of theirs", issuer: `${tenant}/v2.0` }] },
		[`${tenant}/oauth2/v2.0/token`]: {
			iss: `${tenant}/v2.0`,
			ver: "2.0",
			tid: tenantId,
			oid: "00000000-0000-0000-66f3-3332eca7ea81",
			sub: "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
			name: "Rosa Parks",
			preferred_username: "rosa@acme.example",
			groups: ["77777777-8888-4999-8aaa-bbbbbbbbbbbb"],
		},
		// It verifies no address.
		"https://graph.microsoft.com/oidc/userinfo": {
			sub: "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
			name: "Rosa Parks",
			picture: "https://graph.microsoft.com/v1.0/me/photo/$value",
			email: "rosa@acme.example",
		},
	},
	returned: { session_state: "00000000-0000-0000-0000-000000000001" },
	member: { name: "Rosa Parks", username: "rosa@acme", role: "admin", verified_email: null },
};

const github: Known = {
	preset: "github",
	about: {
		scopes: [...providerPresets.github.draft.scopes, "read:org"],
		group_roles: [
			{ group: "acme", role: "member" },
			{ group: "acme/platform", role: "admin" },
		],
	},
	authorization: "https://github.com/login/oauth/authorize",
	answers: {
		"https://github.com/login/oauth/access_token": null,
		"https://api.github.com/user": {
			login: "rosa-parks",
			id: 583_231,
			node_id: "MDQ6VXNlcjU4MzIzMQ==",
			type: "User",
			name: null,
			email: null,
			two_factor_authentication: true,
		},
		"https://api.github.com/user/emails": [
			{ email: "rosa@users.noreply.github.com", verified: true, primary: false, visibility: null },
			{ email: "rosa@acme.example", verified: true, primary: true, visibility: "private" },
		],
		"https://api.github.com/user/orgs": [{ login: "acme", id: 1, description: "" }],
		"https://api.github.com/user/teams": [
			{ id: 1, slug: "platform", name: "Platform", organization: { login: "acme" } },
		],
	},
	returned: {},
	member: { name: "rosa-parks", username: "rosa-parks@acme", role: "admin" },
};

test.each([
	["Google", google],
	["Microsoft Entra", microsoft],
	["GitHub", github],
])("%s, as it documents itself, lets somebody in", async (name, known) => {
	const asked: string[] = [];
	const local = { ISSUER: issuer, SEAL_KEYS: `1:${developmentSealKey}`, DEMO_DATA: "on" };
	let nonce = "";
	const outbound = createOutbound(
		{ issuer, isLocal: true },
		answering(known, asked, () => nonce),
	);
	const app = await startMemoryApp(local, { outbound });
	const call = (path: string, init: RequestInit = {}) => app.fetch(new Request(issuer + path, init));
	const post = (path: string, body: object, headers: Record<string, string> = {}) =>
		call(path, {
			method: "POST",
			body: JSON.stringify(body),
			headers: { "content-type": "application/json", ...headers },
		});

	const login = await post("/auth/login", { username: "ada", password: "ada-demo-password", account: "acme" });
	const { access_token: token }: { access_token: string } = JSON.parse(await login.text());
	const headers = { authorization: `Bearer ${token}` };
	const { kind, issuer: of, tokenAuth, scopes } = providerPresets[known.preset].draft;
	const preset = { kind, issuer: of, token_endpoint_auth_method: tokenAuth, scopes };
	const about = { name, just_in_time: true, ...client, ...preset, ...known.about };
	const made = await post("/v1/sign-in-providers", about, headers);
	expect(made.status).toBe(201);
	const { id, redirect_uri: redirectUri } = (await made.json()) as { id: string; redirect_uri: string };

	const begun = await call(`/sign-in/with/${id}`, {
		method: "POST",
		body: new URLSearchParams({ continue: "/console" }),
		headers: { origin: issuer, "sec-fetch-site": "same-origin" },
	});
	const there = new URL(begun.headers.get("location") ?? "");
	expect([begun.status, there.origin + there.pathname]).toEqual([303, known.authorization]);
	expect(there.searchParams.get("redirect_uri")).toBe(redirectUri);
	nonce = there.searchParams.get("nonce") ?? "";

	const state = there.searchParams.get("state") ?? "";
	const answer = new URLSearchParams({ state, code: "a code", ...known.returned });
	const cookie = (begun.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
	const back = await call(`/sign-in/with/${id}/callback?${answer}`, { headers: { cookie } });
	expect([back.status, back.headers.get("location")]).toEqual([303, "/console"]);
	expect(asked.toSorted()).toEqual(expect.arrayContaining(Object.keys(known.answers).toSorted()));
	const { people } = (await (await call("/v1/people", { headers })).json()) as { people: object[] };
	expect(people).toContainEqual(expect.objectContaining(known.member));
});

/** In the place of a provider. Whatever else is asked is not there. */
function answering({ answers }: Known, asked: string[], nonce: () => string): Fetch {
	return async (url, { headers, body }) => {
		const { origin, pathname } = new URL(url);
		const address = origin + pathname;
		asked.push(address);
		if (!(address in answers)) return new Response("", { status: 404 });
		if (body === undefined) return Response.json(answers[address]);
		const claims = answers[address] as object | null;
		const form = new URLSearchParams(body);
		const isBasic = new Headers(headers).has("authorization");
		expect(isBasic || form.get("client_secret") === client.client_secret).toBe(true);
		if (claims === null) {
			// GitHub answers a form unless JSON is asked for, and takes the secret with the rest.
			if (!new Headers(headers).get("accept")?.includes("application/json")) return new Response("access_token=x");
			if (form.get("client_secret") !== client.client_secret)
				return Response.json({ error: "incorrect_client_credentials" });
			return Response.json({
				access_token: "gho_of_theirs",
				scope: "read:org,read:user,user:email",
				token_type: "bearer",
			});
		}
		const now = Math.floor(Date.now() / 1000);
		const whole = { aud: client.client_id, iat: now, exp: now + 3600, nonce: nonce(), ...claims };
		const idToken = await new CompactSign(new TextEncoder().encode(JSON.stringify(whole)))
			.setProtectedHeader({ alg: "RS256", kid: jwk.kid, typ: "JWT" })
			.sign(privateKey);
		return Response.json({ access_token: "of theirs", token_type: "Bearer", expires_in: 3599, id_token: idToken });
	};
}
