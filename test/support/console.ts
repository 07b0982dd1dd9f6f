import { type Login, signedIn } from "./people.ts";
import { type Answer, ask, type Fields, ownPage, postForm } from "./requests.ts";

/** A person's browser on the console, as far as HTTP shows one. */
export interface ConsoleVisitor {
	readonly cookie: string;
	readonly open: (path: string) => Promise<Answer>;
	/** Sends the form of `page` that posts to `action`, with these fields typed in. */
	readonly send: (page: string, action: string, fields?: Fields, headers?: Record<string, string>) => Promise<Answer>;
	/** Posts with the token that every form of the console carries, whether a page has that form or not. */
	readonly post: (action: string, fields?: Fields, headers?: Record<string, string>) => Promise<Answer>;
}

export async function atConsole(who: Login): Promise<ConsoleVisitor> {
	return withCookie(await signedIn(who));
}

export function withCookie(cookie: string): ConsoleVisitor {
	const open = (path: string) => ask(path, { headers: { cookie } });
	return {
		cookie,
		open,
		async send(path, action, fields = {}, headers = ownPage) {
			const page = await open(path);
			return postForm(action, { ...hiddenOf(page, action), ...fields }, { cookie, ...headers });
		},
		async post(action, fields = {}, headers = ownPage) {
			const page = await open(`${action.split("/").slice(0, 3).join("/")}/settings`);
			const { csrf } = hiddenOf(page, `${action.split("/").slice(0, 3).join("/")}/settings`);
			return postForm(action, { csrf, ...fields }, { cookie, ...headers });
		},
	};
}

/** The hidden fields of the first form on a page that posts to this address. */
export function hiddenOf(page: Answer, action: string): Record<string, string> {
	for (const [, attributes = "", inside = ""] of page.text.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)) {
		if (attribute(attributes, "action") !== action) continue;
		const inputs = [...inside.matchAll(/<input[^>]*type="hidden"[^>]*>/g)];
		return Object.fromEntries(inputs.map(([input]) => [attribute(input, "name"), attribute(input, "value")]));
	}
	throw new Error(`No form to ${action}: ${page.status} ${page.text}`);
}

/** What a page says, without its tags. */
export function wordsOf({ text }: Answer): string {
	return text
		.replaceAll(/<[^>]*>/g, " ")
		.replaceAll(/\s+/g, " ")
		.replaceAll("&quot;", '"')
		.replaceAll("&amp;", "&");
}

function attribute(tag: string, name: string): string {
	const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
	return value.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}
