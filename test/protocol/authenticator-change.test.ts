import { describe, expect, test } from "vitest";
import { hiddenOf, withCookie, wordsOf } from "../support/console.ts";
import { call, good } from "../support/keys-api.ts";
import { loggedIn, logIn } from "../support/logins.ts";
import { codeOf, codesPage, readQr, signInByCode, turnOnCodes } from "../support/one-time-codes.ts";
import { aPerson } from "../support/registered.ts";
import { type Answer, bearer, locationOf, refusal } from "../support/requests.ts";
import { advance, demo } from "../support/target.ts";

// Another authenticator app in the place of the one that there is.

const page = `${codesPage}/change`;

/** Somebody with an app, in the browser that they set it up in, and the form for another. */
async function changing() {
	const who = await aPerson({ [demo.accounts.acme]: "member" });
	const { secret, cookie, recovery } = await turnOnCodes(who);
	const visitor = withCookie(cookie);
	const form = await visitor.open(page);
	const next = readQr(form).searchParams.get("secret") ?? "";
	const send = (fields: Readonly<Record<string, string>>) => visitor.post(page, { ...hiddenOf(form, page), ...fields });
	const login = (otp: string) => logIn({ username: who.username, password: who.password, account: "acme", otp });
	return { who, secret, recovery, cookie, visitor, form, next, send, login };
}

const done = (answer: Answer) => locationOf(answer).search;

describe("changing the authenticator app", () => {
	test("the old one counts until a code of the new one was shown, and not from then on", async () => {
		const { who, secret, next, send, login } = await changing();
		await advance(60);
		expect((await login(codeOf(secret))).status).toBe(200);
		expect(done(await send({ code: codeOf(next), password: who.password }))).toBe("?done=codes_changed");
		await advance(60);
		expect((await login(codeOf(secret))).status).toBe(401);
		expect((await login(codeOf(next))).status).toBe(200);
	});

	test("RFC 6238 §5.2: the code that proved it is used up", async () => {
		const { who, next, send, login } = await changing();
		const code = codeOf(next);
		expect(done(await send({ code, password: who.password }))).toBe("?done=codes_changed");
		expect((await login(code)).status).toBe(401);
	});

	test("takes a code of the new app and a proof: without, or with one of the old app, nothing changes", async () => {
		const { who, secret, next, send, login } = await changing();
		const { password } = who;
		const title = "Change the authenticator app";
		expect(refusal(await send({ code: "", password }))).toBe(`400 ${title}`);
		expect(refusal(await send({ code: codeOf(next) }))).toBe(`400 ${title}`);
		expect(refusal(await send({ code: codeOf(next), password: "wrong" }))).toBe(`403 ${title}`);
		expect(refusal(await send({ code: codeOf(secret, 60), password }))).toBe(`403 ${title}`);
		await advance(60);
		expect((await login(codeOf(secret))).status).toBe(200);
	});

	test("recovery codes stay, and every other browser is signed out", async () => {
		const { who, secret, next, send, visitor } = await changing();
		const other = withCookie(await signInByCode({ ...who, secret }));
		expect((await other.open("/console/acme")).status).toBe(200);
		expect(done(await send({ code: codeOf(next), password: who.password }))).toBe("?done=codes_changed");
		expect((await other.open("/console/acme")).status).not.toBe(200);
		await advance(60);
		const { username, password } = who;
		const own = bearer(await loggedIn({ username, password, account: "acme", otp: codeOf(next) }));
		expect(good<{ left: number }>(await call("GET", "/v1/profile/recovery_codes", undefined, own)).left).toBe(10);
		expect(wordsOf(await visitor.open("/console/acme/security"))).toContain("Change the authenticator app");
	});

	test("the same form sent twice changes once, and shows what it holds no more", async () => {
		const { who, next, send } = await changing();
		const fields = { code: codeOf(next), password: who.password };
		const answers = await Promise.all([send(fields), send(fields)]);
		expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
		const again = await send({ code: "000000", password: who.password });
		expect([again.status, again.text.includes("otpauth"), again.text.includes("qr-code")]).toEqual([409, false, false]);
	});

	test("who has none on has none to change", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		const { username, password } = who;
		const own = bearer(await loggedIn({ username, password, account: "acme" }));
		const offered = await call("POST", "/v1/profile/one_time_codes", undefined, own);
		const { enrolment, secret } = good<{ enrolment: string; secret: string }>(offered);
		const body = { enrolment, otp: codeOf(secret), password };
		expect((await call("POST", "/v1/profile/one_time_codes/change", body, own)).status).toBe(409);
	});

	test("by the API as well", async () => {
		const { who, secret } = await changing();
		const { username, password } = who;
		const own = bearer(await loggedIn({ username, password, account: "acme", otp: codeOf(secret, 30) }));
		const offered = await call("POST", "/v1/profile/one_time_codes", undefined, own);
		const other = good<{ enrolment: string; secret: string }>(offered);
		const body = { enrolment: other.enrolment, otp: codeOf(other.secret), password };
		const at = "/v1/profile/one_time_codes/change";
		expect((await call("POST", at, { ...body, password: "wrong" }, own)).status).toBe(403);
		expect((await call("POST", at, body, own)).status).toBe(200);
		expect((await call("GET", "/v1/profile", undefined, own)).status).toBe(401);
		await advance(60);
		expect((await logIn({ username, password, account: "acme", otp: codeOf(other.secret) })).status).toBe(200);
	});
});
