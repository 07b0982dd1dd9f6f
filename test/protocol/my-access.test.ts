import { credentialsIn } from "../support/credentials.ts";
import { describe, expect, test } from "vitest";
import { atConsole, type ConsoleVisitor, hiddenOf, wordsOf } from "../support/console.ts";
import { loggedIn, opens, sessionsOf } from "../support/logins.ts";
import { ada, codeOf, decide, type Login } from "../support/people.ts";
import { aClient, anAccount, aPerson } from "../support/registered.ts";
import { ask, locationOf, postForm, refusal } from "../support/requests.ts";
import { demo } from "../support/target.ts";
import { authorizePath, claimsOf, environments, granted, refresh } from "../support/tokens.ts";

/** Somebody of Acme, in a browser of theirs. */
async function somebody() {
	const who = await aPerson({ [demo.accounts.acme]: "admin" });
	return { who, visitor: await atConsole(who) };
}

const base = "/console/acme/my-access";

async function isSignedIn(cookie: string): Promise<boolean> {
	return (await ask("/", { headers: { cookie } })).text.includes("Signed in as");
}

function login({ username, password }: Login, session: string): Promise<string> {
	return loggedIn({ username, password, session_id: session });
}

/** The ids in the addresses of a page's forms and links. */
async function idsOf(visitor: ConsoleVisitor, list: "sessions" | "grants"): Promise<string[]> {
	const { text } = await visitor.open(base);
	const found = text.matchAll(new RegExp(`${base}/${list}/([\\w-]{22})/`, "g"));
	return [...new Set([...found].map(([, id = ""]) => id))];
}

