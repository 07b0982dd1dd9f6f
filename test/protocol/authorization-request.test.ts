import { describe, expect, test } from "vitest";
import { aClient } from "../support/registered.ts";
import { ada, decide, signedIn } from "../support/people.ts";
import { ask, type Fields, locationOf, refusal } from "../support/requests.ts";
import { demo, issuer } from "../support/target.ts";
import { pkce } from "../support/pkce.ts";
import { authorized, authorizePath, exchange, installPath } from "../support/tokens.ts";

const { webApp, nativeApp, integration } = demo;

async function open(path: string) {
	return ask(path, { headers: { cookie: await signedIn(ada) } });
}

describe("RFC 6749 §4.1.2.1: what cannot be answered at a redirect URI is told to the person, and redirected nowhere", () => {
	const registered = webApp.client.redirectUris[0] ?? "";
	const cases: [title: string, query: Fields, page: string][] = [
		["an unknown client", { client_id: "nobody" }, "400 Unknown application"],
		["a client id that looks like one", { client_id: `${webApp.client.id.slice(0, -1)}A` }, "400 Unknown application"],
		["no client", { client_id: undefined }, "400 Missing client ID"],
		["an empty client id", { client_id: "" }, "400 Missing client ID"],
		["an unregistered redirect URI", { redirect_uri: "https://evil.example/" }, "400 Wrong redirect URL"],
		["one of another client", { redirect_uri: integration.client.redirectUris[0] }, "400 Wrong redirect URL"],
		["a path more", { redirect_uri: `${registered}/../evil` }, "400 Wrong redirect URL"],
		["a query more", { redirect_uri: `${registered}?next=evil` }, "400 Wrong redirect URL"],
		["a fragment more", { redirect_uri: `${registered}#evil` }, "400 Wrong redirect URL"],
		["capitals", { redirect_uri: registered.toUpperCase() }, "400 Wrong redirect URL"],
		["a user name before the host", { redirect_uri: registered.replace("//", "//evil@") }, "400 Wrong redirect URL"],
		["another host", { redirect_uri: registered.replace("localhost", "127.0.0.1") }, "400 Wrong redirect URL"],
		["a path in capitals", { redirect_uri: registered.replace("portal", "Portal") }, "400 Wrong redirect URL"],
		["a path that is encoded", { redirect_uri: registered.replace("portal", "p%6frtal") }, "400 Wrong redirect URL"],
		["a slash more", { redirect_uri: `${registered}/` }, "400 Wrong redirect URL"],
		["a slash less", { redirect_uri: registered.replace("//", "/") }, "400 Wrong redirect URL"],
		["a space before", { redirect_uri: ` ${registered}` }, "400 Wrong redirect URL"],
		["a line break after", { redirect_uri: `${registered}\n` }, "400 Wrong redirect URL"],
		["a tab inside", { redirect_uri: registered.replace("portal", "por\ttal") }, "400 Wrong redirect URL"],
		["a backslash", { redirect_uri: registered.replace("/portal", "\\portal") }, "400 Wrong redirect URL"],
		["a script", { redirect_uri: "javascript:alert(1)" }, "400 Wrong redirect URL"],
		["no slashes", { redirect_uri: "https:evil.example" }, "400 Wrong redirect URL"],
		["data", { redirect_uri: "data:text/html,evil" }, "400 Wrong redirect URL"],
	];

	test.each(cases)("%s", async (_, query, page) => {
		for (const answer of [await ask(authorizePath(webApp, query)), await open(authorizePath(webApp, query))]) {
			expect(refusal(answer)).toBe(page);
			expect(answer.headers.has("location")).toBe(false);
			expect(answer.text).not.toMatch(/(?:%\w\w|[^\w-])evil/);
		}
	});

	test("the page names the application whose link is wrong, as text alone", async () => {
		const client = await aClient(webApp, {
			name: "Radar <b>&",
			redirectUris: ["https://a.example/cb", "https://b.example/cb"],
		});
		for (const redirect_uri of ["https://evil.example/", undefined]) {
			const { text } = await open(authorizePath(client, { redirect_uri }));
			expect(text).toContain("<bdi>Radar &lt;b>&amp;</bdi>");
		}
	});

	test("a client that has ended is unknown", async () => {
		const ended = await aClient(webApp, { state: "ended" });
		expect(refusal(await open(authorizePath(ended)))).toBe("400 Unknown application");
	});

	test("with two redirect URIs registered, the request has to name one", async () => {
		const redirectUris = ["https://a.example/cb", "https://b.example/cb"];
		const client = await aClient(webApp, { redirectUris });
		expect(refusal(await open(authorizePath(client, { redirect_uri: undefined })))).toBe("400 Missing redirect URL");
		const location = locationOf(await decide(authorizePath(client, { redirect_uri: redirectUris[1] })));
		expect(location.origin).toBe("https://b.example");
	});

	// The suite of the OpenID Foundation (August 2026) has a person look whether the page says so.
	test("RFC 6749 §3.1.2.3: where several are registered, a missing redirect URI is called missing", async () => {
		const redirectUris = [registered, "https://portal.example/other"];
		const client = await aClient(webApp, { redirectUris });
		for (const redirect_uri of [undefined, ""]) {
			const answer = await open(authorizePath(client, { redirect_uri }));
			expect(refusal(answer)).toBe("400 Missing redirect URL");
			expect(answer.text).toContain("redirect_uri is missing");
			expect(answer.headers.has("location")).toBe(false);
		}
		const other = await open(authorizePath(client, { redirect_uri: "https://portal.example/third" }));
		expect(refusal(other)).toBe("400 Wrong redirect URL");
	});

	test("RFC 6749 §3.1: a parameter that is given twice", async () => {
		for (const name of ["client_id", "redirect_uri", "state", "scope", "code_challenge", "prompt", "claims", "any"]) {
			const answer = await open(`${authorizePath(webApp, { scope: "events:read" })}&${name}=x&${name}=y`);
			expect([name, refusal(answer)]).toEqual([name, "400 Malformed link"]);
		}
	});
});

