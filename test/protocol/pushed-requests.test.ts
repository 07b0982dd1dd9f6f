import { afterAll, describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { aKeyClient, assertionOf, withAssertion } from "../support/assertions.ts";
import { anIntegration, change, read } from "../support/integrations.ts";
import { idTokenOf } from "../support/openid.ts";
import { ada, codeOf, cookieOf, decide, formOn, signedIn, signInAnew } from "../support/people.ts";
import { pkce } from "../support/pkce.ts";
import { push, pushedPath, pushedUri, requestUriOf } from "../support/pushed.ts";
import { aClient } from "../support/registered.ts";
import { ask, basic, type Fields, locationOf, ownPage, postForm, refusal, times } from "../support/requests.ts";
import { startStrangerServer } from "../peers/stranger-server.ts";
import { advance, demo, issuer, logged, now, stored } from "../support/target.ts";
import { authorizePath, basicOf, claimsOf, exchange, tokensOf } from "../support/tokens.ts";

const { webApp, nativeApp, integration } = demo;
const openid = { scope: "openid events:read" };
const server = await startStrangerServer();
afterAll(() => server.close());

/** What a browser gets in which Ada is signed in. */
async function open(path: string) {
	return ask(path, { headers: { cookie: await signedIn(ada) } });
}

async function errorAt(path: string): Promise<string | null> {
	return locationOf(await open(path)).searchParams.get("error");
}

describe("RFC 9126 §2.2: a good request is answered with a reference to it", () => {
	test("RFC 9126 §2.2: 201, a request_uri and how long it is good, which nobody may keep", async () => {
		const { status, headers, body } = await push();
		expect([status, headers.get("cache-control"), headers.get("content-type")]).toEqual([
			201,
			"no-store",
			"application/json",
		]);
		expect(body).toEqual({
			request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{64,}$/),
			expires_in: 60,
		});
	});

	test("RFC 9126 §4: client_id and request_uri are enough, and state and nonce of any length come back whole", async () => {
		const [state, nonce] = ["s".repeat(128), "n".repeat(384)];
		const path = pushedPath(webApp, await pushedUri(webApp, { ...openid, state, nonce }));
		const location = locationOf(await decide(path));
		expect(location.origin + location.pathname).toBe(webApp.client.redirectUris[0]);
		expect(Object.fromEntries(location.searchParams)).toEqual({ code: expect.any(String), state, iss: issuer });
		const answer = await exchange(location.searchParams.get("code") ?? "", { client: webApp });
		expect(claimsOf(idTokenOf(answer)).nonce).toBe(nonce);
		expect(answer.body.scope).toBe("events:read openid");
	});

	test("RFC 9126 §2.1: a public client names itself, and has no code without its verifier", async () => {
		const code = codeOf(await decide(pushedPath(nativeApp, await pushedUri(nativeApp))));
		const wrong = await exchange(code, { client: nativeApp, fields: { code_verifier: "x".repeat(43) } });
		expect(refusal(wrong)).toBe("400 invalid_grant");
		expect(tokensOf(await exchange(code, { client: nativeApp })).accessToken).not.toBe("");
	});

	test("RFC 8707 §2: several resources are all of them there", async () => {
		const form = new URLSearchParams([
			...new URL(authorizePath(webApp, { scope: "openid" }), issuer).searchParams,
			["resource", "https://a.example/"],
			["resource", "https://b.example/"],
		]);
		const headers = { ...basicOf(webApp), "content-type": "application/x-www-form-urlencoded" };
		const pushed = await ask("/oauth/par", { method: "POST", body: form.toString(), headers });
		const code = codeOf(await decide(pushedPath(webApp, requestUriOf(pushed))));
		const { accessToken } = tokensOf(await exchange(code, { client: webApp }));
		expect(claimsOf(accessToken).aud).toEqual(expect.arrayContaining(["https://a.example/", "https://b.example/"]));
	});

	test("RFC 9126 §7.1: the same request twice has two references, of which neither tells what it says", async () => {
		const [first, second] = [await pushedUri(webApp, openid), await pushedUri(webApp, openid)];
		expect(first).not.toBe(second);
		const sealed = first.split(":").at(-1) ?? "";
		const inside = new TextDecoder("latin1").decode(Uint8Array.fromBase64(sealed, { alphabet: "base64url" }));
		expect(inside).not.toContain("redirect_uri");
	});

	test("nothing is stored of it", async () => {
		const before = JSON.stringify(await stored());
		await pushedUri(webApp, { state: "nowhere to be found" });
		expect(JSON.stringify(await stored())).toBe(before);
	});
});

