import { credentialsIn } from "../support/credentials.ts";
import { describe, expect, test } from "vitest";
import { ada, codeOf, decide, formOn, grace, signedIn, signInAnew } from "../support/people.ts";
import { aClient } from "../support/registered.ts";
import { type Answer, ask, type Fields, locationOf, ownPage, post, postForm, refusal } from "../support/requests.ts";
import { demo, issuer } from "../support/target.ts";
import { authorizePath, exchange } from "../support/tokens.ts";

const { webApp, nativeApp } = demo;
const form = { "content-type": "application/x-www-form-urlencoded" };

async function open(path: string) {
	return ask(path, { headers: { cookie: await signedIn(ada) } });
}

function queryOf(path: string): string {
	return path.slice(path.indexOf("?") + 1);
}

describe("OIDC Core §3.1.2.1: the request by POST", () => {
	test("leads to the same request by GET, with every parameter", async () => {
		const query = queryOf(authorizePath(webApp, { state: "a b&c=d é", resource: "https://a.example/" }));
		const answer = await post("/oauth/authorize", `${query}&resource=https%3A%2F%2Fb.example%2F`, form);
		expect(answer.status).toBe(303);
		const location = locationOf(answer);
		expect(location.origin + location.pathname).toBe(`${issuer}/oauth/authorize`);
		const all = [...new URLSearchParams(query), ["resource", "https://b.example/"]];
		expect([...location.searchParams]).toEqual(all);
	});

	test("from another site as well: its form has no cookie, the navigation that it leads to does", async () => {
		const headers = { ...form, origin: "https://app.example", "sec-fetch-site": "cross-site" };
		const answer = await post("/oauth/authorize", queryOf(authorizePath(webApp)), headers);
		expect(answer.status).toBe(303);
		expect(answer.headers.has("access-control-allow-origin")).toBe(false);
		expect((await open(answer.headers.get("location") ?? "")).text).toContain('value="allow"');
	});

	test("what stands in its query belongs to it", async () => {
		const [state, rest] = ["state=one", queryOf(authorizePath(webApp, { state: undefined }))];
		const location = locationOf(await post(`/oauth/authorize?${state}`, rest, form));
		expect(location.searchParams.get("state")).toBe("one");
		expect(refusal(await post(`/oauth/authorize?${state}`, `${rest}&state=two`, form))).toBe("400 Malformed request");
	});

	test.each(["client_id", "redirect_uri", "state", "scope"])("RFC 6749 §3.1: %s twice is refused", async (name) => {
		const body = `${queryOf(authorizePath(webApp, { scope: "openid" }))}&${name}=x`;
		expect(refusal(await post("/oauth/authorize", body, form))).toBe("400 Malformed request");
	});

	test.each([
		["JSON", "415", { "content-type": "application/json" }, "{}"],
		["a text", "415", { "content-type": "text/plain" }, "client_id=x"],
		["17 KiB", "413", form, `state=${"x".repeat(17 * 1024)}`],
		["more than a link takes", "413", form, `state=${"x".repeat(15 * 1024)}`],
		["more than a link takes, once it is encoded", "413", form, `state=${"é".repeat(4 * 1024)}`],
	])("%s is refused", async (_, status, headers, body) => {
		expect(refusal(await post("/oauth/authorize", body, headers))).toBe(`${status} Malformed request`);
	});

	test("it never says yes to anything: the consent form has an address of its own", async () => {
		const cookie = await signedIn(ada);
		const { hidden } = formOn(await open(authorizePath(webApp)), "decision");
		const path = authorizePath(webApp);
		const answer = await postForm(path, { ...hidden, decision: "allow" }, { cookie, ...ownPage });
		expect(locationOf(answer).pathname).toBe("/oauth/authorize");
		expect(locationOf(answer).searchParams.has("code")).toBe(false);
	});
});

/** Ada opens the page, and presses Allow. */
async function sent(fields: Fields = {}, headers: Record<string, string> = ownPage, path = authorizePath(webApp)) {
	const cookie = await signedIn(ada);
	const { action, hidden } = formOn(await open(path), "decision");
	return postForm(action, { ...hidden, decision: "allow", ...fields }, { cookie, ...headers });
}

/** Nothing was granted: no redirect, so no code. */
function inert(answer: Answer): string {
	expect(answer.headers.has("location")).toBe(false);
	expect(credentialsIn(answer.text)).toEqual([]);
	return refusal(answer);
}