describe("my sessions and grants", () => {
	test("login sessions and grants are listed", async () => {
		const { who, visitor } = await somebody();
		await login(who, "nightly <b>job</b>");
		await granted(demo.integration, {}, { who });
		const page = await visitor.open(base);
		const words = wordsOf(page);
		expect(page.status).toBe(200);
		expect(page.text).toContain("nightly &lt;b>job&lt;/b>");
		expect(words).toContain("Globex Insights");
		expect(words).toContain("See the environments of the account and their public keys");
		expect(words).toContain("Acme");
		// Nothing of what makes them good.
		expect(credentialsIn(page.text)).toEqual([]);
	});

	test("of two grants to one client each says for whose resource it is, and so does the question", async () => {
		const { who, visitor } = await somebody();
		const client = await aClient(demo.webApp, { accountId: null, name: "Example", scope: ["openid"] });
		for (const resource of ["https://one.example/mcp", "https://two.example:8443/mcp"]) {
			await granted(client, { resource, scope: "openid" }, { who });
		}
		const list = await visitor.open(base);
		for (const host of ["one.example", "two.example:8443"]) {
			expect(wordsOf(list)).toContain(`Use what you allow it at ${host}`);
			expect(wordsOf(list)).toContain(`Revoke Example, ${host}`);
		}
		const site = new URL(client.client.redirectUris[0] ?? "").host;
		expect(wordsOf(list)).toContain(`registered itself, its answers go to ${site}`);
		const [id = ""] = await idsOf(visitor, "grants");
		expect(wordsOf(await visitor.open(`${base}/grants/${id}/revoke`))).toMatch(/Use what you allow it at (?:one|two)/);
		expect(wordsOf(await visitor.open(`${base}/grants/revoke-all`))).toMatch(
			/Example, (?:one|two)\.example\S* in Acme/,
		);
	});

	test("a login session that is ended is refused at the next request, and no other is", async () => {
		const { who, visitor } = await somebody();
		const [one, two] = [await login(who, "one"), await login(who, "two")];
		const session = (await sessionsOf(one)).find((each) => each.session_id === "one");
		const answer = await visitor.send(base, `${base}/sessions/${session?.id}/end`);
		expect(locationOf(answer).search).toBe("?done=session");
		expect([await opens(one), await opens(two)]).toEqual([401, 200]);
		expect((await visitor.post(`${base}/sessions/${session?.id}/end`)).status).toBe(404);
	});

	test("a revoked grant's tokens are dead at the next request, and another grant's live", async () => {
		const { who, visitor } = await somebody();
		const one = await granted(demo.integration, {}, { who });
		const [id = ""] = await idsOf(visitor, "grants");
		const two = await granted(demo.nativeApp, {}, { who });
		const question = await visitor.open(`${base}/grants/${id}/revoke`);
		expect(wordsOf(question)).toContain("Globex Insights");
		expect((await environments(one.accessToken)).status).toBe(200);
		const answer = await visitor.send(`${base}/grants/${id}/revoke`, `${base}/grants/${id}/revoke`);
		expect(locationOf(answer).search).toBe("?done=grant");
		expect(refusal(await environments(one.accessToken))).toBe("401 invalid_token");
		expect(refusal(await refresh(one.refreshToken))).toBe("400 invalid_grant");
		expect((await environments(two.accessToken)).status).toBe(200);
		expect((await visitor.open(`${base}/grants/${id}/revoke`)).status).toBe(404);
		expect(await idsOf(visitor, "grants")).not.toContain(id);
	});

	test("all grants can be revoked at once; nobody is signed out by that", async () => {
		const { who, visitor } = await somebody();
		const grants = [await granted(demo.integration, {}, { who }), await granted(demo.webApp, {}, { who })];
		const question = await visitor.open(`${base}/grants/revoke-all`);
		expect(wordsOf(question)).toContain("Globex Insights in Acme");
		expect(wordsOf(question)).toContain("Acme Portal in Acme");
		await visitor.send(`${base}/grants/revoke-all`, `${base}/grants/revoke-all`);
		for (const { accessToken } of grants) expect((await environments(accessToken)).status).toBe(401);
		expect(wordsOf(await visitor.open(base))).toContain("Nothing is allowed");
		expect(await isSignedIn(visitor.cookie)).toBe(true);
	});

	test("what is another person's is not there, and stays", async () => {
		const [mine, theirs] = [await somebody(), await somebody()];
		const { accessToken } = await granted(demo.integration, {}, { who: theirs.who });
		const token = await login(theirs.who, "theirs");
		const [grant] = await idsOf(theirs.visitor, "grants");
		const [session] = await idsOf(theirs.visitor, "sessions");
		const attempts = [`grants/${grant}/revoke`, `sessions/${session}/end`];
		for (const each of attempts) expect((await mine.visitor.post(`${base}/${each}`)).status).toBe(404);
		expect((await environments(accessToken)).status).toBe(200);
		expect(await opens(token)).toBe(200);
	});

	test("forms of other sites, and forms without their token, end nothing", async () => {
		const { who, visitor } = await somebody();
		const grant = await granted(demo.nativeApp, {}, { who });
		const path = `${base}/grants/revoke-all`;
		expect((await visitor.post(path, {}, { "sec-fetch-site": "cross-site" })).status).toBe(403);
		expect((await visitor.post(path, {}, { origin: "https://evil.example" })).status).toBe(403);
		expect((await visitor.post(path, { csrf: "x" })).status).toBe(403);
		const hidden = hiddenOf(await (await atConsole(ada)).open(base), "/sign-out");
		expect((await visitor.post(path, { csrf: hidden.csrf })).status).toBe(403);
		expect((await environments(grant.accessToken)).status).toBe(200);
	});

	test("long lists go on by a cursor, which is this person's alone", async () => {
		const { who, visitor } = await somebody();
		// The codes of consents cost no password; a grant is listed once its code was redeemed.
		for (let count = 0; count <= 50; count++) await granted(demo.nativeApp, {}, { who });
		const page = await visitor.open(base);
		const next = /href="([^"]*\?grants=[^"]*)"/.exec(page.text)?.[1] ?? "";
		const seen = [page, await visitor.open(next)].flatMap(({ text }) =>
			[...text.matchAll(new RegExp(`${base}/grants/([\\w-]{22})/revoke`, "g"))].map(([, id]) => id),
		);
		expect(new Set(seen)).toHaveLength(51);
		expect(seen).toHaveLength(51);
		const other = await somebody();
		expect((await other.visitor.open(next)).status).toBe(404);
		expect((await visitor.open(`${next}A`)).status).toBe(404);
	});
});

