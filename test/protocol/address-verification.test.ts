import { describe, expect, test } from "vitest";
import type { Role } from "../../src/domain/permission.ts";
import { staleness } from "../../src/operations/lookups.ts";
import { atConsole, wordsOf } from "../support/console.ts";
import { call, tokenOf } from "../support/keys-api.ts";
import { lettersTo, linkTo } from "../support/mail.ts";
import { signedInTo } from "../support/openid.ts";
import { grace, type Login, signInAnew } from "../support/people.ts";
import { aClient, aPerson } from "../support/registered.ts";
import { type Answer, ask, ownPage, postForm, refusal, times } from "../support/requests.ts";
import { advance, demo, logged } from "../support/target.ts";
import { claimsOf, type Registered } from "../support/tokens.ts";

const { acme, globex } = demo.accounts;

let made = 0;
const newAddress = () => `someone-${(made += 1)}@mail.example`;

/** Somebody who has entered an address. */
async function withAddress(email = newAddress(), roles: Readonly<Record<string, Role>> = { [acme]: "member" }) {
	const who = { ...(await aPerson(roles)), email };
	await enter(who, email);
	return who;
}

async function enter(who: Login, email: string): Promise<void> {
	expect((await call("PUT", "/v1/profile", { email }, await tokenOf(who, "acme"))).status).toBe(200);
}

async function askFor(who: Login, password = who.password): Promise<Answer> {
	return call("POST", "/v1/profile/verify_email", { password }, await tokenOf(who, "acme"));
}

/** The path of a link that was mailed to them just now. */
async function linked(who: Login & { readonly email: string }): Promise<string> {
	expect([(await askFor(who)).status, who.email]).toEqual([202, who.email]);
	return linkTo(who.email);
}

/** Opens it, and says yes. */
async function confirm(path: string, who: Login): Promise<Answer> {
	const { send } = await atConsole(who);
	return send(path, path);
}

async function isVerified(who: Login, account = acme, client: Registered = demo.webApp): Promise<unknown> {
	await advance(staleness + 1);
	const { idToken } = await signedInTo(client, { scope: "openid email" }, { who, account });
	return claimsOf(idToken).email_verified;
}

describe("an address is verified by whoever gets what is mailed there", () => {
	test("for every application that may see it, in whichever account", async () => {
		const who = await withAddress(newAddress(), { [acme]: "member", [globex]: "member" });
		expect(await isVerified(who)).toBe(false);
		const path = await linked(who);
		const { open, follow } = await atConsole(who);
		const asked = await open(path);
		expect([asked.status, wordsOf(asked)]).toEqual([200, expect.stringContaining(who.email)]);
		const done = await confirm(path, who);
		expect([done.status, done.headers.get("location")]).toEqual([
			303,
			"/console/acme/settings/profile?done=email_verified",
		]);
		expect(wordsOf(await follow(done))).toContain("Your e-mail address is verified.");
		expect(await isVerified(who)).toBe(true);
		expect(await isVerified(who, globex)).toBe(true);
		expect(await isVerified(who, globex, await aClient(demo.webApp, { accountId: globex }))).toBe(true);
		const { entries } = (await call("GET", `/v1/audit?target=${who.id}`)).body;
		const noted = { action: "person.verify_email", actor: who.id, detail: {} };
		expect(entries).toContainEqual(expect.objectContaining(noted));
	});

	test("opening it does nothing: programs that look at mail open every link", async () => {
		const who = await withAddress();
		const path = await linked(who);
		const { open } = await atConsole(who);
		for (const _ of times(3, () => null)) expect((await open(path)).status).toBe(200);
		expect(await isVerified(who)).toBe(false);
	});

	test("another address that they enter is not, nor is the first one when it is back; its mailbox is told", async () => {
		const who = await withAddress();
		await confirm(await linked(who), who);
		await enter(who, newAddress());
		expect(await isVerified(who)).toBe(false);
		const [told] = await lettersTo(who.email);
		expect(told?.words).toContain("your e-mail address there was changed, and this one is not used any more");
		expect(told?.words).not.toContain("lke_");
		await enter(who, who.email);
		expect(await isVerified(who)).toBe(false);
	});

	test("in the console: asked for with the password, shown as verified", async () => {
		const who = await withAddress();
		const { open, send } = await atConsole(who);
		const [profile, page] = ["/console/acme/settings/profile", "/console/acme/settings/profile/email"];
		expect((await open(profile)).text).toContain(`href="${page}"`);
		expect((await send(page, page, { password: "" })).status).toBe(400);
		const wrong = await send(page, page, { password: "not theirs at all" });
		expect([wrong.status, wordsOf(wrong)]).toEqual([403, expect.stringContaining("This is not your password.")]);
		expect(await lettersTo(who.email)).toEqual([]);
		const sent = await send(page, page, { password: who.password });
		expect(wordsOf(await open(sent.headers.get("location") ?? ""))).toContain("A link is on its way to your address.");
		await confirm(await linkTo(who.email), who);
		expect(wordsOf(await open(profile))).toContain("Verified Another address has to be verified anew.");
		expect(refusal(await open(page))).toBe("409 No link to be had");
	});
});