describe("RFC 6749 §4.1.2.1: every other error goes to the client, with `state` and `iss`", () => {
	const cases: [title: string, query: Fields, error: string][] = [
		["no response type", { response_type: undefined }, "invalid_request"],
		["the implicit flow", { response_type: "token" }, "unsupported_response_type"],
		["a hybrid flow", { response_type: "code id_token" }, "unsupported_response_type"],
		["`constructor` as response type", { response_type: "constructor" }, "unsupported_response_type"],
		["an answer in the fragment", { response_mode: "fragment" }, "invalid_request"],
		["two response modes in one", { response_mode: "query form_post" }, "invalid_request"],
		["OIDC Core §6.1: a request object", { request: "eyJhbGciOiJub25lIn0.e30." }, "request_not_supported"],
		["OIDC Core §6.2: one by reference", { request_uri: "https://evil.example/r" }, "request_uri_not_supported"],
		["OIDC Core §7.2.1: a registration in passing", { registration: "{}" }, "registration_not_supported"],
		["RFC 9700 §2.1.1: PKCE with plain", { code_challenge_method: "plain" }, "invalid_request"],
		["RFC 7636 §4.3: PKCE without a method, which is plain", { code_challenge_method: undefined }, "invalid_request"],
		["a method without a challenge", { code_challenge: undefined }, "invalid_request"],
		["a short challenge", { code_challenge: pkce.challenge.slice(1) }, "invalid_request"],
		["a challenge with other characters", { code_challenge: `${pkce.challenge.slice(1)}=` }, "invalid_request"],
		["an unknown scope", { scope: "everything" }, "invalid_scope"],
		["a malformed scope", { scope: "events:read\tevents:write" }, "invalid_scope"],
		["a scope that is a member of every object", { scope: "constructor" }, "invalid_scope"],
		["RFC 8707 §2: a resource that is no absolute URI", { resource: "/api" }, "invalid_target"],
		["RFC 8707 §2: a resource with a fragment", { resource: "https://api.example/#x" }, "invalid_target"],
		["OIDC Core §3.1.2.1: prompt none with another", { prompt: "none login" }, "invalid_request"],
		["a prompt that is none of ours", { prompt: "create" }, "invalid_request"],
		["two spaces in a prompt", { prompt: "login  consent" }, "invalid_request"],
		["a negative max_age", { max_age: "-1" }, "invalid_request"],
		["a max_age in words", { max_age: "soon" }, "invalid_request"],
		["a nonce without end", { nonce: "n".repeat(513) }, "invalid_request"],
	];

	test.each(cases)("%s", async (_, query, error) => {
		for (const signed of [true, false]) {
			const path = authorizePath(nativeApp, { state: "s&1", ...query });
			const location = locationOf(await (signed ? open(path) : ask(path)));
			expect(location.origin + location.pathname).toBe(nativeApp.client.redirectUris[0]);
			expect(Object.fromEntries(location.searchParams)).toEqual({
				error,
				error_description: expect.stringMatching(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/),
				state: "s&1",
				iss: issuer,
			});
		}
	});

	test("RFC 9700 §2.1.1: a public client without PKCE", async () => {
		const query = { code_challenge: undefined, code_challenge_method: undefined };
		const location = locationOf(await open(authorizePath(nativeApp, query)));
		expect(location.searchParams.get("error")).toBe("invalid_request");
	});

	test("a scope that is wholly beyond the client's", async () => {
		for (const scope of ["events:write", "events:write keys:write"]) {
			const location = locationOf(await open(authorizePath(nativeApp, { scope })));
			expect([scope, location.searchParams.get("error")]).toEqual([scope, "invalid_scope"]);
		}
	});

	test("OIDC Core §3.1.2.1: with `openid`, a scope that nobody knows is ignored", async () => {
		const code = await authorized(webApp, { scope: "openid everything events:read https://elsewhere.example/x" });
		expect((await exchange(code, { client: webApp })).body.scope).toBe("events:read openid");
	});

	test("OIDC Core §3.1.2.1: `openid` has to be registered to be asked for", async () => {
		const client = await aClient(webApp, { scope: ["events:read"] });
		const location = locationOf(await open(authorizePath(client, { scope: "openid" })));
		expect(location.searchParams.get("error")).toBe("invalid_scope");
	});

	test("RFC 6749 §3.3: without a scope all permissions of the client are meant, and nobody's identity", async () => {
		const client = await aClient(webApp, { scope: ["email", "events:read", "openid", "profile"] });
		const answer = await exchange(await authorized(client), { client });
		expect(answer.body.scope).toBe("events:read");
		expect(answer.body).not.toHaveProperty("id_token");
	});

	test("RFC 6749 §3.1: what nobody knows, and wishes that we have no answer to, are ignored", async () => {
		const wishes = {
			acr_values: "1 2",
			ui_locales: "se",
			claims_locales: "se",
			display: "popup",
			vendor_flag: "1",
			__proto__: "x",
			constructor: "x",
		};
		expect((await open(authorizePath(webApp, wishes))).text).toContain('value="allow"');
	});

	test("a parameter without a value is as if it were not there", async () => {
		const empty = { scope: "", max_age: "", prompt: "", claims: "", id_token_hint: "", request: "", response_mode: "" };
		expect((await open(authorizePath(webApp, { ...empty, state: "s" }))).text).not.toContain("error=");
	});

	test("a client that is not registered for the code flow", async () => {
		const client = await aClient(webApp, { grantTypes: ["client_credentials"] });
		const location = locationOf(await open(authorizePath(client)));
		expect(location.searchParams.get("error")).toBe("unauthorized_client");
	});

	test("without `state` none is sent", async () => {
		const location = locationOf(await open(authorizePath(webApp, { response_type: "token", state: undefined })));
		expect(location.searchParams.has("state")).toBe(false);
	});

	test("the query of a registered redirect URI is kept", async () => {
		const client = await aClient(webApp, { redirectUris: ["https://app.example/cb?tenant=1"] });
		const answer = await open(authorizePath(client, { response_type: "token" }));
		expect(answer.headers.get("location")).toMatch(/^https:\/\/app\.example\/cb\?tenant=1&error=/);
	});
});