describe("RFC 9126 §2.1: the client authenticates as at the token endpoint", () => {
	test("before anything else is looked at", async () => {
		for (const query of [
			{},
			{ redirect_uri: "https://evil.example/" },
			{ request_uri: "urn:x" },
			{ scope: "nothing" },
		]) {
			const answer = await push(webApp, { ...query, client_secret: "lkcs_wrong" });
			expect([query, refusal(answer)]).toEqual([query, "401 invalid_client"]);
		}
		expect(refusal(await push(webApp, { client_secret: undefined }))).toBe("401 invalid_client");
		expect(refusal(await push(webApp, { client_id: undefined, client_secret: undefined }))).toBe("401 invalid_client");
	});

	test("by HTTP Basic, beside which client_id is the same or not there", async () => {
		const by = (fields: Fields) => push(webApp, { client_secret: undefined, ...fields }, basicOf(webApp));
		expect((await by({})).status).toBe(201);
		const path = pushedPath(webApp, requestUriOf(await by({ client_id: undefined })));
		expect(locationOf(await decide(path)).searchParams.has("code")).toBe(true);
		expect(refusal(await by({ client_id: nativeApp.client.id }))).toBe("400 invalid_request");
		const wrong = await push(webApp, { client_secret: undefined }, basic(webApp.client.id, "lkcs_wrong"));
		expect(refusal(wrong)).toBe("401 invalid_client");
		expect(wrong.headers.get("www-authenticate")).toMatch(/^Basic /);
	});

	test.each([
		["the issuer", issuer],
		["the token endpoint", `${issuer}/oauth/token`],
		["the endpoint of pushed requests", `${issuer}/oauth/par`],
	])("RFC 9126 §2: by an assertion whose audience is %s", async (_, aud) => {
		const client = await aKeyClient();
		const fields = withAssertion(await assertionOf(client, { claims: { aud } }));
		expect((await push(client, { ...fields })).status).toBe(201);
		expect(refusal(await push(client, { ...fields }))).toBe("401 invalid_client");
	});

	test("what it authenticates by goes no further", async () => {
		const client = await aKeyClient();
		const path = pushedPath(client, await pushedUri(client, withAssertion(await assertionOf(client))));
		expect((await open(path)).text).not.toContain("client_assertion");
		expect(locationOf(await decide(path)).searchParams.has("code")).toBe(true);
	});

	test("Client ID Metadata Document: a client that nobody has consented to yet", async () => {
		const redirectUris = ["https://weather.example/callback"];
		const path = "/clients/pushes.json";
		const document = {
			client_id: server.origin + path,
			client_name: "Weather station",
			redirect_uris: redirectUris,
			token_endpoint_auth_method: "none",
		};
		const id = server.serveJson(document, {}, path);
		const stranger = { client: { ...nativeApp.client, id, accountId: null, redirectUris }, secret: null };
		const code = codeOf(await decide(pushedPath(stranger, await pushedUri(stranger, { scope: "events:read" }))));
		expect(tokensOf(await exchange(code, { client: stranger })).accessToken).not.toBe("");
		const missing = { client: { ...stranger.client, id: `${server.origin}/clients/none.json` }, secret: null };
		expect(refusal(await push(missing))).toBe("401 invalid_client");
	});
});

