import { describe, expect, test } from "vitest";
import { register, signInByPasskey } from "../support/passkeys.ts";
import { signInByCode, turnOnCodes } from "../support/one-time-codes.ts";
import { idTokenOf } from "../support/openid.ts";
import { codeOf, formOn, signInAnew } from "../support/people.ts";
import { aClient, aPerson } from "../support/registered.ts";
import { type Answer, ask, type Fields, locationOf, ownPage, postForm } from "../support/requests.ts";
import { selfRegistered } from "../support/self-registered.ts";
import { softPasskey } from "../support/software-authenticator.ts";
import { advance, demo, now } from "../support/target.ts";
import {
	authorizePath,
	claimsOf,
	exchange,
	granted,
	introspect,
	refresh,
	type Registered,
	tokensOf,
} from "../support/tokens.ts";

const multiFactor = "http://schemas.openid.net/pape/policies/2007/06/multi-factor";
const openid = { scope: "openid", prompt: undefined };
const essential = (values: readonly string[]) => ({
	claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
});

/** Somebody who has a password alone, or a passkey or one-time codes beside it; signed in by the password, or by both. */
async function somebody() {
	const who = await aPerson({ [demo.accounts.acme]: "member" });
	return { ...who, cookie: await signInAnew(who) };
}
async function withPasskey() {
	const who = await somebody();
	const passkey = await softPasskey();
	await register(passkey, who);
	return { ...who, passkey };
}
async function signedInByCode(): Promise<string> {
	const who = await aPerson({ [demo.accounts.acme]: "member" });
	return signInByCode({ ...who, ...(await turnOnCodes(who)) });
}

function open(path: string, cookie: string): Promise<Answer> {
	return ask(path, { headers: { cookie } });
}

function asked(client: Registered, query: Fields, cookie: string): Promise<Answer> {
	return open(authorizePath(client, { ...openid, ...query }), cookie);
}

/** What it leads to: the question of consent, a sign-in page with what it says, or an error. */
function outcomeOf(answer: Answer): string {
	if (answer.status === 303) return locationOf(answer).searchParams.get("error") ?? "a code";
	if (answer.text.includes('value="allow"')) return "consent";
	return /please sign in again, ([^.]*)\./.exec(answer.text)?.[1] ?? `${answer.status}`;
}

/** Allows it, and what the id_token says then. */
async function toldAfter(client: Registered, page: Answer, cookie: string) {
	const { action, hidden } = formOn(page, "decision");
	const code = codeOf(await postForm(action, { ...hidden, decision: "allow" }, { cookie, ...ownPage }));
	return claimsOf(idTokenOf(await exchange(code, { client })));
}

test("OIDC Discovery §3: the contexts that the metadata has are those that a sign-in can have, the strongest first", async () => {
	const client = await aClient(demo.webApp);
	const { cookie: byPassword } = await somebody();
	const byPasskey = await signInByPasskey((await withPasskey()).passkey);
	const told: unknown[] = [];
	for (const cookie of [byPasskey, await signedInByCode(), byPassword]) {
		told.push((await toldAfter(client, await asked(client, {}, cookie), cookie)).acr);
	}
	const { body } = await ask("/.well-known/openid-configuration");
	expect(body.acr_values_supported).toEqual(told);
	expect(told).toEqual(["phr", multiFactor, "pwd"]);
});

const bothFactors = "by a passkey, or by your password and a one-time code";

describe("OIDC Core §5.5.1.1: an essential acr", () => {
	test("has somebody who signed in more weakly than they can sign in again, and does without it nothing", async () => {
		const client = await aClient(demo.webApp);
		const who = await withPasskey();
		// Registered in a sign-in by password alone, which stays what it was.
		const weak = who.cookie;
		const page = await asked(client, essential([multiFactor]), weak);
		expect(outcomeOf(page)).toBe(bothFactors);
		const next = formOn(page, "password").hidden.continue ?? "";
		expect(outcomeOf(await open(next, weak))).toBe(bothFactors);
		const strong = await signInByPasskey(who.passkey);
		const told = await toldAfter(client, await open(next, strong), strong);
		// What it asked for, though there is a better word for a passkey.
		expect(told).toMatchObject({ acr: multiFactor, amr: ["pop", "user", "mfa"] });
		expect(outcomeOf(await asked(client, essential(["phr"]), weak))).toBe("by a passkey");
	});

	test("is unmet_authentication_requirements where the person has set up nothing like it", async () => {
		const client = await aClient(demo.webApp);
		const { cookie } = await somebody();
		expect(outcomeOf(await asked(client, essential([multiFactor]), cookie))).toBe("unmet_authentication_requirements");
		const silent = { ...essential([multiFactor]), prompt: "none" };
		expect(outcomeOf(await asked(client, silent, cookie))).toBe("unmet_authentication_requirements");
		// One of several is enough.
		expect(outcomeOf(await asked(client, essential([multiFactor, "pwd"]), cookie))).toBe("consent");
	});

	test("of software that registered itself leads nobody back by itself (RFC 9700 §4.11.2)", async () => {
		const { client } = await selfRegistered();
		const answer = await asked({ client, secret: null }, essential([multiFactor]), (await somebody()).cookie);
		expect(answer.status).toBe(400);
		expect(answer.text).toContain("unmet_authentication_requirements");
	});

	test("silently: who could do it has to sign in", async () => {
		const { cookie } = await withPasskey();
		const silent = { ...essential([multiFactor]), prompt: "none" };
		expect(outcomeOf(await asked(await aClient(demo.webApp), silent, cookie))).toBe("login_required");
	});

	test("is told as it was asked for: the first of the values that the sign-in has, be there a stronger one", async () => {
		const client = await aClient(demo.webApp);
		const cookie = await signedInByCode();
		for (const [values, acr] of [
			[["pwd", multiFactor], "pwd"],
			[[multiFactor, "pwd"], multiFactor],
		] as const) {
			const page = await asked(client, { ...essential(values), prompt: "consent" }, cookie);
			expect((await toldAfter(client, page, cookie)).acr).toBe(acr);
		}
		const page = await asked(client, { prompt: "consent" }, cookie);
		expect(await toldAfter(client, page, cookie)).toMatchObject({ acr: multiFactor, amr: ["pwd", "otp", "mfa"] });
	});
});

