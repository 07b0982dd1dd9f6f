import { describe, expect, test } from "vitest";
import { ada, codeOf, decide, formOn, signedIn } from "../support/people.ts";
import { aClient } from "../support/registered.ts";
import { type Answer, ask, type Fields, locationOf, refusal, saidIn } from "../support/requests.ts";
import { demo, issuer } from "../support/target.ts";
import { authorizePath, exchange, type Registered } from "../support/tokens.ts";

const { webApp, nativeApp } = demo;

/** As RFC 7591 makes one: of no account. */
function aStranger(options: Registered["client"]["options"] = {}): Promise<Registered> {
	return aClient(webApp, {
		accountId: null,
		name: "Your Bank",
		scope: ["events:read", "openid", "email", "offline_access"],
		redirectUris: ["https://evil.example:8443/cb"],
		options,
	});
}

async function open(path: string): Promise<Answer> {
	return ask(path, { headers: { cookie: await signedIn(ada) } });
}

/** Without its tags. */
function wordsOf({ text }: Answer): string {
	return text.replaceAll(/<[^>]*>/g, "").replaceAll(/\s+/g, " ");
}

describe("what a person is told of a client that nobody vouches for", () => {
	const answer = "ts answer goes to evil.example:8443.";
	test.each([
		[
			"where it says that it is from",
			{ clientUri: "https://bank.example/app" },
			`whatever it likes. It says that it is from bank.example, and i${answer}`,
		],
		["where its answer goes, once, where it says nothing", {}, `whatever it likes. I${answer}`],
	])("%s, and that nobody has checked it", async (_, options, said) => {
		const words = wordsOf(await open(authorizePath(await aStranger(options))));
		expect(words).toContain("Nobody here has checked who this is");
		expect(words).toContain(said);
		expect(words).not.toContain("Registered by");
	});

	test("the sign-in page says it too, before a password is typed", async () => {
		const client = await aStranger({ clientUri: "https://bank.example/app" });
		const page = await ask(authorizePath(client));
		expect(wordsOf(page)).toContain("It says that it is from bank.example. Nobody here has checked that.");
		expect(wordsOf(page)).toContain("Its answer goes to evil.example:8443.");
		const silent = await ask(authorizePath(await aStranger()));
		expect(wordsOf(silent)).toContain("Nobody here has checked who this is. Its answer goes to evil.example:8443.");
		expect(wordsOf(silent)).not.toContain("It says");
		const again = await ask(`/sign-in?continue=${encodeURIComponent(authorizePath(client))}`);
		expect(wordsOf(again)).toContain("Nobody here has checked that. Its answer goes to evil.example:8443.");
	});

	test("of one that an account registered it says whose it is", async () => {
		const words = wordsOf(await open(authorizePath(nativeApp)));
		expect(words).toContain("Registered by Acme");
		expect(words).not.toContain("Nobody here has checked");
	});

	test("OIDC Registration §2: its privacy policy and its terms are there to read, and their host to see", async () => {
		const client = await aStranger({
			policyUri: 'https://bank.example/p?"><script>',
			tosUri: "https://evil.example/terms",
		});
		const page = await open(authorizePath(client));
		expect(page.text).toContain('href="https://bank.example/p?&quot;>&lt;script>"');
		expect(page.text).not.toContain("<script>");
		expect(wordsOf(page)).toContain("Its terms of service at evil.example");
		expect(wordsOf(await open(authorizePath(await aStranger())))).not.toContain("Its privacy policy");
	});

	test("it is asked, and who says yes gives it a code", async () => {
		const client = await aStranger();
		const code = codeOf(await decide(authorizePath(client, { scope: "openid email offline_access events:read" })));
		expect((await exchange(code, { client })).body.scope).toBe("email events:read offline_access openid");
	});
});