describe("RFC 9126 §2.3: what would be refused later is refused to the client at once", () => {
	test.each<[string, Fields, string]>([
		["RFC 9126 §2.1: a request_uri", { request_uri: "urn:ietf:params:oauth:request_uri:x" }, "400 invalid_request"],
		["a redirect URI that is not registered", { redirect_uri: "https://evil.example/" }, "400 invalid_request"],
		["one of another client", { redirect_uri: integration.client.redirectUris[0] }, "400 invalid_request"],
		["no response type", { response_type: undefined }, "400 invalid_request"],
		["the implicit flow", { response_type: "token" }, "400 unsupported_response_type"],
		["a hybrid flow", { response_type: "code id_token" }, "400 unsupported_response_type"],
		["a request object", { request: "eyJhbGciOiJub25lIn0.e30." }, "400 request_not_supported"],
		["no PKCE", { code_challenge: undefined, code_challenge_method: undefined }, "400 invalid_request"],
		["PKCE with plain", { code_challenge: pkce.verifier, code_challenge_method: "plain" }, "400 invalid_request"],
		["an unknown scope", { scope: "everything" }, "400 invalid_scope"],
		["a resource with a fragment", { resource: "https://api.example/#x" }, "400 invalid_target"],
		["a prompt that is none of ours", { prompt: "create" }, "400 invalid_request"],
		["a state that could not come back", { state: "a\nb" }, "400 invalid_request"],
		["a nonce without end", { nonce: "n".repeat(513) }, "400 invalid_request"],
		["more than goes into a link", { login_hint: "x".repeat(12_000) }, "413 invalid_request"],
	])("%s", async (_, query, refused) => {
		expect(refusal(await push(nativeApp, query))).toBe(refused);
	});

	test("where a client has several redirect URIs, the request has to name one", async () => {
		const client = await aClient(webApp, { redirectUris: ["https://a.example/cb", "https://b.example/cb"] });
		expect(refusal(await push(client, { redirect_uri: undefined }))).toBe("400 invalid_request");
		const path = pushedPath(client, await pushedUri(client, { redirect_uri: "https://b.example/cb" }));
		expect(locationOf(await decide(path)).origin).toBe("https://b.example");
	});

	test("a parameter twice, JSON, and more than 16 KiB", async () => {
		const form = { "content-type": "application/x-www-form-urlencoded", ...basicOf(webApp) };
		const twice = await ask("/oauth/par", { method: "POST", body: "state=a&state=b", headers: form });
		expect(refusal(twice)).toBe("400 invalid_request");
		const headers = { "content-type": "application/json", ...basicOf(webApp) };
		expect(refusal(await ask("/oauth/par", { method: "POST", body: "{}", headers }))).toBe("415 invalid_request");
		const long = { method: "POST", body: `state=${"s".repeat(17_000)}`, headers: form };
		expect(refusal(await ask("/oauth/par", long))).toBe("413 invalid_request");
	});

	test("and is logged with its client", async () => {
		await push(webApp, { scope: "everything" });
		const line = (await logged()).findLast((each) => each.includes("par.refused")) ?? "";
		expect(JSON.parse(line)).toMatchObject({ client: webApp.client.id, error: "invalid_scope" });
	});
});

