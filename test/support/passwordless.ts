import { hiddenOf } from "./console.ts";
import { newcomer, type Newcomer } from "./invitations.ts";
import { optionsOn, origin } from "./passkeys.ts";
import { cookieOf } from "./people.ts";
import { type Answer, ownPage, postForm } from "./requests.ts";
import { type SoftPasskey, softPasskey } from "./software-authenticator.ts";

// How somebody gets in, or back in, by a passkey and no password: two pages, of which the second has its browser make one.

/** The second page, and what the browser that opened it keeps. */
interface MakingPage {
	readonly page: Answer;
	readonly asked: string;
}

/** Presses the button that goes on to it. */
export async function pageToMakePasskey(
	path: string,
	fields: Readonly<Record<string, string>>,
	cookie = "",
): Promise<MakingPage> {
	const page = await postForm(path, { ...fields, with: "passkey" }, { ...ownPage, cookie });
	return { page, asked: page.headers.getSetCookie()[0]?.split(";", 1)[0] ?? cookie };
}

/** Sends what the passkey made of it; `changes` are to what the form has hidden. */
export async function makeOn(
	path: string,
	{ page, asked }: MakingPage,
	passkey: SoftPasskey,
	changes: Readonly<Record<string, string>> = {},
): Promise<Answer> {
	const response = await passkey.create(optionsOn(page), origin);
	return postForm(path, { ...hiddenOf(page, path), new_passkey: response, ...changes }, { ...ownPage, cookie: asked });
}

export interface Passwordless extends Pick<Newcomer, "username" | "name"> {
	readonly passkey: SoftPasskey;
	/** The sign-in that they have from there. */
	readonly cookie: string;
}

/** Who joined by the link, and has no password. */
export async function joinedByPasskey(link: string): Promise<Passwordless> {
	const { username, name } = newcomer();
	const passkey = await softPasskey();
	const making = await pageToMakePasskey(link, { answer: "new", name, username });
	return { username, name, passkey, cookie: cookieOf(await makeOn(link, making, passkey)) };
}
