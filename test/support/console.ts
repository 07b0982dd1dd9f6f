import { type Login, signedIn } from "./people.ts";
import { type Answer, ask, type Fields, ownPage, postForm } from "./requests.ts";

/** A person's browser on the console, as far as HTTP shows one. */
export interface ConsoleVisitor {
	readonly cookie: string;
	readonly open: (path: string) => Promise<Answer>;
	/** Goes where a form's answer leads. */
	readonly follow: (answer: Answer) => Promise<Answer>;
	/** Sends the form of `page` that posts to `action`, with these fields typed in. */
	readonly send: (page: string, action: string, fields?: Fields, headers?: Record<string, string>) => Promise<Answer>;
	/** Posts with the token that every form of the console carries, whether a page has that form or not. */
	readonly post: (action: string, fields?: Fields, headers?: Record<string, string>) => Promise<Answer>;
}

export async function atConsole(who: Login): Promise<ConsoleVisitor> {
	return withCookie(await signedIn(who));
}

export function withCookie(cookie: string): ConsoleVisitor {
	// What a form led to, as a browser keeps it.
	let done = "";
	const kept = (answer: Answer) => {
		done = /__Host-latchkey-done=[^;]*/.exec(answer.headers.get("set-cookie") ?? "")?.[0] ?? done;
		return answer;
	};
	const open = (path: string) => ask(path, { headers: { cookie: `${cookie}; ${done}` } });
	return {
		cookie,
		open,
		async follow(answer) {
			kept(answer);
			return open(answer.headers.get("location") ?? "");
		},
		async send(path, action, fields = {}, headers = ownPage) {
			const page = await open(path);
			return kept(await postForm(action, { ...hiddenOf(page, action), ...fields }, { cookie, ...headers }));
		},
		async post(action, fields = {}, headers = ownPage) {
			const page = await open(`${action.split("/").slice(0, 3).join("/")}/settings`);
			const { csrf } = hiddenOf(page, `${action.split("/").slice(0, 3).join("/")}/settings`);
			return kept(await postForm(action, { csrf, ...fields }, { cookie, ...headers }));
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

/** Everything that a browser would send of that form, were its button pressed at once. */
export function filledIn(page: Answer, action: string): Record<string, string> {
	const fields = hiddenOf(page, action);
	for (const [, attributes = "", inside = ""] of page.text.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)) {
		if (attribute(attributes, "action") !== action) continue;
		for (const [input] of inside.matchAll(/<input(?:[^>"]|"[^"]*")*>/g)) {
			const type = attribute(input, "type");
			if (type === "text" || type === "date") fields[attribute(input, "name")] = attribute(input, "value");
			if (/ checked/.test(input)) {
				fields[attribute(input, "name")] = type === "radio" ? attribute(input, "value") : "on";
			}
		}
		for (const [, area = "", text = ""] of inside.matchAll(/<textarea([^>]*)>(.*?)<\/textarea>/gs)) {
			fields[attribute(area, "name")] = unescaped(text);
		}
		for (const [, select = "", options = ""] of inside.matchAll(/<select([^>]*)>(.*?)<\/select>/gs)) {
			const chosen = /<option(?=[^>]* selected)[^>]*>/.exec(options)?.[0] ?? /<option[^>]*>/.exec(options)?.[0] ?? "";
			fields[attribute(select, "name")] = attribute(chosen, "value");
		}
		return fields;
	}
	return fields;
}

/** What a page says, without its tags. */
export function wordsOf({ text }: Answer): string {
	return text
		.replaceAll(/<(?:[^>"]|"[^"]*")*>/g, " ")
		.replaceAll(/\s+/g, " ")
		.replaceAll("&quot;", '"')
		.replaceAll("&amp;", "&");
}

function attribute(tag: string, name: string): string {
	const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
	return unescaped(value);
}

function unescaped(text: string): string {
	return text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}
