import { beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { type ConsoleVisitor, hiddenOf, withCookie, wordsOf } from "../support/console.ts";
import { call, good } from "../support/keys-api.ts";
import { loggedIn, logIn, opens } from "../support/logins.ts";
import { lettersTo, linkTo } from "../support/mail.ts";
import { codeOf, codesPage, readQr, turnOnCodes, type WithCodes } from "../support/one-time-codes.ts";
import { signedInTo, verifiedBy } from "../support/openid.ts";
import { ada, cookieOf, keepSignedIn, type Login, signInAnew } from "../support/people.ts";
import { answerBy, optionsOn, register, signInPage } from "../support/passkeys.ts";
import { aPerson } from "../support/registered.ts";
import { type Answer, ask, bearer, locationOf, ownPage, postForm, refusal, times } from "../support/requests.ts";
import { alertsFound } from "../support/searches.ts";
import { softPasskey } from "../support/software-authenticator.ts";
import { advance, demo, issuer } from "../support/target.ts";

const member = { [demo.accounts.acme]: "member" } as const;
const security = "/console/acme/security";
const second = "/sign-in/second-factor";
const step = 30;
const quarter = 900;

type Someone = Awaited<ReturnType<typeof aPerson>>;

async function withCodes(more?: Parameters<typeof aPerson>[2]): Promise<Someone & WithCodes> {
	const who = await aPerson(member, undefined, more);
	return { ...who, ...(await turnOnCodes(who)) };
}

/** The first page of a sign-in, from a network of its own. */
function givePassword({ username, password }: Login, cookie = ""): Promise<Answer> {
	return postForm("/sign-in", { username, password }, { ...ownPage, ...(cookie !== "" && { cookie }) });
}

/** What the browser keeps of that, until it has shown the second factor. */
async function halfIn(who: Login, cookie = ""): Promise<string> {
	const answer = await givePassword(who, cookie);
	expect(locationOf(answer).pathname).toBe(second);
	return cookieOf(answer);
}

/** The second page. */
function show(code: string, cookie: string, fields: Record<string, string> = {}, from = ownPage): Promise<Answer> {
	return postForm(second, { code, by: "code", ...fields }, { ...from, cookie });
}

async function outcomeOf(answer: Promise<Answer>): Promise<string> {
	const given = await answer;
	return given.status === 303 ? `303 ${locationOf(given).pathname}` : refusal(given);
}

async function isIn(cookie: string): Promise<boolean> {
	return (await ask(security, { headers: { cookie } })).status === 200;
}

async function actionsOf({ id }: Someone): Promise<readonly string[]> {
	const { entries } = good<{ entries: { action: string }[] }>(await call("GET", `/v1/audit?target=${id}`));
	return entries.map(({ action }) => action);
}

async function alertedOf({ id }: Someone, kind: string): Promise<number> {
	const found = await alertsFound(
		{ filters: [{ field: "subject", operator: "eq", value: id }] },
		bearer(await loggedIn({ ...loginOf(ada), account: "acme" })),
	);
	return found.filter((each) => each.kind === kind).length;
}

describe("turning one-time codes on", () => {
	let who: Someone;
	let visitor: ConsoleVisitor;
	let form: Answer;
	let secret: string;
	const email = "codes-on@mail.example";

	function send(fields: Record<string, string>): Promise<Answer> {
		const sent = { ...hiddenOf(form, codesPage), password: who.password, code: codeOf(secret), ...fields };
		return postForm(codesPage, sent, { ...ownPage, cookie: visitor.cookie });
	}

	beforeAll(async () => {
		who = await aPerson(member, undefined, { profile: { email }, verifiedEmail: email });
		visitor = withCookie(await signInAnew(who));
		form = await visitor.open(codesPage);
		secret = readQr(form).searchParams.get("secret") ?? "";
	});

	test("the picture is read by a camera, and is the key that stands beside it", () => {
		const { protocol, host, pathname, searchParams } = readQr(form);
		expect([protocol, host]).toEqual(["otpauth:", "totp"]);
		const { hostname } = new URL(issuer);
		expect(decodeURIComponent(pathname)).toBe(`/${hostname}:${who.username}`);
		expect(searchParams.get("issuer")).toBe(hostname);
		// RFC 4226 §4: 160 bits.
		expect(secret).toMatch(/^[A-Z2-7]{32}$/);
		expect(wordsOf(form).replaceAll(" ", "")).toContain(secret);
		expect(form.headers.get("cache-control")).toBe("no-store");
	});

	test("each form has a secret of its own, and the one that was sent has its own again", async () => {
		expect(readQr(await visitor.open(codesPage)).searchParams.get("secret")).not.toBe(secret);
		const again = await send({ code: codeOf(secret, 300) });
		expect(refusal(again)).toBe("403 Set up one-time codes");
		expect(again.text).toContain('id="code-error"');
		expect(readQr(again).searchParams.get("secret")).toBe(secret);
	});

	test("without a code of the app, or the password once more, they stay off", async () => {
		expect(refusal(await send({ code: "" }))).toBe("400 Set up one-time codes");
		expect(refusal(await send({ password: "" }))).toBe("400 Set up one-time codes");
		expect(refusal(await send({ password: "not it" }))).toBe("403 Set up one-time codes");
		expect(refusal(await send({ nonce: "a nonce of their own" }))).toBe("409 Sent already");
		expect(refusal(await send({ csrf: "" }))).toMatch(/^403/);
		expect(await isIn(await signInAnew(who))).toBe(true);
		expect(await actionsOf(who)).not.toContain("one_time_codes.on");
	});

	test("on: with ten recovery codes, whatever the password opened elsewhere ends, and those who answer for it are told", async () => {
		const [elsewhere, token] = [await signInAnew(who), await loggedIn({ ...who, account: "acme" })];
		expect(await isIn(elsewhere)).toBe(true);
		const [one, two] = [await send({}), await send({})];
		expect([one.status, two.status]).toEqual([200, 200]);
		const shown = one.text.match(/(?:[a-z0-9]{4}-){5}[a-z0-9]{4}/g) ?? [];
		expect(new Set(shown).size).toBe(10);
		// The same form sent twice.
		expect(two.text).toContain(shown[0]);
		expect([await isIn(elsewhere), await opens(token)]).toEqual([false, 401]);
		// This browser goes on.
		expect(await isIn(visitor.cookie)).toBe(true);
		expect((await actionsOf(who)).filter((action) => action === "one_time_codes.on")).toHaveLength(1);
		await eventually(async () => expect(await alertedOf(who, "one_time_codes_changed")).toBe(1));
		await eventually(async () => {
			expect((await lettersTo(email))[0]?.subject).toContain("one-time codes are asked for");
		});
		expect(wordsOf(await visitor.open(security))).toContain("Your password alone does not sign you in");
	});

	test("the secret is shown to nobody any more", async () => {
		const answer = await visitor.open(codesPage);
		expect([answer.status, answer.text.includes("qr-code")]).toEqual([200, false]);
		expect(wordsOf(answer)).toContain("Disable one-time codes");
		// Nor to who has the form of then.
		await advance(600);
		const again = await send({ code: "000000" });
		expect(again.text).not.toContain(secret);
		expect(refusal(again)).toBe("409 Sent already");
	});
});

describe("a sign-in with one-time codes on", () => {
	test("the password alone opens nothing; with a code it is one by two factors, and goes on to where it led", async () => {
		const who = await withCodes();
		await advance(step);
		const first = await postForm("/sign-in", { ...loginOf(who), continue: "/console/acme/keys" }, ownPage);
		const cookies = first.headers.getSetCookie();
		expect(cookies).toHaveLength(1);
		expect(cookies[0]).toMatch(
			/^__Host-latchkey-second-factor=lkf_[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=300$/,
		);
		const { pathname, search } = locationOf(first);
		const half = cookieOf(first);
		expect(await isIn(half)).toBe(false);
		// Nor where it stands in the place of a sign-in's own cookie.
		expect(await isIn(half.replace("-second-factor=lkf_", "=lks_"))).toBe(false);
		const page = await ask(`${pathname}${search}`, { headers: { cookie: half } });
		const sent = { ...hiddenOf(page, second), code: ` ${spaced(codeOf(who.secret))} ` };
		const answer = await postForm(second, sent, { ...ownPage, cookie: half });
		expect(locationOf(answer).pathname).toBe("/console/acme/keys");
		expect(await isIn(cookieOf(answer))).toBe(true);
		expect(answer.headers.getSetCookie().at(-1)).toMatch(/^__Host-latchkey-second-factor=;.*Max-Age=0$/);
	});

	test("RFC 8176: what tokens say of it is true", async () => {
		const plain = await aPerson(member);
		const before = await verifiedBy(demo.webApp, (await signedInTo(demo.webApp, {}, { who: plain })).idToken);
		expect(before.payload).toMatchObject({ amr: ["pwd"], acr: "pwd" });
		// The browser in which they were turned on has shown both.
		const who = await withCodes();
		keepSignedIn(who, who.cookie);
		const { payload } = await verifiedBy(demo.webApp, (await signedInTo(demo.webApp, {}, { who })).idToken);
		expect(payload).toMatchObject({
			amr: ["pwd", "otp", "mfa"],
			acr: "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
		});
	});

	test("RFC 6238 §5.2: of eight at once with one code one gets in, and neither it nor an older one is taken again", async () => {
		const who = await withCodes();
		// The one that turned them on.
		expect(await outcomeOf(show(codeOf(who.secret), await halfIn(who)))).toBe("401 One-time code");
		await advance(2 * step);
		const half = await halfIn(who);
		const code = codeOf(who.secret);
		const outcomes = await Promise.all(times(8, () => outcomeOf(show(code, half))));
		expect(outcomes.filter((each) => each === "303 /console")).toHaveLength(1);
		expect(new Set(outcomes)).toEqual(new Set(["303 /console", "401 One-time code"]));
		expect(await outcomeOf(show(codeOf(who.secret, -step), half))).toBe("401 One-time code");
		expect((await logIn({ ...loginOf(who), otp: code })).status).toBe(401);
	});

	test.each([
		[-90, "401 One-time code"],
		[-60, "401 One-time code"],
		[-30, "303 /console"],
		[30, "303 /console"],
		[60, "401 One-time code"],
		[90, "401 One-time code"],
	])("RFC 6238 §5.2: a clock %i seconds off: %s", async (off, outcome) => {
		const who = await withCodes();
		await advance(4 * step);
		expect(await outcomeOf(show(codeOf(who.secret, off), await halfIn(who)))).toBe(outcome);
	});

	test("another person's code is none", async () => {
		const [who, other] = [await withCodes(), await withCodes()];
		await advance(step);
		expect(await outcomeOf(show(codeOf(other.secret), await halfIn(who)))).toBe("401 One-time code");
	});

	test("begins anew in another browser, after five minutes, with another password, and by what we did not make", async () => {
		const who = await withCodes();
		await advance(step);
		const half = await halfIn(who);
		for (const cookie of ["", half.replace("lkf_", "lkf_A"), who.cookie, `${half.slice(0, -3)}AAA`]) {
			expect(await outcomeOf(show(codeOf(who.secret), cookie))).toBe("303 /sign-in");
		}
		expect((await ask(second)).status).toBe(303);
		await advance(299);
		expect((await ask(second, { headers: { cookie: half } })).status).toBe(200);
		await advance(1);
		expect((await ask(second, { headers: { cookie: half } })).status).toBe(303);
		expect(await outcomeOf(show(codeOf(who.secret), half))).toBe("303 /sign-in");

		const next = await halfIn(who);
		const visitor = withCookie(who.cookie);
		const fields = { password: who.password, new_password: "plum trees by the river" };
		expect((await visitor.send(`${security}/password`, `${security}/password`, fields)).status).toBe(303);
		expect(await outcomeOf(show(codeOf(who.secret), next))).toBe("303 /sign-in");
	});

	test("a form of another site shows no code", async () => {
		const who = await withCodes();
		await advance(step);
		const half = await halfIn(who);
		const elsewhere = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
		expect(refusal(await show(codeOf(who.secret), half, {}, elsewhere))).toMatch(/^403/);
		expect(await outcomeOf(show(codeOf(who.secret), half, { continue: "https://evil.example/" }))).toBe("303 /");
	});
});

describe("wrong one-time codes", () => {
	test("are ten in a quarter of an hour; the account is told, and what is known stays open", async () => {
		const who = await withCodes();
		await advance(step);
		const known = (await signInWith(who, codeOf(who.secret))).headers
			.getSetCookie()
			.find((line) => line.startsWith("__Host-latchkey-browser="));
		await advance(step);
		const half = await halfIn(who);
		const wrong = codeOf(who.secret, 3600);
		const outcomes = await Promise.all(times(11, () => outcomeOf(show(wrong, half))));
		expect(outcomes.filter((each) => each === "401 One-time code")).toHaveLength(10);
		expect(outcomes.filter((each) => each === "429 One-time code")).toHaveLength(1);
		const limited = await show(codeOf(who.secret), half);
		expect(limited.status).toBe(429);
		expect(limited.headers.get("ratelimit-policy")).toBe('"one-time-code";q=10;w=900');
		expect((await logIn({ ...loginOf(who), otp: codeOf(who.secret) })).status).toBe(429);
		await eventually(async () => expect(await alertedOf(who, "failed_codes")).toBe(1));
		await eventually(async () => expect(await actionsOf(who)).toContain("sign_in.limited"));
		// A browser in which they signed in before has a count of its own, and so have recovery codes.
		const [browser = ""] = (known ?? "").split(";", 1);
		expect(await outcomeOf(show(codeOf(who.secret), `${half}; ${browser}`))).toBe("303 /console");
		expect(await outcomeOf(show(who.recovery[0]!, half, { by: "recovery" }))).toBe("303 /console");
		await advance(quarter);
		expect(await outcomeOf(show(codeOf(who.secret), await halfIn(who)))).toBe("303 /console");
	});

	test("are sixty in a day", async () => {
		const who = await withCodes();
		for (const _ of times(6, () => null)) {
			await advance(quarter);
			const half = await halfIn(who);
			const outcomes = await Promise.all(times(10, () => outcomeOf(show(codeOf(who.secret, 3600), half))));
			expect(new Set(outcomes)).toEqual(new Set(["401 One-time code"]));
		}
		await advance(quarter);
		const limited = await show(codeOf(who.secret), await halfIn(who));
		expect(limited.headers.get("ratelimit-policy")).toBe('"one-time-code-day";q=60;w=86400');
	});

	test("are sixty in a day in a browser that knows the person, too: it may be stolen", async () => {
		const who = await withCodes();
		await advance(step);
		const set = (await signInWith(who, codeOf(who.secret))).headers.getSetCookie();
		const [browser = ""] = (set.find((line) => line.startsWith("__Host-latchkey-browser=")) ?? "").split(";", 1);
		for (const _ of times(6, () => null)) {
			await advance(quarter);
			const cookie = `${await halfIn(who)}; ${browser}`;
			const outcomes = await Promise.all(times(10, () => outcomeOf(show(codeOf(who.secret, 3600), cookie))));
			expect(new Set(outcomes)).toEqual(new Set(["401 One-time code"]));
		}
		await advance(quarter);
		const limited = await show(codeOf(who.secret), `${await halfIn(who)}; ${browser}`);
		expect(limited.headers.get("ratelimit-policy")).toBe('"one-time-code-known-day";q=60;w=86400');
		// Nobody else's count.
		expect(await outcomeOf(show(codeOf(who.secret), await halfIn(who)))).toBe("303 /console");
	});
});

describe("a recovery code in the place of a one-time code", () => {
	test("lets its person in once, and the others stay; nobody else's does", async () => {
		const email = "code-spent@mail.example";
		const [who, other] = [await withCodes({ profile: { email }, verifiedEmail: email }), await withCodes()];
		const half = await halfIn(who);
		const by = { by: "recovery" };
		expect((await ask(`${second}?by=recovery`, { headers: { cookie: half } })).text).toContain("One of the ten");
		expect(await outcomeOf(show(other.recovery[0]!, half, by))).toBe("401 Recovery code");
		expect(await outcomeOf(show(who.recovery[0]!, half))).toBe("401 One-time code");
		const outcomes = await Promise.all(times(6, () => outcomeOf(show(who.recovery[0]!, half, by))));
		expect(outcomes.filter((each) => each === "303 /console")).toHaveLength(1);
		expect(await outcomeOf(show(who.recovery[1]!.toUpperCase().replaceAll("-", " "), half, by))).toBe("303 /console");
		expect((await actionsOf(who)).filter((action) => action === "recovery_codes.spend")).toHaveLength(2);
		await eventually(async () => expect((await lettersTo(email))[0]?.subject).toContain("recovery codes was used"));
		// Spent, it sets no password either.
		const sets = {
			by: "code",
			username: who.username,
			code: who.recovery[0]!,
			new_password: "plum trees by the river",
		};
		expect((await postForm("/recover", sets, ownPage)).status).toBe(401);
	});
});

test("a passkey stands in the place of both, and is offered there to who has one", async () => {
	const [who, other] = [await withCodes(), await withCodes()];
	const passkey = await softPasskey();
	expect((await register(passkey, who)).status).toBe(303);
	await advance(step);
	const page = await signInPage(second, await halfIn(who));
	expect(await outcomeOf(answerBy(passkey, page))).toBe("303 /console");
	expect((await ask(second, { headers: { cookie: await halfIn(other) } })).text).not.toContain("data-passkey");
});

describe("POST /auth/login with one-time codes on", () => {
	test("takes the password with a code, and neither without the other", async () => {
		const who = await withCodes();
		await advance(step);
		const alone = await logIn(loginOf(who));
		expect(refusal(alone)).toBe("401 Unauthorized");
		expect(String(alone.body.detail)).toContain("otp");
		const wrong = await logIn({ ...loginOf(who), otp: codeOf(who.secret, 600) });
		expect([wrong.status, wrong.body.detail]).toEqual([401, alone.body.detail]);
		// Whose password is wrong is told no more than anybody.
		const stranger = await logIn({ ...loginOf(who), password: "not it", otp: codeOf(who.secret) });
		expect(stranger.body.detail).not.toBe(alone.body.detail);
		expect((await logIn({ ...loginOf(who), otp: who.recovery[0]! })).status).toBe(401);
		const answer = await logIn({ ...loginOf(who), otp: codeOf(who.secret) });
		expect(answer.status).toBe(200);
		expect(await opens(String(answer.body.access_token))).toBe(200);
		expect((await logIn({ ...loginOf(who), otp: codeOf(who.secret) })).status).toBe(401);
	});

	test("asks nobody else for one, and looks at none", async () => {
		const who = await aPerson(member);
		expect((await logIn({ ...loginOf(who), otp: "not looked at" })).status).toBe(200);
	});
});

describe("turning one-time codes off", () => {
	test("takes the password once more, and is told; the password is enough then", async () => {
		const email = "codes-off@mail.example";
		const who = await withCodes({ profile: { email }, verifiedEmail: email });
		const visitor = withCookie(who.cookie);
		expect(refusal(await visitor.send(codesPage, codesPage, { password: "" }))).toBe("400 Disable one-time codes");
		expect(refusal(await visitor.send(codesPage, codesPage, { password: "not it" }))).toBe(
			"403 Disable one-time codes",
		);
		expect(await outcomeOf(givePassword(who))).toBe(`303 ${second}`);
		const half = await halfIn(who);
		const form = hiddenOf(await visitor.open(codesPage), codesPage);
		const send = () => postForm(codesPage, { ...form, password: who.password }, { ...ownPage, cookie: who.cookie });
		expect([await outcomeOf(send()), await outcomeOf(send())]).toEqual([`303 ${security}`, `303 ${security}`]);
		expect((await actionsOf(who)).filter((action) => action === "one_time_codes.off")).toHaveLength(1);
		await eventually(async () => expect((await lettersTo(email))[0]?.subject).toContain("no one-time code is asked"));
		expect(await outcomeOf(givePassword(who))).toBe("303 /console");
		expect((await logIn(loginOf(who))).status).toBe(200);
		expect(await outcomeOf(show(codeOf(who.secret), half))).toBe("303 /sign-in");
		// Another time is another secret.
		expect(readQr(await visitor.open(codesPage)).searchParams.get("secret")).not.toBe(who.secret);
	});

	test("by a passkey as well, and it is done where it is said to be", async () => {
		const who = await withCodes();
		const passkey = await softPasskey();
		await register(passkey, who);
		const page = await ask(codesPage, { headers: { cookie: who.cookie } });
		const response = await passkey.get(optionsOn(page), new URL(issuer).origin);
		const sent = { ...hiddenOf(page, codesPage), passkey: response };
		expect(locationOf(await postForm(codesPage, sent, { ...ownPage, cookie: who.cookie })).search).toBe(
			"?done=codes_off",
		);
		expect(await actionsOf(who)).toContain("one_time_codes.off");
		expect(await outcomeOf(givePassword(who))).toBe("303 /console");
	});
});

describe("the ways back, with one-time codes on", () => {
	const chosen = "plum trees by the river";

	test("a recovery code sets a new password, and another stands in for the app", async () => {
		const who = await withCodes();
		const sets = { by: "code", username: who.username, code: who.recovery[0]!, new_password: chosen };
		expect((await postForm("/recover", sets, ownPage)).status).toBe(303);
		const half = await halfIn({ ...who, password: chosen });
		expect(await outcomeOf(show(who.recovery[1]!, half, { by: "recovery" }))).toBe("303 /console");
	});

	test("a link by mail sets a new password, and takes no second factor away: a mail box is not the app", async () => {
		const email = "mailed-link@mail.example";
		const who = await withCodes({ profile: { email }, verifiedEmail: email });
		await postForm("/recover", { by: "mail", username: who.username }, ownPage);
		await eventually(async () => expect(await linkTo(email)).toContain("/recover/"));
		expect((await postForm(await linkTo(email), { new_password: chosen }, ownPage)).status).toBe(303);
		expect(await outcomeOf(givePassword({ ...who, password: chosen }))).toBe(`303 ${second}`);
	});

	test("a link by an administrator ends them: who vouches for somebody vouches for all of it", async () => {
		const who = await withCodes();
		const token = bearer(await loggedIn({ ...loginOf(ada), account: "acme" }));
		const made = await call("POST", `/v1/people/${who.id}/recovery_links`, { password: ada.password }, token);
		const path = new URL(good<{ url: string }>(made, 201).url).pathname;
		expect(await outcomeOf(givePassword(who))).toBe(`303 ${second}`);
		expect((await postForm(path, { new_password: chosen }, ownPage)).status).toBe(303);
		expect(await outcomeOf(givePassword({ ...who, password: chosen }))).toBe("303 /console");
	});
});

function loginOf({ username, password }: Login): Login {
	return { username, password };
}

async function signInWith(who: Login, code: string): Promise<Answer> {
	return show(code, await halfIn(who));
}

/** As apps show it. */
function spaced(code: string): string {
	return `${code.slice(0, 3)} ${code.slice(3)}`;
}