describe("RFC 9126 §4: what was pushed counts, and nothing beside it", () => {
	test("whatever the browser's link says", async () => {
		const uri = await pushedUri(webApp, { ...openid, state: "pushed", nonce: "pushed" });
		const beside = {
			state: "beside",
			nonce: "beside",
			scope: "openid email",
			redirect_uri: "https://evil.example/",
			response_type: "token",
			response_mode: "form_post",
			code_challenge: "x",
			prompt: "none",
			request: "eyJhbGciOiJub25lIn0.e30.",
		};
		const location = locationOf(await decide(pushedPath(webApp, uri, beside)));
		expect(location.searchParams.get("state")).toBe("pushed");
		const answer = await exchange(location.searchParams.get("code") ?? "", { client: webApp });
		expect(answer.body.scope).toBe("events:read openid");
		expect(claimsOf(idTokenOf(answer)).nonce).toBe("pushed");
	});

	test("nor does what was not pushed come from the link", async () => {
		const uri = await pushedUri(webApp, { ...openid, state: undefined, nonce: undefined });
		const location = locationOf(await decide(pushedPath(webApp, uri, { state: "beside", nonce: "beside" })));
		expect(location.searchParams.has("state")).toBe(false);
		const answer = await exchange(location.searchParams.get("code") ?? "", { client: webApp });
		expect(claimsOf(idTokenOf(answer))).not.toHaveProperty("nonce");
	});

	test("a request object of somebody's, by reference, is refused as before", async () => {
		const path = authorizePath(webApp, { request_uri: "https://evil.example/r" });
		expect(await errorAt(path)).toBe("request_uri_not_supported");
	});

	test("RFC 9126 §7.4: what the client may not any more is refused, though it was pushed in time", async () => {
		const redirect_urls = ["https://radar.example/done", "https://radar.example/other"];
		const made = await anIntegration({ kind: "application", redirect_urls, scopes: ["events:read"] });
		const [, other] = redirect_urls;
		const uri = await pushedUri(made, { redirect_uri: other });
		const before = pushedPath(made, uri);
		expect((await open(before)).status).toBe(200);
		await change(made, { redirect_urls: redirect_urls.slice(0, 1) });
		await advance(staleness + 1);
		expect(refusal(await open(before))).toBe("400 Wrong redirect URL");
	});
});

describe("RFC 9126 §2.2: a reference is its client's alone", () => {
	const unknown = "400 Unknown request";

	test("another client's is no request", async () => {
		const other = await aClient(webApp);
		const path = pushedPath(other, await pushedUri(webApp));
		expect(refusal(await open(path))).toBe(unknown);
		expect(refusal(await open(pushedPath(nativeApp, await pushedUri(webApp))))).toBe(unknown);
	});

	test("RFC 9126 §7.1: nor is one that is made up, cut, respelled or put together", async () => {
		const uri = await pushedUri(webApp);
		const [head, sealed = ""] = [uri.slice(0, uri.lastIndexOf(":") + 1), uri.split(":").at(-1)];
		const flipped = sealed.replace(
			/^(.{40})(.)/,
			(_, before: string, one: string) => before + (one === "A" ? "B" : "A"),
		);
		for (const other of [
			"",
			"x",
			sealed.slice(1),
			sealed.slice(0, -1),
			`${sealed}A`,
			`${sealed}=`,
			flipped,
			"A".repeat(120),
		]) {
			expect([other, refusal(await open(pushedPath(webApp, head + other)))]).toEqual([other, unknown]);
		}
	});

	test("RFC 9101 §5: without client_id it is nobody's", async () => {
		const path = `/oauth/authorize?${new URLSearchParams({ request_uri: await pushedUri(webApp) })}`;
		expect(refusal(await open(path))).toBe("400 Missing client ID");
	});

	test("a text that was sealed for something else is none", async () => {
		const code = codeOf(await decide(authorizePath(webApp)));
		const path = pushedPath(webApp, `urn:ietf:params:oauth:request_uri:${code.replace("lkc_", "")}`);
		expect(refusal(await open(path))).toBe(unknown);
	});
});

