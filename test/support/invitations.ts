import type { Role } from "../../src/domain/permission.ts";
import { type ConsoleVisitor, hiddenOf } from "./console.ts";
import { cookieOf, type Login } from "./people.ts";
import { type Answer, ask, type Fields, locationOf, ownPage, postForm } from "./requests.ts";

/** Invites to an account by the console, as its administrator: the path of the link. */
export async function invitedBy(
	{ send }: Pick<ConsoleVisitor, "send">,
	slug: string,
	fields: { readonly role?: Role; readonly note?: string; readonly email?: string } = {},
): Promise<string> {
	const page = `/console/${slug}/settings/people/new`;
	return linkOn(await send(page, page, { role: "member", ...fields }));
}

/** The path of the link that an answer shows. */
export function linkOn({ status, text }: Answer): string {
	const url = /id="invitation-link"[^>]*>([^<]*)</.exec(text)?.[1];
	if (url === undefined) throw new Error(`No link: ${status} ${text}`);
	return new URL(url).pathname;
}

export interface Newcomer extends Login {
	readonly name: string;
}

let made = 0;

export function newcomer(changes: Partial<Newcomer> = {}): Newcomer {
	made += 1;
	return { username: `new.person${made}`, name: "New Hand", password: "a wholly new secret", ...changes };
}

/** The answer of somebody who has no name here yet. */
export function joinAsNew(link: string, who: Newcomer, headers: Record<string, string> = {}): Promise<Answer> {
	return postForm(link, { answer: "new", ...who }, { ...ownPage, ...headers });
}

/** Who joined by the link, and the session cookie that they have from there. */
export async function joinedBy(link: string, changes: Partial<Newcomer> = {}): Promise<Newcomer & { cookie: string }> {
	const who = newcomer(changes);
	const answer = await joinAsNew(link, who);
	locationOf(answer);
	return { ...who, cookie: cookieOf(answer) };
}

/** Presses "Accept" on the page of the link. */
export async function acceptBy(link: string, cookie: string, fields: Fields = {}): Promise<Answer> {
	const page = await ask(link, { headers: { cookie } });
	return postForm(link, { ...hiddenOf(page, link), ...fields }, { cookie, ...ownPage });
}
