import { describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { eventually } from "../support/eventually.ts";
import { atConsole, hiddenOf, withCookie, wordsOf } from "../support/console.ts";
import { aDevice, aDeviceClient, pageOf } from "../support/devices.ts";
import { call, tokenOf } from "../support/keys-api.ts";
import { loggedIn, logIn } from "../support/logins.ts";
import { codeOf, enrolmentOf, signInByCode, turnOnCodes } from "../support/one-time-codes.ts";
import { keepSignedIn, signInAnew } from "../support/people.ts";
import { passkeysOf, register, signInByPasskey } from "../support/passkeys.ts";
import { softPasskey } from "../support/software-authenticator.ts";
import { aClient, anAccount, aPerson, slugOf } from "../support/registered.ts";
import { ask, bearer, locationOf } from "../support/requests.ts";
import { advance, demo } from "../support/target.ts";
import { authorizePath, environments, granted } from "../support/tokens.ts";

/** An account that asks for a second factor, and an administrator of it who has none. */
async function aStrictAccount() {
	const account = await anAccount({ name: "Strict", secondFactor: "required" });
	const who = await aPerson({ [account]: "admin" });
	return { account, who, base: `/console/${slugOf(account)}` };
}

describe("an account that asks for a second factor, to whoever signed in by a password alone", () => {
	test("is closed in the console, whatever is asked of it, and leads to where one is set up", async () => {
		const { who, base } = await aStrictAccount();
		const visitor = await atConsole(who);
		for (const path of ["keys", "people", "my-access", "api-access", "settings/account", "nothing/here"]) {
			const page = await visitor.open(`${base}/${path}`);
			expect([path, page.status]).toEqual([path, 403]);
			expect(wordsOf(page)).toContain("A second factor is needed");
			expect(page.text).toContain(`href="${base}/security"`);
			expect(page.text).toContain(`/sign-in?continue=${encodeURIComponent(`${base}/${path}`)}`);
		}
		expect((await visitor.post(`${base}/settings/account`, { change: "name", name: "Taken" })).status).toBe(403);
		expect((await visitor.post(`${base}/settings/account`, { change: "second_factor" })).status).toBe(403);
	});

	test("leaves what is one's own open: ways in, browsers, settings, and the way out of the account", async () => {
		const { who, base } = await aStrictAccount();
		const visitor = await atConsole(who);
		for (const path of ["security", "settings", "settings/profile", "settings/leave"]) {
			const page = await visitor.open(`${base}/${path}`);
			expect([path, page.status]).toEqual([path, 200]);
			// Nothing of the account is to be seen there.
			expect(page.text).not.toContain(`href="${base}/keys"`);
		}
	});

	test("is not offered for consent, be it the only one or one of several, nor to a device", async () => {
		const { account, who, base } = await aStrictAccount();
		const page = await pageOf(authorizePath(demo.webApp), who);
		expect(page.text).not.toContain('value="allow"');
		expect(wordsOf(page)).toContain("It asks for two factors");
		expect(page.text).toContain(`href="${base}/security"`);
		const both = await aPerson({ [account]: "admin", [demo.accounts.acme]: "member" });
		const choice = await pageOf(authorizePath(demo.webApp), both);
		expect(choice.text).toContain('value="allow"');
		expect(choice.text).not.toContain(`value="${account}"`);
		expect(wordsOf(choice)).toContain("Strict");
		const device = await aDevice(await aDeviceClient());
		expect((await pageOf(device.page, who)).text).not.toContain('value="allow"');
	});

	test("is refused silently as well: the person has to sign in more strongly", async () => {
		const { who } = await aStrictAccount();
		const client = await aClient(demo.webApp);
		const answer = await pageOf(authorizePath(client, { prompt: "none" }), who);
		expect(new URL(answer.headers.get("location") ?? "").searchParams.get("error")).toBe("login_required");
	});

	test("takes no login by password, and says what to do", async () => {
		const { username, password } = (await aStrictAccount()).who;
		const answer = await logIn({ username, password });
		expect([answer.status, answer.body.detail]).toEqual([
			403,
			"That account asks for a second factor: turn one-time codes on in the console, or log in with an API key.",
		]);
		// Whoever does not know the password learns nothing of it.
		expect((await logIn({ username, password: "a guess" })).status).toBe(401);
	});
});

test("whoever sets one-time codes up there is let in at once, by the same browser, and by a login with a code", async () => {
	const { account, who, base } = await aStrictAccount();
	const { secret, cookie } = await turnOnCodes(who, `${base}/security/one-time-codes`);
	expect((await withCookie(cookie).open(`${base}/keys`)).status).toBe(200);
	await advance(30);
	const login = { username: who.username, password: who.password, account: slugOf(account) };
	expect((await logIn(login)).status).toBe(401);
	const token = await logIn({ ...login, otp: codeOf(secret) });
	expect(token.status).toBe(200);
	const headers = bearer(String(token.body.access_token));
	expect((await call("PUT", "/v1/second_factor", { required: true }, headers)).status).toBeLessThan(300);
	keepSignedIn(who, cookie);
	expect((await pageOf(authorizePath(demo.webApp), who)).text).toContain('value="allow"');
});

test("whoever has a passkey is let in by it, and not by their password", async () => {
	const { account, who, base } = await aStrictAccount();
	const passkey = await softPasskey();
	const weak = await signInAnew(who);
	await register(passkey, { cookie: weak, password: who.password, slug: slugOf(account) });
	const strong = await signInByPasskey(passkey);
	for (const [cookie, status, isOffered] of [
		[weak, 403, false],
		[strong, 200, true],
	] as const) {
		expect((await withCookie(cookie).open(`${base}/keys`)).status).toBe(status);
		const page = await ask(authorizePath(demo.webApp), { headers: { cookie } });
		expect(page.text.includes('value="allow"')).toBe(isOffered);
	}
});

describe("NIST SP 800-63B-4 §4.1.2.1: a password alone, of somebody who has a passkey beside it", () => {
	test("makes no other second factor, nor a way to one, and takes none away: in the console or by the API", async () => {
		const email = "stolen@mail.example";
		// No account of theirs asks for a second factor.
		const who = await aPerson({ [demo.accounts.acme]: "member" }, undefined, { profile: { email } });
		const passkey = await softPasskey();
		await register(passkey, { cookie: await signInAnew(who), password: who.password });
		const token = await tokenOf(who, "acme");
		const [mine] = await passkeysOf(token);
		const one = `security/passkeys/${mine?.id ?? ""}`;
		const pages = ["security/passkeys/new", `${one}/remove`, "security/one-time-codes", "security/recovery-codes"];
		const changes = [...pages, "settings/profile/email"].map((path) => `/console/acme/${path}`);
		const [thief, owner] = [withCookie(await signInAnew(who)), withCookie(await signInByPasskey(passkey))];
		for (const path of changes) {
			const { nonce = "" } = hiddenOf(await owner.open(path), path);
			const given = { nonce, name: "Mine", password: who.password, code: "123456" };
			for (const answer of [await thief.open(path), await thief.post(path, given)]) {
				expect([path, answer.status, wordsOf(answer).includes("Your second factor first")]).toEqual([path, 403, true]);
			}
			expect([path, (await owner.open(path)).status]).toEqual([path, 200]);
		}
		// Nor by what programs ask.
		const { password } = who;
		for (const [method, path, body] of [
			["PUT", "/v1/profile/one_time_codes", await enrolmentOf(who, token)],
			["POST", "/v1/profile/recovery_codes", { password }],
			["POST", "/v1/profile/verify_email", { password }],
			["DELETE", `/v1/profile/passkeys/${mine?.id ?? ""}`, undefined],
		] as const) {
			const answer = await call(method, path, body, token);
			expect([path, answer.status, String(answer.body.detail)]).toEqual([
				path,
				403,
				expect.stringContaining("You have a second factor"),
			]);
		}
		expect(await passkeysOf(token)).toHaveLength(1);
	});
});

/** Somebody of an account with one-time codes, in a browser in which they signed in by both. */
async function somebodyStrong(account: string) {
	const who = await aPerson({ [account]: "admin", [demo.accounts.acme]: "member" });
	const codes = await turnOnCodes(who);
	return { ...who, ...codes, strong: await signInByCode({ ...who, ...codes }) };
}

describe("to ask for a second factor", () => {
	test("is one switch, noted; who has none is shut out from then on, but for what they had been given", async () => {
		const account = await anAccount();
		const admin = await somebodyStrong(account);
		const other = await aPerson({ [account]: "member" });
		const settings = `/console/${slugOf(account)}/settings/account`;
		const client = await aClient(demo.webApp);
		const { accessToken } = await granted(client, {}, { who: other, account });
		const [mine, theirs] = [withCookie(admin.strong), await atConsole(other)];
		const on = await mine.send(settings, settings, { change: "second_factor", second_factor: "on" });
		expect(wordsOf(await mine.open(locationOf(on).pathname + locationOf(on).search))).toContain("Required");
		await advance(staleness + 1);
		expect((await theirs.open(`/console/${slugOf(account)}/environments`)).status).toBe(403);
		expect((await environments(accessToken)).status).toBe(200);
		// What they had agreed to is not gone on with either.
		const silent = await pageOf(authorizePath(client, { prompt: "none" }), other);
		expect(locationOf(silent).searchParams.get("error")).toBe("login_required");
		expect((await pageOf(authorizePath(client, { prompt: undefined }), other)).text).not.toContain('value="allow"');
		const log = await mine.open(`/console/${slugOf(account)}/audit?action=second_factor`);
		expect(wordsOf(log)).toContain("asked everybody for a second factor in");
		const told = async () => wordsOf(await mine.open(`/console/${slugOf(account)}/alerts`));
		const byWhom = `: ${admin.username} switched it`;
		await eventually(async () => expect(await told()).toContain(`of everybody in this account${byWhom}`));
		await mine.send(settings, settings, { change: "second_factor", second_factor: "off" });
		await advance(staleness + 1);
		expect((await theirs.open(`/console/${slugOf(account)}/environments`)).status).toBe(200);
		await eventually(async () => expect(await told()).toContain(`for no more${byWhom}`));
	});

	test("by the API it takes whoever has one", async () => {
		const account = await anAccount();
		const { username, password, secret } = await somebodyStrong(account);
		await advance(30);
		const slug = slugOf(account);
		const token = bearer(await loggedIn({ username, password, account: slug, otp: codeOf(secret) }));
		expect((await call("PUT", "/v1/second_factor", { required: true }, token)).body).toEqual({ required: true });
		expect((await call("GET", "/v1/second_factor", undefined, token)).body).toEqual({ required: true });
		expect((await call("PUT", "/v1/second_factor", { required: false }, token)).body).toEqual({ required: false });
	});

	test("one has to have one: nobody shuts themselves out, in the console or by the API", async () => {
		const account = await anAccount();
		const who = await aPerson({ [account]: "admin" });
		const base = `/console/${slugOf(account)}`;
		const visitor = await atConsole(who);
		const settings = `${base}/settings/account`;
		const answer = await visitor.post(settings, { change: "second_factor", second_factor: "on" });
		expect(answer.status).toBe(409);
		expect(wordsOf(answer)).toContain("Sign in by two factors yourself first");
		const token = await tokenOf(who, slugOf(account));
		expect((await call("PUT", "/v1/second_factor", { required: true }, token)).status).toBe(409);
		expect((await call("GET", "/v1/second_factor", undefined, token)).body).toEqual({ required: false });
		expect((await visitor.open(`${base}/keys`)).status).toBe(200);
	});

	test("one has to administer the account", async () => {
		const account = await anAccount();
		const member = await aPerson({ [account]: "member" });
		const visitor = await atConsole(member);
		const settings = `/console/${slugOf(account)}/settings/account`;
		expect((await visitor.post(settings, { change: "second_factor", second_factor: "on" })).status).toBe(403);
		expect((await visitor.open(settings)).text).not.toContain("Require it");
		const token = await tokenOf(member, slugOf(account));
		expect((await call("PUT", "/v1/second_factor", { required: false }, token)).status).toBe(403);
	});
});