describe("the install page of contract 000", () => {
	test("it says who asks, for what, and where the answer goes", async () => {
		const page = await open(installPath());
		expect(page.status).toBe(200);
		for (const text of [
			"Globex Insights",
			"Charts and alerts",
			"localhost:8788",
			"See the environments",
			"Search the account",
		]) {
			expect(page.text).toContain(text);
		}
		expect(page.text).not.toContain(integration.secret ?? "");
	});

	test("who is not signed in is asked to be, and comes back to the same link", async () => {
		const path = installPath(integration, { state: "a b" });
		const page = await ask(path);
		expect(page.status).toBe(200);
		expect(page.text).toContain("Globex Insights");
		expect(page.text).toContain(`name="continue" value="${path.replaceAll("&", "&amp;")}"`);
		expect(page.text).not.toContain('value="allow"');
	});

	test.each([
		["an unknown id", "/integrations/nobody"],
		["a client that is no integration", installPath(webApp)],
		["garbage", "/integrations/%00%ff"],
	])("%s is not found", async (_, path) => {
		expect(refusal(await open(path))).toBe("404 Unknown integration");
	});

	test("a parameter that is given twice is refused", async () => {
		expect(refusal(await open(`${installPath()}?state=a&state=b`))).toBe("400 Malformed link");
	});

	test("what the link says of redirects, scopes or challenges changes nothing", async () => {
		const query = { redirect_uri: "https://evil.example/", scope: "keys:write", code_challenge: pkce.challenge };
		const location = locationOf(await decide(installPath(integration, query)));
		expect(location.origin + location.pathname).toBe(integration.client.redirectUris[0]);
		expect(location.searchParams.has("code")).toBe(true);
	});
});
