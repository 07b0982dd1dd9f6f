import { describe, expect, test } from "vitest";
import { call, type Credential, good, newCode, newKey, tokenOf } from "../support/keys-api.ts";
import { loggedIn, logIn } from "../support/logins.ts";
import { codeOf, turnOnCodes } from "../support/one-time-codes.ts";
import { answerBy, aPersonWithPasskey, origin, register, signInPage } from "../support/passkeys.ts";
import { type Login, signedIn } from "../support/people.ts";
import { aPerson } from "../support/registered.ts";
import { bearer, refusal } from "../support/requests.ts";
import { type RequestOptions, type Said, type SoftPasskey, softPasskey } from "../support/software-authenticator.ts";
import { advance, demo } from "../support/target.ts";

// What somebody shows once more in the body of a request (src/api/proof.ts).

const codes = "/v1/profile/recovery_codes";
const forCodes = `POST ${codes}`;

async function challengeFor(operation: string, own: Credential): Promise<RequestOptions> {
	return good<RequestOptions>(await call("POST", "/v1/profile/passkey_challenges", { for: operation }, own));
}

/** The member `passkey` of a body. */
async function provedBy(passkey: SoftPasskey, options: RequestOptions, said: Said = {}) {
	return { passkey: JSON.parse(await passkey.get(options, origin, said)) as object };
}

/** Somebody whose second factor is a passkey: their login token is for their password alone. */
async function byPasswordAlone(role: "admin" | "member" = "member") {
	const who = await aPerson({ [demo.accounts.acme]: role });
	const passkey = await softPasskey();
	await register(passkey, { cookie: await signedIn(who), password: who.password });
	return { who, passkey, own: await ownOf(who) };
}

async function ownOf({ username, password }: Login, otp?: string): Promise<Credential> {
	return bearer(await loggedIn({ username, password, account: "acme", ...(otp !== undefined && { otp }) }));
}

describe("a passkey in the body of a request", () => {
	test("NIST SP 800-63B-4 §4.1.2.1: is both factors for whoever has a second one, where the password is one", async () => {
		const { who, passkey, own } = await byPasswordAlone();
		const byPassword = await call("POST", codes, { password: who.password }, own);
		expect([byPassword.status, byPassword.body.code]).toEqual([403, "second_factor_needed"]);
		const proof = await provedBy(passkey, await challengeFor(forCodes, own));
		expect(good<{ codes: string[] }>(await call("POST", codes, proof, own), 201).codes).toHaveLength(10);
	});

	test("WebAuthn §13.4.3: a challenge is good once", async () => {
		const { passkey, own } = await byPasswordAlone();
		const options = await challengeFor(forCodes, own);
		good(await call("POST", codes, await provedBy(passkey, options), own), 201);
		const again = await call("POST", codes, await provedBy(passkey, options), own);
		expect([again.status, again.body.code]).toEqual([403, "passkey_wrong"]);
	});

	test("of two at once with one challenge, one counts", async () => {
		const { passkey, own } = await byPasswordAlone();
		const options = await challengeFor(forCodes, own);
		const proofs = [await provedBy(passkey, options), await provedBy(passkey, options)];
		const answers = await Promise.all(proofs.map((proof) => call("POST", codes, proof, own)));
		expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 403]);
	});

	test("a challenge is good for five minutes", async () => {
		const { passkey, own } = await byPasswordAlone();
		const proof = await provedBy(passkey, await challengeFor(forCodes, own));
		await advance(301);
		const late = await call("POST", codes, proof, own);
		expect([late.status, late.body.code]).toEqual([403, "passkey_wrong"]);
	});

	test("a challenge is for one operation, and what was asked to sign in, or on a page, is for none", async () => {
		const { passkey, own, who } = await byPasswordAlone();
		const elsewhere = await provedBy(passkey, await challengeFor("PUT /v1/profile/password", own));
		expect((await call("POST", codes, elsewhere, own)).body.code).toBe("passkey_wrong");
		const { page } = await signInPage();
		const [, text = ""] = /data-options="([^"]*)"/.exec(page.text) ?? [];
		const options = JSON.parse(text.replaceAll("&quot;", '"')) as RequestOptions;
		expect((await call("POST", codes, await provedBy(passkey, options), own)).body.code).toBe("passkey_wrong");
		// Nor the other way round: nobody signs in by it.
		const asked = await signInPage();
		const challenge = (await challengeFor(forCodes, own)).challenge;
		expect(refusal(await answerBy(passkey, asked, { challenge }))).toBe("401 Sign in");
		expect(who.id).not.toBe("");
	});

	test("a challenge is of one person, and so is the passkey that answers it", async () => {
		const [mine, theirs] = [await byPasswordAlone(), await byPasswordAlone()];
		const forThem = await challengeFor(forCodes, theirs.own);
		expect((await call("POST", codes, await provedBy(mine.passkey, forThem), mine.own)).body.code).toBe(
			"passkey_wrong",
		);
		const forMe = await challengeFor(forCodes, mine.own);
		const byThem = await provedBy(theirs.passkey, forMe);
		expect((await call("POST", codes, byThem, mine.own)).body.code).toBe("passkey_wrong");
		// What was refused so has used nothing up.
		good(await call("POST", codes, await provedBy(mine.passkey, forMe), mine.own), 201);
	});

	test.each<[string, Said]>([
		["another site's", { origin: "https://evil.example" }],
		["of a device that did not look for its owner", { flags: 0x01 }],
		["with a signature that is none", { isForged: true }],
	])("WebAuthn §7.2: one %s is not taken", async (_, said) => {
		const { passkey, own } = await byPasswordAlone();
		const proof = await provedBy(passkey, await challengeFor(forCodes, own), said);
		expect((await call("POST", codes, proof, own)).body.code).toBe("passkey_wrong");
	});

	test("changes the password, turns one-time codes off, and shows an access code again", async () => {
		const { who, own, passkey } = await aPersonWithPasskey();
		const off = "/v1/profile/one_time_codes/turn_off";
		const proof = await provedBy(passkey, await challengeFor(`POST ${off}`, own));
		expect((await call("POST", off, proof, own)).body).toEqual({ enabled: false });
		const at = "/v1/profile/password";
		const changed = await provedBy(passkey, await challengeFor(`PUT ${at}`, own));
		const next = "plum trees by the river";
		expect((await call("PUT", at, { ...changed, new_password: next }, own)).status).toBe(204);
		await ownOf({ ...who, password: next });

		const admin = await byPasswordAlone("admin");
		const token = await tokenOf(admin.who, "acme");
		const key = await newKey();
		const code = await newCode(key.id);
		const reveal = `/v1/keys/${key.id}/codes/${code.id}/reveal`;
		const other = await provedBy(admin.passkey, await challengeFor(forCodes, admin.own));
		expect((await call("POST", reveal, other, token)).body.code).toBe("passkey_wrong");
		const right = await provedBy(admin.passkey, await challengeFor(`POST ${reveal}`, admin.own));
		expect(good<{ secret: string }>(await call("POST", reveal, right, token)).secret).toBe(code.secret);
	});

	test("who has none gets no challenge, and a challenge is for an operation that could be", async () => {
		const own = await ownOf(await aPerson({ [demo.accounts.acme]: "member" }));
		const ask = (operation: string) => call("POST", "/v1/profile/passkey_challenges", { for: operation }, own);
		expect((await ask(forCodes)).status).toBe(409);
		for (const wrong of ["", "GET /v1/profile", "POST /console/acme", `POST /v1/${"x".repeat(512)}`]) {
			expect((await ask(wrong)).status).toBe(400);
		}
	});
});

