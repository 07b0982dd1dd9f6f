import { describe, expect, test } from "vitest";
import { idTokenOf } from "../support/openid.ts";
import { ada, codeOf, cookieOf, decide, formOn, grace, type Login, signedIn, signInAnew } from "../support/people.ts";
import { aClient, aPerson } from "../support/registered.ts";
import { type Answer, ask, type Fields, locationOf, ownPage, postForm } from "../support/requests.ts";
import { selfRegistered } from "../support/self-registered.ts";
import { advance, demo, issuer, now } from "../support/target.ts";
import { authorizePath, claimsOf, exchange, installPath, type Registered } from "../support/tokens.ts";

const { webApp, nativeApp } = demo;
const openid = { scope: "openid", prompt: undefined };

function open(path: string, cookie: string): Promise<Answer> {
	return ask(path, { headers: cookie === "" ? {} : { cookie } });
}

function errorOf(answer: Answer): string | null {
	return locationOf(answer).searchParams.get("error");
}

function asksForPassword({ status, text }: Answer): boolean {
	return status === 200 && text.includes('name="password"');
}

/** Fills in a sign-in page: where it leads, and the new cookie. */
async function signInOn(page: Answer, { username, password }: Login, cookie = "") {
	const { action, hidden } = formOn(page, "password");
	const headers = { ...ownPage, ...(cookie !== "" && { cookie }) };
	const answer = await postForm(action, { ...hidden, username, password }, headers);
	return { next: answer.headers.get("location") ?? "", cookie: cookieOf(answer) };
}

async function idTokenFor(client: Registered, code: string) {
	return claimsOf(idTokenOf(await exchange(code, { client })));
}

describe("OIDC Core §3.1.2.1: prompt=none", () => {
	const silent = { scope: "openid", prompt: "none" };

	test("OIDC Core §3.1.2.6: nobody is signed in: login_required, with `state` and `iss`", async () => {
		const { searchParams } = locationOf(await open(authorizePath(webApp, silent), ""));
		expect(Object.fromEntries(searchParams)).toEqual({
			error: "login_required",
			error_description: expect.any(String),
			state: "opaque to us",
			iss: issuer,
		});
	});

	test("OIDC Core §3.1.2.6: not agreed to yet: consent_required; then a code without a word", async () => {
		const client = await aClient(webApp);
		const cookie = await signedIn(ada);
		expect(errorOf(await open(authorizePath(client, silent), cookie))).toBe("consent_required");
		await decide(authorizePath(client, { scope: "openid" }));
		const code = codeOf(await open(authorizePath(client, silent), cookie));
		expect((await idTokenFor(client, code)).sub).toBe(demo.people[0]?.id);
	});

	test("OIDC Core §3.1.2.6: several accounts, and none was chosen yet: consent_required", async () => {
		const client = await aClient(webApp);
		expect(errorOf(await open(authorizePath(client, silent), await signedIn(grace)))).toBe("consent_required");
	});

	test("OIDC Core §3.1.2.6: a person without an account: interaction_required", async () => {
		const cookie = await signedIn(await aPerson({}));
		expect(errorOf(await open(authorizePath(webApp, silent), cookie))).toBe("interaction_required");
	});

	test("OIDC Core §3.1.2.3: max_age is over: login_required, not a page", async () => {
		const client = await aClient(webApp);
		await decide(authorizePath(client, { scope: "openid" }));
		const cookie = await signedIn(ada);
		await advance(10);
		expect(errorOf(await open(authorizePath(client, { ...silent, max_age: "5" }), cookie))).toBe("login_required");
		expect(errorOf(await open(authorizePath(client, { ...silent, max_age: "0" }), cookie))).toBe("login_required");
		expect(codeOf(await open(authorizePath(client, { ...silent, max_age: "43200" }), cookie))).toMatch(/^lkc_/);
	});

	test("by form as well", async () => {
		const page = await open(authorizePath(webApp, { ...silent, response_mode: "form_post" }), "");
		expect(formOn(page, "error").hidden.error).toBe("login_required");
	});
});

