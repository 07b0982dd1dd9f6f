import { describe, expect, test } from "vitest";
import { aClient } from "../support/registered.ts";
import { ada, decide, signedIn } from "../support/people.ts";
import { ask, type Fields, locationOf, refusal } from "../support/requests.ts";
import { demo, issuer } from "../support/target.ts";
import { authorizePath, installPath, pkce } from "../support/tokens.ts";

const { webApp, nativeApp, integration } = demo;

async function open(path: string) {
	return ask(path, { headers: { cookie: await signedIn(ada) } });
}

describe("RFC 6749 §4.1.2.1: what cannot be answered at a redirect URI is told to the person, and redirected nowhere", () => {
	const registered = webApp.client.redirectUris[0] ?? "";
	const cases: [title: string, query: Fields, page: string][] = [
		["an unknown client", { client_id: "nobody" }, "400 Unknown application"],
		["a client id that looks like one", { client_id: `${webApp.client.id.slice(0, -1)}A` }, "400 Unknown application"],
		["no client", { client_id: undefined }, "400 Unknown application"],
		["an unregistered redirect URI", { redirect_uri: "https://evil.example/" }, "400 Wrong redirect URL"],
		["one of another client", { redirect_uri: integration.client.redirectUris[0] }, "400 Wrong redirect URL"],
		["a path more", { redirect_uri: `${registered}/../evil` }, "400 Wrong redirect URL"],
		["a query more", { redirect_uri: `${registered}?next=evil` }, "400 Wrong redirect URL"],
		["a fragment more", { redirect_uri: `${registered}#evil` }, "400 Wrong redirect URL"],
		["capitals", { redirect_uri: registered.toUpperCase() }, "400 Wrong redirect URL"],
		["a user name before the host", { redirect_uri: registered.replace("//", "//evil@") }, "400 Wrong redirect URL"],
		["another port", { redirect_uri: registered.replace("8788", "8789") }, "400 Wrong redirect URL"],
		["a script", { redirect_uri: "javascript:alert(1)" }, "400 Wrong redirect URL"],
	];

	test.each(cases)("%s", async (_, query, page) => {
		for (const answer of [await ask(authorizePath(webApp, query)), await open(authorizePath(webApp, query))]) {
			expect(refusal(answer)).toBe(page);
			expect(answer.headers.has("location")).toBe(false);
			expect(answer.text).not.toContain("evil");
		}
	});

	test("a client that has ended is unknown", async () => {
		const ended = await aClient(webApp, { state: "ended" });
		expect(refusal(await open(authorizePath(ended)))).toBe("400 Unknown application");
	});

	test("with two redirect URIs registered, the request has to name one", async () => {
		const redirectUris = ["https://a.example/cb", "https://b.example/cb"];
		const client = await aClient(webApp, { redirectUris });
		expect(refusal(await open(authorizePath(client, { redirect_uri: undefined })))).toBe("400 Wrong redirect URL");
		const location = locationOf(await decide(authorizePath(client, { redirect_uri: redirectUris[1] })));
		expect(location.origin).toBe("https://b.example");
	});

	test("RFC 6749 §3.1: a parameter that is given twice", async () => {
		for (const name of ["client_id", "redirect_uri", "state", "scope", "code_challenge", "anything"]) {
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
		["an answer by form", { response_mode: "form_post" }, "invalid_request"],
		["RFC 9700 §2.1.1: PKCE with plain", { code_challenge_method: "plain" }, "invalid_request"],
		["RFC 7636 §4.3: PKCE without a method, which is plain", { code_challenge_method: undefined }, "invalid_request"],
		["a method without a challenge", { code_challenge: undefined }, "invalid_request"],
		["a short challenge", { code_challenge: pkce.challenge.slice(1) }, "invalid_request"],
		["a challenge with other characters", { code_challenge: `${pkce.challenge.slice(1)}=` }, "invalid_request"],
		["an unknown scope", { scope: "everything" }, "invalid_scope"],
		["a malformed scope", { scope: "events:read  events:write" }, "invalid_scope"],
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

	test("a scope beyond the client's", async () => {
		const location = locationOf(await open(authorizePath(nativeApp, { scope: "events:write" })));
		expect(location.searchParams.get("error")).toBe("invalid_scope");
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
		expect(page.text).not.toContain('name="decision"');
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
