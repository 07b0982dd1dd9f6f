import { credentialsIn } from "../support/credentials.ts";
import { describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { anApiOfAcme } from "../support/api-grants.ts";
import { aSigningKey, assertionOf, present } from "../support/assertions.ts";
import { atConsole, hiddenOf, wordsOf } from "../support/console.ts";
import { anIntegration, change, create, pathOf, read, rotate, tokenOf } from "../support/integrations.ts";
import { signedInTo } from "../support/openid.ts";
import { ada, decide, signInAnew } from "../support/people.ts";
import { aClient } from "../support/registered.ts";
import { type Answer, ask, bearer, locationOf, ownPage, postJson, refusal, times } from "../support/requests.ts";
import { advance, demo, issuer } from "../support/target.ts";
import { authorizePath, claimsOf, granted, introspect } from "../support/tokens.ts";

// What few applications ask for: how they authenticate, PKCE, id_tokens, signing out, and the resources that they serve.

const application = { kind: "application", redirect_urls: ["https://radar.example/done"], scopes: ["events:read"] };
const byKeys = { ...application, authentication: "private_key_jwt" };

function fieldsOf({ status, body }: Answer): readonly string[] {
	if (status !== 400) throw new Error(`Not refused for a field: ${status}`);
	return (body.errors as { field: string }[]).map(({ field }) => field.split(".")[0] ?? "");
}

/** The public keys of a client, as JSON. */
async function publicKeys() {
	const key = await aSigningKey();
	return { key, jwks: { keys: [{ ...key.publicJwk }] } };
}

/** Changes are seen everywhere after so long. */
async function settle(answer: Answer): Promise<Answer> {
	await advance(staleness + 1);
	return answer;
}

describe("the API of an application", () => {
	test("what is left out is as the documentation says", async () => {
		const { body } = await create(application);
		expect(body).toMatchObject({
			client_type: "confidential",
			authentication: "client_secret",
			profile: "oauth",
			require_pkce: false,
			dpop_bound_access_tokens: false,
			require_pushed_authorization_requests: false,
			post_logout_redirect_urls: [],
			id_token_signed_response_alg: "RS256",
			include_claims_in_id_token: true,
			jwks: null,
			jwks_uri: null,
			resources: [],
			client_secret: expect.stringMatching(/^lkcs_/),
		});
		const publicOne = (await create({ ...application, client_type: "public" })).body;
		expect(publicOne).toMatchObject({ authentication: "none", require_pkce: true, client_secret: null });
		const integration = (await create()).body;
		expect(integration).toMatchObject({ authentication: "client_secret", require_pkce: false });
	});

	test("what is said is kept, can be changed one by one, and taken away", async () => {
		const options = {
			require_pkce: false,
			dpop_bound_access_tokens: true,
			post_logout_redirect_urls: ["https://radar.example/out?a=b", " com.example.radar:/out "],
			id_token_signed_response_alg: "ES256",
			include_claims_in_id_token: false,
			resources: ["https://api.radar.example/v1", "urn:example:radar"],
		};
		const made = await anIntegration({ ...application, ...options, scopes: ["openid", "email", "events:read"] });
		const saved = {
			...options,
			post_logout_redirect_urls: ["https://radar.example/out?a=b", "com.example.radar:/out"],
		};
		expect((await read(made)).body).toMatchObject({ ...saved, scopes: ["email", "events:read", "openid"] });
		expect((await change(made, { require_pkce: true })).body).toMatchObject({ ...saved, require_pkce: true });
		expect((await change(made, { description: "Else" })).body).toMatchObject({ ...saved, require_pkce: true });
		const taken = { post_logout_redirect_urls: [], id_token_signed_response_alg: "RS256", resources: [] };
		expect((await change(made, taken)).body).toMatchObject({ ...taken, require_pkce: true });
	});

	test.each<[string, object]>([
		["authentication", { authentication: "client_secret_basic" }],
		["authentication", { authentication: "none" }],
		["authentication", { client_type: "public", authentication: "client_secret" }],
		["profile", { profile: "fapi1" }],
		["require_pkce", { require_pkce: "yes" }],
		["dpop_bound_access_tokens", { dpop_bound_access_tokens: "yes" }],
		["require_pushed_authorization_requests", { require_pushed_authorization_requests: "yes" }],
		["id_token_signed_response_alg", { id_token_signed_response_alg: "none" }],
		["id_token_signed_response_alg", { id_token_signed_response_alg: "HS256" }],
		["include_claims_in_id_token", { include_claims_in_id_token: "no" }],
		["post_logout_redirect_urls", { post_logout_redirect_urls: "https://radar.example/" }],
		["post_logout_redirect_urls", { post_logout_redirect_urls: ["javascript:alert(1)"] }],
		["post_logout_redirect_urls", { post_logout_redirect_urls: ["http://radar.example/"] }],
		["post_logout_redirect_urls", { post_logout_redirect_urls: ["https://radar.example/#x"] }],
		["post_logout_redirect_urls", { post_logout_redirect_urls: ["https://radar.example@evil.example/"] }],
		["post_logout_redirect_urls", { post_logout_redirect_urls: ["https://radar.example/?State=mine"] }],
		["post_logout_redirect_urls", { post_logout_redirect_urls: times(2, () => "https://radar.example/") }],
		["post_logout_redirect_urls", { post_logout_redirect_urls: times(11, (each) => `https://radar.example/${each}`) }],
		["resources", { resources: ["api"] }],
		["resources", { resources: ["https://api.example/#x"] }],
		["resources", { resources: ["https://api.example/t/../other"] }],
		["resources", { resources: ["https://api.example/t/%2E./other"] }],
		["resources", { resources: times(2, () => "https://api.example/") }],
		["resources", { resources: times(11, (each) => `https://api.example/${each}`) }],
		["resources", { resources: ["https://api.example/"], client_type: "public" }],
		// Else it could have the tokens of every other client checked here.
		["resources", { resources: [issuer] }],
		["resources", { resources: [`${issuer}/`] }],
		["resources", { resources: [`${issuer}/v1/events`] }],
		["jwks", { jwks: { keys: [] } }],
		["jwks_uri", { jwks_uri: "https://radar.example/keys" }],
		["registration", { registration: { hash: "x", version: 1 } }],
	])("a bad %s is told by its name: %j", async (field, options) => {
		const answer = await create({ ...application, ...options });
		expect(refusal(answer)).toBe("400 Malformed request");
		expect(new Set(fieldsOf(answer))).toEqual(new Set([field]));
	});

	test("contract 000: an integration has none of it", async () => {
		const made = await anIntegration();
		const { jwks } = await publicKeys();
		for (const [field, options] of [
			["profile", { profile: "fapi2" }],
			["require_pkce", { require_pkce: true }],
			["dpop_bound_access_tokens", { dpop_bound_access_tokens: true }],
			["require_pushed_authorization_requests", { require_pushed_authorization_requests: true }],
			["post_logout_redirect_urls", { post_logout_redirect_urls: ["https://radar.example/out"] }],
			["id_token_signed_response_alg", { id_token_signed_response_alg: "ES256" }],
			["include_claims_in_id_token", { include_claims_in_id_token: false }],
			["resources", { resources: ["https://api.example/"] }],
			["scopes", { scopes: ["openid"] }],
			["jwks", { jwks }],
		] as const) {
			expect([field, fieldsOf(await create(options))]).toEqual([field, [field]]);
			expect([field, fieldsOf(await change(made, options))]).toEqual([field, [field]]);
		}
		expect(fieldsOf(await create({ authentication: "private_key_jwt", jwks }))).toEqual(["authentication"]);
	});

	test("RFC 7636: who has to use PKCE is refused without it, and can be let off", async () => {
		const made = await anIntegration({ ...application, scopes: ["openid"], require_pkce: true });
		const query = { scope: "openid", code_challenge: undefined, code_challenge_method: undefined };
		const without = authorizePath(made, query);
		const asked = async () => ask(without, { headers: { cookie: await signInAnew(ada) } });
		expect(locationOf(await asked()).searchParams.get("error")).toBe("invalid_request");
		await settle(await change(made, { require_pkce: false }));
		expect((await asked()).status).toBe(200);
	});

	test("id_tokens are signed as it was registered", async () => {
		const made = await anIntegration({ ...application, scopes: ["openid"], id_token_signed_response_alg: "ES256" });
		const { idToken } = await signedInTo(made, { scope: "openid" });
		const [head = ""] = idToken.split(".");
		expect(claimsOf(`.${head}`)).toMatchObject({ alg: "ES256" });
	});

	test("people return where it was registered, and no more once it is taken away", async () => {
		const uri = "https://radar.example/out";
		const made = await anIntegration({ ...application, post_logout_redirect_urls: [uri] });
		const path = `/oauth/logout?${new URLSearchParams({ client_id: made.client.id, post_logout_redirect_uri: uri })}`;
		expect((await ask(path)).status).toBe(200);
		await settle(await change(made, { post_logout_redirect_urls: [] }));
		expect(refusal(await ask(path))).toBe("400 Wrong return URL");
	});

	test("RFC 7662: it may introspect what was issued for a resource that it serves", async () => {
		const resource = "https://api.radar.example/v1";
		const made = await anIntegration({ ...application, resources: [resource] });
		const { accessToken } = await granted(demo.webApp, { resource });
		expect(await introspect(accessToken, made)).toMatchObject({ active: true, aud: [resource] });
		await settle(await change(made, { resources: [] }));
		expect(await introspect(accessToken, made)).toEqual({ active: false });
	});
});

describe("RFC 7523: an application that authenticates by its keys", () => {
	test("gets no secret, and is known by what it signs", async () => {
		const { key, jwks } = await publicKeys();
		const { status, body } = await create({ ...byKeys, jwks });
		expect([status, body.client_secret, body.secrets]).toEqual([201, null, []]);
		expect(body).toMatchObject({ authentication: "private_key_jwt", client_type: "confidential", jwks });
		const client = { ...demo.webApp.client, id: String(body.client_id) };
		const assertion = await assertionOf({ client, secret: null, key });
		expect((await present(assertion)).status).toBe(200);
		const stranger = await assertionOf({ client, secret: null, key }, { signedBy: await aSigningKey() });
		expect((await present(stranger)).status).toBe(401);
	});

	test("its keys are replaced, and the older ones are good no more", async () => {
		const [before, after] = [await publicKeys(), await publicKeys()];
		const made = await anIntegration({ ...byKeys, jwks: before.jwks });
		await settle(await change(made, { jwks: after.jwks }));
		const by = (key: typeof before.key) => assertionOf({ client: made.client, secret: null, key });
		expect((await present(await by(before.key))).status).toBe(401);
		expect((await present(await by(after.key))).status).toBe(200);
	});

	test("the keys, or where they are: one or the other, and never neither", async () => {
		const { jwks } = await publicKeys();
		const jwks_uri = "https://radar.example/keys.json";
		expect(fieldsOf(await create(byKeys))).toEqual(["jwks"]);
		expect(fieldsOf(await create({ ...byKeys, jwks, jwks_uri }))).toEqual(["jwks"]);
		const made = await anIntegration({ ...byKeys, jwks_uri });
		expect((await read(made)).body).toMatchObject({ jwks: null, jwks_uri });
		expect(fieldsOf(await change(made, { jwks }))).toEqual(["jwks"]);
		expect(fieldsOf(await change(made, { jwks_uri: null }))).toEqual(["jwks"]);
		const moved = await change(made, { jwks, jwks_uri: null });
		expect(moved.body).toMatchObject({ jwks, jwks_uri: null });
	});

	test("a private or a symmetric key is refused, and not repeated", async () => {
		const { privateJwk } = await aSigningKey();
		const { privateJwk: rsa } = await aSigningKey("RS256");
		for (const key of [privateJwk, rsa, { kty: "oct", k: "c2VjcmV0LXNlY3JldA" }, { ...privateJwk, d: "" }]) {
			const answer = await create({ ...byKeys, jwks: { keys: [key] } });
			expect(fieldsOf(answer)).toEqual(["jwks"]);
			expect(answer.text).not.toMatch(/c2VjcmV0/);
			expect(answer.text).not.toContain(privateJwk.d);
		}
	});

	test.each<[string, unknown]>([
		["no set", []],
		["no keys", { keys: [] }],
		["no objects", { keys: ["x"] }],
		["keys that verify no signature of ours", { keys: [{ kty: "EC", crv: "P-521", x: "x", y: "y" }] }],
		["keys for encryption alone", { keys: [{ kty: "RSA", n: "n", e: "AQAB", use: "enc" }] }],
		["too many keys", { keys: times(21, () => ({ kty: "RSA", n: "n", e: "AQAB" })) }],
		["more than 16 KiB", { keys: [{ kty: "RSA", n: "n".repeat(16_384), e: "AQAB" }] }],
		["a text", '{"keys":[]}'],
	])("%s: refused", async (_, jwks) => {
		const answer = await create({ ...byKeys, jwks });
		expect(refusal(answer)).toBe("400 Malformed request");
		expect(new Set(fieldsOf(answer))).toEqual(new Set(["jwks"]));
	});

	// SSRF: the token endpoint fetches it.
	test.each([
		"http://radar.example/keys",
		"https://10.0.0.1/keys",
		"https://169.254.169.254/latest/meta-data",
		"https://0x7f.1/",
		"https://intranet/keys",
		"https://metadata.google.internal/",
		"https://radar.example@127.0.0.1/",
		"https://radar.example/keys#x",
		"file:///etc/passwd",
		"data:application/json,{}",
		`${issuer}/.well-known/jwks.json`,
	])("a URL of keys that is not to be fetched is refused: %s", async (jwks_uri) => {
		const answer = await create({ ...byKeys, jwks_uri });
		expect(refusal(answer)).toBe("400 Malformed request");
		expect(fieldsOf(answer)).toEqual(["jwks_uri"]);
	});

	test("there is no secret to replace", async () => {
		const { jwks } = await publicKeys();
		const made = await anIntegration({ ...byKeys, jwks });
		expect(refusal(await rotate(made, 7))).toBe("409 Conflict");
		expect((await read(made)).body.secrets).toEqual([]);
		const { open, post } = await atConsole(ada);
		expect((await open(`/console/acme/integrations/${made.client.id}/secret`)).status).toBe(404);
		const forced = await post(`/console/acme/integrations/${made.client.id}/secret`, {
			overlap: "0",
			seed: "A".repeat(43),
		});
		expect(forced.status).toBe(404);
		expect(credentialsIn(forced.text)).toEqual([]);
	});
});

describe("an edit", () => {
	test("RFC 7592: leaves what software registered itself as it was, by the API or in the console", async () => {
		const { key, jwks } = await publicKeys();
		const metadata = {
			client_name: `Registered ${key.kid}`,
			redirect_uris: ["https://radar.example/done"],
			token_endpoint_auth_method: "private_key_jwt",
			token_endpoint_auth_signing_alg: "ES256",
			jwks,
			scope: "events:read openid",
			contacts: ["ada@acme.example"],
			software_id: "radar",
			post_logout_redirect_uris: ["https://radar.example/out"],
		};
		const registered = await postJson("/oauth/register", metadata, bearer(await tokenOf()));
		expect([registered.status, registered.text]).toEqual([201, expect.stringContaining("client_id")]);
		const id = String(registered.body.client_id);
		const made = { ...demo.webApp, client: { ...demo.webApp.client, id } };
		const management = new URL(String(registered.body.registration_client_uri)).pathname;
		const headers = bearer(String(registered.body.registration_access_token));
		const says = async () => (await ask(management, { headers })).body;
		const kept = {
			software_id: "radar",
			contacts: ["ada@acme.example"],
			token_endpoint_auth_signing_alg: "ES256",
			jwks,
		};

		const changed = await change(made, { post_logout_redirect_urls: ["https://radar.example/else"] });
		expect([changed.status, changed.text]).toEqual([200, expect.any(String)]);
		await settle(changed);
		expect(await says()).toMatchObject({ ...kept, post_logout_redirect_uris: ["https://radar.example/else"] });

		const path = `/console/acme/integrations/${id}/edit`;
		const answer = await sendForm(path, { ...typed, name: metadata.client_name, jwks: JSON.stringify(jwks) });
		expect(locationOf(answer).search).toBe("?done=saved");
		await advance(staleness + 1);
		expect(await says()).toMatchObject(kept);
		expect(await says()).not.toHaveProperty("post_logout_redirect_uris");
		expect((await present(await assertionOf({ client: made.client, secret: null, key }))).status).toBe(200);
	});
});

/** Of a page: which groups of options there are, and whether they stand open. */
function groups({ text }: Answer) {
	const all = text.matchAll(/<details class="more"( open)?><summary>([^<]*)/g);
	return [...all].map(([, isOpen, title]) => [title, isOpen !== undefined]);
}

describe("the console's form", () => {
	const form = "/console/acme/integrations/new";

	test("registers a web application with all of it, and shows it again", async () => {
		const { jwks } = await publicKeys();
		const answer = await sendForm(form, {
			...(await blank()),
			...typed,
			name: "All options",
			"identity:openid": "on",
			"identity:email": "on",
			authentication: "private_key_jwt",
			"require_pkce:yes": "on",
			"require_pushed_authorization_requests:yes": "on",
			id_token_signed_response_alg: "PS256",
			post_logout_redirect_urls: "https://radar.example/out\r\n\r\nhttps://radar.example/out2",
			jwks: JSON.stringify(jwks),
			resources: "https://api.radar.example/",
		});
		expect(answer.status).toBe(200);
		expect(credentialsIn(answer.text)).toEqual([]);
		const id = /id="client-id"[^>]*>([^<]+)</.exec(answer.text)?.[1] ?? "";
		const made = { ...demo.webApp, client: { ...demo.webApp.client, id } };
		expect((await read(made)).body).toMatchObject({
			authentication: "private_key_jwt",
			require_pkce: true,
			require_pushed_authorization_requests: true,
			id_token_signed_response_alg: "PS256",
			// Left unchecked.
			include_claims_in_id_token: false,
			post_logout_redirect_urls: ["https://radar.example/out", "https://radar.example/out2"],
			jwks,
			resources: ["https://api.radar.example/"],
			scopes: ["email", "events:read", "openid"],
		});
		const { open } = await atConsole(ada);
		const words = wordsOf(await open(`/console/acme/integrations/${id}`));
		for (const said of [
			"See your e-mail address",
			"PS256",
			"https://radar.example/out2",
			"One public key is registered",
		])
			expect(words).toContain(said);
		const edit = await open(`/console/acme/integrations/${id}/edit`);
		expect(edit.text).toMatch(/name="identity:email" checked/);
		expect(edit.text).toMatch(/name="require_pkce:yes" checked/);
		expect(edit.text).not.toMatch(/name="include_claims_in_id_token:yes" checked/);
		expect(edit.text).toContain("https://api.radar.example/");
	});

	test("of the groups of its options those stand open that say something, or in which something is wrong", async () => {
		const { open } = await atConsole(ada);
		expect(groups(await open(form)).map(([, isOpen]) => isOpen)).toEqual([false, false, false]);
		const wrong = await sendForm(form, { ...(await blank()), ...typed, initiate_login_uri: "http://radar.example/" });
		expect(groups(wrong).map(([, isOpen]) => isOpen)).toEqual([true, false, false]);
		const said = await aClient(demo.webApp, { options: { requirePkce: true } });
		expect(groups(await open(`/console/acme/integrations/${said.client.id}/edit`))).toEqual([
			["Who people are, signing in and out", true],
			["Security", true],
			["Access tokens, and whom they are for", false],
		]);
	});

	test("what works without a person is shown with all that holds of its tokens, in words", async () => {
		const { jwks } = await publicKeys();
		const fields = { authentication: "private_key_jwt", jwks: JSON.stringify(jwks), profile: "fapi2" };
		const api = (await anApiOfAcme()).resource;
		const made = await sendForm(form, {
			...(await blank()),
			...typed,
			...fields,
			name: "A job of a bank",
			redirect_urls: "",
			"further:acts_for_itself": "on",
			token_exchange_apis: api,
		});
		expect(made.status).toBe(200);
		const id = /id="client-id"[^>]*>([^<]+)</.exec(made.text)?.[1] ?? "";
		const { open } = await atConsole(ada);
		const words = wordsOf(await open(`/console/acme/integrations/${id}`));
		for (const each of ["FAPI 2.0 Security Profile", "Its tokens work with its own key only", api]) {
			expect(words).toContain(each);
		}
	});

	test("a new form demands no PKCE; an integration made by it has none of what is an application's", async () => {
		const { open } = await atConsole(ada);
		const { text } = await open(form);
		expect(text).toMatch(/name="include_claims_in_id_token:yes" checked/);
		expect(text).toMatch(/name="require_pkce:yes"/);
		expect(text).not.toMatch(/name="require_pkce:yes" checked/);
		const sent = { ...(await blank()), ...typed, name: "Plain", type: "integration", "require_pkce:yes": "on" };
		const answer = await sendForm(form, {
			...sent,
			authentication: "client_secret",
			id_token_signed_response_alg: "RS256",
		});
		expect(answer.status).toBe(200);
		const id = /id="client-id"[^>]*>([^<]+)</.exec(answer.text)?.[1] ?? "";
		expect((await read({ ...demo.webApp, client: { ...demo.webApp.client, id } })).body.require_pkce).toBe(false);
		expect((await open(`/console/acme/integrations/${id}/edit`)).text).not.toContain("identity:openid");
	});

	test.each<[string, string, Record<string, string>]>([
		[
			"post_logout_redirect_urls",
			"Return URL 1 must use https",
			{ post_logout_redirect_urls: "http://radar.example/" },
		],
		["jwks", "Give a JWK set", { authentication: "private_key_jwt", jwks: "{" }],
		["jwks", "Give the client's public keys", { authentication: "private_key_jwt" }],
		["jwks_uri", "is of no public host", { authentication: "private_key_jwt", jwks_uri: "https://10.0.0.1/" }],
		["jwks_uri", "Only a client that authenticates", { jwks_uri: "https://radar.example/keys" }],
		["resources", "Resource 1 is one of latchkey", { resources: issuer }],
		["scopes", "an integration cannot ask who they are", { type: "integration", "identity:openid": "on" }],
	])("%s: %s is told beside its field, which can be seen", async (field, message, fields) => {
		const answer = await sendForm(form, { ...(await blank()), ...typed, name: "Wrong", ...fields });
		expect(answer.status).toBe(400);
		expect(wordsOf(answer)).toContain(message);
		expect(answer.text).toContain(`id="${field}-error"`);
		expect(answer.text).toContain(`href="#${field}"`);
		expect(/<details class="more" open/.test(answer.text)).toBe(field !== "scopes");
	});

	test("a private key that was pasted by mistake does not come back", async () => {
		const { privateJwk } = await aSigningKey();
		const jwks = JSON.stringify({ keys: [privateJwk] });
		const fields = { ...(await blank()), ...typed, name: "Leak", authentication: "private_key_jwt", jwks };
		const answer = await sendForm(form, fields);
		expect(answer.status).toBe(400);
		expect(wordsOf(answer)).toContain("There is a private or symmetric key among them");
		expect(answer.text).not.toContain(privateJwk.d);
	});

	async function blank() {
		const { open } = await atConsole(ada);
		return hiddenOf(await open(form), form);
	}
});

describe("clients that registered themselves, where they are listed", () => {
	test("say so: what they call themselves proves nothing", async () => {
		const stranger = await aClient(demo.webApp, {
			accountId: null,
			name: "Your Bank",
			options: { clientUri: "https://who.example/" },
		});
		await granted(stranger, { scope: "openid email events:read" }, { who: ada });
		const { open } = await atConsole(ada);
		const installed = wordsOf(await open("/console/acme/installed"));
		expect(installed).toMatch(/Your Bank registered itself/);
		expect(installed).toContain("See your e-mail address");
		const mine = wordsOf(await open("/console/acme/my-access"));
		expect(mine).toMatch(/Your Bank registered itself, says it is from who\.example/);
		// Nor does any account manage it.
		expect((await ask(pathOf(stranger), { headers: {} })).status).toBe(401);
		expect((await read(stranger)).status).toBe(404);
		expect((await open(`/console/acme/integrations/${stranger.client.id}`)).status).toBe(404);
		expect(await decide(authorizePath(stranger), { decision: "deny" })).toMatchObject({ status: 303 });
	});
});

const typed = {
	type: "web",
	description: "",
	redirect_urls: "https://radar.example/done",
	"scopes:events:read": "on",
	ttl: "3600",
	rotation: "rotate",
	logo: "",
};

/** A browser's multipart/form-data. */
async function sendForm(path: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
	const { cookie, open } = await atConsole(ada);
	const body = new FormData();
	const hidden = hiddenOf(await open(path), path);
	for (const [name, value] of Object.entries({ ...hidden, ...fields })) body.append(name, value);
	return ask(path, { method: "POST", body, headers: { cookie, ...ownPage } });
}
