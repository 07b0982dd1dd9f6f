import { beforeAll, describe, expect, test } from "vitest";
import { atConsole, hiddenOf, withCookie, wordsOf } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { invitedBy, newcomer } from "../support/invitations.ts";
import { logIn } from "../support/logins.ts";
import { linkTo } from "../support/mail.ts";
import { answerBy, optionsOn, origin, register, signInByPasskey, signInPage } from "../support/passkeys.ts";
import { codeOf, turnOnCodes } from "../support/one-time-codes.ts";
import { joinedByPasskey, makeOn, pageToMakePasskey, type Passwordless } from "../support/passwordless.ts";
import { ada, type Login, signInAnew } from "../support/people.ts";
import { anOperator, aPerson } from "../support/registered.ts";
import { type Answer, ask, locationOf, ownPage, postForm, refusal } from "../support/requests.ts";
import { type SoftPasskey, softPasskey } from "../support/software-authenticator.ts";
import { advance, demo } from "../support/target.ts";

const security = "/console/acme/security";
const codesPage = `${security}/recovery-codes`;
const removal = `${security}/password/remove`;

async function invitation(): Promise<string> {
	return invitedBy(await atConsole(ada), "acme");
}

async function isIn(cookie: string): Promise<boolean> {
	return (await ask(security, { headers: { cookie } })).status === 200;
}

async function signsInBy(passkey: SoftPasskey): Promise<boolean> {
	return (await answerBy(passkey, await signInPage())).status === 303;
}

/** Sends a form of the console with what a passkey makes of the options that stand in it. */
async function proveBy(
	passkey: SoftPasskey,
	cookie: string,
	path: string,
	fields: Readonly<Record<string, string>> = {},
): Promise<Answer> {
	const page = await ask(path, { headers: { cookie } });
	const response = await passkey.get(optionsOn(page), origin);
	return postForm(path, { ...hiddenOf(page, path), ...fields, passkey: response }, { ...ownPage, cookie });
}

function codesOn({ text }: Answer): readonly string[] {
	return /id="codes"[^>]*>([^<]*)</.exec(text)?.[1]?.trim().split("\n") ?? [];
}

/** Somebody of Acme with a password and a passkey, signed in by that. */
async function withBoth(): Promise<{ who: Login & { id: string }; passkey: SoftPasskey; cookie: string }> {
	const who = await aPerson({ [demo.accounts.acme]: "member" });
	const passkey = await softPasskey();
	locationOf(await register(passkey, { cookie: await signInAnew(who), password: who.password }));
	return { who, passkey, cookie: await signInByPasskey(passkey) };
}

async function recoverable() {
	const who = await joinedByPasskey(await invitation());
	const codes = codesOn(await proveBy(who.passkey, who.cookie, codesPage));
	return { ...who, codes };
}

/** The page that comes after the code. */
function pageFor(username: string, code: string, more: Readonly<Record<string, string>> = {}) {
	return pageToMakePasskey("/recover", { by: "code", username, code, ...more });
}

/** By an operator. */
async function linkFor(username: string): Promise<string> {
	const operator = withCookie(await signInAnew(await anOperator()));
	const fields = { username, password: "a password of their own" };
	const made = await operator.send("/operator/recovery", "/operator/recovery", fields);
	const [, url = ""] = /id="recovery-link"[^>]*>([^<]*)</.exec(made.text) ?? [];
	return new URL(url).pathname;
}

describe("somebody who has no password", () => {
	let cleo: Passwordless;

	beforeAll(async () => {
		cleo = await joinedByPasskey(await invitation());
	});

	test("joined by a passkey, and signs in by it with no name", async () => {
		expect(wordsOf(await withCookie(cleo.cookie).open(security))).toContain("You have none, and need none");
		expect(await signsInBy(cleo.passkey)).toBe(true);
	});

	test("is refused each password, the empty one too", async () => {
		const { username } = cleo;
		for (const password of ["", "null", "a password of their own"]) {
			expect((await postForm("/sign-in", { username, password }, ownPage)).status).toBeGreaterThanOrEqual(400);
			expect((await logIn({ username, password })).status).toBeGreaterThanOrEqual(400);
		}
		await advance(15 * 60);
	});

	test("shows a passkey where others give their password; no password is asked for there", async () => {
		const page = await withCookie(cleo.cookie).open(codesPage);
		expect(page.text).not.toContain('type="password"');
		expect(codesOn(await proveBy(cleo.passkey, cleo.cookie, codesPage))).toHaveLength(10);
		expect(refusal(await withCookie(cleo.cookie).send(codesPage, codesPage))).toBe("400 Recovery codes");
	});

	test("cannot remove what is their last way in", async () => {
		const page = await withCookie(cleo.cookie).open(security);
		const [, id = ""] = new RegExp(`${security}/passkeys/([\\w-]{22})"`).exec(page.text) ?? [];
		const answer = await proveBy(cleo.passkey, cleo.cookie, `${security}/passkeys/${id}/remove`);
		expect(refusal(answer)).toBe("409 Your last way in");
		expect(await signsInBy(cleo.passkey)).toBe(true);
	});

	test("sets a password after a passkey, and both are good", async () => {
		const dora = await joinedByPasskey(await invitation());
		const password = "plum trees by the river";
		const path = `${security}/password`;
		const answer = await proveBy(dora.passkey, dora.cookie, path, { new_password: password });
		expect(locationOf(answer).search).toBe("?done=password");
		expect(await isIn(await signInAnew({ username: dora.username, password }))).toBe(true);
		expect(await signsInBy(dora.passkey)).toBe(true);
	});
});