describe("RFC 9700 §4.11.2: an error leads nobody to a stranger's site by itself", () => {
	const wrong: Fields = { scope: "nothing", state: `"><script>alert(1)</script>` };

	test("before sign-in there is a page that says where it would lead, and a link", async () => {
		const client = await aStranger();
		const page = await ask(authorizePath(client, wrong));
		expect(refusal(page)).toBe("400 This cannot be asked");
		expect(page.headers.has("location")).toBe(false);
		expect(wordsOf(page)).toContain("Its answer would lead you to evil.example:8443.");
		const [, href = ""] = /<a href="(https:[^"]*)" rel="noreferrer">/.exec(page.text) ?? [];
		const link = new URL(href.replaceAll("&amp;", "&"));
		expect(link.origin + link.pathname).toBe("https://evil.example:8443/cb");
		expect(Object.fromEntries(link.searchParams)).toEqual({
			error: "invalid_scope",
			error_description: expect.any(String),
			state: wrong.state,
			iss: issuer,
		});
		expect(page.text).not.toContain("<script>alert");
	});

	test("by form it takes a press of a button", async () => {
		const page = await ask(authorizePath(await aStranger(), { ...wrong, response_mode: "form_post" }));
		expect(refusal(page)).toBe("400 This cannot be asked");
		expect(page.text).not.toContain("data-submits-itself");
		const { action, hidden } = formOn(page, "error");
		expect(action).toBe("https://evil.example:8443/cb");
		expect(hidden).toMatchObject({ error: "invalid_scope", state: wrong.state, iss: issuer });
	});

	test("a link that would run something is none", async () => {
		const client = await aClient(nativeApp, { accountId: null, redirectUris: ["com.evil.app:/cb"] });
		const page = await ask(authorizePath(client, wrong));
		expect(page.text).toContain('href="com.evil.app:/cb?error=invalid_scope');
	});

	test("silent authentication is the exception", async () => {
		const client = await aStranger();
		const invalid = locationOf(await ask(authorizePath(client, { ...wrong, prompt: "none" })));
		expect(invalid.searchParams.get("error")).toBe("invalid_scope");
		const nobody = locationOf(await ask(authorizePath(client, { prompt: "none" })));
		expect(nobody.searchParams.get("error")).toBe("interaction_required");
	});

	test("who is signed in neither, and clients of an account are trusted", async () => {
		const client = await aStranger();
		expect(refusal(await open(authorizePath(client, wrong)))).toBe("400 This cannot be asked");
		expect(locationOf(await ask(authorizePath(webApp, wrong))).searchParams.get("error")).toBe("invalid_scope");
	});
});

/** Everything of an answer, but for when it was given and which request it was of. */
function allOf(answer: Answer): readonly unknown[] {
	const headers = [...answer.headers].filter(([name]) => name !== "date" && name !== "request-id");
	return [answer.status, headers, saidIn(answer)];
}

/** OIDC Core §5.5.1: the claims of a request for one person. */
function sub(id: string): string {
	return JSON.stringify({ id_token: { sub: { value: id } } });
}

describe("OIDC Core §3.1.2.6: a stranger's client does not find out whether anybody is signed in, nor who", () => {
	const [adaId = "", graceId = ""] = demo.people.map(({ id }) => id);

	test.each<[string, Fields]>([
		["by prompt=none", {}],
		["by asking for one person, who is there", { claims: sub(adaId) }],
		["by asking for another", { claims: sub(graceId) }],
		["by a hint at a name", { login_hint: "ada" }],
		["by an age", { max_age: "1" }],
		["without openid", { scope: "events:read" }],
		["by form", { response_mode: "form_post" }],
	])("%s", async (_, fields) => {
		const native = await aClient(nativeApp);
		for (const client of [await aStranger(), native]) {
			const path = authorizePath(client, { scope: "openid", ...fields, prompt: "none" });
			const [there, nobody] = [await open(path), await ask(path)];
			expect(allOf(there)).toEqual(allOf(nobody));
			expect(there.headers.get("location") ?? there.text).toContain("interaction_required");
		}
	});

	test("nor, before the person has decided, by being led on: whoever is not asked for is asked to sign in", async () => {
		const client = await aStranger();
		const page = await open(authorizePath(client, { scope: "openid", claims: sub(graceId), prompt: undefined }));
		expect(page.status).toBe(200);
		expect(wordsOf(page)).toContain("You are signed in as somebody else than this is meant for.");
	});

	test("nor by a request that is wrong", async () => {
		const path = authorizePath(await aStranger(), { scope: "nothing" });
		const [there, nobody] = [await open(path), await ask(path)];
		expect(allOf(there)).toEqual(allOf(nobody));
	});
});

describe("what the consent page lists", () => {
	test("what it will be able to do and what it will know, each in its own list", async () => {
		const page = await open(authorizePath(webApp, { scope: "openid profile events:read offline_access" }));
		const words = wordsOf(page);
		expect(words).toMatch(/What it will be able to do.*Search the account.*Keep this access while you are away/);
		expect(words).toMatch(/What it will know about you.*Know you again.*See your profile/);
		expect(words).not.toContain("Where this is used");
	});

	test("RFC 8707: the hosts of resources that are not latchkey's own", async () => {
		const query = `${authorizePath(webApp)}&resource=https://api.example:8443/v1&resource=urn:example:x&resource=${issuer}/v1`;
		const words = wordsOf(await open(query));
		expect(words).toContain("Where this is used");
		expect(words).toContain("api.example:8443");
		expect(words).toContain("urn:example:x");
		expect(words).not.toContain("localhost:8787");
	});

	test("RFC 8707: the tokens are for the resources that were asked for, and no others", async () => {
		const path = `${authorizePath(webApp)}&resource=https://api.example/&resource=https://b.example/`;
		const answer = await exchange(codeOf(await decide(path)), { client: webApp });
		const [, payload = ""] = String(answer.body.access_token).split(".");
		expect(JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))).aud).toEqual([
			"https://api.example/",
			"https://b.example/",
		]);
	});
});
