import { describe, expect, test } from "vitest";
import { signInTtl } from "../../src/domain/sign-in.ts";
import { aPerson } from "../support/registered.ts";
import { ada, cookieOf, formOn, signInAnew } from "../support/people.ts";
import { type Answer, ask, type Fields, locationOf, ownPage, postForm, refusal, saidIn } from "../support/requests.ts";
import { advance, demo, issuer, now, setStanding } from "../support/target.ts";
import { installPath } from "../support/tokens.ts";

function signIn(fields: Fields = {}, headers: Record<string, string> = ownPage): Promise<Answer> {
	return postForm("/sign-in", { username: ada.username, password: ada.password, ...fields }, headers);
}

async function isSignedIn(cookie: string): Promise<boolean> {
	return (await ask("/", { headers: { cookie } })).text.includes("Signed in as");
}

async function signOut(
	cookie: string,
	fields: Fields = {},
	headers: Record<string, string> = ownPage,
): Promise<Answer> {
	const { hidden } = formOn(await ask("/", { headers: { cookie } }), "csrf");
	return postForm("/sign-out", { ...hidden, ...fields }, { cookie, ...headers });
}

describe("signing in", () => {
	test("whoever cannot is led on by what the page is called that they come to", async () => {
		const [, said = ""] = /<a href="\/recover">([^<]*)</.exec((await ask("/sign-in")).text) ?? [];
		expect((await ask("/recover")).text).toContain(`<h1>${said}</h1>`);
		expect(said).not.toBe("");
	});

	test("the cookie is for this host, https, and not for scripts or other sites' forms", async () => {
		const answer = await signIn();
		expect(locationOf(answer).pathname).toBe("/console");
		expect(answer.headers.get("cache-control")).toBe("no-store");
		const [cookie = "", browser = ""] = answer.headers.getSetCookie();
		expect(cookie).toMatch(/^__Host-latchkey=lks_[\w-]+; /);
		expect(cookie.split("; ").slice(1)).toEqual([
			"Path=/",
			"Secure",
			"HttpOnly",
			"SameSite=Lax",
			`Max-Age=${signInTtl}`,
		]);
		expect(await isSignedIn(cookieOf(answer))).toBe(true);
		// What the browser is known by is for our own page alone, outlives the sign-in, and opens nothing.
		const [named = "", ...attributes] = browser.split("; ");
		expect(named).toMatch(/^__Host-latchkey-browser=lkb_[\w-]+$/);
		expect(attributes).toEqual(["Path=/", "Secure", "HttpOnly", "SameSite=Strict", `Max-Age=${400 * 86_400}`]);
		expect(await isSignedIn(named)).toBe(false);
		expect(await isSignedIn(named.replace("-browser=lkb_", "=lks_"))).toBe(false);
		expect(await isSignedIn(named.replace("-browser", ""))).toBe(false);
	});

	test("each sign-in has its own cookie, so that none can be planted before", async () => {
		const planted = await signInAnew(ada);
		const answer = await signIn({}, { ...ownPage, cookie: planted });
		expect(cookieOf(answer)).not.toBe(planted);
	});

	test("user names are compared without regard to case, passwords are not", async () => {
		expect((await signIn({ username: "ADA" })).status).toBe(303);
		expect(refusal(await signIn({ password: ada.password.toUpperCase() }))).toBe("401 Sign in");
	});

	// Keyboards of phones put one behind a word that they complete.
	test.each([" ada", "ada ", "ADA\u00a0", "\tada\n"])(
		"white space around a user name is none of it: %j",
		async (username) => {
			expect((await signIn({ username })).status).toBe(303);
			expect(refusal(await signIn({ username, password: `${ada.password} ` }))).toBe("401 Sign in");
		},
	);

	test("white space within is, and alone it is no name", async () => {
		expect(refusal(await signIn({ username: "a da" }))).toBe("401 Sign in");
		expect(refusal(await signIn({ username: " \u00a0 " }))).toBe("400 Sign in");
	});

	test("an unknown user and a wrong password get equal pages, and no cookie", async () => {
		const wrong = await signIn({ password: "not hers" });
		const unknown = await signIn({ username: "nob", password: "not hers" });
		expect(refusal(wrong)).toBe("401 Sign in");
		expect(unknown.status).toBe(401);
		expect(saidIn(unknown).replaceAll("nob", ada.username)).toBe(saidIn(wrong));
		// What a passkey would be asked with is bound to signs nobody in.
		for (const { headers } of [wrong, unknown]) {
			expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-latchkey-asked=[\w-]{22}; /)]);
		}
		expect(wrong.text).not.toContain("not hers");
	});

	test("what was typed as user name comes back as text", async () => {
		const answer = await signIn({ username: `"><script>alert(1)</script>`, password: "x" });
		expect(answer.text).toContain("alert(1)");
		expect(answer.text).not.toContain("<script>");
	});

	test.each([{ username: "" }, { password: "" }, { username: undefined }, { password: undefined }])(
		"%j: both are needed",
		async (fields) => {
			expect(refusal(await signIn(fields))).toBe("400 Sign in");
		},
	);

	test("a password beyond 1024 characters is wrong, not cut off to a right one", async () => {
		expect(refusal(await signIn({ password: `${ada.password}${"x".repeat(2000)}` }))).toBe("401 Sign in");
	});

	test("a person who has ended is nobody, at once", async () => {
		const who = await aPerson({});
		const cookie = await signInAnew(who);
		await setStanding({ kind: "person", id: who.id }, { state: "ended", notBefore: 0 });
		expect(await isSignedIn(cookie)).toBe(false);
		expect(refusal(await signIn({ username: who.username, password: who.password }))).toBe("401 Sign in");
	});

	test("what was signed in before a person's `not_before` has ended", async () => {
		const who = await aPerson({});
		const cookie = await signInAnew(who);
		await setStanding({ kind: "person", id: who.id }, { state: "active", notBefore: now() + 1 });
		expect(await isSignedIn(cookie)).toBe(false);
		await advance(1);
		expect(await isSignedIn(await signInAnew(who))).toBe(true);
	});

	test("a sign-in ends by itself", async () => {
		const cookie = await signInAnew(ada);
		await advance(signInTtl - 1);
		expect(await isSignedIn(cookie)).toBe(true);
		await advance(1);
		expect(await isSignedIn(cookie)).toBe(false);
	});

	test("a damaged cookie, and two cookies at once, are nobody's", async () => {
		const cookie = await signInAnew(ada);
		const damaged = [
			cookie.slice(0, -1),
			`${cookie}x`,
			`${cookie}; ${cookie}`,
			"__Host-latchkey=",
			"__Host-latchkey=x",
		];
		for (const each of damaged) expect(await isSignedIn(each)).toBe(false);
		expect(await isSignedIn(`other=1; ${cookie}; more=2`)).toBe(true);
	});
});

