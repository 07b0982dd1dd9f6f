import { hiddenOf, withCookie } from "./console.ts";
import { call, type Credential, good } from "./keys-api.ts";
import { loggedIn } from "./logins.ts";
import { codeOf, turnOnCodes } from "./one-time-codes.ts";
import type { Login } from "./people.ts";
import { aPerson, slugOf } from "./registered.ts";
import { type Answer, ask, bearer, ownPage, postForm, whenNotBusy } from "./requests.ts";
import { demo, issuer } from "./target.ts";
import {
	type CreationOptions,
	type RequestOptions,
	type Said,
	type SoftPasskey,
	softPasskey,
} from "./software-authenticator.ts";

// Passkeys as a browser has them, without the browser.

export const origin = new URL(issuer).origin;

/** What a page asks a passkey with. */
export function optionsOn(page: Answer): CreationOptions & RequestOptions {
	const [, text] = /data-options="([^"]*)"/.exec(page.text) ?? [];
	if (text === undefined) throw new Error(`No options: ${page.status} ${page.text}`);
	const options: CreationOptions & RequestOptions = JSON.parse(text.replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
	return options;
}

/** The page on which whoever gave their password makes a passkey. */
export function makingPage(cookie: string, password: string, name = "Phone", slug = "acme"): Promise<Answer> {
	const path = `/console/${slug}/security/passkeys/new`;
	return whenNotBusy(() => withCookie(cookie).send(path, path, { name, password }));
}

/** Registers it, as its owner does in the console. */
export async function register(
	passkey: SoftPasskey,
	{ cookie, password, name, slug = "acme" }: { cookie: string; password: string; name?: string; slug?: string },
	said: Said = {},
): Promise<Answer> {
	const page = await makingPage(cookie, password, name, slug);
	const path = `/console/${slug}/security/passkeys/new`;
	const response = await passkey.create(optionsOn(page), origin, said);
	return postForm(path, { ...hiddenOf(page, path), new_passkey: response }, { cookie, ...ownPage });
}

/** A sign-in page, in a browser that keeps this. */
export async function signInPage(path = "/sign-in", cookie = ""): Promise<{ page: Answer; asked: string }> {
	const page = await ask(path, { headers: { cookie } });
	const asked = page.headers.getSetCookie().find((each) => each.startsWith("__Host-latchkey-asked="));
	return { page, asked: (asked ?? "").split(";", 1)[0] ?? "" };
}

/** What the browser sends of that page. */
export async function answerBy(
	passkey: SoftPasskey,
	{ page, asked }: Awaited<ReturnType<typeof signInPage>>,
	said: Said = {},
	headers: Record<string, string> = {},
): Promise<Answer> {
	const response = await passkey.get(optionsOn(page), origin, said);
	const hidden = hiddenOf(page, "/sign-in/passkey");
	return postForm("/sign-in/passkey", { ...hidden, passkey: response }, { ...ownPage, cookie: asked, ...headers });
}

/** The session cookie of whoever signs in by it. */
export async function signInByPasskey(passkey: SoftPasskey): Promise<string> {
	const answer = await answerBy(passkey, await signInPage());
	const [cookie] = answer.headers.getSetCookie().flatMap((line) => /^[^=]+=lks_[^;]*/.exec(line)?.[0] ?? []);
	if (!cookie) throw new Error(`Not signed in: ${answer.status} ${answer.text}`);
	return cookie;
}

interface ShownPasskey {
	readonly id: string;
	readonly name: string;
	readonly synced: boolean;
	readonly created_at: string;
	readonly last_used_at: string | null;
}

export async function passkeysOf(own: Credential): Promise<readonly ShownPasskey[]> {
	return good<{ passkeys: ShownPasskey[] }>(await call("GET", "/v1/profile/passkeys", undefined, own)).passkeys;
}

/** Somebody with a passkey beside one-time codes, and their own login token for both factors. */
export async function aPersonWithPasskey(account: string = demo.accounts.acme): Promise<{
	readonly who: Login & { readonly id: string };
	readonly own: Credential;
	readonly passkey: SoftPasskey;
	readonly id: string;
}> {
	const who = await aPerson({ [account]: "member" });
	const passkey = await softPasskey();
	const slug = account === demo.accounts.acme ? "acme" : slugOf(account);
	const { secret, cookie } = await turnOnCodes(who, `/console/${slug}/security/one-time-codes`);
	await register(passkey, { cookie, password: who.password, slug });
	const { username, password } = who;
	// The one of before was used up: an app whose clock is ahead.
	const own = bearer(await loggedIn({ username, password, account: slug, otp: codeOf(secret, 30) }));
	const [made] = await passkeysOf(own);
	if (!made) throw new Error("The passkey was not registered");
	return { who, own, passkey, id: made.id };
}