describe("OIDC Core §3.1.2.1: prompt=login", () => {
	test("who is signed in is asked for the password again, and then goes on to the same request", async () => {
		const first = await signInAnew(ada);
		const client = await aClient(webApp);
		await decide(authorizePath(client, { scope: "openid" }));
		await advance(100);
		const page = await open(authorizePath(client, { scope: "openid", prompt: "login", nonce: "n" }), first);
		expect(asksForPassword(page)).toBe(true);
		expect(page.text).toContain("please sign in again");
		expect(page.text).toContain(`value="${ada.username}"`);
		const { next, cookie } = await signInOn(page, ada, first);
		const query = new URL(next, issuer).searchParams;
		expect([query.get("prompt"), query.get("nonce"), query.get("state")]).toEqual([null, "n", "opaque to us"]);
		// They had agreed, so there is nothing more to ask.
		const token = await idTokenFor(client, codeOf(await open(next, cookie)));
		expect(token.auth_time).toBe(now());
	});

	test("what else was asked for stays: prompt=login consent", async () => {
		const page = await open(authorizePath(webApp, { prompt: "login consent" }), await signedIn(ada));
		const { next, cookie } = await signInOn(page, ada);
		expect(new URL(next, issuer).searchParams.get("prompt")).toBe("consent");
		expect((await open(next, cookie)).text).toContain('value="allow"');
	});

	test("RFC 3986 §3.4: a question mark in the query does not end it", async () => {
		const path = `${authorizePath(webApp, { state: undefined, prompt: "login" })}&state=a?b&nonce=n&scope=openid&ui_locales=?`;
		const asked = new URL(path, issuer).searchParams;
		const { next } = await signInOn(await open(path, await signedIn(ada)), ada);
		asked.delete("prompt");
		expect(Object.fromEntries(new URL(next, issuer).searchParams)).toEqual(Object.fromEntries(asked));
	});

	test("a wrong password leads nowhere, and the page still knows who asks", async () => {
		const page = await open(authorizePath(webApp, { prompt: "login" }), await signedIn(ada));
		const { action, hidden } = formOn(page, "password");
		const wrong = await postForm(action, { ...hidden, username: ada.username, password: "not hers" }, ownPage);
		expect(wrong.status).toBe(401);
		expect(wrong.text).toContain(webApp.client.name);
		expect(wrong.text).toContain("The application never sees it.");
		expect(formOn(wrong, "password").hidden).toEqual(hidden);
		expect(wrong.headers.get("content-security-policy")).not.toContain("form-action");
	});

	test("a consent form cannot get round it", async () => {
		const cookie = await signedIn(ada);
		const { action, hidden } = formOn(await open(authorizePath(webApp), cookie), "decision");
		const bent = action.replace("prompt=consent", "prompt=login");
		const answer = await postForm(bent, { ...hidden, decision: "allow" }, { cookie, ...ownPage });
		expect(asksForPassword(answer)).toBe(true);
	});
});

describe("OIDC Core §3.1.2.1: max_age", () => {
	test("a sign-in that is old enough has to be made again, once", async () => {
		const first = await signInAnew(ada);
		const client = await aClient(webApp);
		await decide(authorizePath(client, { scope: "openid" }));
		const path = authorizePath(client, { ...openid, max_age: "60" });
		await advance(60);
		expect(codeOf(await open(path, first))).toMatch(/^lkc_/);
		await advance(1);
		const page = await open(path, first);
		expect(asksForPassword(page)).toBe(true);
		const { next, cookie } = await signInOn(page, ada, first);
		// However long they then look at the question.
		await advance(120);
		const token = await idTokenFor(client, codeOf(await open(next, cookie)));
		expect(token.auth_time).toBe(now() - 120);
	});

	test("max_age=0 is prompt=login", async () => {
		const first = await signInAnew(ada);
		const page = await open(authorizePath(webApp, { max_age: "0" }), first);
		expect(asksForPassword(page)).toBe(true);
		const { next, cookie } = await signInOn(page, ada, first);
		expect((await open(next, cookie)).text).toContain('value="allow"');
	});

	test("OIDC Registration §2: default_max_age holds where the request says nothing", async () => {
		const client = await aClient(webApp, { options: { defaultMaxAge: 0 } });
		const cookie = await signInAnew(ada);
		expect((await open(authorizePath(client, { max_age: "100" }), cookie)).text).toContain('value="allow"');
		const page = await open(authorizePath(client), cookie);
		expect(asksForPassword(page)).toBe(true);
		const again = await signInOn(page, ada);
		expect((await open(again.next, again.cookie)).text).toContain('value="allow"');
	});
});

