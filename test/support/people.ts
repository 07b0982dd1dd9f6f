import { signInTtl } from "../../src/domain/sign-in.ts";
import { type Answer, ask, type Fields, given, locationOf, ownPage, postForm, whenNotBusy } from "./requests.ts";
import { demo, now } from "./target.ts";

/** A person of the demonstration data, or one of test/support/registered.ts. */
export interface Login {
	readonly username: string;
	readonly password: string;
}

export const ada = person("ada");
/** Administers Globex, and is a member of Acme. */
export const grace = person("grace");

const kept = new Map<string, { cookie: string; at: number }>();

/** The session cookie of a person who signed in, in this file, not too long ago. */
export async function signedIn(who: Login): Promise<string> {
	const known = kept.get(who.username);
	if (known && now() < known.at + signInTtl / 2) return known.cookie;
	const cookie = await signInAnew(who);
	kept.set(who.username, { cookie, at: now() });
	return cookie;
}

/** For whoever needs more than a password to sign in. */
export function keepSignedIn(who: Login, cookie: string): void {
	kept.set(who.username, { cookie, at: now() });
}

export async function signInAnew({ username, password }: Login): Promise<string> {
	const answer = await whenNotBusy(() => postForm("/sign-in", { username, password }, ownPage));
	// A refusal has a cookie as well: that of the passkey which its page asks for.
	if (answer.status !== 303) throw new Error(`Not signed in: ${answer.status} ${answer.text}`);
	return cookieOf(answer);
}

/** As the browser would send it back. */
export function cookieOf(answer: Answer): string {
	const [cookie] = (answer.headers.get("set-cookie") ?? "").split(";", 1);
	if (!cookie) throw new Error(`No cookie: ${answer.status} ${answer.text}`);
	return cookie;
}

export interface Consent {
	readonly who?: Login;
	/** The account's id; where there is no choice the page says it. */
	readonly account?: string;
	readonly decision?: "allow" | "deny";
	/** In the place of what the page has in its form. */
	readonly fields?: Fields;
	readonly headers?: Record<string, string>;
}

/** Opens a page that asks for consent, reads its form and sends it. */
export async function decide(path: string, consent: Consent = {}): Promise<Answer> {
	const { who = ada, account, decision = "allow", fields = {}, headers = {} } = consent;
	const cookie = await signedIn(who);
	const page = await ask(path, { headers: { cookie } });
	const form = formOn(page, "decision");
	const sent = { ...form.hidden, account: account ?? form.hidden.account, decision, ...fields };
	return postForm(form.action, sent, { cookie, ...ownPage, ...headers });
}

/** The code that the answer to a consent brings to the client. */
export function codeOf(answer: Answer): string {
	const code = locationOf(answer).searchParams.get("code");
	if (code === null) throw new Error(`No code: ${locationOf(answer).href}`);
	return code;
}

/** The form of a page that has a control of this name. */
export function formOn(page: Answer, control: string): { action: string; hidden: Record<string, string> } {
	for (const [, attributes = "", inside = ""] of page.text.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)) {
		if (!inside.includes(`name="${control}"`)) continue;
		// A quoted value may have a `>` in it.
		const inputs = [...inside.matchAll(/<input(?:[^>"]|"[^"]*")*>/g)].map(([input]) => input);
		const hidden = inputs
			.filter((input) => attribute(input, "type") === "hidden")
			.map((input) => [attribute(input, "name"), attribute(input, "value")]);
		return { action: attribute(attributes, "action"), hidden: given(Object.fromEntries(hidden)) };
	}
	throw new Error(`No form with ${control}: ${page.status} ${page.text}`);
}

function attribute(tag: string, name: string): string {
	const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
	return value.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}

function person(username: string): Login {
	const found = demo.people.find((each) => each.username === username);
	if (!found) throw new Error(`There is no ${username}`);
	return found;
}
