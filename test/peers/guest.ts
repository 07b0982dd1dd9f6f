import { createPerson, type Page, type Person } from "../support/person.ts";

/** What somebody does at a provider, from the link that led there until it leads back. */
export type AtProvider = (person: Person, link: string) => Promise<Page>;

/** Somebody at a browser without JavaScript who comes in at latchkey through a provider: the one browser at both. */
export interface Guest {
	readonly home: Person;
	readonly there: Person;
	/** Presses the button on the sign-in page of one provider: its own site is left to, where it can be. */
	begin(id: string, continueTo?: string): Promise<Page>;
	/** Does what is to be done there, and comes back: where that ends at latchkey. */
	comeBack(begun: Page, act: AtProvider): Promise<Page>;
}

/** `latchkey` and `provider` are origins. The provider is called Acme. */
export function createGuest(latchkey: string, provider: string): Guest {
	const home = createPerson(latchkey);
	const there = createPerson(provider);

	return {
		home,
		there,
		async begin(id, continueTo = "/console") {
			const page = await home.open(`/sign-in?provider=${id}&continue=${encodeURIComponent(continueTo)}`);
			return home.submit(page, "Continue with Acme");
		},
		comeBack: async (begun, act) => home.open(leftOf(await act(there, leftOf(begun).href)).href),
	};
}

/** Where a page led that is not of this site. */
export function leftOf({ left, status, html }: Page): URL {
	if (!left) throw new Error(`It leads nowhere: ${status}\n${html}`);
	return left;
}