describe("the consent form of the authorization endpoint", () => {
	test("posts the whole request, to a path of its own", async () => {
		const { action } = formOn(await open(authorizePath(webApp)), "decision");
		expect(action).toBe(`/oauth/consent?${queryOf(authorizePath(webApp))}`);
		expect(codeOf(await sent())).toMatch(/^lkc_/);
	});

	test.each([
		{ "sec-fetch-site": "cross-site" },
		{ "sec-fetch-site": "same-site" },
		{ origin: "https://evil.example" },
		{ origin: "null" },
	])("CSRF: %j grants nothing", async (headers) => {
		expect(inert(await sent({}, headers))).toBe("403 Not from here");
	});

	test.each([undefined, "", "x", "A".repeat(43)])("CSRF: the token %j grants nothing", async (csrf) => {
		expect(inert(await sent({ csrf }))).toMatch(/^403 /);
	});

	test("CSRF: the token is of one sign-in", async () => {
		const answer = await ask(authorizePath(webApp), { headers: { cookie: await signedIn(grace) } });
		expect(inert(await sent({ csrf: formOn(answer, "decision").hidden.csrf }))).toMatch(/^403 /);
		const again = await ask(authorizePath(webApp), { headers: { cookie: await signInAnew(ada) } });
		expect(inert(await sent({ csrf: formOn(again, "decision").hidden.csrf }))).toMatch(/^403 /);
	});

	test.each([
		{ scope: "openid" },
		{ state: "other" },
		{ nonce: "other" },
		{ redirect_uri: "https://portal.example/callback" },
		{ code_challenge: "A".repeat(43) },
		{ code_challenge: undefined, code_challenge_method: undefined },
		{ resource: "https://api.example/" },
		{ response_mode: "form_post" },
		{ claims: '{"userinfo":{"email":null}}' },
		{ prompt: undefined },
	])("CSRF: the token is of one request, and not of that with %j", async (query) => {
		const cookie = await signedIn(ada);
		const redirectUris = [...webApp.client.redirectUris, "https://portal.example/callback"];
		const client = await aClient(webApp, { redirectUris });
		const scope = "openid events:read";
		const asked = authorizePath(client, { scope, ...query, prompt: "consent", state: "z" });
		const other = formOn(await open(asked), "decision");
		const { action } = formOn(await open(authorizePath(client, { scope })), "decision");
		const mixed = await postForm(action, { ...other.hidden, decision: "allow" }, { cookie, ...ownPage });
		expect(inert(mixed)).toMatch(/^403 /);
	});

	test("without a sign-in it asks for one, and then for the decision once more", async () => {
		const { action, hidden } = formOn(await open(authorizePath(webApp)), "decision");
		const answer = await postForm(action, { ...hidden, decision: "allow" }, ownPage);
		expect(answer.headers.has("location")).toBe(false);
		expect(formOn(answer, "password").hidden.continue).toBe(authorizePath(webApp));
	});

	test("every check of the request is made again", async () => {
		const cookie = await signedIn(ada);
		const { action, hidden } = formOn(await open(authorizePath(webApp)), "decision");
		const bent = action.replace("code_challenge_method=S256", "code_challenge_method=plain");
		const answer = await postForm(bent, { ...hidden, decision: "allow" }, { cookie, ...ownPage });
		expect(locationOf(answer).searchParams.get("error")).toBe("invalid_request");
		const elsewhere = action.replace("portal", "evil");
		const wrong = await postForm(elsewhere, { ...hidden, decision: "allow" }, { cookie, ...ownPage });
		expect(inert(wrong)).toBe("400 Wrong redirect URL");
	});

	test("opened as a link, it leads back to the request", async () => {
		const { action } = formOn(await open(authorizePath(webApp)), "decision");
		expect((await open(action)).headers.get("location")).toBe(authorizePath(webApp));
	});
});

describe("`state`", () => {
	test.each([
		`"><script>alert(1)</script>`,
		"' onload=alert(1) x='",
		"a b+c%20d%2Bd",
		"é ☃ 𝒳",
		"&amp; &#0; <",
		"=&?#/\\",
		" leading and trailing ",
		"x".repeat(4096),
	])("RFC 6749 §4.1.2: %j comes back as it was, by query and by form", async (state) => {
		const byQuery = locationOf(await decide(authorizePath(webApp, { state })));
		expect(byQuery.searchParams.get("state")).toBe(state);
		const error = locationOf(await open(authorizePath(webApp, { state, response_type: "x" })));
		expect(error.searchParams.get("state")).toBe(state);
		const byForm = await decide(authorizePath(webApp, { state, response_mode: "form_post" }));
		expect(formOn(byForm, "state").hidden.state).toBe(state);
	});

	test.each(["a\r\nb", "a\nb", "\u0000", "\u007f", "%ff"])("what would not, %j, is refused", async (state) => {
		const path = authorizePath(webApp, { state: "STATE" }).replace(
			"STATE",
			state === "%ff" ? state : encodeURIComponent(state),
		);
		expect(refusal(await open(path))).toBe("400 Malformed link");
	});
});

