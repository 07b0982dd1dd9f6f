import { eventually } from "../support/eventually.ts";
import { credentialsIn } from "../support/credentials.ts";
import { describe, expect, test } from "vitest";
import { atConsole, type ConsoleVisitor, hiddenOf, withCookie, wordsOf } from "../support/console.ts";
import { loggedIn, opens } from "../support/logins.ts";
import { codeOf, turnOnCodes } from "../support/one-time-codes.ts";
import { answerBy, register, signInByPasskey, signInPage } from "../support/passkeys.ts";
import { ada, cookieOf, type Login, signInAnew } from "../support/people.ts";
import { aPerson } from "../support/registered.ts";
import { ask, locationOf, ownPage, postForm } from "../support/requests.ts";
import { softPasskey } from "../support/software-authenticator.ts";
import { demo } from "../support/target.ts";
import { environments, granted } from "../support/tokens.ts";

/** Somebody of Acme, in a browser of theirs. */
async function somebody() {
	const who = await aPerson({ [demo.accounts.acme]: "admin" });
	return { who, visitor: await atConsole(who) };
}

const base = "/console/acme/security";

const firefox = {
	"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
	"cf-connecting-ip": "192.0.2.77",
};

async function isSignedIn(cookie: string): Promise<boolean> {
	return (await ask("/", { headers: { cookie } })).text.includes("Signed in as");
}

function login({ username, password }: Login, session: string): Promise<string> {
	return loggedIn({ username, password, session_id: session });
}

/** The ids of the browsers that the page lists. */
async function idsOf(visitor: ConsoleVisitor): Promise<string[]> {
	const { text } = await visitor.open(base);
	const found = text.matchAll(new RegExp(`${base}/sign-ins/([\\w-]{22})/`, "g"));
	return [...new Set([...found].map(([, id = ""]) => id))];
}

describe("browsers", () => {
	test("are listed, with this one marked", async () => {
		const { who, visitor } = await somebody();
		await postForm("/sign-in", { username: who.username, password: who.password }, firefox);
		const page = await visitor.open(base);
		const words = wordsOf(page);
		expect(page.status).toBe(200);
		expect(words).toContain("Firefox on Linux");
		expect(words).toContain("192.0.2.77");
		expect(words.match(/This browser/g)).toHaveLength(1);
		// Nothing of what makes them good.
		expect(credentialsIn(page.text)).toEqual([]);
		expect(await idsOf(visitor)).toHaveLength(2);
	});

	test("a browser that is signed out is signed out at its next request, and no other is", async () => {
		const { who, visitor } = await somebody();
		const before = await idsOf(visitor);
		const other = await signInAnew(who);
		const third = await signInAnew(who);
		const [added] = (await idsOf(withCookie(other))).filter((id) => !before.includes(id));
		await visitor.send(base, `${base}/sign-ins/${added}/end`);
		expect(new Set([await isSignedIn(other), await isSignedIn(third)])).toEqual(new Set([false, true]));
		expect(await isSignedIn(visitor.cookie)).toBe(true);
	});

	test("this browser can be signed out as well", async () => {
		const { who } = await somebody();
		const fresh = withCookie(await signInAnew(who));
		const page = await fresh.open(base);
		const mine = /<form[^>]*action="([^"]*)"[^>]*>(?:(?!<\/form>).)*Sign out here/s.exec(page.text)?.[1] ?? "";
		const answer = await postForm(mine, hiddenOf(page, mine), {
			cookie: fresh.cookie,
			"sec-fetch-site": "same-origin",
		});
		expect(locationOf(answer).pathname).toBe("/");
		expect(answer.headers.get("set-cookie")).toMatch(/Max-Age=0/);
		expect(await isSignedIn(fresh.cookie)).toBe(false);
	});

	test("signing out everywhere ends every cookie and login token at once, and leaves grants alone", async () => {
		const { who, visitor } = await somebody();
		const cookies = [visitor.cookie, await signInAnew(who), await signInAnew(who)];
		const tokens = [await login(who, "a"), await login(who, "b")];
		const { accessToken } = await granted(demo.integration, {}, { who });
		const someoneElse = await aPerson({ [demo.accounts.acme]: "member" });
		const theirs = await signInAnew(someoneElse);
		expect(wordsOf(await visitor.open(`${base}/sign-out-everywhere`))).toContain("this one too");
		const answer = await visitor.send(`${base}/sign-out-everywhere`, `${base}/sign-out-everywhere`);
		expect(answer.headers.get("set-cookie")).toMatch(/Max-Age=0/);
		for (const cookie of cookies) expect(await isSignedIn(cookie)).toBe(false);
		for (const token of tokens) expect(await opens(token)).toBe(401);
		expect((await environments(accessToken)).status).toBe(200);
		expect(await isSignedIn(theirs)).toBe(true);
		expect(await isSignedIn(await signInAnew(who))).toBe(true);
	});

	test("those of another person are not there, and stay", async () => {
		const [mine, theirs] = [await somebody(), await somebody()];
		const [signIn] = await idsOf(theirs.visitor);
		expect((await mine.visitor.post(`${base}/sign-ins/${signIn}/end`)).status).toBe(404);
		expect(await isSignedIn(theirs.visitor.cookie)).toBe(true);
	});

	test("forms of other sites, and forms without their token, end nothing", async () => {
		const { visitor } = await somebody();
		const [signIn] = await idsOf(visitor);
		for (const path of [`${base}/sign-out-everywhere`, `${base}/sign-ins/${signIn}/end`]) {
			expect((await visitor.post(path, {}, { "sec-fetch-site": "cross-site" })).status).toBe(403);
			expect((await visitor.post(path, {}, { origin: "https://evil.example" })).status).toBe(403);
			expect((await visitor.post(path, { csrf: "x" })).status).toBe(403);
			const hidden = hiddenOf(await (await atConsole(ada)).open(base), "/sign-out");
			expect((await visitor.post(path, { csrf: hidden.csrf })).status).toBe(403);
		}
		expect(await isSignedIn(visitor.cookie)).toBe(true);
	});
});

