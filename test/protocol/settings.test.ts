import { describe, expect, test } from "vitest";
import { atConsole, hiddenOf, withCookie, wordsOf } from "../support/console.ts";
import { acceptBy, invitedBy, joinedBy } from "../support/invitations.ts";
import { loggedIn, logIn, opens } from "../support/logins.ts";
import { ada, type Login, signInAnew } from "../support/people.ts";
import { anOffice, type Office } from "../support/office.ts";
import { aPerson } from "../support/registered.ts";
import { ask, locationOf, postForm, refusal, times } from "../support/requests.ts";
import { advance, demo } from "../support/target.ts";
import { environments, granted } from "../support/tokens.ts";

const next = "a wholly new password";

async function isSignedIn(cookie: string): Promise<boolean> {
	return (await ask("/", { headers: { cookie } })).text.includes("Signed in as");
}

describe("a person's own settings", () => {
	const base = "/console/acme/settings";
	const password = "/console/acme/security/password";

	test("the name is changed, trimmed, and stays text", async () => {
		const visitor = await atConsole(await aPerson({ [demo.accounts.acme]: "member" }));
		const answer = await visitor.send(base, base, { change: "name", name: "  <b>Mary</b> Shelley " });
		expect(locationOf(answer).search).toBe("?done=name");
		const page = await visitor.open(`${base}?done=name`);
		expect(wordsOf(page)).toContain("Your name is saved.");
		expect(page.text).toContain('value="&lt;b>Mary&lt;/b> Shelley"');
	});

	test("what has been done is said to the browser that did it: a link that says so, from anywhere, is only the page", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		const stranger = await atConsole(who);
		expect(wordsOf(await stranger.open(`${base}?done=name`))).not.toContain("Your name is saved.");
		const visitor = await atConsole(who);
		await visitor.send(base, base, { change: "name", name: "Mary" });
		expect(wordsOf(await visitor.open(`${base}/account?done=name`))).not.toContain("is saved");
		expect(wordsOf(await visitor.open(`${base}?done=name&x=y`))).not.toContain("is saved");
		expect(wordsOf(await visitor.open(`${base}?done=name`))).toContain("Your name is saved.");
	});

	test.each(["", "   ", "a\u0000b", "a\u202eb", "x".repeat(101), "a\nb"])("%j is no name", async (name) => {
		const visitor = await atConsole(ada);
		const answer = await visitor.send(base, base, { change: "name", name });
		expect(answer.status).toBe(400);
		expect(answer.text).toContain('id="name-error"');
	});

	test("a new password ends other sign-ins and password sessions at once, and the old one is refused", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		const visitor = withCookie(await signInAnew(who));
		const other = await signInAnew(who);
		const token = await loggedIn({ username: who.username, password: who.password });
		const { accessToken } = await granted(demo.integration, {}, { who });
		const fields = { password: who.password, new_password: next };
		expect(locationOf(await visitor.send(password, password, fields)).search).toBe("?done=password");
		expect(await isSignedIn(visitor.cookie)).toBe(true);
		expect(await isSignedIn(other)).toBe(false);
		expect(await opens(token)).toBe(401);
		expect(refusal(await logIn({ username: who.username, password: who.password }))).toBe("401 Unauthorized");
		expect(refusal(await postForm("/sign-in", { username: who.username, password: who.password }))).toBe("401 Sign in");
		expect(await isSignedIn(await signInAnew({ ...who, password: next }))).toBe(true);
		expect(await opens(await loggedIn({ username: who.username, password: next }))).toBe(200);
		// What the person allowed others was not the password's.
		expect((await environments(accessToken)).status).toBe(200);
	});

	test("it needs the password that there is, and at least 12 characters of another one", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		const visitor = await atConsole(who);
		const change = (current: string, wanted: string) =>
			visitor.send(password, password, { password: current, new_password: wanted });
		const wrong = await change("not it at all", next);
		expect(wrong.status).toBe(403);
		expect(wrong.text).toContain('id="password-error"');
		expect(wrong.text).not.toContain("not it at all");
		expect((await change(who.password, "short")).text).toContain('id="new_password-error"');
		expect((await change(who.password, "x".repeat(1025))).status).toBe(400);
		expect((await change("", next)).status).toBe(400);
		expect((await change(who.password, who.password)).status).toBe(400);
		expect(await isSignedIn(await signInAnew(who))).toBe(true);
	});

	test.each(["qwerty123456", "passwordpassword", "123456789012", "Acme-2026-acme", "Ada-Demo-Password"])(
		"NIST SP 800-63B §3.1.1.2: what anybody would guess is no new password: %s",
		async (wanted) => {
			const visitor = await atConsole(ada);
			const fields = { password: ada.password, new_password: wanted };
			const answer = await visitor.send(password, password, fields);
			expect(answer.status).toBe(400);
			expect(answer.text).toContain('id="new_password-error"');
			expect(answer.text).not.toContain(wanted);
			expect(await isSignedIn(await signInAnew(ada))).toBe(true);
		},
	);

	test("whoever sits at an open browser may not guess the password either", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		const visitor = await atConsole(who);
		const fields = { password: "a guess", new_password: next };
		const csrf = hiddenOf(await visitor.open(password), password);
		const headers = { cookie: visitor.cookie, "sec-fetch-site": "same-origin" };
		const statuses = [];
		for (let count = 0; count < 11; count++)
			statuses.push((await postForm(password, { ...csrf, ...fields }, headers)).status);
		expect(statuses).toEqual([...times(10, () => 403), 429]);
		await advance(15 * 60);
	});

	test("forms of other sites, and without their token, change nothing", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		const visitor = await atConsole(who);
		const fields = { password: who.password, new_password: next };
		expect((await visitor.post(password, fields, { "sec-fetch-site": "cross-site" })).status).toBe(403);
		expect((await visitor.post(password, { ...fields, csrf: "x" })).status).toBe(403);
		expect(await isSignedIn(await signInAnew(who))).toBe(true);
	});
});