function unsigned(claims: unknown): string {
	return `${jwtPart({ alg: "none" })}.${jwtPart(claims)}.`;
}

function jwtPart(value: unknown): string {
	return Buffer.from(JSON.stringify(value)).toString("base64url");
}

describe("OIDC Core §6.1: a request object is refused in the mode that it asks for", () => {
	const claims = { response_mode: "form_post", state: "inside", redirect_uri: "https://evil.example/", nonce: "n" };

	test("and nothing else of it is used", async () => {
		const page = await open(authorizePath(webApp, { request: unsigned(claims), state: undefined, prompt: "none" }));
		const { action, hidden } = formOn(page, "error");
		expect(action).toBe(webApp.client.redirectUris[0]);
		expect(hidden).toEqual({ error: "request_not_supported", error_description: expect.any(String), iss: issuer });
	});

	test.each<[string, Fields]>([
		["what stands outside says otherwise", { request: unsigned(claims), response_mode: "query" }],
		["it names none", { request: unsigned({ ...claims, response_mode: undefined }) }],
		["it names one that is not known", { request: unsigned({ response_mode: "fragment" }) }],
		["it names a list", { request: unsigned({ response_mode: ["form_post"] }) }],
		["it is no object", { request: unsigned("form_post") }],
		["it is encrypted", { request: `${jwtPart({ alg: "RSA-OAEP", enc: "A128GCM" })}.a.b.c.d` }],
		["it is garbage", { request: "%%%" }],
	])("and by the query where %s", async (_, query) => {
		const location = locationOf(await open(authorizePath(webApp, { ...query, state: "s" })));
		expect(location.origin + location.pathname).toBe(webApp.client.redirectUris[0]);
		expect(location.searchParams.get("error")).toBe("request_not_supported");
	});

	test("a client that nothing can be posted to is answered by the query", async () => {
		const client = await aClient(nativeApp, { redirectUris: ["com.example.app:/callback"] });
		const location = locationOf(await open(authorizePath(client, { request: unsigned(claims) })));
		expect(location.searchParams.get("error")).toBe("request_not_supported");
	});
});

describe("OAuth 2.0 Form Post Response Mode", () => {
	const path = authorizePath(webApp, { response_mode: "form_post", state: `"><script>alert(1)</script>` });

	test("the answer is a form that posts itself to the redirect URI, and to nothing else", async () => {
		const page = await decide(path);
		expect(page.status).toBe(200);
		const { action, hidden } = formOn(page, "code");
		expect(action).toBe(webApp.client.redirectUris[0]);
		expect(hidden).toEqual({
			code: expect.stringMatching(/^lkc_/),
			state: `"><script>alert(1)</script>`,
			iss: issuer,
		});
		expect(page.text).toMatch(/<form method="post"[^>]* data-submits-itself="yes">/);
		expect(page.text).toContain('<button type="submit">');
		expect(page.text).not.toMatch(/<script(?! src="\/static\/latchkey\.js" defer>)|<script>alert/);
		expect((await exchange(hidden.code ?? "", { client: webApp })).status).toBe(200);
	});

	test("§2: nobody keeps it, frames it, or learns of it, and its policy stops nothing that the client does then", async () => {
		const { headers } = await decide(path);
		expect(headers.get("cache-control")).toBe("no-store");
		const policy = headers.get("content-security-policy") ?? "";
		expect(policy).toContain("default-src 'none'");
		expect(policy).not.toContain("form-action");
		expect(policy).toContain("frame-ancestors 'none'");
		expect(policy).not.toMatch(/unsafe|\*|https?:/);
		expect(headers.get("referrer-policy")).toBe("strict-origin");
	});

	test("errors go the same way, with `state` and `iss`", async () => {
		const denied = formOn(await decide(path, { decision: "deny" }), "error");
		expect(denied.action).toBe(webApp.client.redirectUris[0]);
		expect(denied.hidden).toMatchObject({ error: "access_denied", iss: issuer });
		const query = { response_mode: "form_post", scope: "nothing", state: "s" };
		const refused = formOn(await open(authorizePath(webApp, query)), "error");
		expect(refused.hidden).toMatchObject({ error: "invalid_scope", state: "s", iss: issuer });
	});

	test("an application on a private-use scheme cannot be posted to", async () => {
		const client = await aClient(nativeApp, { redirectUris: ["com.example.app:/callback"] });
		const answer = await open(authorizePath(client, { response_mode: "form_post" }));
		const location = locationOf(answer);
		expect(location.protocol).toBe("com.example.app:");
		expect(location.searchParams.get("error")).toBe("invalid_request");
	});
});
