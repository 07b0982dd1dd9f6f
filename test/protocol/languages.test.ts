import { describe, expect, test } from "vitest";
import { languages } from "../../src/words/languages.ts";
import { ada } from "../support/people.ts";
import { ask, ownPage, postForm } from "../support/requests.ts";
import { demo } from "../support/target.ts";
import { authorizePath } from "../support/tokens.ts";

// In which language a page is (DESIGN §9): by what somebody chose here, what the application says, what their browser says.

async function languageOf(path: string, headers: Record<string, string> = {}): Promise<string> {
	const { text } = await ask(path, { headers: { accept: "text/html", ...headers } });
	return /<html lang="([^"]+)" dir="ltr">/.exec(text)?.[1] ?? "";
}

/** The cookies that an answer sets, as a browser sends them back. */
function cookiesOf({ headers }: { readonly headers: Headers }): string {
	return headers
		.getSetCookie()
		.map((cookie) => cookie.split(";")[0])
		.join("; ");
}

function choose(language: string, continueTo: string, headers: Record<string, string> = ownPage) {
	return postForm("/language", { language, continue: continueTo }, headers);
}

const german = { "accept-language": "de-AT,de;q=0.9,en;q=0.5" };
const asksFor = (locales: string) => authorizePath(demo.webApp, { ui_locales: locales });

describe("the language of a page", () => {
	test.each([
		"/",
		"/sign-in",
		"/recover",
		"/oauth/authorize",
		"/oauth/logout",
		"/nowhere",
		"/join/none",
		"/recover/none",
	])("%s is in the one that the browser accepts", async (path) => {
		expect(await languageOf(path, german)).toBe("de");
	});

	test("is English for who says nothing, or reads none of them", async () => {
		expect(await languageOf("/sign-in")).toBe("en");
		expect(await languageOf("/sign-in", { "accept-language": "zh-Hans, *;q=0.1" })).toBe("en");
	});

	test("OIDC Core §3.1.2.1: ui_locales says which the person prefers, in their order, and those that are not there are no error", async () => {
		expect(await languageOf(asksFor("x-klingon fr-CA de"), german)).toBe("fr");
		expect(await languageOf(asksFor("x-klingon"), german)).toBe("de");
	});

	test("OIDC Core §3.1.2.1: and so are the pages that follow, in this browser", async () => {
		const asked = await ask(asksFor("ja"), { headers: german });
		expect(await languageOf("/recover", { ...german, cookie: cookiesOf(asked) })).toBe("ja");
	});

	test("RP-Initiated Logout 1.0 §2: ui_locales of a logout", async () => {
		expect(await languageOf("/oauth/logout?ui_locales=pt-BR%20en", german)).toBe("pt");
	});

	test.each([
		["an element", "<script>"],
		["an attribute", "de; Path=/x"],
		["a header", "\r\nset-cookie: a=b"],
		["a long one", "a".repeat(5000)],
	])("what ui_locales has beside tags goes nowhere: %s", async (_, locales) => {
		const { status, headers } = await ask(asksFor(locales));
		expect(status).toBe(200);
		const [kept = ""] = headers.getSetCookie().filter((cookie) => cookie.startsWith("__Host-latchkey-locales="));
		expect(kept).toMatch(/^__Host-latchkey-locales=[\w-]*; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
	});

	test("is what somebody chose here, whatever anybody else says", async () => {
		const chosen = await choose("es", "/sign-in?continue=%2Fconsole");
		expect([chosen.status, chosen.headers.get("location")]).toEqual([303, "/sign-in?continue=%2Fconsole"]);
		const cookie = cookiesOf(chosen);
		expect(await languageOf("/sign-in", { ...german, cookie })).toBe("es");
		expect(await languageOf(asksFor("ja"), { ...german, cookie })).toBe("es");
	});

	test("a form of another site chooses nothing, and nobody is led to one", async () => {
		const foreign = await choose("es", "/", { "sec-fetch-site": "cross-site" });
		expect([foreign.status, foreign.headers.getSetCookie()]).toEqual([403, []]);
		for (const elsewhere of ["https://evil.example/", "//evil.example", "/\\evil.example"]) {
			expect((await choose("es", elsewhere)).headers.get("location")).toBe("/");
		}
	});

	test("one that is not there is not chosen", async () => {
		expect((await choose("xx", "/")).headers.getSetCookie()).toEqual([]);
		expect((await choose("constructor", "/")).headers.getSetCookie()).toEqual([]);
	});

	test("OIDC Discovery §3: ui_locales_supported names them all", async () => {
		const { text } = await ask("/.well-known/openid-configuration");
		expect(JSON.parse(text)).toMatchObject({ ui_locales_supported: languages });
		for (const language of languages) expect(await languageOf("/", { "accept-language": language })).toBe(language);
	});

	test("a wrong password is told in it as well, and the name that was typed stays", async () => {
		const typed = { username: ada.username, password: "wrong", continue: "/console" };
		const { status, text } = await postForm("/sign-in", typed, { ...ownPage, ...german });
		expect(status).toBe(401);
		expect(text).toContain("Der Benutzername oder das Passwort ist falsch.");
		expect(text).toContain('name="continue" value="/sign-in?continue=%2Fconsole"');
	});
});