describe("the account's settings", () => {
	test("an administrator renames it; a member sees it and may not", async () => {
		const { account, visitor, base } = await anOffice();
		const answer = await visitor.send(`${base}/account`, `${base}/account`, { change: "name", name: "Renamed Inc" });
		expect(locationOf(answer).search).toBe("?done=name");
		expect(wordsOf(await visitor.open(`${base}/account`))).toContain("Renamed Inc");
		const bad = await visitor.send(`${base}/account`, `${base}/account`, { change: "name", name: "\u0007" });
		expect(bad.status).toBe(400);
		const member = await atConsole(await aPerson({ [account]: "member" }));
		const page = await member.open(`${base}/account`);
		expect(page.status).toBe(200);
		expect(page.text).not.toContain('name="name"');
		expect((await member.post(`${base}/account`, { change: "name", name: "Mine" })).status).toBe(403);
		expect((await member.post(`${base}/account/forbid-reveal`)).status).toBe(403);
		expect(wordsOf(await visitor.open(`${base}/account`))).toContain("Renamed Inc");
	});

	test("showing access codes again is forbidden after a question, and allowed again", async () => {
		const { visitor, base } = await anOffice();
		expect(wordsOf(await visitor.open(`${base}/account`))).toContain("Do not allow it any more");
		expect(wordsOf(await visitor.open(`${base}/account/forbid-reveal`))).toContain("brings nothing back");
		await visitor.send(`${base}/account/forbid-reveal`, `${base}/account/forbid-reveal`);
		expect(wordsOf(await visitor.open(`${base}/account`))).toContain("Not allowed");
		await visitor.post(`${base}/account`, { change: "reveal" });
		expect(wordsOf(await visitor.open(`${base}/account`))).toContain("Do not allow it any more");
	});
});

/** Invites somebody who is new here: how they sign in. */
async function added({ visitor, slug }: Office, name: string): Promise<Login> {
	return joinedBy(await invitedBy(visitor, slug), { name });
}

async function idOf(office: Office, name: string) {
	const { text } = await office.visitor.open(office.people);
	const row = [...text.matchAll(/<tr>(.*?)<\/tr>/gs)]
		.map(([, inside = ""]) => inside)
		.find((each) => each.includes(`<bdi>${name}`));
	const id = /people\/(usr_[\w-]+)"/.exec(row ?? "")?.[1];
	if (id === undefined) throw new Error(`No ${name}: ${text}`);
	return id;
}

