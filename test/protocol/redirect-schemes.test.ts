import { afterAll, describe, expect, test } from "vitest";
import { wordsOf } from "../support/console.ts";
import { anIntegration, change, create } from "../support/integrations.ts";
import { ada, codeOf, decide, signedIn } from "../support/people.ts";
import { fromElsewhere, publish } from "../support/published.ts";
import { aClient } from "../support/registered.ts";
import { type Answer, ask, locationOf, refusal } from "../support/requests.ts";
import { manage, registerClient, selfRegistered } from "../support/self-registered.ts";
import { startStrangerServer } from "../peers/stranger-server.ts";
import { demo, issuer } from "../support/target.ts";
import { authorizePath, environments, exchange, type Registered, tokensOf } from "../support/tokens.ts";

// Programs on a computer are answered by a scheme that they made up. What Cursor sends has three redirect URIs in one
// registration, of which the first has no dot in its scheme (RFC 8252 §7.1), as reported in PrefectHQ/fastmcp issue 2302 (October
// 2025); so have those of Visual Studio Code and Claude.

const server = await startStrangerServer();
afterAll(() => server.close());

const site = "https://weather.example/callback";
const cursor = "cursor://anysphere.cursor-mcp/oauth/callback";
const ofCursor = [cursor, "https://www.cursor.com/agents/mcp/oauth/callback", "http://localhost:8787/callback"];

async function registeredAt(redirect_uris: readonly string[], changes: object = {}): Promise<string> {
	const answer = await registerClient({ redirect_uris, ...changes });
	return answer.status === 201 ? (answer.body.redirect_uris as string[]).join(" ") : refusal(answer);
}

async function openAsAda(client: Registered, query: Record<string, string> = {}): Promise<Answer> {
	const headers = { cookie: await signedIn(ada), ...fromElsewhere() };
	return ask(authorizePath(client, { scope: "events:read", ...query }), { headers });
}

/** Whether a document with these redirect URIs is used: what is asked, or why it is not. */
async function documentAt(redirect_uris: readonly unknown[], answerAt = site): Promise<string> {
	const page = await openAsAda(publish(server, { redirect_uris, token_endpoint_auth_method: "none" }), {
		redirect_uri: answerAt,
	});
	return page.status === 200 ? "asked" : refusal(page);
}

describe("a scheme without a dot (RFC 8252 §7.1)", () => {
	test.each([
		["Cursor", ofCursor],
		[
			"Visual Studio Code",
			["vscode://ms-vscode.mcp/authorize", "https://vscode.dev/redirect", "http://127.0.0.1:33418/"],
		],
		["Claude", ["claude://oauth/callback"]],
	])("%s registers all that it sends, and is answered at each", async (_, redirectUris) => {
		const client = await selfRegistered({ redirect_uris: redirectUris });
		expect(client.body.redirect_uris).toEqual(redirectUris);
		for (const redirect_uri of redirectUris) {
			const answer = await decide(authorizePath(client, { scope: "environments:read", redirect_uri, state: "s" }));
			expect(answer.status).toBe(303);
			expect(answer.headers.get("location")).toMatch(
				new RegExp(`^${RegExp.escape(redirect_uri)}\\?code=[^&]+&state=s&iss=`),
			);
			const redeemed = await exchange(codeOf(answer), { client, fields: { redirect_uri } });
			expect((await environments(tokensOf(redeemed).accessToken)).status).toBe(200);
		}
	});

	test("is as good in a document", async () => {
		expect(await documentAt(ofCursor, cursor)).toBe("asked");
	});

	test("asks for PKCE", async () => {
		const client = await selfRegistered({ redirect_uris: [cursor] });
		const without = { code_challenge: undefined, code_challenge_method: undefined, scope: "events:read" };
		const page = await ask(authorizePath(client, without));
		expect(page.text + (page.headers.get("location") ?? "")).toMatch(/code_challenge|PKCE/);
	});

	test("whose client says nothing of how it authenticates is a public client's, and is told so (RFC 8252 §8.4)", async () => {
		const changes = { redirect_uris: [cursor], token_endpoint_auth_method: undefined };
		const { status, body } = await registerClient(changes);
		expect([status, body.token_endpoint_auth_method, body.client_secret]).toEqual([201, "none", undefined]);
	});

	test("is no place for the answers of a client that proves who it is: left out, and refused where nothing is left", async () => {
		const confidential = { token_endpoint_auth_method: "client_secret_post" };
		expect(await registeredAt(ofCursor, confidential)).toBe(ofCursor.slice(1).join(" "));
		const refused = await registerClient({ redirect_uris: [cursor], ...confidential });
		expect(refusal(refused)).toBe("400 invalid_redirect_uri");
		expect(refused.body.error_description).toContain("only a public client");
	});

	test("but one with a dot is, whose client registered for a secret of its own (RFC 8252 §8.4; AppAuth for Android)", async () => {
		const said = {
			redirect_uris: ["com.example.app:/oauth2redirect"],
			token_endpoint_auth_method: "client_secret_basic",
		};
		const client = await selfRegistered(said);
		const code = codeOf(await decide(authorizePath(client, { scope: "events:read" })));
		expect(refusal(await exchange(code, { client, method: "none" }))).toBe("401 invalid_client");
		expect((await exchange(code, { client, method: "basic" })).status).toBe(200);
	});

	test("is matched exactly: another path, case or host of it is another's", async () => {
		const client = await selfRegistered({ redirect_uris: [cursor] });
		for (const redirect_uri of [
			`${cursor}/`,
			"cursor://evil/oauth/callback",
			cursor.toUpperCase(),
			"cursor:/oauth/callback",
		]) {
			expect(refusal(await openAsAda(client, { redirect_uri }))).toBe("400 Wrong redirect URL");
		}
	});
});

