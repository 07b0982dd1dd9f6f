import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenIdProvider, startOpenIdProvider } from "../peers/openid-provider.ts";
import { hiddenOf, withCookie } from "../support/console.ts";
import { call, good, tokenOf } from "../support/keys-api.ts";
import { lettersTo } from "../support/mail.ts";
import { passkeysOf, register, signInByPasskey } from "../support/passkeys.ts";
import { makeOn, pageToMakePasskey } from "../support/passwordless.ts";
import { signInAnew } from "../support/people.ts";
import { aPerson } from "../support/registered.ts";
import { locationOf } from "../support/requests.ts";
import { softPasskey } from "../support/software-authenticator.ts";
import { demo, now } from "../support/target.ts";
import { aProvider, linked } from "../support/through-provider.ts";

// Whoever took somebody's browser is not to make ways in of their own, or take theirs away, unseen.

let idp: OpenIdProvider;
beforeAll(async () => {
	idp = await startOpenIdProvider(now);
});
afterAll(() => idp?.close());

let made = 0;

/** Somebody whose address is verified, and what that was told last. */
async function aReader() {
	const email = `reader-${(made += 1)}@mail.example`;
	const verified = { profile: { email }, verifiedEmail: email };
	const who = await aPerson({ [demo.accounts.acme]: "member" }, undefined, verified);
	const heard = async () => (await lettersTo(email))[0]?.words ?? "no letter";
	return { who, heard, cookie: await signInAnew(who) };
}

describe("a person hears by mail of each way in to their sign-in that comes or goes", () => {
	test("a passkey, and the password that they need no more", async () => {
		const { who, heard, cookie } = await aReader();
		const { password } = who;
		const passkey = await softPasskey();
		await register(passkey, { cookie, password });
		await expect.poll(heard).toContain("a new passkey was added to your sign-in there");
		const visitor = withCookie(await signInByPasskey(passkey));
		await register(await softPasskey(), { cookie: visitor.cookie, password, name: "Key" });
		const [, key] = await passkeysOf(await tokenOf(who, "acme"));
		const removal = `/console/acme/security/passkeys/${key?.id ?? ""}/remove`;
		expect((await visitor.send(removal, removal, { password })).status).toBe(303);
		await expect.poll(heard).toContain("a passkey was removed from your sign-in there");
		const path = "/console/acme/security/password/remove";
		expect((await visitor.send(path, path, { password })).status).toBe(303);
		await expect.poll(heard).toContain("the password that you signed in with there was removed");
	});

	test("a provider that knows them", async () => {
		const { who, heard } = await aReader();
		const id = await aProvider(idp);
		idp.user = { sub: `of reader ${made}` };
		const browser = await linked(who, id, idp);
		await expect.poll(heard).toContain("your sign-in there was linked to another way in, through a provider");
		const unlink = `/console/acme/security/providers/${id}/unlink`;
		const page = await browser.open("/console/acme/security");
		expect((await browser.post(unlink, hiddenOf(page, unlink))).status).toBe(303);
		await expect.poll(heard).toContain("a provider can sign you in there no more");
	});

	test("recovery codes", async () => {
		const { who, heard } = await aReader();
		const { password } = who;
		good(await call("POST", "/v1/profile/recovery_codes", { password }, await tokenOf(who, "acme")), 201);
		await expect.poll(heard).toContain("new recovery codes were made for your sign-in there");
	});

	test("a passkey by a way back in", async () => {
		const { who, heard } = await aReader();
		const { username, password } = who;
		const answer = await call("POST", "/v1/profile/recovery_codes", { password }, await tokenOf(who, "acme"));
		const [code = ""] = good<{ readonly codes: readonly string[] }>(answer, 201).codes;
		const making = await pageToMakePasskey("/recover", { by: "code", username, code });
		expect(locationOf(await makeOn("/recover", making, await softPasskey())).search).toBe("?done=passkey");
		await expect.poll(heard).toContain("a way back in to your sign-in there was used, and a passkey made");
	});
});