describe("joining by a passkey", () => {
	test("a user name that is taken is told before a passkey is made, and is counted", async () => {
		const link = await invitation();
		const { page } = await pageToMakePasskey(link, { answer: "new", name: "Ada", username: ada.username });
		expect([page.status, wordsOf(page)]).toEqual([409, expect.stringContaining("This user name is taken")]);
		expect(page.text).not.toContain('data-passkey="create"');
	});

	test("what was made for another link, browser or person makes nobody", async () => {
		const [link, other] = [await invitation(), await invitation()];
		const { username, name } = newcomer();
		const passkey = await softPasskey();
		const making = await pageToMakePasskey(link, { answer: "new", name, username });
		const elsewhere = await pageToMakePasskey(other, { answer: "new", name, username }, making.asked);
		const response = await passkey.create(optionsOn(elsewhere.page), origin);
		const person = hiddenOf(elsewhere.page, other).person ?? "";
		for (const [sent, changes] of [
			[making, { new_passkey: response, person }],
			[{ ...making, asked: "__Host-latchkey-asked=AAAAAAAAAAAAAAAAAAAAAA" }, {}],
			[making, { person }],
			[making, { person: "usr_any_AAAAAAAAAAAAAAAAAAAAAA" }],
		] as const) {
			expect(refusal(await makeOn(link, sent, passkey, changes))).toBe("400 You are invited");
		}
		expect(await signsInBy(passkey)).toBe(false);
		expect((await ask(link)).status).toBe(200);
	});

	test("a passkey that somebody has makes nobody else, and one page makes one person", async () => {
		const mallory = await joinedByPasskey(await invitation());
		const link = await invitation();
		const { username, name } = newcomer();
		const making = await pageToMakePasskey(link, { answer: "new", name, username });
		expect((await makeOn(link, making, mallory.passkey)).status).toBe(409);
		expect((await ask(link)).status).toBe(200);
		expect(refusal(await makeOn(link, making, await softPasskey()))).toBe("400 You are invited");
	});
});

describe("a passkey in the place of the password", () => {
	test("is good once, in the browser that was asked, for what it was asked, by whose it is", async () => {
		const { passkey, cookie } = await withBoth();
		const other = await withBoth();
		const page = await ask(codesPage, { headers: { cookie } });
		const asked = optionsOn(page);
		const send = (response: string, by = cookie) =>
			withCookie(by).send(codesPage, codesPage, { passkey: response }).then(refusal);
		const good = await passkey.get(asked, origin);
		expect(await send(good, await signInByPasskey(passkey))).toBe("403 Recovery codes");
		expect(await send(await other.passkey.get(asked, origin))).toBe("403 Recovery codes");
		const { page: front } = await signInPage();
		expect(await send(await passkey.get(optionsOn(front), origin))).toBe("403 Recovery codes");
		expect((await withCookie(cookie).send(codesPage, codesPage, { passkey: good })).status).toBe(200);
		expect(await send(good)).toBe("403 Recovery codes");
	});

	test("it does not sign in", async () => {
		const { passkey, cookie } = await withBoth();
		const asked = optionsOn(await ask(codesPage, { headers: { cookie } }));
		const { page, asked: browser } = await signInPage();
		const hidden = hiddenOf(page, "/sign-in/passkey");
		const response = await passkey.get(asked, origin);
		const answer = await postForm(
			"/sign-in/passkey",
			{ ...hidden, passkey: response },
			{ ...ownPage, cookie: browser },
		);
		expect(refusal(answer)).toBe("401 Sign in");
	});
});