describe("OIDC Core §3.1.2.1: acr_values", () => {
	test("one that can be had is what the id_token says, and others are passed over", async () => {
		const client = await aClient(webApp);
		for (const acr_values of ["pwd", "phr pwd", "phr", ""]) {
			const code = codeOf(await decide(authorizePath(client, { scope: "openid", acr_values })));
			expect(await idTokenFor(client, code)).toMatchObject({ acr: "pwd", amr: ["pwd"] });
		}
	});

	test("OIDC Registration §2: default_acr_values are registered, and answered", async () => {
		const { body, client } = await selfRegistered({ default_acr_values: ["phr", "pwd", ""] });
		expect(body.default_acr_values).toEqual(["phr", "pwd"]);
		const page = await open(authorizePath({ client, secret: null }, { scope: "openid" }), await signedIn(ada));
		expect(page.text).toContain('value="allow"');
	});
});

describe("OIDC Core §3.1.2.1: prompt=consent and prompt=select_account", () => {
	test.each(["consent", "select_account", "consent select_account"])(
		"%s asks, whatever was agreed to",
		async (prompt) => {
			const client = await aClient(webApp);
			await decide(authorizePath(client));
			const cookie = await signedIn(ada);
			expect(codeOf(await open(authorizePath(client, { prompt: undefined }), cookie))).toMatch(/^lkc_/);
			expect((await open(authorizePath(client, { prompt }), cookie)).text).toContain('value="allow"');
		},
	);
});

describe("OIDC Core §3.1.2.1: login_hint", () => {
	test("is where the user name begins, as text", async () => {
		const page = await open(authorizePath(webApp, { login_hint: `"><script>x` }), "");
		expect(page.text).toContain(`value="&quot;>&lt;script>x"`);
		expect(page.text).not.toContain("<script>x");
	});
});

describe("a browser has one sign-in", () => {
	test("a new one ends the one that it had, and no other", async () => {
		const first = await signInAnew(ada);
		const elsewhere = await signInAnew(ada);
		const { cookie } = await signInOn(await open(installPath(), ""), ada, first);
		const is = async (each: string) => (await open("/", each)).text.includes("Signed in as");
		expect([await is(first), await is(elsewhere), await is(cookie)]).toEqual([false, true, true]);
	});

	test("also where somebody else signs in", async () => {
		const first = await signInAnew(ada);
		await signInOn(await open(authorizePath(webApp), ""), grace, first);
		expect((await open("/", first)).text).not.toContain("Signed in as");
	});

	test("a failed one ends nothing", async () => {
		const first = await signInAnew(ada);
		const fields: Fields = { username: ada.username, password: "not hers" };
		await postForm("/sign-in", fields, { ...ownPage, cookie: first });
		expect((await open("/", first)).text).toContain("Signed in as");
	});
});

describe("the sign-in page says who asks, by the address that it leads to", () => {
	test.each([
		["an integration", installPath(), demo.integration.client.name, "integration"],
		["an application", authorizePath(nativeApp), nativeApp.client.name, "application"],
	])("%s", async (_, path, name, word) => {
		const page = await open(`/sign-in?continue=${encodeURIComponent(path)}`, "");
		expect(page.text).toContain(name);
		expect(page.text).toContain(`The ${word} never sees it.`);
	});

	test.each([
		["the console", "/console"],
		["nobody", "/oauth/authorize"],
		["a stranger", "/oauth/authorize?client_id=nobody"],
		["an application as an integration", `/integrations/${webApp.client.id}`],
		["a redirect that is not registered", authorizePath(webApp, { redirect_uri: "https://evil.example/" })],
		["another path", `/oauth/authorize/x?client_id=${webApp.client.id}`],
	])("%s: then nobody", async (_, path) => {
		const page = await open(`/sign-in?continue=${encodeURIComponent(path)}`, "");
		expect(page.status).toBe(200);
		expect(page.text).not.toContain("to continue to");
		expect(page.headers.get("content-security-policy")).toContain("form-action 'self'");
	});
});