/** Their login token took a code: the next one is of thirty seconds on. */
async function byBoth() {
	const who = await aPerson({ [demo.accounts.acme]: "member" });
	const { secret } = await turnOnCodes(who);
	return { who, secret, own: await ownOf(who, codeOf(secret, 30)) };
}

describe("a one-time code in the place of the password", () => {
	test("RFC 6238 §5.2: is good once", async () => {
		const { secret, own } = await byBoth();
		await advance(60);
		const otp = codeOf(secret);
		good(await call("POST", codes, { otp }, own), 201);
		const again = await call("POST", codes, { otp }, own);
		expect([again.status, again.body.code]).toEqual([403, "one_time_code_wrong"]);
	});

	test("RFC 4226 §7.3: ten wrong ones, and further ones wait", async () => {
		const { secret, own } = await byBoth();
		for (let tried = 0; tried < 10; tried++) {
			expect((await call("POST", codes, { otp: "000000" }, own)).status).toBe(403);
		}
		await advance(60);
		expect((await call("POST", codes, { otp: codeOf(secret) }, own)).status).toBe(429);
	});

	test("is nothing of whoever has none on, nor of another person's app", async () => {
		const own = await ownOf(await aPerson({ [demo.accounts.acme]: "member" }));
		const { secret } = await byBoth();
		await advance(60);
		expect((await call("POST", codes, { otp: codeOf(secret) }, own)).body.code).toBe("one_time_code_wrong");
	});

	test("does not turn itself off: that takes the password beside it, or a passkey", async () => {
		const { who, secret, own } = await byBoth();
		await advance(60);
		const at = "/v1/profile/one_time_codes/turn_off";
		expect((await call("POST", at, { otp: codeOf(secret) }, own)).status).toBe(400);
		expect((await call("POST", at, { password: who.password }, own)).status).toBe(400);
		expect((await call("POST", at, { otp: codeOf(secret), password: who.password }, own)).status).toBe(200);
	});
});

test("one proof is asked for: none, and two of them, are refused before either is looked at", async () => {
	const { who, passkey, own } = await byPasswordAlone();
	expect((await call("POST", codes, {}, own)).body.code).toBe("wrong_members");
	const options = await challengeFor(forCodes, own);
	const both = { password: who.password, ...(await provedBy(passkey, options)) };
	expect((await call("POST", codes, both, own)).body.code).toBe("wrong_members");
	good(await call("POST", codes, await provedBy(passkey, options), own), 201);
});

describe("removing one's password", () => {
	const at = "/v1/profile/password/remove";

	test("takes a proof, and a passkey to come in by; the login session of the token has ended", async () => {
		const { who, passkey, own } = await byPasswordAlone();
		expect((await call("POST", at, { password: "not theirs" }, own)).body.code).toBe("password_wrong");
		const proof = await provedBy(passkey, await challengeFor(`POST ${at}`, own));
		expect((await call("POST", at, proof, own)).status).toBe(204);
		expect((await call("GET", "/v1/profile", undefined, own)).status).toBe(401);
		const { username, password } = who;
		expect((await logIn({ username, password, account: "acme" })).status).toBe(401);
	});

	test("is refused to whoever could not sign in any more", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		const own = await ownOf(who);
		expect((await call("POST", at, { password: who.password }, own)).status).toBe(409);
		expect((await call("GET", "/v1/profile", undefined, own)).status).toBe(200);
	});
});
