import { describe, expect, test } from "vitest";
import { atConsole, hiddenOf, withCookie, wordsOf } from "../support/console.ts";
import { acceptBy, invitedBy, joinAsNew, joinedBy, linkOn, newcomer } from "../support/invitations.ts";
import { call, good } from "../support/keys-api.ts";
import { anOffice, type Office } from "../support/office.ts";
import { ada, signedIn, signInAnew } from "../support/people.ts";
import { aPerson } from "../support/registered.ts";
import { ask, locationOf, ownPage, postForm, refusal, saidIn, times } from "../support/requests.ts";
import { advance, demo, logged, setStanding } from "../support/target.ts";

const week = 7 * 86_400;
const byNumber = (one: number, other: number) => one - other;

/** What the list of an office says of its invitations, newest first. */
async function listed(office: Office): Promise<string> {
	const page = await office.visitor.open(office.people);
	return wordsOf({ ...page, text: page.text.split('id="invitations"')[1] ?? "" });
}

async function revoke(office: Office): Promise<void> {
	const [, id = ""] = /invitations\/([\w-]{22})\/revoke/.exec((await office.visitor.open(office.people)).text) ?? [];
	const question = `${office.people}/invitations/${id}/revoke`;
	expect(wordsOf(await office.visitor.open(question))).toContain("opens nothing any more");
	expect(locationOf(await office.visitor.send(question, question)).search).toBe("?done=revoked");
}