describe("whoever decides is told who is answered (RFC 8252 §8.6)", () => {
	const stranger = { accountId: null };
	test.each([
		["a program", [cursor], "to the program that opens cursor: links here, and any program can claim to be that one"],
		[
			"this computer",
			["http://127.0.0.1:8080/cb"],
			"on this computer, at 127.0.0.1:8080 , where any program can claim to be",
		],
		[
			"this computer, by its other name",
			["http://localhost/cb"],
			"on this computer, at localhost , where any program can",
		],
		["a site", [site], "sent to weather.example . Go on only if you know this site"],
	])("%s", async (_, redirectUris, words) => {
		for (const changes of [{ redirectUris }, { redirectUris, ...stranger }]) {
			const page = await openAsAda(await aClient(demo.nativeApp, changes));
			expect(wordsOf(page).replace(/ ([.,])/g, " $1")).toContain(words);
		}
	});

	test("and is asked each time, silently never", async () => {
		for (const redirect of [cursor, "com.example.app:/cb", "http://127.0.0.1:8080/cb"]) {
			const client = await aClient(demo.nativeApp, { redirectUris: [redirect] });
			await decide(authorizePath(client, { scope: "openid" }));
			const again = await openAsAda(client, { scope: "openid", prompt: "" });
			expect([again.status, again.text.includes('name="decision"')]).toEqual([200, true]);
			const silent = locationOf(await openAsAda(client, { scope: "openid", prompt: "none" }));
			expect(silent.searchParams.get("error")).toBe("interaction_required");
		}
	});
});

const bad = [
	["a fragment", "https://weather.example/#token"],
	["a user name", "https://bank.example@weather.example/"],
	["a wildcard", "https://*.weather.example/"],
	["a space", "https://weather.example/a b"],
	["port 0 on loopback", "http://127.0.0.1:0/"],
	["code in its query", "https://weather.example/?code=x"],
	["the out-of-band URN", "urn:ietf:wg:oauth:2.0:oob"],
	["no scheme", "localhost:8080/cb"],
	["nothing", ""],
] as const;