/** What the page lists of them, in words. */
async function recent(visitor: ConsoleVisitor, path = base): Promise<readonly string[]> {
	const page = await visitor.open(path);
	const [, table = ""] = /Recent sign-ins<\/caption>(.*?)<\/table>/s.exec(page.text) ?? [];
	return table
		.split("<tr>")
		.slice(2)
		.map((text) => wordsOf({ ...page, text }));
}

describe("recent sign-ins", () => {
	test("are listed with those that are over, newest first, and nobody else's", async () => {
		const { who, visitor } = await somebody();
		const [first] = await idsOf(visitor);
		await postForm("/sign-in", { username: who.username, password: who.password }, firefox);
		const other = withCookie(await signInAnew(who));
		await other.post(`${base}/sign-ins/${first}/end`);
		const rows = await recent(other);
		expect(rows).toHaveLength(4);
		expect(rows[0]).toContain("Signed out a browser");
		for (const row of rows.slice(1)) expect(row).toContain("Signed in");
		expect(rows[2]).toContain("Firefox on Linux from 192.0.2.77");
	});

	test("tell of passwords that were wrong, each at first and then by their number alone", async () => {
		const { who, visitor } = await somebody();
		const guess = (address: string) =>
			postForm("/sign-in", { username: who.username, password: "a guess" }, { "cf-connecting-ip": address });
		const listed = async () => {
			const { text } = await visitor.open(base);
			const next = /href="([^"]*\?recent=[^"]*)"/.exec(text)?.[1];
			const all = [...(await recent(visitor)), ...(next === undefined ? [] : await recent(visitor, next))];
			return all.filter((row) => row.includes("Wrong password"));
		};
		for (let count = 1; count <= 20; count++) await guess(`198.51.100.${count}`);
		await eventually(async () => expect(await listed()).toHaveLength(20));
		expect((await listed()).some((row) => row.includes("from 198.51.100.1 "))).toBe(true);
		for (let count = 21; count <= 24; count++) await guess(`198.51.100.${count}`);
		const told = "24 wrong passwords were tried";
		await eventually(async () => expect(wordsOf(await visitor.open(base))).toContain(told));
		expect(await listed()).toHaveLength(20);
	});

	test("tell of one-time codes that were wrong and of passkeys that were refused, from where", async () => {
		const { who, visitor } = await somebody();
		const passkey = await softPasskey();
		await register(passkey, { cookie: visitor.cookie, password: who.password });
		const from = { "cf-connecting-ip": "198.51.100.201" };
		expect((await answerBy(passkey, await signInPage(), { isForged: true }, from)).status).toBe(401);
		const { secret } = await turnOnCodes(who, undefined, await signInByPasskey(passkey));
		const half = cookieOf(await postForm("/sign-in", { username: who.username, password: who.password }, ownPage));
		const wrong = codeOf(secret) === "000000" ? "000001" : "000000";
		const cookie = { ...ownPage, cookie: half, "cf-connecting-ip": "198.51.100.202" };
		expect((await postForm("/sign-in/second-factor", { code: wrong, by: "code" }, cookie)).status).toBe(401);
		const mine = withCookie(await signInByPasskey(passkey));
		await eventually(async () => {
			const rows = await recent(mine);
			const of = (what: string) => rows.filter((row) => row.includes(what)).map((row) => /from (\S+)/.exec(row)?.[1]);
			expect([of("Wrong one-time code"), of("Passkey refused")]).toEqual([["198.51.100.202"], ["198.51.100.201"]]);
		});
	});

	test("say by what one signed in", async () => {
		expect((await recent((await somebody()).visitor))[0]).toContain("Signed in by password");
	});

	test("go on by a cursor, which is this person's alone", async () => {
		const { who, visitor } = await somebody();
		for (let count = 0; count < 20; count++) await signInAnew(who);
		const { text } = await visitor.open(base);
		const next = /href="([^"]*\?recent=[^"]*)"/.exec(text)?.[1] ?? "";
		expect(await recent(visitor)).toHaveLength(20);
		expect(await recent(visitor, next)).toHaveLength(1);
		expect((await (await somebody()).visitor.open(next)).status).toBe(404);
	});
});
