import { createPerson, type Page, type Person } from "../support/person.ts";

/** What somebody does at a provider, from the link that led there until it leads back. */
export type AtProvider = (person: Person, link: string) => Promise<Page>;

/** Somebody at a browser without JavaScript who comes in at latchkey through a provider: the one browser at both. */
export interface Guest {
	readonly home: Person;
	readonly there: Person;
	/** Presses the provider's button on a page of latchkey's: the provider's site is left to, where it can be. */
	begin(page: Page): Promise<Page>;
	/** Presses the provider's button on a page of latchkey's, does what is to be done there, and comes back: where that ends. */
	through(page: Page, act: AtProvider): Promise<Page>;
	/** Where the provider leads back to, for whoever wants to open that elsewhere. */
	answered(page: Page, act: AtProvider): Promise<URL>;
}

/** `latchkey` and `provider` are origins. */
export function createGuest(latchkey: string, provider: string): Guest {
	const home = createPerson(latchkey);
	const there = createPerson(provider);

	const begin = (page: Page) => home.submit(page, button);

	async function answered(page: Page, act: AtProvider): Promise<URL> {
		return leftOf(await act(there, leftOf(await begin(page)).href));
	}

	return {
		home,
		there,
		begin,
		answered,
		through: async (page, act) => home.open((await answered(page, act)).href),
	};
}

const button = "Continue with Acme";

/** A page of latchkey's that has nothing but the button of a provider. */
export function buttonTo(latchkey: string, id: string, continueTo = "/console"): Page {
	const field = `<input type="hidden" name="continue" value="${continueTo.replaceAll("&", "&amp;")}">`;
	const html = `<form method="post" action="/sign-in/with/${id}">${field}<button>${button}</button></form>`;
	return { url: `${latchkey}/sign-in`, status: 200, html, left: null };
}

/** Where a page led that is not of this site. */
export function leftOf({ left, status, html }: Page): URL {
	if (!left) throw new Error(`It leads nowhere: ${status}\n${html}`);
	return left;
}