describe("RFC 7591 §3.2.1: of several redirect URIs those are registered that are good here", () => {
	test.each(bad)("%s is left out, as the answer shows; alone it is refused", async (_, uri) => {
		expect(await registeredAt([uri, site, site])).toBe(site);
		expect(await registeredAt([uri])).toBe("400 invalid_redirect_uri");
		expect([await documentAt([uri, site]), await documentAt([uri])]).toEqual(["asked", "400 Unusable application"]);
	});

	test("OIDC Registration §2: of a web application those of schemes of its own are left out, and http on loopback is not", async () => {
		expect(await registeredAt(ofCursor, { application_type: "web" })).toBe(ofCursor.slice(1).join(" "));
		expect(await registeredAt(ofCursor, { application_type: "native" })).toBe(ofCursor.join(" "));
	});

	test("nobody is sent to one that was left out", async () => {
		const left = "https://weather.example/callback?code=x";
		const client = await selfRegistered({ redirect_uris: [left, site] });
		expect(refusal(await openAsAda(client, { redirect_uri: left }))).toBe("400 Wrong redirect URL");
		expect(await documentAt([left, site], left)).toBe("400 Wrong redirect URL");
	});

	test("RFC 7592 §2.2: by the same rule when it says anew what it is", async () => {
		const client = await selfRegistered({ redirect_uris: [site] });
		const said = { client_id: client.id, token_endpoint_auth_method: "none" };
		const changed = await manage("PUT", client, { ...said, redirect_uris: ["localhost:8080/cb", ...ofCursor] });
		expect([changed.status, changed.body.redirect_uris]).toEqual([200, ofCursor]);
		for (const redirect_uris of [
			["localhost:8080/cb"],
			[site, "javascript:alert(1)"],
			[site, "http://weather.example/"],
		]) {
			expect(refusal(await manage("PUT", client, { ...said, redirect_uris }))).toBe("400 invalid_redirect_uri");
		}
		expect((await manage("GET", client)).body.redirect_uris).toEqual(ofCursor);
	});
});

describe("a scheme that browsers or systems act on is refused, with all that stands beside it", () => {
	test.each([
		"http://weather.example/callback",
		"HTTP://192.168.0.1/callback",
		"http://localhost.weather.example/callback",
		"javascript:alert(document.cookie)",
		"JavaScript://weather.example/%0aalert(1)",
		" javascript:alert(1)",
		"\u0001javascript:alert(1)",
		"java\tscript:alert(1)",
		"jav\nascript:alert(1)",
		"javascript:alert(1)#fragment",
		"data:text/html,<script>alert(1)</script>",
		"DATA:text/html;base64,PHNjcmlwdD4=",
		"vbscript:msgbox(1)",
		`blob:${issuer}/1`,
		`filesystem:${issuer}/temporary/x`,
		`view-source:${issuer}/`,
		"file:///etc/passwd",
		"about:blank",
		"ftp://weather.example/",
		"ws://weather.example/",
		"wss://weather.example/",
		"mailto:eve@evil.example",
		"tel:+15551234",
		"sms:+15551234",
		"intent://evil.example/%23Intent;scheme=https;end",
		"chrome://settings",
		"chrome-extension://abcdefghijklmnop/cb",
		"moz-extension://1/cb",
		"ms-msdt:/id",
		"ms-settings:/x",
		"search-ms:query=x",
		"smb://evil.example/share",
		"itms-services://?action=download-manifest",
		"x-apple.systempreferences:/x",
		"web+evil://cb",
		"isolated-app://evil/cb",
		"microsoft-edge-holographic:https://evil.example/",
		"opera-http://evil.example/",
		"rtmpt://evil.example/cb",
		"c:/windows/system32/calc.exe",
	])("%j", async (uri) => {
		const refused = "400 invalid_redirect_uri";
		expect([await registeredAt([uri]), await registeredAt([site, uri])]).toEqual([refused, refused]);
		const unusable = "400 Unusable application";
		expect([await documentAt([uri]), await documentAt([uri, site])]).toEqual([unusable, unusable]);
	});
});

describe("of the clients that an administrator makes each redirect URL is good, or the error says which is not", () => {
	const application = { kind: "application", scopes: ["events:read"] };
	const sites = ["https://radar.example/done"];

	test("a public application may have a scheme of its own, with or without a dot", async () => {
		const redirect_urls = [cursor, "com.example.radar:/done", ...sites];
		const { status, body } = await create({ ...application, client_type: "public", redirect_urls });
		expect([status, body.redirect_urls]).toEqual([201, redirect_urls]);
	});

	test.each([
		["a confidential one no scheme without a dot", {}, cursor, "only a public client may have it"],
		["nor a scheme that is acted on", { client_type: "public" }, "javascript:alert(1)", "act on themselves"],
		["nor http off loopback", { client_type: "public" }, "http://radar.example/", "must use https"],
	])("%s", async (_, changes, uri, words) => {
		const made = await create({ ...application, ...changes, redirect_urls: [...sites, uri] });
		expect([made.status, made.body.errors]).toEqual([
			400,
			[{ field: "redirect_urls", detail: expect.stringMatching(new RegExp(`^Redirect URL 2 .*${words}`)) }],
		]);
		const there = await anIntegration({ ...application, ...changes, redirect_urls: sites });
		expect((await change(there, { redirect_urls: [uri] })).status).toBe(400);
	});
});