describe("OIDC Core §3.1.2.1: acr_values, a wish", () => {
	const wish = { acr_values: multiFactor };

	test("is put to somebody who could grant it, once: they go on as they are, and are told of as they are", async () => {
		const client = await aClient(demo.webApp);
		const { cookie } = await withPasskey();
		const page = await asked(client, wish, cookie);
		expect(outcomeOf(page)).toBe(bothFactors);
		const next = formOn(page, "password").hidden.continue ?? "";
		expect(await toldAfter(client, await open(next, cookie), cookie)).toMatchObject({ acr: "pwd", amr: ["pwd"] });
	});

	test("is granted by a sign-in that has it already, and passed over by who has set up nothing like it", async () => {
		const client = await aClient(demo.webApp);
		expect(outcomeOf(await asked(client, wish, await signedInByCode()))).toBe("consent");
		expect(outcomeOf(await asked(client, wish, (await somebody()).cookie))).toBe("consent");
		// As a claim, or by what the client registered, it is no more than that.
		const claims = JSON.stringify({ id_token: { acr: { values: [multiFactor] } } });
		expect(outcomeOf(await asked(client, { claims }, (await somebody()).cookie))).toBe("consent");
		const registered = await aClient(demo.webApp, { options: { defaultAcrValues: [multiFactor] } });
		expect(outcomeOf(await asked(registered, {}, (await withPasskey()).cookie))).toBe(bothFactors);
	});

	test("with 0 among its values, takes whatever sign-in there is", async () => {
		const client = await aClient(demo.webApp);
		expect(outcomeOf(await asked(client, { acr_values: `${multiFactor} 0` }, (await withPasskey()).cookie))).toBe(
			"consent",
		);
	});

	test("silently: who could grant it has to sign in, who could not goes on", async () => {
		const client = await aClient(demo.webApp);
		const silent = { ...wish, prompt: "none" };
		expect(outcomeOf(await asked(client, silent, (await withPasskey()).cookie))).toBe("login_required");
		expect(outcomeOf(await asked(client, silent, (await somebody()).cookie))).toBe("consent_required");
	});
});

/** Allows it, and the tokens that come of it. */
async function tokensAfter(client: Registered, page: Answer, cookie: string) {
	const { action, hidden } = formOn(page, "decision");
	const code = codeOf(await postForm(action, { ...hidden, decision: "allow" }, { cookie, ...ownPage }));
	return tokensOf(await exchange(code, { client }));
}

describe("RFC 9470: a resource that asks for a stronger or younger sign-in", () => {
	test("§6.1, §6.2: is told by the token, one that is refreshed too, and by introspection when and how strongly it was", async () => {
		const client = await aClient(demo.webApp);
		const { passkey } = await withPasskey();
		const cookie = await signInByPasskey(passkey);
		const at = now();
		await advance(60);
		const { accessToken, refreshToken } = await tokensAfter(client, await asked(client, {}, cookie), cookie);
		await advance(60);
		const refreshed = tokensOf(await refresh(refreshToken ?? "", { client }));
		for (const token of [accessToken, refreshed.accessToken]) {
			expect(claimsOf(token)).toMatchObject({ auth_time: at, acr: "phr" });
			expect(await introspect(token, client)).toMatchObject({ active: true, auth_time: at, acr: "phr" });
		}
	});

	test("is told nothing by the token of a client that does not ask who somebody is", async () => {
		const { accessToken } = await granted();
		for (const told of [claimsOf(accessToken), await introspect(accessToken)]) {
			expect([told.auth_time, told.acr]).toEqual([undefined, undefined]);
		}
	});

	test("§5: has the client ask for what it said in acr_values and max_age, and the next token says so", async () => {
		const client = await aClient(demo.webApp);
		const { passkey, cookie: weak } = await withPasskey();
		const before = await tokensAfter(client, await asked(client, { acr_values: "pwd" }, weak), weak);
		expect(claimsOf(before.accessToken).acr).toBe("pwd");
		await advance(301);
		const challenge = { acr_values: "phr", max_age: "300" };
		expect((await asked(client, challenge, weak)).text).toContain("Sign in");
		const strong = await signInByPasskey(passkey);
		// What it may have, they have agreed to.
		const after = tokensOf(await exchange(codeOf(await asked(client, challenge, strong)), { client }));
		expect(claimsOf(after.accessToken)).toMatchObject({ acr: "phr", auth_time: now() });
	});
});