describe("RFC 9126 §4: a reference is good once, for a minute", () => {
	test("late, its client is told so, with the state that it pushed", async () => {
		const path = pushedPath(webApp, await pushedUri(webApp, { state: "pushed" }));
		await advance(59);
		expect((await open(path)).text).toContain('value="allow"');
		await advance(1);
		const { searchParams } = locationOf(await open(path));
		expect(Object.fromEntries(searchParams)).toEqual({
			error: "invalid_request_uri",
			error_description: expect.any(String),
			state: "pushed",
			iss: issuer,
		});
	});

	test("before somebody has decided it may be opened as often as they like", async () => {
		const path = pushedPath(webApp, await pushedUri(webApp));
		expect((await ask(path)).text).toContain('name="password"');
		expect((await open(path)).text).toContain('value="allow"');
		expect(locationOf(await decide(path)).searchParams.has("code")).toBe(true);
	});

	test("RFC 9126 §7.3: after a code was given for it there is no second", async () => {
		const path = pushedPath(webApp, await pushedUri(webApp));
		const cookie = await signedIn(ada);
		const again = formOn(await ask(path, { headers: { cookie } }), "decision");
		expect(locationOf(await decide(path)).searchParams.has("code")).toBe(true);
		for (const answer of [
			await decide(path),
			await postForm(again.action, { ...again.hidden, decision: "allow" }, { cookie, ...ownPage }),
		]) {
			expect(locationOf(answer).searchParams.get("error")).toBe("invalid_request_uri");
			expect(locationOf(answer).searchParams.has("code")).toBe(false);
		}
	});

	test("nor where nobody has to be asked any more", async () => {
		const client = await aClient(webApp);
		await decide(authorizePath(client, openid));
		const path = pushedPath(client, await pushedUri(client, { ...openid, prompt: "none" }));
		expect(locationOf(await open(path)).searchParams.has("code")).toBe(true);
		expect(await errorAt(path)).toBe("invalid_request_uri");
	});

	test("of twenty answers at once one gets a code", async () => {
		const cookie = await signedIn(ada);
		const path = pushedPath(webApp, await pushedUri(webApp));
		const form = formOn(await ask(path, { headers: { cookie } }), "decision");
		const sent = { ...form.hidden, decision: "allow" };
		const answers = await Promise.all(times(20, () => postForm(form.action, sent, { cookie, ...ownPage })));
		const codes = answers.map((answer) => locationOf(answer).searchParams.get("code")).filter((code) => code !== null);
		expect(codes).toHaveLength(1);
		expect(tokensOf(await exchange(codes[0] ?? "", { client: webApp })).accessToken).not.toBe("");
	});

	test("who came in time has an hour to sign in and to decide, and no more", async () => {
		const path = pushedPath(webApp, await pushedUri(webApp));
		const page = await ask(path);
		const { action, hidden } = formOn(page, "password");
		await advance(1800);
		const { username, password } = ada;
		const signing = await postForm(action, { ...hidden, username, password }, ownPage);
		const next = signing.headers.get("location") ?? "";
		const cookie = cookieOf(signing);
		expect((await ask(next, { headers: { cookie } })).text).toContain('value="allow"');
		await advance(1799);
		const form = formOn(await ask(next, { headers: { cookie } }), "decision");
		await advance(1);
		const late = await postForm(form.action, { ...form.hidden, decision: "allow" }, { cookie, ...ownPage });
		expect(locationOf(late).searchParams.get("error")).toBe("invalid_request_uri");
	});

	test("a refusal is told to the client, and uses nothing up", async () => {
		const path = pushedPath(webApp, await pushedUri(webApp));
		expect(locationOf(await decide(path, { decision: "deny" })).searchParams.get("error")).toBe("access_denied");
		expect(locationOf(await decide(path)).searchParams.has("code")).toBe(true);
	});

	test("RFC 9700 §4.11.2: a stranger's that is over sends nobody on by itself", async () => {
		const stranger = await aClient(nativeApp, { accountId: null });
		const path = pushedPath(stranger, await pushedUri(stranger, { scope: "events:read" }));
		await advance(60);
		const answer = await open(path);
		expect([answer.status, answer.headers.has("location")]).toEqual([400, false]);
		expect(answer.text).toContain("error=invalid_request_uri");
	});
});