describe("a password that is removed", () => {
	test("opens nothing from then on, and what it opened ends: other browsers, login sessions, recovery codes", async () => {
		const { who, passkey, cookie } = await withBoth();
		const { username, password } = who;
		const other = await signInAnew(who);
		const made = await withCookie(cookie).send(codesPage, codesPage, { password });
		expect(codesOn(made)).toHaveLength(10);
		const answer = await withCookie(cookie).send(removal, removal, { password });
		expect(locationOf(answer).search).toBe("?done=password_removed");
		expect([await isIn(cookie), await isIn(other)]).toEqual([true, false]);
		expect((await postForm("/sign-in", { username, password }, ownPage)).status).toBe(401);
		expect((await logIn({ username, password })).status).toBe(401);
		expect(wordsOf(await withCookie(cookie).open(security))).toContain(
			"You have none. Should you lose every other way in",
		);
		expect(await signsInBy(passkey)).toBe(true);
		expect(locationOf(await withCookie(cookie).post(removal, { password })).pathname).toBe(security);
	});

	test("of the last two ways in that are removed in two tabs at once one stays", async () => {
		const { who, passkey, cookie } = await withBoth();
		const tab = withCookie(cookie);
		const [, id = ""] = new RegExp(`${security}/passkeys/([\\w-]{22})"`).exec((await tab.open(security)).text) ?? [];
		const { password } = who;
		const removes = [removal, `${security}/passkeys/${id}/remove`];
		const answers = await Promise.all(removes.map((path) => tab.send(path, path, { password })));
		expect(answers.map(({ status }) => status).filter((status) => status === 303)).toHaveLength(1);
		const ways = [(await logIn({ username: who.username, password })).status === 200, await signsInBy(passkey)];
		expect(ways.filter(Boolean)).toHaveLength(1);
	});

	test("it needs a passkey that stays, and a proof", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		const visitor = await atConsole(who);
		expect(wordsOf(await visitor.open(security))).toContain("Once you have a passkey, you can do without it.");
		expect((await visitor.open(security)).text).not.toContain(removal);
		expect(refusal(await visitor.send(removal, removal, { password: "a guess" }))).toBe("403 Remove your password");
		expect(refusal(await visitor.send(removal, removal, { password: who.password }))).toBe("409 Your only way in");
		expect(await isIn(await signInAnew(who))).toBe(true);
	});
});

describe("a recovery code of somebody who has no password", () => {
	test("brings them back by a passkey, once; every browser is signed out, and their accounts are alerted", async () => {
		const { username, passkey: lost, cookie, codes } = await recoverable();
		const making = await pageFor(username, codes[0]!);
		expect(making.page.text).not.toContain(codes[0]);
		// Looked at, and not used up.
		expect(await isIn(cookie)).toBe(true);
		const passkey = await softPasskey();
		expect(locationOf(await makeOn("/recover", making, passkey)).search).toBe("?done=passkey");
		expect(await isIn(cookie)).toBe(false);
		expect([await signsInBy(passkey), await signsInBy(lost)]).toEqual([true, true]);
		expect(refusal((await pageFor(username, codes[0]!)).page)).toBe("401 Cannot get in?");
		expect(refusal(await makeOn("/recover", making, await softPasskey()))).toBe("401 Cannot get in?");
		expect(wordsOf(await (await atConsole(ada)).open("/console/acme/alerts"))).toContain(
			"Passkey created by a way back in",
		);
	});

	test("removes the password of whoever had one", async () => {
		const { who, cookie } = await withBoth();
		const codes = codesOn(await withCookie(cookie).send(codesPage, codesPage, { password: who.password }));
		const passkey = await softPasskey();
		const making = await pageFor(who.username, codes[0]!);
		expect(locationOf(await makeOn("/recover", making, passkey)).search).toBe("?done=passkey");
		expect((await logIn({ username: who.username, password: who.password })).status).toBe(401);
		expect(await signsInBy(passkey)).toBe(true);
	});

	test("whoever has one-time codes on shows one too, or another recovery code, before a passkey", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		const { secret, recovery } = await turnOnCodes(who);
		const [code = "", second = ""] = recovery;
		const attempt = async (more = {}) => {
			const making = await pageFor(who.username, code, more);
			return { making, outcome: making.page.status === 200 ? "asked" : refusal(making.page) };
		};
		for (const wrong of ["", "000000", code, "abcd-efgh-jkmn-pqrs-tuvw-xyz2"]) {
			expect((await attempt({ second: wrong })).outcome).toBe("401 Cannot get in?");
		}
		// Whoever says that they have shown it has not.
		const other = await recoverable();
		const { held = "" } = hiddenOf((await pageFor(other.username, other.codes[0]!)).page, "/recover");
		await advance(60);
		const { making } = await attempt({ second: codeOf(secret) });
		const passkey = await softPasskey();
		expect((await makeOn("/recover", making, passkey, { held })).status).toBe(401);
		expect((await attempt({ second })).outcome).toBe("asked");
		expect((await attempt({ second })).outcome).toBe("401 Cannot get in?");
		const again = await attempt({ second: recovery[2]! });
		expect(locationOf(await makeOn("/recover", again.making, passkey)).search).toBe("?done=passkey");
		expect(await signsInBy(passkey)).toBe(true);
		await advance(15 * 60);
	});

	test("without it, or by somebody else's page, no passkey is made", async () => {
		const [one, other] = [await recoverable(), await recoverable()];
		expect(refusal((await pageFor(one.username, other.codes[0]!)).page)).toBe("401 Cannot get in?");
		const making = await pageFor(one.username, one.codes[0]!);
		const theirs = await pageFor(other.username, other.codes[0]!);
		const { hash = "", held = "", person = "" } = hiddenOf(theirs.page, "/recover");
		const passkey = await softPasskey();
		for (const changes of [{ hash }, { held: "" }, { held }, { person }, { username: other.username, hash }]) {
			const again = await pageFor(one.username, one.codes[0]!);
			expect((await makeOn("/recover", again, passkey, changes)).status).toBe(401);
		}
		const elsewhere = { ...making, asked: "__Host-latchkey-asked=AAAAAAAAAAAAAAAAAAAAAA" };
		expect((await makeOn("/recover", elsewhere, passkey)).status).toBe(401);
		expect(await signsInBy(passkey)).toBe(false);
		await advance(15 * 60);
	});
});

