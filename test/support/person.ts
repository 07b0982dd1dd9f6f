/**
 * A person at a browser without JavaScript, as far as HTTP shows one: keeps cookies, follows redirects within the site,
 * fills in the forms that the pages have.
 */
export interface Person {
	/** Opens a link, and everything that it leads to on this site. */
	open(url: string): Promise<Page>;
	/** Presses the form's button that has this text, with these fields typed in. */
	submit(page: Page, button: string, typed?: Readonly<Record<string, string>>): Promise<Page>;
}

export interface Page {
	readonly url: string;
	readonly status: number;
	readonly html: string;
	/** Where a redirect led that leaves the site; then there is no page to see. */
	readonly left: URL | null;
}

export interface SignInDetails {
	readonly username: string;
	readonly password: string;
}

/** How the person's requests are sent; the demonstration's prints them. */
export type Send = (url: string, init: RequestInit) => Promise<Response>;

export function createPerson(origin: string, send: Send = fetch): Person {
	const cookies = new Map<string, string>();

	async function visit(url: string, form: URLSearchParams | null): Promise<Page> {
		const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
		const response = await send(url, {
			method: form ? "POST" : "GET",
			redirect: "manual",
			headers: { ...(cookie && { cookie }), ...(form && { origin, "sec-fetch-site": "same-origin" }) },
			...(form && { body: form }),
		});
		for (const line of response.headers.getSetCookie()) keep(line);
		const html = await response.text();
		const location = response.headers.get("location");
		if (location === null) return { url, status: response.status, html, left: null };
		const next = new URL(location, url);
		if (next.origin !== origin) return { url, status: response.status, html, left: next };
		return visit(next.href, null);
	}

	function keep(line: string): void {
		const [pair = "", ...attributes] = line.split(";");
		const [name = "", value = ""] = pair.split("=");
		if (attributes.some((each) => /^\s*max-age=0$/i.test(each))) cookies.delete(name);
		else cookies.set(name, value);
	}

	return {
		open: (url) => visit(new URL(url, origin).href, null),
		submit(page, button, typed = {}) {
			const form = readForm(page.html, button);
			const fields = new URLSearchParams({ ...form.fields, ...typed });
			return visit(new URL(form.action, page.url).href, fields);
		},
	};
}

/** Signs in where the page asks for it, presses the button of the consent page, and returns where the answer went. */
export async function answerConsent(...asked: Parameters<typeof answerQuestion>): Promise<URL> {
	const { left, status } = await answerQuestion(...asked);
	if (!left) throw new Error(`The answer to the consent page did not lead back: ${status}`);
	return left;
}

/** The same, and returns what the answer came to: a device's (RFC 8628) leads nowhere. */
export async function answerQuestion(
	person: Person,
	link: string,
	who: SignInDetails,
	button: string,
	typed: Readonly<Record<string, string>> = {},
): Promise<Page> {
	let page = await person.open(link);
	if (page.html.includes('name="password"')) page = await person.submit(page, "Sign in", { ...who });
	// They agreed before.
	if (page.left) return page;
	return person.submit(page, button, typed);
}

/** The hidden fields of the form that has this button, and the button's own name and value. */
function readForm(html: string, button: string): { action: string; fields: Record<string, string> } {
	for (const [, attributes = "", content = ""] of html.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)) {
		const id = attribute(attributes, "id");
		// A button may stand elsewhere, and name the form that it is of.
		const named = id === null ? [] : buttonsIn(html).filter(({ of }) => of === id);
		const pressed = [...buttonsIn(content), ...named].find(({ text }) => text === button);
		if (!pressed) continue;
		const fields: Record<string, string> = {};
		const inputs = [...content.matchAll(/<input([^>]*)>/g)].map((match) => match[1] ?? "");
		for (const input of [...inputs.filter((each) => attribute(each, "type") === "hidden"), pressed.attributes]) {
			const name = attribute(input, "name");
			if (name !== null) fields[name] = attribute(input, "value") ?? "";
		}
		return { action: attribute(attributes, "action") ?? "", fields };
	}
	throw new Error(`The page has no form with the button "${button}":\n${html}`);
}

function buttonsIn(html: string) {
	const [buttons, inputs] = [/<button([^>]*)>(.*?)<\/button>/gs, /<input([^>]*\btype="submit"[^>]*)>/g];
	return [...html.matchAll(buttons), ...html.matchAll(inputs)].map(([, attributes = "", text]) => ({
		attributes,
		of: attribute(attributes, "form"),
		text: (text?.replaceAll(/<[^>]*>/g, "") ?? attribute(attributes, "value") ?? "").trim(),
	}));
}

function attribute(attributes: string, name: string): string | null {
	const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];
	return value === undefined ? null : value.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}