describe("OIDC Core §3.1.2.1: what was pushed of a sign-in nobody edits in the browser", () => {
	test.each<[string, Fields]>([
		["prompt=login", { prompt: "login" }],
		["max_age=0", { max_age: 0, prompt: undefined }],
		["max_age, which is over", { max_age: 10, prompt: undefined }],
	])("%s: the password is asked for once, after it was opened", async (_, query) => {
		const cookie = await signInAnew(ada);
		await advance(30);
		const page = await ask(pushedPath(webApp, await pushedUri(webApp, { ...openid, ...query })), {
			headers: { cookie },
		});
		expect(page.text).toContain('name="password"');
		const { action, hidden } = formOn(page, "password");
		// Where it leads to afterwards is no way around it.
		const around = await ask(hidden.continue ?? "", { headers: { cookie } });
		expect(around.text).toContain('name="password"');
		await advance(20);
		const signing = await postForm(action, { ...hidden, username: ada.username, password: ada.password }, ownPage);
		const at = now();
		await advance(30);
		const headers = { cookie: cookieOf(signing) };
		const next = await ask(signing.headers.get("location") ?? "", { headers });
		const form = next.status === 200 ? formOn(next, "decision") : null;
		const answer = form
			? await postForm(form.action, { ...form.hidden, decision: "allow" }, { ...headers, ...ownPage })
			: next;
		const tokens = await exchange(codeOf(answer), { client: webApp });
		expect(claimsOf(idTokenOf(tokens)).auth_time).toBe(at);
	});

	test("the page that asks for the password names who asked, and where the answer goes", async () => {
		const redirectUris = ["https://a.example/cb", "https://b.example/cb"];
		const client = await aClient(webApp, { redirectUris, accountId: null });
		const page = await ask(
			pushedPath(client, await pushedUri(client, { redirect_uri: redirectUris[1], scope: "events:read" })),
		);
		const { action, hidden } = formOn(page, "password");
		const again = await postForm(action, { ...hidden, username: ada.username, password: "wrong" }, ownPage);
		for (const each of [page, again]) {
			expect(each.text).toContain(client.client.name);
			expect(each.text).toContain("b.example");
			expect(each.text).not.toContain("a.example");
		}
	});

	test("who goes back instead of signing in: the client is told", async () => {
		const page = await ask(pushedPath(webApp, await pushedUri(webApp)));
		const { action, hidden } = formOn(page, "decision");
		const answer = await postForm(action, { ...hidden, decision: "deny" }, ownPage);
		expect(locationOf(answer).searchParams.get("error")).toBe("access_denied");
	});
});

describe("RFC 9126 §6: require_pushed_authorization_requests", () => {
	const application = { kind: "application", redirect_urls: ["https://radar.example/done"], scopes: ["events:read"] };

	test("a client that has it gets nothing by the browser's link, and is told why", async () => {
		const made = await anIntegration({ ...application, require_pushed_authorization_requests: true });
		const { searchParams } = locationOf(await open(authorizePath(made, { scope: "nothing" })));
		expect(searchParams.get("error")).toBe("invalid_request");
		expect(searchParams.get("error_description")).toContain("require_pushed_authorization_requests");
		expect(locationOf(await decide(pushedPath(made, await pushedUri(made)))).searchParams.has("code")).toBe(true);
	});

	test("it is off where it is left out, and can be taken away", async () => {
		const made = await anIntegration(application);
		expect((await read(made)).body.require_pushed_authorization_requests).toBe(false);
		await change(made, { require_pushed_authorization_requests: true });
		await advance(staleness + 1);
		expect(await errorAt(authorizePath(made))).toBe("invalid_request");
		await change(made, { require_pushed_authorization_requests: false });
		await advance(staleness + 1);
		expect((await open(authorizePath(made))).text).toContain('value="allow"');
	});
});