describe("NIST SP 800-63B-4 §4.2.2.2: a link by mail, of somebody who has passkeys and no one-time codes", () => {
	test("makes no other passkey by itself, but beside one of their recovery codes, once", async () => {
		const email = "mailbox@mail.example";
		const who = await aPerson({ [demo.accounts.acme]: "member" }, undefined, {
			profile: { email },
			verifiedEmail: email,
		});
		const [lost, found] = [await softPasskey(), await softPasskey()];
		await register(lost, { cookie: await signInAnew(who), password: who.password });
		const owner = withCookie(await signInByPasskey(lost));
		const [code = "", another = ""] = codesOn(await owner.send(codesPage, codesPage, { password: who.password }));
		await postForm("/recover", { by: "mail", username: who.username }, ownPage);
		const link = await eventually(async () => {
			const path = await linkTo(email);
			// They are told of their new passkey as well.
			if (!path.startsWith("/recover/")) throw new Error(`A link to ${path}`);
			return path;
		});
		for (const second of ["", "123456", who.password, "abcd-efgh-jkmn-pqrs-tuvw-xyz2"]) {
			const { page } = await pageToMakePasskey(link, { second });
			expect([page.status, page.text.includes('data-passkey="create"')]).toEqual([401, false]);
		}
		const alone = await pageToMakePasskey(link, { second: code });
		expect((await pageToMakePasskey(link, { second: code })).page.status).toBe(401);
		// What was shown for it is for this link and browser.
		const elsewhere = await pageToMakePasskey(link, { second: another });
		const { held = "" } = hiddenOf(elsewhere.page, link);
		expect((await makeOn(link, alone, found, { held })).status).toBe(404);
		expect(locationOf(await makeOn(link, alone, found)).search).toBe("?done=passkey");
		expect([await signsInBy(lost), await signsInBy(found)]).toEqual([true, true]);
	});
});

describe("a link for somebody who has lost everything", () => {
	test("brings them back by a passkey, and takes the password, the one-time codes and every other link with it", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		const { cookie } = await turnOnCodes(who);
		const [link, another] = [await linkFor(who.username), await linkFor(who.username)];
		const passkey = await softPasskey();
		const making = await pageToMakePasskey(link, {});
		expect(locationOf(await makeOn(link, making, passkey)).search).toBe("?done=passkey");
		expect(await isIn(cookie)).toBe(false);
		expect(await signsInBy(passkey)).toBe(true);
		expect((await logIn({ username: who.username, password: who.password })).status).toBe(401);
		expect((await ask(another)).status).toBe(404);
		expect((await makeOn(link, making, await softPasskey())).status).toBe(404);
		// From none to none: what is bound to the password of then ends all the same.
		const [next, late] = [await linkFor(who.username), await linkFor(who.username)];
		const second = await softPasskey();
		expect(locationOf(await makeOn(next, await pageToMakePasskey(next, {}), second)).search).toBe("?done=passkey");
		expect((await ask(late)).status).toBe(404);
		expect([await signsInBy(passkey), await signsInBy(second)]).toEqual([true, true]);
	});
});