describe("the people of an account", () => {
	test("who is removed loses the account at once, its tokens within 30 seconds, and gets none of it back", async () => {
		const office = await anOffice();
		const login = await added(office, "Leaver");
		const them = withCookie(await signInAnew(login));
		const grant = await granted(demo.nativeApp, {}, { who: login });
		const token = await loggedIn({ username: login.username, password: login.password });
		const target = await idOf(office, "Leaver");
		const question = `${office.people}/${target}/remove`;
		expect(wordsOf(await office.visitor.open(question))).toContain("Leaver");
		const answer = await office.visitor.send(question, question);
		expect(locationOf(answer).search).toBe("?done=removed");
		expect((await them.open(office.people)).status).toBe(404);
		await advance(31);
		expect(await opens(token)).toBe(401);
		expect((await environments(grant.accessToken)).status).toBe(401);
		// Back by another invitation, with the password that they have; what they held stays ended.
		const back = await acceptBy(await invitedBy(office.visitor, office.slug), them.cookie);
		expect(locationOf(back).pathname).toBe(`/console/${office.slug}`);
		expect((await them.open(office.people)).status).toBe(200);
		await advance(31);
		expect((await environments(grant.accessToken)).status).toBe(401);
		expect(await opens(token)).toBe(401);
		expect(await opens(await loggedIn({ username: login.username, password: login.password }))).toBe(200);
	});

	test("roles change; the last administrator stays one, and stays", async () => {
		const office = await anOffice();
		const login = await added(office, "Second");
		const second = await idOf(office, "Second");
		const me = office.admin.id;
		for (const [path, fields] of [
			[`${office.people}/${me}`, { role: "member" }],
			[`${office.people}/${me}/remove`, {}],
		] as const) {
			const answer = await office.visitor.send(path, path, fields);
			expect(answer.status).toBe(409);
			expect(wordsOf(answer)).toContain("only administrator");
		}
		const them = withCookie(await signInAnew(login));
		expect((await them.open(`${office.people}/new`)).status).toBe(403);
		const other = `${office.people}/${second}`;
		expect(locationOf(await office.visitor.send(other, other, { role: "admin" })).search).toBe("?done=role");
		expect((await them.open(`${office.people}/new`)).status).toBe(200);
		const { csrf } = hiddenOf(await office.visitor.open(office.base), office.base);
		const own = await office.visitor.post(`${office.people}/${me}/remove`);
		expect(locationOf(own).pathname).toBe("/console");
		expect((await office.visitor.open(office.people)).status).toBe(404);
		const headers = { cookie: office.visitor.cookie, "sec-fetch-site": "same-origin" };
		expect((await postForm(`${office.people}/${second}`, { csrf, role: "member" }, headers)).status).toBe(404);
	});

	test("members see who is there and change nobody; another account's people are not there", async () => {
		const office = await anOffice();
		const member = await atConsole(await aPerson({ [office.account]: "member" }));
		const list = await member.open(office.people);
		expect(list.status).toBe(200);
		expect(list.text).not.toContain(`${office.people}/`);
		for (const path of [
			`${office.people}/new`,
			`${office.people}/${office.admin.id}`,
			`${office.people}/${office.admin.id}/remove`,
		]) {
			expect((await member.open(path)).status).toBe(403);
			expect((await member.post(path, { role: "admin" })).status).toBe(403);
		}
		const elsewhere = await anOffice();
		const foreign = `${elsewhere.people}/${office.admin.id}`;
		expect((await elsewhere.visitor.open(foreign)).status).toBe(404);
		expect((await elsewhere.visitor.post(foreign, { role: "member" })).status).toBe(404);
		expect((await elsewhere.visitor.post(`${foreign}/remove`)).status).toBe(404);
		expect((await elsewhere.visitor.open(office.people)).status).toBe(404);
		const mine = await office.visitor.post(`${office.people}/${office.admin.id}`, { role: "root" });
		expect(mine.status).toBe(400);
	});
});