describe("applications that one is not asked about again", () => {
	const scope = "openid email offline_access events:read";
	const link = authorizePath(demo.webApp, { scope, resource: "https://api.acme.example/v1", prompt: undefined });
	const withdraw = `${base}/consents/withdraw?client=${demo.webApp.client.id}`;

	/** Whether somebody who opens the link is sent on without a question. */
	async function goesOn({ cookie }: ConsoleVisitor): Promise<boolean> {
		const { status, text } = await ask(link, { headers: { cookie } });
		if (status !== 303 && !text.includes('name="decision"')) throw new Error(`Neither: ${status} ${text}`);
		return status === 303;
	}

	test("what was allowed is listed in words; once it is withdrawn, one is asked, and all that it was given is dead", async () => {
		const { who, visitor } = await somebody();
		expect(wordsOf(await visitor.open(base))).toContain("Nothing is remembered");
		const { accessToken, refreshToken } = await granted(
			demo.webApp,
			{ scope: "openid offline_access events:read" },
			{ who },
		);
		codeOf(await decide(link, { who }));
		const other = await granted(demo.nativeApp, {}, { who });
		expect(await goesOn(visitor)).toBe(true);
		const words = wordsOf(await visitor.open(base));
		expect(words).toContain("See your e-mail address");
		expect(words).toContain("Know you again");
		expect(words).toContain("Search the account's events");
		expect(words).toContain("Use what you allow it at api.acme.example");
		const question = await visitor.open(withdraw);
		expect(wordsOf(question)).toContain("You allowed Acme Portal this in Acme");
		expect(await goesOn(visitor)).toBe(true);

		const answer = await visitor.send(withdraw, withdraw.replaceAll("&", "&amp;"));
		expect(locationOf(answer).search).toBe("?done=consent");
		expect(await goesOn(visitor)).toBe(false);
		expect(refusal(await environments(accessToken))).toBe("401 invalid_token");
		expect(refusal(await refresh(refreshToken, { client: demo.webApp }))).toBe("400 invalid_grant");
		expect((await environments(other.accessToken)).status).toBe(200);
		const after = await visitor.open(`${base}?done=consent`);
		expect(wordsOf(after)).toContain("Revoked.");
		expect(wordsOf(after)).toContain("Nothing is remembered");
		expect((await visitor.open(withdraw)).status).toBe(404);
		// Nor is it listed as installed, and the log says who took it back.
		const installed = await visitor.open("/console/acme/installed");
		expect(installed.text.split("<main")[1]).not.toContain(`>${who.username}<`);
		const audit = await visitor.open("/console/acme/audit?action=consent.withdraw");
		expect(wordsOf(audit)).toContain("revoked the consent to");
	});

	test("to revoke one of its grants forgets it as well", async () => {
		const { who, visitor } = await somebody();
		codeOf(await decide(link, { who }));
		const { accessToken } = await granted(demo.webApp, { scope: "environments:read" }, { who });
		expect(await goesOn(visitor)).toBe(true);
		const [, grant] = /"grant_id":"([^"]+)"/.exec(JSON.stringify(claimsOf(accessToken))) ?? [];
		await visitor.post(`${base}/grants/${grant}/revoke`);
		expect(await goesOn(visitor)).toBe(false);
		expect((await visitor.open(withdraw)).status).toBe(404);
	});

	test("what another person agreed to is not there, and stays", async () => {
		const [mine, theirs] = [await somebody(), await somebody()];
		codeOf(await decide(link, { who: theirs.who }));
		expect((await mine.visitor.open(withdraw)).status).toBe(404);
		expect((await mine.visitor.post(withdraw)).status).toBe(404);
		expect(await goesOn(theirs.visitor)).toBe(true);
		expect(await goesOn(mine.visitor)).toBe(false);
	});

	test("a link to it, a form of another site, or one without its token withdraws nothing", async () => {
		const { who, visitor } = await somebody();
		codeOf(await decide(link, { who }));
		await visitor.open(withdraw);
		expect((await visitor.post(withdraw, {}, { "sec-fetch-site": "cross-site" })).status).toBe(403);
		expect((await visitor.post(withdraw, { csrf: "x" })).status).toBe(403);
		expect(await goesOn(visitor)).toBe(true);
	});

	test("an application's name stays text", async () => {
		const { who, visitor } = await somebody();
		const application = await aClient(demo.webApp, { name: "<script>alert(1)</script>" });
		codeOf(await decide(authorizePath(application, { scope: "openid" }), { who }));
		const { text } = await visitor.open(base);
		expect(text).toContain("&lt;script>alert(1)");
		expect(text).not.toContain("<script>alert(1)");
	});
});