describe("signing out", () => {
	test("it ends the sign-in, not only the cookie", async () => {
		const cookie = await signInAnew(ada);
		const other = await signInAnew(ada);
		const answer = await signOut(cookie);
		expect(locationOf(answer).pathname).toBe("/");
		expect(answer.headers.get("set-cookie")).toMatch(/^__Host-latchkey=; .*Max-Age=0$/);
		expect(await isSignedIn(cookie)).toBe(false);
		expect(await isSignedIn(other)).toBe(true);
	});

	test("without its token, or with another's, nobody is signed out", async () => {
		const cookie = await signInAnew(ada);
		const { csrf } = formOn(await ask("/", { headers: { cookie: await signInAnew(ada) } }), "csrf").hidden;
		for (const wrong of [undefined, "", "x", csrf]) {
			expect(refusal(await signOut(cookie, { csrf: wrong }))).toBe("403 Not from here");
		}
		expect(await isSignedIn(cookie)).toBe(true);
	});

	test("who is not signed in is sent on all the same", async () => {
		expect(locationOf(await postForm("/sign-out", {}, ownPage)).pathname).toBe("/");
	});
});

describe("forms of other sites", () => {
	const foreign = [
		{ "sec-fetch-site": "cross-site" },
		{ "sec-fetch-site": "same-site" },
		{ origin: "https://evil.example" },
		{ origin: "null" },
	];

	test.each(foreign)("login CSRF: %j signs nobody in", async (headers) => {
		const answer = await signIn({}, headers);
		expect(refusal(answer)).toBe("403 Not from here");
		expect(answer.headers.has("set-cookie")).toBe(false);
	});

	test.each(foreign)("%j signs nobody out", async (headers) => {
		const cookie = await signInAnew(ada);
		expect(refusal(await signOut(cookie, {}, headers))).toBe("403 Not from here");
		expect(await isSignedIn(cookie)).toBe(true);
	});
});

