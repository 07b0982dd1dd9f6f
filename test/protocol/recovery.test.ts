import { beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { atConsole, hiddenOf, withCookie, wordsOf } from "../support/console.ts";
import { call, type Credential, good } from "../support/keys-api.ts";
import { loggedIn, logIn, opens } from "../support/logins.ts";
import { lettersTo, linkTo } from "../support/mail.ts";
import { ada, grace, type Login, signInAnew } from "../support/people.ts";
import { anAccount, anOperator, aPerson, slugOf } from "../support/registered.ts";
import {
	type Answer,
	ask,
	bearer,
	locationOf,
	ownPage,
	postForm,
	refusal,
	saidIn,
	times,
} from "../support/requests.ts";
import { alertsFound } from "../support/searches.ts";
import { setupSecret } from "../support/setup-secret.ts";
import { addRows, advance, demo, setStanding } from "../support/target.ts";
import { environments, granted } from "../support/tokens.ts";

const acme = demo.accounts.acme;
const member = { [acme]: "member" } as const;
const chosen = "plum trees by the river";
const day = 86_400;
const settings = "/console/acme/settings";
const security = "/console/acme/security";

interface Named extends Login {
	readonly id: string;
}

/** A login of its own each time: a new password ends those of before. */
async function tokenFor({ username, password }: Login, account = "acme"): Promise<Credential> {
	return bearer(await loggedIn({ username, password, account }));
}

async function codesOf(who: Login): Promise<readonly string[]> {
	const made = await call("POST", "/v1/profile/recovery_codes", { password: who.password }, await tokenFor(who));
	return good<{ codes: string[] }>(made, 201).codes;
}

function makeCodes(credential: Credential, password: string): Promise<Answer> {
	return call("POST", "/v1/profile/recovery_codes", { password }, credential);
}

function bySecret(username: string, secret: string): Promise<Answer> {
	return postForm("/recover", { by: "secret", username, secret }, ownPage);
}

function from(address: string) {
	return { "cf-connecting-ip": address };
}

function asks(username: string, address: string): Promise<Answer> {
	return postForm("/recover", { by: "mail", username }, { ...ownPage, ...from(address) });
}

/** Somebody who proved this address to be theirs. */
async function reachable(email: string): Promise<Named> {
	return aPerson(member, undefined, { profile: { email }, verifiedEmail: email });
}

async function left(who: Login): Promise<number> {
	return good<{ left: number }>(await call("GET", "/v1/profile/recovery_codes", undefined, await tokenFor(who))).left;
}

function byCode(username: string, code: string, password = chosen, headers: Record<string, string> = {}) {
	return postForm("/recover", { by: "code", username, code, new_password: password }, { ...ownPage, ...headers });
}

async function linkBy(admin: Login, { id }: { id: string }, account = "acme"): Promise<Answer> {
	const path = `/v1/people/${id}/recovery_links`;
	return call("POST", path, { password: admin.password }, await tokenFor(admin, account));
}

function linkByOperator(operator: Login, username: string, account = "acme"): Promise<Answer> {
	return tokenFor(operator, account).then((token) =>
		call("POST", "/v1/recovery_links", { username, password: operator.password }, token),
	);
}

/** The path of a link that was made. */
function pathOf(answer: Answer): string {
	return new URL(good<{ url: string }>(answer, 201).url).pathname;
}

function useLink(path: string, password = chosen): Promise<Answer> {
	return postForm(path, { new_password: password }, ownPage);
}

async function signsIn(who: Login): Promise<boolean> {
	const { username, password } = who;
	return (await postForm("/sign-in", { username, password }, ownPage)).status === 303;
}

/** The page, but for the name that was typed. */
function saidBut(answer: Answer): string {
	return saidIn(answer).replaceAll(/name="username"[^>]*>|<input[^>]*name="username"[^>]*>/g, "");
}

const done = "303 /recover?done=password";
function outcome(answer: Answer): string {
	if (answer.status !== 303) return refusal(answer);
	const { pathname, search } = locationOf(answer);
	return `303 ${pathname}${search}`;
}

describe("recovery codes", () => {
	let who: Named;
	let codes: readonly string[];

	beforeAll(async () => {
		who = await aPerson(member);
		codes = await codesOf(who);
	});

	test("are ten, of 120 bits, and each sets a new password once", async () => {
		expect(new Set(codes).size).toBe(10);
		for (const code of codes) expect(code).toMatch(/^(?:[a-z0-9]{4}-){5}[a-z0-9]{4}$/);
		expect(await left(who)).toBe(10);
		expect(outcome(await byCode(who.username, codes[0]!))).toBe(done);
		expect(await signsIn(who)).toBe(false);
		who = { ...who, password: chosen };
		expect(await signsIn(who)).toBe(true);
		expect(await left(who)).toBe(9);
		expect(outcome(await byCode(who.username, codes[0]!, "another one by the river"))).toBe("401 Cannot get in?");
		expect(await signsIn(who)).toBe(true);
	});

	test("are read as people type them", async () => {
		const typed = ` ${codes[1]!.toUpperCase().replaceAll("-", " ").replaceAll("0", "O")} `;
		expect(outcome(await byCode(` ${who.username.toUpperCase()} `, typed, who.password))).toBe(done);
	});

	test("one used by two at once sets one password", async () => {
		const wanted = times(6, (index) => `${chosen} ${index}`);
		const answers = await Promise.all(wanted.map((password) => byCode(who.username, codes[2]!, password)));
		const won = answers.map(outcome).flatMap((each, index) => (each === done ? [wanted[index]!] : []));
		expect(won).toHaveLength(1);
		who = { ...who, password: won[0]! };
		expect(await signsIn(who)).toBe(true);
	});

	test("made anew, none of before is good; with a new password, none at all", async () => {
		const fresh = await codesOf(who);
		expect(outcome(await byCode(who.username, codes[3]!))).toBe("401 Cannot get in?");
		const visitor = withCookie(await signInAnew(who));
		const fields = { password: who.password, new_password: `${chosen}, again` };
		expect((await visitor.send(`${security}/password`, `${security}/password`, fields)).status).toBe(303);
		// Whoever learned the old password may have made them.
		expect(outcome(await byCode(who.username, fresh[0]!))).toBe("401 Cannot get in?");
		who = { ...who, password: fields.new_password };
		expect(await left(who)).toBe(0);
	});

	test("the console shows how many are left, and makes them for whoever gives the password", async () => {
		const visitor = withCookie(await signInAnew(who));
		const path = `${security}/recovery-codes`;
		expect((await visitor.send(path, path, { password: "not it" })).status).toBe(403);
		const form = hiddenOf(await visitor.open(path), path);
		const sent = { ...form, password: who.password };
		const headers = { cookie: visitor.cookie, ...ownPage };
		const [one, two] = [await postForm(path, sent, headers), await postForm(path, sent, headers)];
		const shown = one.text.match(/(?:[a-z0-9]{4}-){5}[a-z0-9]{4}/g) ?? [];
		expect(new Set(shown).size).toBe(10);
		expect(one.headers.get("cache-control")).toBe("no-store");
		// The same form sent twice.
		expect(two.text).toContain(shown[0]);
		expect(wordsOf(await visitor.open(security))).toContain("You have 10 codes left");
		expect(outcome(await byCode(who.username, shown[0]!, who.password))).toBe(done);
	});

	test("no key and nothing that a person lets an application do makes them, nor a wrong password", async () => {
		const key = bearer(await loggedIn({ api_key: demo.apiKey.accessCode }));
		const { accessToken } = await granted();
		expect(refusal(await makeCodes(key, ada.password))).toBe("403 Forbidden");
		expect(refusal(await makeCodes(bearer(accessToken), ada.password))).toBe("401 Unauthorized");
		expect(refusal(await makeCodes(await tokenFor(ada), "not hers"))).toBe("403 Forbidden");
	});
});

describe("a link by an administrator", () => {
	test("lets somebody who belongs to that account alone choose a password, once, and ends what was open", async () => {
		const who = await aPerson(member);
		const browser = await signInAnew(who);
		const token = await loggedIn({ username: who.username, password: who.password });
		const { accessToken } = await granted(demo.integration, {}, { who });
		const codes = await codesOf(who);
		const path = pathOf(await linkBy(ada, who));
		expect(wordsOf(await ask(path))).toContain(who.username);
		// Looked at as often as a mail program likes, it is not used.
		expect((await ask(path)).status).toBe(200);
		expect(outcome(await useLink(path))).toBe(done);
		expect((await withCookie(browser).open("/console/acme/my-access")).status).toBe(303);
		expect(await opens(token)).toBe(401);
		expect(await signsIn(who)).toBe(false);
		expect(await signsIn({ ...who, password: chosen })).toBe(true);
		// What they allowed others was not the password's.
		expect((await environments(accessToken)).status).toBe(200);
		expect(outcome(await byCode(who.username, codes[0]!))).toBe("401 Cannot get in?");
		expect(outcome(await useLink(path, "another one by the river"))).toBe("404 No way back in");
		expect((await ask(path)).status).toBe(404);
		expect(await signsIn({ ...who, password: chosen })).toBe(true);
		// The same request once more finds itself done, as when its answer was lost.
		expect(outcome(await useLink(path))).toBe(done);
	});

	test("used by two at once, one of them chooses", async () => {
		const who = await aPerson(member);
		const path = pathOf(await linkBy(ada, who));
		const wanted = times(6, (index) => `${chosen} ${index}`);
		const answers = await Promise.all(wanted.map((password) => useLink(path, password)));
		const won = answers.map(outcome).flatMap((each, index) => (each === done ? [wanted[index]!] : []));
		expect(won).toHaveLength(1);
		expect(await signsIn({ ...who, password: won[0]! })).toBe(true);
	});

	test("is good for 24 hours, and for the password of then", async () => {
		const [who, other] = [await aPerson(member), await aPerson(member)];
		const path = pathOf(await linkBy(ada, other));
		const visitor = withCookie(await signInAnew(other));
		const fields = { password: other.password, new_password: `${chosen}, mine` };
		expect((await visitor.send(`${security}/password`, `${security}/password`, fields)).status).toBe(303);
		expect((await ask(path)).status).toBe(404);
		expect(outcome(await useLink(path))).toBe("404 No way back in");
		expect(await signsIn({ ...other, password: fields.new_password })).toBe(true);

		const late = pathOf(await linkBy(ada, who));
		await advance(day - 1);
		expect((await ask(late)).status).toBe(200);
		await advance(1);
		expect(outcome(await useLink(late))).toBe("404 No way back in");
		expect(await signsIn(who)).toBe(true);
	});

	test("that is changed in any place is none", async () => {
		const path = pathOf(await linkBy(ada, await aPerson(member)));
		for (const at of [12, 30, 80, path.length - 1]) {
			const other = path[at] === "A" ? "B" : "A";
			const changed = `${path.slice(0, at)}${other}${path.slice(at + 1)}`;
			expect(outcome(await useLink(changed))).toBe("404 No way back in");
		}
		expect(outcome(await useLink("/recover/lkv_nothing"))).toBe("404 No way back in");
		expect((await ask(path)).status).toBe(200);
	});

	test("nothing that anybody would guess is chosen by it, and it is not used up", async () => {
		const who = await aPerson(member);
		const path = pathOf(await linkBy(ada, who));
		for (const password of ["short", "qwerty123456", "Acme-2026-acme"]) {
			const answer = await useLink(path, password);
			expect(refusal(answer)).toBe("400 Choose a new way in");
			expect(answer.text).toContain('id="new_password-error"');
		}
		expect(outcome(await useLink(path))).toBe(done);
	});

	test("is not made for whoever belongs elsewhere, runs the deployment, is not there, or asks", async () => {
		const account = await anAccount();
		const admin = await aPerson({ [account]: "admin" });
		const slug = slugOf(account);
		const elsewhere = await aPerson({ [account]: "member", [acme]: "member" });
		const operator = await anOperator({ [account]: "member" });
		const stranger = await aPerson(member);
		const outcomes: Answer[] = [];
		for (const each of [elsewhere, operator, admin, stranger, { id: "nobody" }]) {
			outcomes.push(await linkBy(admin, each, slug));
		}
		expect(outcomes.map((each) => each.status)).toEqual([409, 409, 409, 404, 404]);
		expect(saidIn(outcomes[4]!)).toBe(saidIn(outcomes[3]!));
	});

	test("is none any more once the person joins another account, or its maker administers this one no longer", async () => {
		const [account, other] = [await anAccount(), await anAccount()];
		const slug = slugOf(account);
		const [admin, second] = [await aPerson({ [account]: "admin" }), await aPerson({ [account]: "admin" })];
		const [joining, staying] = [await aPerson({ [account]: "member" }), await aPerson({ [account]: "member" })];
		const [one, two] = [pathOf(await linkBy(admin, joining, slug)), pathOf(await linkBy(admin, staying, slug))];
		await addRows({
			memberships: [{ personId: joining.id, accountId: other, role: "member", state: "active", notBefore: 0 }],
		});
		expect(outcome(await useLink(one))).toBe("404 No way back in");
		expect(await signsIn(joining)).toBe(true);
		const visitor = await atConsole(second);
		const base = `/console/${slug}/settings/people/${admin.id}/remove`;
		expect((await visitor.send(base, base)).status).toBe(303);
		expect(outcome(await useLink(two))).toBe("404 No way back in");
		expect(await signsIn(staying)).toBe(true);
	});

	test("is for administrators, who give their own password, by a login token or the console", async () => {
		const who = await aPerson(member);
		const path = `/v1/people/${who.id}/recovery_links`;
		const asMember = await tokenFor(grace);
		expect(refusal(await call("POST", path, { password: grace.password }, asMember))).toBe("403 Forbidden");
		expect(refusal(await call("POST", path, { password: "not hers" }, await tokenFor(ada)))).toBe("403 Forbidden");
		const { accessToken } = await granted();
		expect(refusal(await call("POST", path, { password: ada.password }, bearer(accessToken)))).toBe("401 Unauthorized");
		const visitor = await atConsole(ada);
		const page = `${settings}/people/${who.id}/recovery`;
		expect((await visitor.send(page, page, { password: "not hers" })).status).toBe(403);
		const made = await visitor.send(page, page, { password: ada.password });
		const [, link = ""] = /(\/recover\/lkv_[\w-]+)</.exec(made.text) ?? [];
		expect(outcome(await useLink(link))).toBe(done);
	});
});

describe("a link by an operator", () => {
	test("is for anybody, by their user name, and for no password but theirs", async () => {
		const operator = await anOperator();
		const who = await aPerson({ [acme]: "admin", [demo.accounts.globex]: "member" });
		const wrong = await call(
			"POST",
			"/v1/recovery_links",
			{ username: who.username, password: "not it" },
			await tokenFor(operator),
		);
		expect(refusal(wrong)).toBe("403 Forbidden");
		expect((await linkByOperator(operator, "nobody-at-all")).status).toBe(404);
		expect((await linkByOperator(operator, operator.username)).status).toBe(409);
		expect((await linkByOperator(grace, who.username)).status).toBe(403);
		expect(outcome(await useLink(pathOf(await linkByOperator(operator, who.username))))).toBe(done);
		const visitor = await atConsole(operator);
		const form = { username: who.username, password: operator.password };
		const made = await visitor.send("/operator/recovery", "/operator/recovery", form);
		const [, link = ""] = /(\/recover\/lkv_[\w-]+)</.exec(made.text) ?? [];
		expect(outcome(await useLink(link, `${chosen}, again`))).toBe(done);
		expect(await signsIn({ ...who, password: `${chosen}, again` })).toBe(true);
	});

	test("is none any more once its maker is no operator", async () => {
		const [operator, who] = [await anOperator(), await aPerson(member)];
		const path = pathOf(await linkByOperator(operator, who.username));
		expect((await call("DELETE", `/v1/operators/${operator.id}`, undefined, await tokenFor(ada))).status).toBe(204);
		expect(outcome(await useLink(path))).toBe("404 No way back in");
	});

	test("somebody whom the deployment has ended gets none", async () => {
		const who = await aPerson(member);
		await setStanding({ kind: "person", id: who.id }, { state: "ended", notBefore: 0 });
		expect((await linkByOperator(ada, who.username)).status).toBe(404);
	});
});

describe("an operator who lost everything", () => {
	test("comes back by the deployment's setup secret", async () => {
		const operator = await anOperator();
		const answer = await bySecret(operator.username, setupSecret);
		expect(answer.status).toBe(303);
		expect(outcome(await useLink(locationOf(answer).pathname))).toBe(done);
		expect(await signsIn({ ...operator, password: chosen })).toBe(true);
	});

	test("nobody else does, and a guess at the secret tells nothing of who there is", async () => {
		const who = await aPerson(member);
		expect(outcome(await bySecret(who.username, setupSecret))).toBe("404 Cannot get in?");
		expect(outcome(await bySecret(grace.username, setupSecret))).toBe("404 Cannot get in?");
		const [known, unknown] = [await bySecret(ada.username, "a guess"), await bySecret("nobody-at-all", "a guess")];
		expect([known.status, unknown.status]).toEqual([403, 403]);
		expect(saidBut(unknown)).toBe(saidBut(known));
	});
});

describe("a link by mail", () => {
	test("goes to the address that the person proved, and sets a new password once", async () => {
		const email = "lost@mail.example";
		const who = await reachable(email);
		expect(outcome(await asks(who.username, "198.51.100.31"))).toBe("303 /recover?done=mail");
		const path = await eventually(() => linkTo(email));
		expect(path).toMatch(/^\/recover\/lkv_/);
		expect(outcome(await useLink(path))).toBe(done);
		expect(await signsIn({ ...who, password: chosen })).toBe(true);
		expect(outcome(await useLink(path, "another one by the river"))).toBe("404 No way back in");
	});

	test("is none any more once the address is another one", async () => {
		const email = "left@mail.example";
		const who = await reachable(email);
		await asks(who.username, "198.51.100.32");
		const path = await eventually(() => linkTo(email));
		const own = { ...(await tokenFor(who)), "content-type": "application/json" };
		const body = JSON.stringify({ email: "elsewhere@mail.example" });
		expect((await ask("/v1/profile", { method: "PUT", headers: own, body })).status).toBe(200);
		expect(outcome(await useLink(path))).toBe("404 No way back in");
	});

	test("one answer for whoever there is, has no address, or is not there; none of them gets more than three in an hour", async () => {
		const email = "often@mail.example";
		const [who, silent] = [await reachable(email), await aPerson(member)];
		const entered = await aPerson(member, undefined, { profile: { email: "entered@mail.example" } });
		const names = [who.username, silent.username, entered.username, "nobody-at-all"];
		for (const [index, username] of names.entries()) {
			const outcomes: string[] = [];
			for (const time of times(4, (each) => each)) {
				outcomes.push(outcome(await asks(username, `198.51.100.${40 + index * 4 + time}`)));
			}
			expect(outcomes).toEqual([...times(3, () => "303 /recover?done=mail"), "429 Cannot get in?"]);
		}
		await eventually(async () => expect(await lettersTo(email)).toHaveLength(3));
		// What a person only says is theirs may be anybody's.
		expect(await lettersTo("entered@mail.example")).toEqual([]);
	});
});

describe("whoever asks at /recover", () => {
	test("is not told who there is: an unknown name and a wrong code are one answer", async () => {
		const who = await aPerson(member);
		await codesOf(who);
		const none = await aPerson(member);
		const code = "abcd-efgh-jkmn-pqrs-tuvw-xyz2";
		const answers = [
			await byCode(who.username, code, chosen, from("198.51.100.1")),
			await byCode(none.username, code, chosen, from("198.51.100.2")),
			await byCode("nobody-at-all", code, chosen, from("198.51.100.3")),
			await byCode(who.username, "no code", "short", from("198.51.100.4")),
		];
		expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
		expect(new Set(answers.map(saidBut)).size).toBe(1);
	});

	test("ten wrong codes for a name from one network, known or not, and the right one waits; a password does not", async () => {
		const who = await aPerson(member);
		const [code = ""] = await codesOf(who);
		const headers = { "cf-connecting-ip": "198.51.100.9" };
		for (const username of [who.username, "nobody-at-all"]) {
			const statuses = [];
			for (let count = 0; count < 11; count++) statuses.push((await byCode(username, "x", chosen, headers)).status);
			expect(statuses).toEqual([...times(10, () => 401), 429]);
		}
		expect(outcome(await byCode(who.username, code, chosen, headers))).toBe("429 Cannot get in?");
		expect((await logIn({ username: who.username, password: who.password }, headers)).status).toBe(200);
		// The counts are of two kinds: who has guessed at their own password ten times comes back by a code.
		const elsewhere = { "cf-connecting-ip": "198.51.100.10" };
		for (const _ of times(11, () => null)) await logIn({ username: who.username, password: "a guess" }, elsewhere);
		expect(outcome(await byCode(who.username, code, chosen, elsewhere))).toBe(done);
		await advance(900);
	});

	test("from another site's form gets nothing", async () => {
		const who = await aPerson(member);
		const [code = ""] = await codesOf(who);
		const fields = { by: "code", username: who.username, code, new_password: chosen };
		for (const headers of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
			expect((await postForm("/recover", fields, headers)).status).toBe(403);
		}
		const path = pathOf(await linkBy(ada, who));
		const forged = await postForm(path, { new_password: chosen }, { "sec-fetch-site": "cross-site" });
		expect(forged.status).toBe(403);
		expect(await signsIn(who)).toBe(true);
	});

	test("finds the way from the page that asks for the password", async () => {
		expect((await ask("/sign-in")).text).toContain('href="/recover"');
		const page = wordsOf(await ask("/recover"));
		expect(page).toContain("Recovery code");
		expect((await ask("/recover?by=constructor")).status).toBe(200);
	});
});

describe("each way back in", () => {
	test("stands in the audit log of every account of the person, and alerts each", async () => {
		const [one, two] = [await anAccount(), await anAccount()];
		const who = await aPerson({ [one]: "member", [two]: "admin" });
		const [admin, operator] = [await aPerson({ [one]: "admin" }), await anOperator()];
		await useLink(pathOf(await linkByOperator(operator, who.username)));
		for (const [watching, slug] of [
			[admin, slugOf(one)],
			[{ ...who, password: chosen }, slugOf(two)],
		] as const) {
			const token = await tokenFor(watching, slug);
			const found = good<{ entries: { action: string; target: string; detail: object }[] }>(
				await call("GET", `/v1/audit?target=${who.id}`, undefined, token),
			).entries.filter(({ action }) => action.startsWith("recovery") || action.startsWith("password"));
			expect(found.map(({ action, detail }) => ({ action, detail }))).toEqual([
				{ action: "password.recover", detail: { by: "operator" } },
				{ action: "recovery_link.make", detail: { by: "operator" } },
			]);
			await eventually(async () => {
				const filters = [{ field: "subject", operator: "eq", value: who.id }];
				const kinds = (await alertsFound({ filters }, token)).map(({ kind }) => kind);
				expect(kinds.toSorted()).toEqual(["password_recovered", "recovery_link_made"]);
			});
		}
	});
});