describe("the entrance", () => {
	test("whoever is not signed in signs in, and comes in where they wanted to go", async () => {
		const location = locationOf(await ask("/console/acme/settings?x=1"));
		expect(location.pathname + location.search).toBe(
			`/sign-in?continue=${encodeURIComponent("/console/acme/settings?x=1")}`,
		);
		expect(locationOf(await ask("/console")).search).toBe("?continue=%2Fconsole");
		const answer = await postForm("/sign-in", { username: ada.username, password: ada.password });
		expect(locationOf(answer).pathname).toBe("/console");
	});

	test("it leads to the first account's overview, or to the section that is asked for, where the role shows it", async () => {
		const { visitor } = await somebody();
		expect(locationOf(await visitor.open("/console")).pathname).toBe("/console/acme");
		expect(locationOf(await visitor.open("/console/acme?section=audit")).pathname).toBe("/console/acme/audit");
		expect(locationOf(await visitor.open("/console/acme?section=settings")).pathname).toBe("/console/acme/settings");
		expect(locationOf(await visitor.open("/console/acme?section=//evil.example")).pathname).toBe("/console/acme");
		const member = await atConsole(await aPerson({ [demo.accounts.acme]: "member" }));
		expect(locationOf(await member.open("/console/acme?section=audit")).pathname).toBe("/console/acme");
		expect((await visitor.open("/console/globex")).status).toBe(404);
		expect((await visitor.open("/console/nobody")).status).toBe(404);
	});

	test("the account switcher leads to the same section of the other account", async () => {
		const account = await anAccount();
		const visitor = await atConsole(await aPerson({ [demo.accounts.acme]: "member", [account]: "admin" }));
		const page = await visitor.open("/console/acme/my-access");
		const link = /<a href="(\/console\/[^"]*\?section=[^"]*)"/.exec(page.text)?.[1] ?? "";
		expect(locationOf(await visitor.open(link)).pathname).toMatch(/^\/console\/slug-[^/]*\/my-access$/);
	});

	test("somebody without an account is told so", async () => {
		const visitor = await atConsole(await aPerson({}));
		const page = await visitor.open("/console");
		expect(page.status).toBe(200);
		expect(wordsOf(page)).toContain("No account yet");
	});

	test("an unknown page is a 404 inside the frame; an unknown account has no frame", async () => {
		const { visitor } = await somebody();
		const page = await visitor.open("/console/acme/nothing/here");
		expect(page.status).toBe(404);
		expect(page.text).toContain('aria-label="Console"');
		expect((await visitor.open("/console/globex/nothing")).text).not.toContain('aria-label="Console"');
		const head = await ask("/console/acme/my-access", { method: "HEAD", headers: { cookie: visitor.cookie } });
		expect([head.status, head.text]).toEqual([200, ""]);
		expect((await ask("/console/acme/my-access", { method: "DELETE" })).status).toBe(405);
	});

	test("the start page leads to the console", async () => {
		const { visitor } = await somebody();
		expect((await visitor.open("/")).text).toContain('href="/console"');
		expect((await ask("/")).text).not.toContain('href="/console"');
	});
});