describe("where a sign-in leads", () => {
	const outside = [
		"//evil.example",
		"///evil.example",
		"/\\evil.example",
		"\\\\evil.example",
		"https://evil.example",
		"https:evil.example",
		"http://localhost:8787@evil.example",
		"/%09/evil.example\t",
		"/\t/evil.example",
		"/\n/evil.example",
		"\t//evil.example",
		" //evil.example",
		"/\u0000/evil.example",
		"/\u00a0",
		"evil.example",
		"javascript:alert(1)",
		"data:text/html,x",
		"",
	];

	// A sign-out leads on in the same way, and costs no password.
	test.each(outside)("never to %j", async (to) => {
		const page = await ask(`/sign-in?continue=${encodeURIComponent(to)}`);
		expect(formOn(page, "password").hidden.continue).toBe("/");
		expect(locationOf(await postForm("/sign-out", { continue: to }, ownPage)).href).toBe(`${issuer}/`);
	});

	test("nor where the form is not ours", async () => {
		for (const to of ["//evil.example", "/\\evil.example", "https://evil.example", "/.//evil.example"]) {
			expect(locationOf(await signIn({ continue: to })).href).toBe(`${issuer}/`);
		}
	});

	test.each(["/%09/evil.example", "/%2f/evil.example", "/.//evil.example", "/..//evil.example", "/%5cevil.example"])(
		"%s stays here",
		async (to) => {
			const answer = await postForm("/sign-out", { continue: to }, ownPage);
			expect(locationOf(answer).origin).toBe(issuer);
			expect(answer.headers.get("location")).not.toMatch(/^\/[/\\]/);
		},
	);

	test("to the link that asked for it, with every parameter", async () => {
		const path = installPath(demo.integration, { state: "a b&c" });
		const page = await ask(path);
		const { hidden, action } = formOn(page, "password");
		const answer = await postForm(action, { ...hidden, username: ada.username, password: ada.password }, ownPage);
		expect(answer.headers.get("location")).toBe(path);
	});
});

async function formAction(path: string): Promise<string | undefined> {
	return (await ask(path)).headers.get("content-security-policy")?.match(/form-action [^;]*/)?.[0];
}

describe("every page", () => {
	const pages = ["/", "/sign-in", installPath(), "/integrations/nobody", "/oauth/authorize", "/setup"];

	test.each(pages)("%s cannot be framed, sniffed, cached, or run scripts of strangers", async (path) => {
		const { headers, text } = await ask(path);
		expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
		const policy = (headers.get("content-security-policy") ?? "").split("; ");
		expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]));
		expect(policy.join()).not.toMatch(/unsafe|\*|https?:/);
		expect(headers.get("x-frame-options")).toBe("DENY");
		expect(headers.get("x-content-type-options")).toBe("nosniff");
		expect(headers.get("referrer-policy")).toBe("same-origin");
		expect(headers.get("cache-control")).toBe("no-store");
		expect(headers.get("strict-transport-security")).toMatch(/max-age=31536000/);
		const ours = '<script src="/static/latchkey.js" defer></script>';
		expect(text.replace(ours, "")).not.toMatch(/<script|style=|javascript:| on[a-z]+=/);
	});

	test("a form that somebody got into it leads nowhere but here, unless a client is to be answered", async () => {
		expect(await formAction(installPath())).toBeUndefined();
		for (const path of ["/", "/sign-in", "/setup", "/integrations/nobody", "/oauth/authorize", "/oauth/logout"]) {
			expect([path, await formAction(path)]).toEqual([path, "form-action 'self'"]);
		}
	});
});
