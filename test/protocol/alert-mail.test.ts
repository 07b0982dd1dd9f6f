import { describe, expect, test } from "vitest";
import { atConsole, withCookie, wordsOf } from "../support/console.ts";
import { call, good, tokenOf } from "../support/keys-api.ts";
import { lettersTo } from "../support/mail.ts";
import { passkeysOf, register, signInByPasskey } from "../support/passkeys.ts";
import { type Login, signInAnew } from "../support/people.ts";
import { aKey, anAccount, anOperator, aPerson, slugOf } from "../support/registered.ts";
import { ask, locationOf, refusal, times } from "../support/requests.ts";
import { softPasskey } from "../support/software-authenticator.ts";
import { advance, demo } from "../support/target.ts";

let made = 0;

/** An administrator of an account of their own, whose address is verified, beside a member whose is too. */
async function anAdministrator() {
	const accountId = await anAccount();
	const email = `admin-${(made += 1)}@mail.example`;
	const ofMember = `member-${made}@mail.example`;
	const [admin, member] = await Promise.all([
		aPerson({ [accountId]: "admin" }, undefined, { profile: { email }, verifiedEmail: email }),
		aPerson({ [accountId]: "member" }, undefined, { profile: { email: ofMember }, verifiedEmail: ofMember }),
	]);
	return { accountId, slug: slugOf(accountId), admin, member, email, ofMember };
}

async function want(enabled: boolean, who: Login, slug: string) {
	return call("PUT", "/v1/alerts/mail", { enabled }, await tokenOf(who, slug));
}

async function read(who: Login, slug: string) {
	return (await call("GET", "/v1/alerts/mail", undefined, await tokenOf(who, slug))).body;
}

/** A dead key that is still in use: an alert in its account. */
async function raiseAlert(accountId: string): Promise<void> {
	const key = await aKey(accountId, []);
	await key.change({ kind: "set_state", state: "disabled" });
	for (const _ of times(3, () => null)) await ask("/v1/keys", { headers: { "x-api-key": key.secret } });
	// What goes on after an answer is done before the next request.
	await ask("/.well-known/jwks.json");
	await advance(1);
}

const alertLetters = async (to: string) =>
	(await lettersTo(to)).filter(({ subject }) => subject.startsWith("Alert of"));

describe("alerts by mail", () => {
	test("go to nobody until an administrator wants them, and then once for each that is new", async () => {
		const { accountId, slug, admin, member, email, ofMember } = await anAdministrator();
		await raiseAlert(accountId);
		expect(await alertLetters(email)).toEqual([]);
		expect(await read(admin, slug)).toEqual({ enabled: false });
		expect((await want(true, admin, slug)).body).toEqual({ enabled: true });
		expect(await read(member, slug)).toEqual({ enabled: true });
		await raiseAlert(accountId);
		await expect.poll(async () => (await alertLetters(email)).length).toBe(1);
		const [letter] = await alertLetters(email);
		expect(letter).toMatchObject({
			subject: "Alert of localhost:8787: Dead API key still in use",
			path: `/console/${slug}/alerts`,
		});
		// Whose key it is stands behind the sign-in.
		expect(letter?.words).not.toContain("New key");
		expect(await alertLetters(ofMember)).toEqual([]);
		expect((await want(false, admin, slug)).status).toBe(200);
		await raiseAlert(accountId);
		expect(await alertLetters(email)).toHaveLength(1);
	});

	test("are for an administrator to want, of their own account", async () => {
		const { slug, member } = await anAdministrator();
		expect(refusal(await want(true, member, slug))).toBe("403 Forbidden");
		const byKey = { "x-api-key": demo.apiKey.accessCode };
		expect(refusal(await call("PUT", "/v1/alerts/mail", { enabled: true }, byKey))).toBe("401 Unauthorized");
	});

	test("in the console: a switch for administrators, which others see", async () => {
		const { slug, admin, member } = await anAdministrator();
		const { open, send } = await atConsole(admin);
		const path = `/console/${slug}/settings/account`;
		expect(wordsOf(await open(path))).toContain("Mail alerts to administrators");
		const on = await send(path, path, { change: "alert_mail", alert_mail: "on" });
		expect(wordsOf(await open(on.headers.get("location") ?? ""))).toContain("Alerts are mailed to administrators");
		const off = await send(path, path, { change: "alert_mail", alert_mail: "off" });
		expect(wordsOf(await open(off.headers.get("location") ?? ""))).toContain("Alerts are mailed to nobody any more.");
		const theirs = await atConsole(member);
		expect(wordsOf(await theirs.open(path))).toContain("Mail alerts to administrators");
		expect((await theirs.post(path, { change: "alert_mail", alert_mail: "on" })).status).toBe(403);
	});
});

describe("a person hears by mail of what was done to their own sign-in", () => {
	test("of a passkey that was added, and of one that was removed", async () => {
		const { slug, admin, email } = await anAdministrator();
		const { password } = admin;
		const passkey = await softPasskey();
		const added = await register(passkey, { cookie: await signInAnew(admin), password, slug });
		expect(locationOf(added).search).toBe("?done=passkey_added");
		await expect.poll(async () => (await alertLetters(email)).length).toBe(1);
		expect((await alertLetters(email))[0]?.words).toContain("a new passkey was added to your sign-in there");
		const [one] = await passkeysOf(await tokenOf(admin, slug));
		const removal = `/console/${slug}/security/passkeys/${one?.id}/remove`;
		const visitor = withCookie(await signInByPasskey(passkey));
		expect((await visitor.send(removal, removal, { password })).status).toBe(303);
		await expect.poll(async () => (await alertLetters(email)).length).toBe(2);
		expect((await alertLetters(email))[0]?.words).toContain("a passkey was removed from your sign-in there");
	});

	test("of a new password, and of running the deployment", async () => {
		const { slug, admin, email } = await anAdministrator();
		const { open, send } = await atConsole(admin);
		const path = `/console/${slug}/security/password`;
		const next = "another passphrase of theirs";
		const typed = { password: admin.password, new_password: next };
		expect((await send(path, path, typed)).status).toBe(303);
		await open(path);
		await expect.poll(async () => (await alertLetters(email)).length).toBe(1);
		expect((await alertLetters(email))[0]?.words).toContain("the password that you sign in with there was changed");
		const by = await tokenOf(await anOperator(), "acme");
		good(await call("POST", "/v1/operators", { username: admin.username }, by));
		await expect.poll(async () => (await alertLetters(email)).length).toBe(2);
		expect((await alertLetters(email))[0]?.words).toContain("you were made an operator of it");
	});
});