describe("an invitation", () => {
	test("says who invites to what, and a new person chooses how they sign in, and lands in the account", async () => {
		const office = await anOffice();
		const link = await invitedBy(office.visitor, office.slug, { role: "admin", note: "Welcome, Rosalind" });
		const page = await ask(link);
		expect(page.status).toBe(200);
		expect(wordsOf(page)).toMatch(/New Person invites you to New as Administrator.*Welcome, Rosalind/);
		expect(page.headers.get("referrer-policy")).not.toContain("unsafe");
		const who = newcomer({ name: "Rosalind" });
		const answer = await joinAsNew(link, who);
		expect(locationOf(answer).pathname).toBe(`/console/${office.slug}`);
		const them = withCookie((answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "");
		expect((await them.open(office.people)).status).toBe(200);
		expect((await withCookie(await signInAnew(who)).open(office.people)).status).toBe(200);
		expect(await listed(office)).toContain("Accepted by Rosalind");
		expect((await office.visitor.open(office.people)).text).not.toContain(link);
		expect((await logged()).join("\n")).not.toContain(link.slice("/join/".length));
	});

	test("who has a name here signs in, comes back, sees as whom, and accepts", async () => {
		const office = await anOffice();
		const link = await invitedBy(office.visitor, office.slug);
		const who = await aPerson({});
		expect((await ask(link)).text).toContain(`/sign-in?continue=${encodeURIComponent(link)}`);
		const back = await postForm(
			"/sign-in",
			{ username: who.username, password: who.password, continue: link },
			ownPage,
		);
		expect(locationOf(back).pathname).toBe(link);
		const cookie = (back.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
		expect(wordsOf(await ask(link, { headers: { cookie } }))).toContain(`New Person ( ${who.username} )`);
		expect(locationOf(await acceptBy(link, cookie)).pathname).toBe(`/console/${office.slug}`);
		expect((await withCookie(cookie).open(office.people)).status).toBe(200);
	});

	test("'Sign in as somebody else' signs out, and leads back to it", async () => {
		const office = await anOffice();
		const link = await invitedBy(office.visitor, office.slug);
		const cookie = await signInAnew(await aPerson({}));
		const page = await ask(link, { headers: { cookie } });
		const out = await postForm("/sign-out", hiddenOf(page, "/sign-out"), { cookie, ...ownPage });
		expect(locationOf(out).pathname).toBe(link);
		expect((await ask(link, { headers: { cookie } })).text).toContain('name="username"');
	});

	test("used by two at once it makes one a member, and the other nobody", async () => {
		const office = await anOffice();
		const link = await invitedBy(office.visitor, office.slug);
		const people = times(4, () => newcomer());
		// Two passwords may be hashed at a time.
		const first = await Promise.all(people.slice(0, 2).map((who) => joinAsNew(link, who)));
		const then = await Promise.all(people.slice(2).map((who) => joinAsNew(link, who)));
		expect([...first, ...then].map(({ status }) => status).toSorted(byNumber)).toEqual([303, 410, 410, 410]);
		const cookies: string[] = [];
		for (const _ of times(3, () => null)) cookies.push(await signInAnew(await aPerson({})));
		const second = await invitedBy(office.visitor, office.slug);
		const pages = await Promise.all(cookies.map((cookie) => ask(second, { headers: { cookie } })));
		const answers = await Promise.all(
			cookies.map((cookie, index) => postForm(second, hiddenOf(pages[index]!, second), { cookie, ...ownPage })),
		);
		expect(answers.map(({ status }) => status).toSorted(byNumber)).toEqual([303, 410, 410]);
		expect((await office.visitor.open(office.people)).text.match(/people\/usr_/g)).toHaveLength(3);
	});

	test("accepted in two tabs of one browser both lead into the account; later it is used up", async () => {
		const office = await anOffice();
		const link = await invitedBy(office.visitor, office.slug);
		const cookie = await signInAnew(await aPerson({}));
		const fields = hiddenOf(await ask(link, { headers: { cookie } }), link);
		const tabs = await Promise.all(times(2, () => postForm(link, fields, { cookie, ...ownPage })));
		expect(tabs.map((answer) => locationOf(answer).pathname)).toEqual(times(2, () => `/console/${office.slug}`));
		expect(refusal(await ask(link))).toBe("410 Accepted already");
		expect(refusal(await joinAsNew(link, newcomer()))).toBe("410 Accepted already");
	});

	test("is left as it is by who belongs to the account already", async () => {
		const office = await anOffice();
		const link = await invitedBy(office.visitor, office.slug, { role: "admin" });
		const member = await aPerson({ [office.account]: "member" });
		const cookie = await signedIn(member);
		const page = await ask(link, { headers: { cookie } });
		expect(wordsOf(page)).toContain("The invitation stays good, for somebody else.");
		expect(page.text).not.toContain('value="accept"');
		// The form of before they belonged, from a tab that is still open.
		const late = await aPerson({});
		const theirs = await signInAnew(late);
		const form = hiddenOf(await ask(link, { headers: { cookie: theirs } }), link);
		await acceptBy(await invitedBy(office.visitor, office.slug), theirs);
		const twice = await postForm(link, form, { cookie: theirs, ...ownPage });
		expect(refusal(twice)).toBe("409 You belong there already");
		// A member does not become an administrator by it, and it still makes somebody one.
		expect((await withCookie(theirs).open(`${office.people}/new`)).status).toBe(403);
		await joinedBy(link);
	});

	test("a link of which anything is changed is none, whatever it was", async () => {
		const office = await anOffice();
		const link = await invitedBy(office.visitor, office.slug);
		const nothing = await ask("/join/lki_x");
		expect(refusal(nothing)).toBe("404 No such invitation");
		for (const at of [6, 12, 40, link.length - 10]) {
			const changed = link.slice(0, at) + (link[at] === "A" ? "B" : "A") + link.slice(at + 1);
			for (const answer of [await ask(changed), await joinAsNew(changed, newcomer())]) {
				expect([answer.status, saidIn(answer)]).toEqual([404, saidIn(nothing)]);
			}
		}
		for (const tail of ["x", "=", "%20"]) expect((await ask(link + tail)).status).toBe(404);
		// Nor does the cookie of a sign-in, which the same key seals, pass for one.
		const cookie = (await signedIn(ada)).split("=")[1] ?? "";
		expect((await ask(`/join/lki_${cookie.slice(4)}`)).status).toBe(404);
		await joinedBy(link);
	});

	test("ends after 7 days, and when it is revoked; its holder is told which", async () => {
		const office = await anOffice();
		const [late, taken] = [await invitedBy(office.visitor, office.slug), await invitedBy(office.visitor, office.slug)];
		await revoke(office);
		const cookie = await signInAnew(await aPerson({}));
		const refused = new Set<string>();
		for (const link of [late, taken]) {
			const answer = await ask(link, { headers: { cookie } });
			if (answer.status !== 200) refused.add(refusal(answer));
		}
		expect([...refused]).toEqual(["410 Revoked"]);
		await advance(week);
		const admin = { ...office, visitor: withCookie(await signInAnew(office.admin)) };
		const states = await Promise.all([late, taken].map(async (link) => refusal(await joinAsNew(link, newcomer()))));
		expect(states.toSorted()).toEqual(["410 Expired", "410 Revoked"]);
		expect(await listed(admin)).toMatch(/Revoked.*Expired|Expired.*Revoked/);
	});

	test("of who administers the account no more opens nothing: nobody returns by a link that they kept", async () => {
		const office = await anOffice();
		const leaver = await aPerson({ [office.account]: "admin" });
		const link = await invitedBy(await atConsole(leaver), office.slug, { role: "admin" });
		const question = `${office.people}/${leaver.id}`;
		await office.visitor.send(question, question, { role: "member" });
		expect(refusal(await ask(link))).toBe("410 Revoked");
		// Nor when they administer it again.
		await office.visitor.send(question, question, { role: "admin" });
		expect(refusal(await joinAsNew(link, newcomer()))).toBe("410 Revoked");
	});

	test("makes no name that people would take for another's: in other letters, in other case, in two alphabets", async () => {
		const office = await anOffice();
		const link = await invitedBy(office.visitor, office.slug);
		// A Cyrillic a; a capital that the register would keep apart from the small one; full width; a ligature.
		for (const username of ["\u0430da", "\u00c4dam.k", "\uff41da", "\ufb01nn"]) {
			expect([username, refusal(await joinAsNew(link, newcomer({ username })))]).toEqual([
				username,
				expect.stringMatching(/^400 /),
			]);
		}
		await joinedBy(link, { username: "\u00e4dam.k" });
	});

	test("to an account that is suspended or has ended brings nobody into it; reinstated, it takes them in", async () => {
		const office = await anOffice();
		const link = await invitedBy(office.visitor, office.slug);
		const act = (verb: string) => call("POST", `/v1/accounts/${office.slug}/${verb}`);
		good(await act("suspend"));
		expect(refusal(await ask(link))).toBe("403 Not now");
		expect(refusal(await joinAsNew(link, newcomer()))).toBe("403 Not now");
		good(await act("reinstate"));
		await joinedBy(link);
		const late = await invitedBy(office.visitor, office.slug);
		await setStanding({ kind: "account", id: office.account }, { state: "ended", notBefore: 0 });
		expect(refusal(await ask(late))).toBe("403 Not now");
		expect(refusal(await joinAsNew(late, newcomer()))).toBe("403 Not now");
	});
});

describe("what strangers learn by it", () => {
	test("a user name is said to be taken to who holds a good link alone, and to them not without end", async () => {
		const office = await anOffice();
		const link = await invitedBy(office.visitor, office.slug);
		const attempt = (username: string, to = link) => joinAsNew(to, newcomer({ username }));
		const used = await invitedBy(office.visitor, office.slug);
		await joinedBy(used);
		expect(saidIn(await attempt(ada.username, used))).toBe(saidIn(await attempt("nobody.here", used)));
		const statuses = [];
		for (const _ of times(21, () => null)) statuses.push((await attempt(ada.username.toUpperCase())).status);
		expect(statuses).toEqual([...times(20, () => 409), 429]);
		// Of a name that is free no more is said by then.
		expect((await attempt("somebody.new")).status).toBe(429);
		await advance(3600);
		expect((await attempt("somebody.new")).status).toBe(303);
	});

	test("a link that is good shows nobody but who invites", async () => {
		const office = await anOffice();
		const member = await aPerson({ [office.account]: "member" });
		const page = await ask(await invitedBy(office.visitor, office.slug, { email: "bo@acme.example" }));
		for (const secret of [office.admin.username, member.username, office.account, "bo@acme.example"]) {
			expect(page.text).not.toContain(secret);
		}
	});
});

describe("the form that answers it", () => {
	test("of another person's session, of another site and without its token accepts nothing", async () => {
		const office = await anOffice();
		const link = await invitedBy(office.visitor, office.slug);
		const [mine, theirs] = [await signInAnew(await aPerson({})), await signInAnew(await aPerson({}))];
		const form = hiddenOf(await ask(link, { headers: { cookie: mine } }), link);
		expect(refusal(await postForm(link, form, { cookie: theirs, ...ownPage }))).toBe("403 Not from here");
		expect(refusal(await postForm(link, { answer: "accept" }, { cookie: mine, ...ownPage }))).toBe("403 Not from here");
		const foreign = { cookie: mine, "sec-fetch-site": "cross-site" };
		expect(refusal(await postForm(link, form, foreign))).toBe("403 Not from here");
		expect(refusal(await joinAsNew(link, newcomer(), { "sec-fetch-site": "cross-site" }))).toBe("403 Not from here");
		// The token of one invitation is not that of another.
		const other = await invitedBy(office.visitor, office.slug);
		expect(refusal(await postForm(other, form, { cookie: mine, ...ownPage }))).toBe("403 Not from here");
		// Whoever is signed out meanwhile signs in first.
		expect(locationOf(await postForm(link, form, ownPage)).pathname).toBe("/sign-in");
		expect(locationOf(await postForm(link, form, { cookie: mine, ...ownPage })).pathname).toBe(
			`/console/${office.slug}`,
		);
	});

	test.each([
		["name", { name: "" }],
		["username", { username: "a b" }],
		["username", { username: "ab" }],
		["password", { password: "short" }],
		["password", { password: "password1234" }],
		["password", { password: "x".repeat(1025) }],
	])("%s that is none is said so, and the link stays good: %j", async (field, changes) => {
		const office = await anOffice();
		const link = await invitedBy(office.visitor, office.slug);
		const who = newcomer(changes);
		const answer = await joinAsNew(link, who);
		expect(answer.status).toBe(400);
		expect(answer.text).toContain(`id="${field}-error"`);
		expect(answer.text).not.toContain(`"${who.password}"`);
		await joinedBy(link);
	});

	test("a browser has one sign-in: whoever was signed in in it is not any more", async () => {
		const office = await anOffice();
		const earlier = await signInAnew(await aPerson({ [demo.accounts.acme]: "member" }));
		const answer = await joinAsNew(await invitedBy(office.visitor, office.slug), newcomer(), { cookie: earlier });
		expect(answer.status).toBe(303);
		expect((await ask("/", { headers: { cookie: earlier } })).text).not.toContain("Signed in as");
	});
});

describe("the form that invites", () => {
	test("sent twice it makes one, with a link that is as good; for something else it is refused", async () => {
		const office = await anOffice();
		const path = `${office.people}/new`;
		const form = { ...hiddenOf(await office.visitor.open(path), path), role: "member", note: "For Bo", email: "" };
		const headers = { cookie: office.visitor.cookie, ...ownPage };
		const links = await Promise.all(times(2, async () => linkOn(await postForm(path, form, headers))));
		expect((await listed(office)).match(/For Bo/g)).toHaveLength(2); // once for screen readers
		expect(refusal(await postForm(path, { ...form, role: "admin" }, headers))).toBe("409 Sent already");
		await joinedBy(links[1] ?? "");
		expect(refusal(await joinAsNew(links[0] ?? "", newcomer()))).toBe("410 Accepted already");
		expect(refusal(await postForm(path, form, headers))).toBe("409 Sent already");
		expect(refusal(await postForm(path, { ...form, nonce: "" }, headers))).toBe("409 Sent already");
	});

	test("what is no note and no address is said so", async () => {
		const { visitor, people } = await anOffice();
		const path = `${people}/new`;
		const typed = { role: "admin", note: "x".repeat(201), email: "rosalind" };
		const answer = await visitor.send(path, path, typed);
		expect(answer.status).toBe(400);
		for (const field of ["note", "email"]) expect(answer.text).toContain(`id="${field}-error"`);
		expect(answer.text).toMatch(/value="admin"[^>]* checked|checked[^>]* value="admin"/);
	});

	test("is for administrators, and one account's invitation is none of another's", async () => {
		const office = await anOffice();
		const member = await atConsole(await aPerson({ [office.account]: "member" }));
		expect((await member.open(`${office.people}/new`)).status).toBe(403);
		expect((await member.post(`${office.people}/new`, { role: "admin", nonce: "A".repeat(22) })).status).toBe(403);
		await invitedBy(office.visitor, office.slug);
		expect((await member.open(office.people)).text).not.toContain('id="invitations"');
		const [, id = ""] = /invitations\/([\w-]{22})\/revoke/.exec((await office.visitor.open(office.people)).text) ?? [];
		const elsewhere = await anOffice();
		const foreign = `${elsewhere.people}/invitations/${id}/revoke`;
		expect((await elsewhere.visitor.open(foreign)).status).toBe(404);
		expect((await elsewhere.visitor.post(foreign)).status).toBe(404);
		expect((await member.post(`${office.people}/invitations/${id}/revoke`)).status).toBe(403);
		expect(await listed(office)).toContain("Open");
	});
});