describe("a link to an address", () => {
	test("works once, of ten at once", async () => {
		const who = await withAddress();
		const path = await linked(who);
		const { cookie, open } = await atConsole(who);
		const csrf = /name="csrf" value="([^"]+)"/.exec((await open(path)).text)?.[1] ?? "";
		const answers = await Promise.all(times(10, () => postForm(path, { csrf }, { cookie, ...ownPage })));
		expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
		expect(answers.filter(({ status }) => status === 410)).toHaveLength(9);
		expect(refusal(await open(path))).toBe("410 This link is over");
	});

	test("is over after a day, with the next link, and where anything in it is another", async () => {
		const who = await withAddress();
		const { open } = await atConsole(who);
		const [first, second] = [await linked(who), await linked(who)];
		expect((await open(first)).status).toBe(410);
		expect((await open(second)).status).toBe(200);
		for (const at of [8, 30, -1]) {
			const last = second.at(at) === "A" ? "B" : "A";
			const changed = second.slice(0, at) + last + (at === -1 ? "" : second.slice(at + 1));
			expect([at, (await open(changed)).status]).toEqual([at, 410]);
		}
		expect((await open("/verify/lke_x")).status).toBe(410);
		await advance(86_400);
		const anew = await signInAnew(who);
		expect((await ask(second, { headers: { cookie: anew } })).status).toBe(410);
		expect(await isVerified(who)).toBe(false);
	});

	test("is for whoever had it sent: a stranger signs in first, and anybody else is refused", async () => {
		const who = await withAddress();
		const path = await linked(who);
		const stranger = await ask(path);
		expect(stranger.headers.get("location")).toBe(`/sign-in?continue=${encodeURIComponent(path)}`);
		expect(refusal(await (await atConsole(grace)).open(path))).toBe("403 Somebody else’s link");
		const { cookie, open } = await atConsole(grace);
		const csrf = /name="csrf" value="([^"]+)"/.exec((await open("/console/globex/settings")).text)?.[1];
		expect((await postForm(path, { csrf }, { cookie, ...ownPage })).status).toBe(403);
		expect(await isVerified(who)).toBe(false);
	});

	test("is for the address that it went to: who enters another meanwhile verifies neither", async () => {
		const who = await withAddress();
		const path = await linked(who);
		await enter(who, newAddress());
		expect(refusal(await confirm(path, who))).toBe("409 Another address by now");
		expect(await isVerified(who)).toBe(false);
	});

	test("makes nobody's address another's, in either case; asking for one tells nothing of whose it is", async () => {
		const who = await withAddress();
		await confirm(await linked(who), who);
		const [fresh, taken] = [await withAddress(), await withAddress(who.email.toUpperCase())];
		const answers = [await askFor(fresh), await askFor(taken)];
		expect(answers.map(({ status, body }) => [status, Object.keys(body)])).toEqual([
			[202, ["email"]],
			[202, ["email"]],
		]);
		// Whoever reads that mailbox is told.
		expect(refusal(await confirm(await linkTo(taken.email), taken))).toBe("409 Taken");
		expect([await isVerified(who), await isVerified(taken)]).toEqual([true, false]);
	});

	test("is not used by a form of another site, or without its token", async () => {
		const who = await withAddress();
		const path = await linked(who);
		const { cookie, send } = await atConsole(who);
		expect((await send(path, path, {}, { "sec-fetch-site": "cross-site" })).status).toBe(403);
		expect((await postForm(path, { csrf: "x" }, { cookie, ...ownPage })).status).toBe(403);
		expect(await isVerified(who)).toBe(false);
	});
});

describe("POST /v1/profile/verify_email", () => {
	test("asks for the password: who has somebody's login token alone makes no address their own", async () => {
		const who = await withAddress();
		expect(refusal(await askFor(who, "not theirs at all"))).toBe("403 Forbidden");
		expect(await lettersTo(who.email)).toEqual([]);
	});

	test("has nothing to send where no address is entered, or it is verified already", async () => {
		const none = await aPerson({ [acme]: "member" });
		expect(refusal(await askFor(none))).toBe("409 Conflict");
		const who = await withAddress();
		await confirm(await linked(who), who);
		expect(refusal(await askFor(who))).toBe("409 Conflict");
	});

	test("sends ten in an hour, whoever's mailboxes they were for", async () => {
		const who = await withAddress();
		for (const _ of times(5, () => null)) expect((await askFor(who)).status).toBe(202);
		await enter(who, newAddress());
		for (const _ of times(5, () => null)) expect((await askFor(who)).status).toBe(202);
		await enter(who, newAddress());
		const limited = await askFor(who);
		expect([limited.status, limited.headers.get("ratelimit")]).toEqual([429, expect.stringContaining("address-links")]);
	});
});

test("no address stands in the log, whatever was mailed there", async () => {
	const who = await withAddress();
	await confirm(await linked(who), who);
	expect(await lettersTo(who.email)).not.toEqual([]);
	expect((await logged()).join("\n")).not.toContain(who.email.split("@")[0]);
});
