import { generateKeyPair, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { signedInTo } from "../support/openid.ts";
import { ada, formOn, type Login, signInAnew } from "../support/people.ts";
import { aClient, aPerson } from "../support/registered.ts";
import { type Answer, ask, type Fields, given, locationOf, ownPage, postForm, refusal } from "../support/requests.ts";
import { respelled } from "../support/respelled.ts";
import { advance, demo, issuer, logged, setStanding } from "../support/target.ts";
import { claimsOf, type Registered } from "../support/tokens.ts";

const { webApp } = demo;
const back = "http://localhost:8788/portal/signed-out";

/** Somebody with a browser of their own, and an id_token that the application got for them. */
async function somebody(of: Registered = webApp) {
	const who = await aPerson({ [demo.accounts.acme]: "member" });
	const { idToken } = await signedInTo(of, {}, { who });
	return { who, cookie: await signInAnew(who), idToken };
}

function path(query: Fields = {}): string {
	const search = new URLSearchParams(given(query)).toString();
	return `/oauth/logout${search === "" ? "" : `?${search}`}`;
}

function open(query: Fields, cookie: string | null = null): Promise<Answer> {
	return ask(path(query), { headers: cookie === null ? {} : { cookie } });
}

function postText(body: string, type = "application/x-www-form-urlencoded"): Promise<Answer> {
	return ask("/oauth/logout", { method: "POST", body, headers: { "content-type": type } });
}

/** Presses a button of the page. */
function press(page: Answer, decision: string, cookie: string, headers: Record<string, string> = ownPage) {
	const { action, hidden } = formOn(page, "decision");
	return postForm(action, { ...hidden, decision }, { cookie, ...headers });
}

async function isSignedIn(cookie: string): Promise<boolean> {
	return (await ask("/", { headers: { cookie } })).text.includes("Signed in as");
}

/** A page that leads nobody away, neither by itself nor by its form. */
function expectNowhere(answer: Answer): void {
	expect(answer.headers.get("location")).toBeNull();
	expect(answer.headers.get("set-cookie")).toBeNull();
	expect(answer.headers.get("refresh")).toBeNull();
	expect(answer.headers.get("content-security-policy")).toContain("form-action 'self'");
	expect(answer.text).not.toMatch(/(?:%\w\w|[^\w-])evil|http-equiv/);
}

describe("RP-Initiated Logout §2: somebody who is signed in is asked", () => {
	test.each<[string, Fields]>([
		["nothing at all", {}],
		["state alone", { state: "x" }],
		["hints that change nothing", { logout_hint: "ada", ui_locales: "de" }],
		["a client alone", { client_id: webApp.client.id }],
		["a client and its return URL", { client_id: webApp.client.id, post_logout_redirect_uri: back, state: "x" }],
	])("with %s: the link by itself signs nobody out", async (_, query) => {
		const { who, cookie } = await somebody();
		for (const method of ["GET", "HEAD"]) {
			const page = await ask(path(query), { method, headers: { cookie } });
			expect([page.status, page.headers.get("set-cookie"), page.headers.get("location")]).toEqual([200, null, null]);
			expect(page.text).toContain(method === "GET" ? who.username : "");
		}
		expect(await isSignedIn(cookie)).toBe(true);
	});

	test("with a hint as well: who asks, who is signed in, and the host to go on to are shown", async () => {
		const { who, cookie, idToken } = await somebody();
		const page = await open({ id_token_hint: idToken, post_logout_redirect_uri: back }, cookie);
		expect(page.status).toBe(200);
		expect(page.text).toContain("Acme Portal");
		expect(page.text).toContain(who.username);
		expect(page.text).toContain("localhost:8788");
		expect(page.text).not.toContain("somebody else");
		expect(await isSignedIn(cookie)).toBe(true);
	});

	test("RFC 9700 §4.16: the page cannot be framed, kept, or read by another site", async () => {
		const { cookie, idToken } = await somebody();
		const { headers } = await open({ id_token_hint: idToken, post_logout_redirect_uri: back }, cookie);
		expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
		expect(headers.get("content-security-policy")).not.toContain("form-action");
		expect(headers.get("x-frame-options")).toBe("DENY");
		expect(headers.get("cache-control")).toBe("no-store");
		expect(headers.get("referrer-policy")).toBe("same-origin");
		expect(headers.get("access-control-allow-origin")).toBeNull();
	});

	test("a client that registered itself is shown with its host", async () => {
		const options = { postLogoutRedirectUris: ["https://stranger.example/out"], clientUri: "https://who.example" };
		const stranger = await aClient(webApp, { accountId: null, name: "<b>Bank</b>", options });
		const { cookie } = await somebody();
		const page = await open({ client_id: stranger.client.id }, cookie);
		expect(page.text).toContain("who.example");
		expect(page.text).toContain("Nobody here has checked that");
		expect(page.text).not.toContain("<b>Bank");
	});
});

describe("their answer", () => {
	test("yes: this browser's sign-in ends, no other does, and §3: they return with state as it was", async () => {
		const { who, cookie, idToken } = await somebody();
		const other = await signInAnew(who);
		const state = "a b&c=d#e?/é\"'";
		const page = await open({ id_token_hint: idToken, post_logout_redirect_uri: back, state }, cookie);
		const answer = await press(page, "sign_out", cookie);
		const location = locationOf(answer);
		expect(location.origin + location.pathname).toBe(back);
		expect(Object.fromEntries(location.searchParams)).toEqual({ state });
		expect(answer.headers.get("set-cookie")).toMatch(/^__Host-latchkey=; .*Max-Age=0/);
		expect(answer.headers.get("cache-control")).toBe("no-store");
		expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
		expect([await isSignedIn(cookie), await isSignedIn(other)]).toEqual([false, true]);
	});

	test("without state nothing is added to the URL; a query of its own stays", async () => {
		const uris = ["https://radar.example/out?a=b&c", "https://radar.example/out"];
		const options = { postLogoutRedirectUris: uris };
		const application = await aClient(webApp, { options });
		for (const uri of uris) {
			const { cookie } = await somebody();
			const page = await open({ client_id: application.client.id, post_logout_redirect_uri: uri }, cookie);
			expect((await press(page, "sign_out", cookie)).headers.get("location")).toBe(uri);
		}
		const { cookie } = await somebody();
		const query = { client_id: application.client.id, post_logout_redirect_uri: uris[0], state: "s" };
		const answer = await press(await open(query, cookie), "sign_out", cookie);
		expect(answer.headers.get("location")).toBe("https://radar.example/out?a=b&c&state=s");
	});

	test("yes, with nowhere to return to: a page says that they are signed out", async () => {
		const { cookie } = await somebody();
		const answer = await press(await open({ state: "x" }, cookie), "sign_out", cookie);
		expect(answer.headers.get("location")).toBe("/oauth/logout");
		expect(await isSignedIn(cookie)).toBe(false);
		const done = await open({}, cookie);
		expect(done.text).toContain("<h1>You are signed out</h1>");
		expectNowhere(done);
	});

	test("no: they stay signed in, and are sent nowhere, as the application would take it for a yes", async () => {
		const { cookie, idToken } = await somebody();
		const page = await open({ id_token_hint: idToken, post_logout_redirect_uri: back, state: "x" }, cookie);
		const answer = await press(page, "stay", cookie);
		expect(answer.status).toBe(200);
		expectNowhere(answer);
		expect(await isSignedIn(cookie)).toBe(true);
	});

	test("neither: they are asked again", async () => {
		const { cookie } = await somebody();
		const answer = await press(await open({}, cookie), "", cookie);
		expect(answer.status).toBe(400);
		expect(answer.text).toContain("Please choose one of the two buttons.");
		expect(await isSignedIn(cookie)).toBe(true);
	});

	test("what the application was allowed stays: that is another matter", async () => {
		const { who, cookie } = await somebody();
		const { accessToken } = await signedInTo(webApp, {}, { who });
		await press(await open({}, cookie), "sign_out", cookie);
		const headers = { authorization: `Bearer ${accessToken}` };
		expect((await ask("/oauth/userinfo", { headers })).status).toBe(200);
	});
});

/** Somebody who is being asked. */
async function whoIsAsked() {
	const mine = await somebody();
	const page = await open({ client_id: webApp.client.id, post_logout_redirect_uri: back }, mine.cookie);
	return { ...mine, page, ...formOn(page, "decision") };
}

describe("CSRF on logout", () => {
	test.each<[string, Record<string, string>]>([
		["of another site", { "sec-fetch-site": "cross-site" }],
		["of a sibling's", { "sec-fetch-site": "same-site" }],
		["whose origin is another", { origin: "https://evil.example" }],
		["of a sandboxed frame", { origin: "null" }],
	])("a form %s signs nobody out", async (_, headers) => {
		const { cookie, page } = await whoIsAsked();
		const answer = await press(page, "sign_out", cookie, headers);
		expect(refusal(answer)).toBe("403 Not from here");
		expectNowhere(answer);
		expect(await isSignedIn(cookie)).toBe(true);
	});

	test("nor does one without its token, with another person's, or with that of another request", async () => {
		const { cookie, action } = await whoIsAsked();
		const theirs = await whoIsAsked();
		const elsewhere = formOn(await open({ state: "other" }, cookie), "decision");
		const signOut = formOn(await ask("/", { headers: { cookie } }), "csrf");
		for (const csrf of ["", "x", theirs.hidden.csrf, elsewhere.hidden.csrf, signOut.hidden.csrf]) {
			const answer = await postForm(action, { csrf, decision: "sign_out" }, { cookie, ...ownPage });
			expect([answer.status, answer.headers.get("location")]).toEqual([403, null]);
			expect(answer.text).toContain("out of date");
		}
		expect(await isSignedIn(cookie)).toBe(true);
	});

	test("a token does not do for another URL than the one that was shown", async () => {
		const { cookie, hidden } = await whoIsAsked();
		const options = { postLogoutRedirectUris: ["https://evil.example/"] };
		const evil = await aClient(webApp, { options });
		const query = { client_id: evil.client.id, post_logout_redirect_uri: "https://evil.example/" };
		const action = path(query).replace("/oauth/logout", "/oauth/logout/confirm");
		const answer = await postForm(action, { ...hidden, decision: "sign_out" }, { cookie, ...ownPage });
		expect([answer.status, answer.headers.get("location")]).toEqual([403, null]);
		expect(await isSignedIn(cookie)).toBe(true);
	});

	test("a link to the answer is no answer", async () => {
		const { cookie, action, hidden } = await whoIsAsked();
		const link = `${action}&${new URLSearchParams({ ...hidden, decision: "sign_out" }).toString()}`;
		expect((await ask(link, { headers: { cookie } })).status).toBe(405);
		expect(await isSignedIn(cookie)).toBe(true);
	});
});

describe("POST /oauth/logout", () => {
	test("§2: leads to the same request by GET, where the cookie of a cross-site form is there", async () => {
		const { cookie, idToken } = await somebody();
		const fields = { id_token_hint: idToken, post_logout_redirect_uri: back, state: "a b&c" };
		const headers = { origin: "http://localhost:8788", "sec-fetch-site": "cross-site" };
		const answer = await postForm("/oauth/logout", { ...fields, unknown: "dropped", decision: "sign_out" }, headers);
		const location = locationOf(answer);
		expect(location.origin + location.pathname).toBe(`${issuer}/oauth/logout`);
		expect(Object.fromEntries(location.searchParams)).toEqual(fields);
		const page = await ask(location.pathname + location.search, { headers: { cookie } });
		expect(locationOf(await press(page, "sign_out", cookie)).searchParams.get("state")).toBe("a b&c");
	});

	test("by itself it signs nobody out, cookie or not", async () => {
		const { cookie } = await somebody();
		const answer = await postForm("/oauth/logout", { decision: "sign_out" }, { cookie, ...ownPage });
		expect([answer.headers.get("location"), answer.headers.get("set-cookie")]).toEqual(["/oauth/logout", null]);
		expect(await isSignedIn(cookie)).toBe(true);
	});

	test("what is no form, too large, or has a parameter twice goes nowhere", async () => {
		expect(refusal(await postText("{}", "application/json"))).toBe("415 Malformed form");
		expect(refusal(await postText(`state=${"x".repeat(17_000)}`))).toBe("413 Malformed form");
		const twice = new URLSearchParams({ client_id: webApp.client.id, post_logout_redirect_uri: back });
		twice.append("post_logout_redirect_uri", "https://evil.example/");
		const answer = await postText(twice.toString());
		expect(refusal(answer)).toBe("400 Malformed form");
		expectNowhere(answer);
	});
});

describe("nobody is signed in", () => {
	test("a hint of ours and a registered URL: they go on at once, with state", async () => {
		const { idToken } = await somebody();
		const query = { id_token_hint: idToken, post_logout_redirect_uri: back };
		expect((await open(query)).headers.get("location")).toBe(back);
		const answer = await open({ ...query, client_id: webApp.client.id, state: "x y" });
		expect(answer.headers.get("location")).toBe(`${back}?state=x+y`);
	});

	test("§2: the hint's time may be over", async () => {
		const { idToken } = await somebody();
		await advance(86_400);
		const answer = await open({ id_token_hint: idToken, post_logout_redirect_uri: back });
		expect(answer.headers.get("location")).toBe(back);
	});

	test.each(["RS256", "ES256", "PS256", "EdDSA"] as const)("§2: a hint that is signed by %s", async (idTokenAlg) => {
		const options = { idTokenAlg, postLogoutRedirectUris: [back] };
		const { idToken } = await somebody(await aClient(webApp, { options }));
		const answer = await open({ id_token_hint: idToken, post_logout_redirect_uri: back });
		expect(answer.headers.get("location")).toBe(back);
	});

	test("§3: without a hint they are not sent anywhere; the page has a link, for them to decide", async () => {
		const answer = await open({ client_id: webApp.client.id, post_logout_redirect_uri: back, state: "x" });
		expect(answer.status).toBe(200);
		expectNowhere(answer);
		expect(answer.text).toContain(`href="${back}?state=x"`);
		expect(answer.text).toContain("localhost:8788");
	});

	test("RFC 9700 §4.11.2: nor by a client that registered itself, whose hint anybody can get", async () => {
		const options = { postLogoutRedirectUris: ["https://stranger.example/out"] };
		const stranger = await aClient(webApp, { accountId: null, options });
		const { idToken, cookie } = await somebody(stranger);
		const query = { id_token_hint: idToken, post_logout_redirect_uri: "https://stranger.example/out" };
		const answer = await open(query);
		expect(answer.status).toBe(200);
		expectNowhere(answer);
		expect(answer.text).toContain("stranger.example");
		// Somebody who said yes was shown where it leads.
		const asked = await press(await open(query, cookie), "sign_out", cookie);
		expect(asked.headers.get("location")).toBe("https://stranger.example/out");
	});

	test("a form that was left open until they were signed out elsewhere does the same", async () => {
		const { cookie, idToken } = await somebody();
		const query = { id_token_hint: idToken, post_logout_redirect_uri: back, state: "x" };
		const page = await open(query, cookie);
		await press(await open({}, cookie), "sign_out", cookie);
		expect((await press(page, "sign_out", cookie)).headers.get("location")).toBe(`${back}?state=x`);
	});
});

// §3: "exactly match". Each of these would be forgiven by something that parses, decodes or compares loosely.
const looseUris = [
	"https://evil.example/",
	"//evil.example/portal/signed-out",
	"javascript:alert(1)",
	"data:text/html,evil",
	`${back}/`,
	`${back}?`,
	`${back}#`,
	`${back}#evil`,
	`${back}?next=https://evil.example/`,
	`${back}/../evil`,
	`${back}%2f`,
	` ${back}`,
	`${back} `,
	`${back}\n`,
	`${back}\t`,
	`${back}\u0000`,
	`${back}@evil.example/`,
	`${back}.evil.example/`,
	`${back} https://evil.example/`,
	"http://localhost:8788@evil.example/portal/signed-out",
	"http://user@localhost:8788/portal/signed-out",
	"http://localhost:8788\\@evil.example/portal/signed-out",
	"http:\\\\localhost:8788\\portal\\signed-out",
	"http:/localhost:8788/portal/signed-out",
	"http://LOCALHOST:8788/portal/signed-out",
	"HTTP://localhost:8788/portal/signed-out",
	"https://localhost:8788/portal/signed-out",
	"http://localhost:8789/portal/signed-out",
	"http://localhost/portal/signed-out",
	"http://127.0.0.1:8788/portal/signed-out",
	"http://localhost:8788/portal/Signed-out",
	"http://localhost:8788/portal/signed%2Dout",
	"http://localhost:8788//portal/signed-out",
	"http://localhost:8788/portal/./signed-out",
	"http://localhost.:8788/portal/signed-out",
	"http://lоcalhost:8788/portal/signed-out",
	"/oauth/authorize",
	"null",
	// Registered, but for the answers of the authorization endpoint.
	...webApp.client.redirectUris,
];

describe("§3: nobody is ever sent to a URL that the client did not register", () => {
	let hint: string | undefined;
	test.each(looseUris)("%j", async (uri) => {
		hint ??= (await somebody()).idToken;
		const cookie = await signInOnce();
		for (const by of [{ id_token_hint: hint }, { client_id: webApp.client.id }]) {
			for (const as of [null, cookie]) {
				const answer = await open({ ...by, post_logout_redirect_uri: uri, state: "x" }, as);
				expect(refusal(answer)).toBe("400 Wrong return URL");
				expectNowhere(answer);
			}
			const posted = await postForm("/oauth/logout", { ...by, post_logout_redirect_uri: uri });
			expect(locationOf(posted).origin).toBe(issuer);
			const { pathname, search } = locationOf(posted);
			expect(refusal(await ask(pathname + search))).toBe("400 Wrong return URL");
		}
		expect(await isSignedIn(cookie)).toBe(true);
	});

	test("nor to one that another client registered, nor to any for a client that registered none", async () => {
		const other = await aClient(webApp, { options: { postLogoutRedirectUris: ["https://evil.example/"] } });
		const none = await aClient(webApp, { options: {} });
		for (const [of, uri] of [
			[webApp, "https://evil.example/"],
			[other, back],
			[none, back],
		] as const) {
			const { idToken } = await somebody(of);
			const answer = await open({ id_token_hint: idToken, post_logout_redirect_uri: uri });
			expect(refusal(answer)).toBe("400 Wrong return URL");
			expectNowhere(answer);
		}
	});

	test("nor where nobody says whose URL it is", async () => {
		const { cookie } = await somebody();
		for (const as of [null, cookie]) {
			const answer = await open({ post_logout_redirect_uri: back }, as);
			expect(refusal(answer)).toBe("400 Unknown application");
			expectNowhere(answer);
		}
	});

	test("a form whose address was changed leads nowhere", async () => {
		const application = await aClient(webApp, { options: { postLogoutRedirectUris: [back] } });
		const { cookie } = await somebody();
		const { action, hidden } = formOn(
			await open({ client_id: application.client.id, post_logout_redirect_uri: back }, cookie),
			"decision",
		);
		const changed = action.replace(encodeURIComponent(back), encodeURIComponent("https://evil.example/"));
		const answer = await postForm(changed, { ...hidden, decision: "sign_out" }, { cookie, ...ownPage });
		expect(refusal(answer)).toBe("400 Wrong return URL");
		expectNowhere(answer);
		expect(await isSignedIn(cookie)).toBe(true);
	});
});

describe("RFC 6749 §3.1: a parameter that is given twice is not guessed at", () => {
	test.each(["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "logout_hint", "anything"])(
		"%s",
		async (name) => {
			const { cookie, idToken } = await somebody();
			const query = { id_token_hint: idToken, client_id: webApp.client.id, post_logout_redirect_uri: back, state: "x" };
			const twice = new URLSearchParams(query);
			twice.append(name, twice.get(name) ?? "y");
			if (!twice.has(name, "x")) twice.append(name, "x");
			for (const headers of [{}, { cookie }]) {
				const answer = await ask(`/oauth/logout?${twice.toString()}`, { headers });
				expect(refusal(answer)).toBe("400 Malformed link");
				expectNowhere(answer);
			}
			expect(await isSignedIn(cookie)).toBe(true);
		},
	);
});

describe("§4: a hint that is not ours is not used", () => {
	const named = { client_id: webApp.client.id, post_logout_redirect_uri: back };

	const wrong: Readonly<Record<string, (idToken: string, who: Login) => Promise<string> | string>> = {
		"no token at all": () => "hint",
		"three parts of nothing": () => "a.b.c",
		"`alg: none`": (idToken) => `${encoded({ alg: "none", typ: "JWT" })}.${idToken.split(".")[1]}.`,
		"an empty signature": (idToken) => idToken.replace(/[^.]+$/, ""),
		"another subject under the old signature": (idToken) => {
			const [head, , signature] = idToken.split(".");
			return `${head}.${encoded({ ...claimsOf(idToken), sub: demo.people[0]?.id })}.${signature}`;
		},
		"stray bits in the signature (RFC 4648 §3.5)": (idToken) => {
			const start = idToken.lastIndexOf(".") + 1;
			return idToken.slice(0, start) + respelled(idToken.slice(start))[0];
		},
		"a stranger's signature under our kid": async (idToken) => {
			const { privateKey } = await generateKeyPair("RS256");
			const header = headerOf(idToken);
			return new SignJWT(claimsOf(idToken)).setProtectedHeader({ ...header, alg: "RS256" }).sign(privateKey);
		},
		"a stranger's key in the header": async (idToken) => {
			const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
			const jwk = await crypto.subtle.exportKey("jwk", publicKey);
			const header = { alg: "ES256", kid: "x", typ: "JWT", jwk } as const;
			return new SignJWT(claimsOf(idToken)).setProtectedHeader(header).sign(privateKey);
		},
		"HS256 with our public key as secret": async (idToken) => {
			const jwks = (await ask("/.well-known/jwks.json")).text;
			const header = { ...headerOf(idToken), alg: "HS256" };
			return new SignJWT(claimsOf(idToken)).setProtectedHeader(header).sign(new TextEncoder().encode(jwks));
		},
		"an access token (RFC 9068: it has another typ)": async (_, who) =>
			(await signedInTo(webApp, {}, { who })).accessToken,
		"a refresh token": async (_, who) =>
			(await signedInTo(webApp, { scope: "openid offline_access" }, { who })).refreshToken ?? "",
		"something far too long": (idToken) => idToken + "a".repeat(9000),
	};

	test.each(Object.entries(wrong))("%s", async (_, make) => {
		const { who, cookie, idToken } = await somebody();
		const hint = await make(idToken, who);
		expect(hint).not.toBe(idToken);
		for (const as of [null, cookie]) {
			const answer = await open({ id_token_hint: hint, ...named }, as);
			expect(refusal(answer)).toBe("400 Wrong id_token_hint");
			expectNowhere(answer);
		}
		expect(await isSignedIn(cookie)).toBe(true);
		expect((await logged()).filter((line) => line.includes("request.failed"))).toEqual([]);
	});

	test("§2: one of another client than client_id", async () => {
		const other = await aClient(webApp);
		const { cookie, idToken } = await somebody();
		for (const as of [null, cookie]) {
			const answer = await open({ id_token_hint: idToken, client_id: other.client.id }, as);
			expect(refusal(answer)).toBe("400 Wrong id_token_hint");
			expectNowhere(answer);
		}
	});

	test("one of a client that has ended, or a client that never was", async () => {
		const application = await aClient(webApp, { options: { postLogoutRedirectUris: [back] } });
		const { cookie, idToken } = await somebody(application);
		await endClient(application);
		for (const by of [{ id_token_hint: idToken }, { client_id: application.client.id }, { client_id: "lkid_x" }]) {
			for (const as of [null, cookie]) {
				const answer = await open({ ...by, post_logout_redirect_uri: back }, as);
				expect(refusal(answer)).toBe("400 Unknown application");
				expectNowhere(answer);
			}
		}
	});

	test("whoever is signed in can still sign out on the page that says so, and goes nowhere by it", async () => {
		const { who } = await somebody();
		for (const query of [{ id_token_hint: "x" }, { ...named, post_logout_redirect_uri: "https://evil.example/" }]) {
			const cookie = await signInAnew(who);
			const page = await open({ ...query, state: "x" }, cookie);
			expect(page.status).toBe(400);
			expect(page.text).toContain(who.username);
			const answer = await press(page, "sign_out", cookie);
			expect(answer.headers.get("location")).toBe("/oauth/logout");
			expect(await isSignedIn(cookie)).toBe(false);
		}
	});
});

test("§2: a hint for somebody else than who is signed in: they are warned, and decide for themselves alone", async () => {
	const [mine, theirs] = [await somebody(), await somebody()];
	const query = { id_token_hint: theirs.idToken, post_logout_redirect_uri: back };
	const page = await open(query, mine.cookie);
	expect(page.status).toBe(200);
	expect(page.text).toContain("somebody else than you");
	expect(page.text).toContain(mine.who.username);
	// Who it was for is theirs to know.
	expect(page.text).not.toContain(theirs.who.username);
	expect((await press(page, "sign_out", mine.cookie)).headers.get("location")).toBe(back);
	expect([await isSignedIn(mine.cookie), await isSignedIn(theirs.cookie)]).toEqual([false, true]);
});

let once: { cookie: string } | undefined;
/** A sign-in for what must not end it. */
async function signInOnce(): Promise<string> {
	once ??= { cookie: await signInAnew(ada) };
	if (!(await isSignedIn(once.cookie))) once = { cookie: await signInAnew(ada) };
	return once.cookie;
}

async function endClient({ client }: Registered): Promise<void> {
	await setStanding({ kind: "client", id: client.id }, { state: "ended", notBefore: 0 });
	await advance(staleness + 1);
}

function headerOf(token: string): { alg: string; kid: string; typ: string } {
	const [head = ""] = token.split(".");
	return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(head, { alphabet: "base64url" })));
}

function encoded(value: unknown): string {
	return new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: "base64url", omitPadding: true });
}
