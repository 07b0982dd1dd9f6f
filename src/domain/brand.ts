/** Whose deployment it is: what every page says of that. */
export interface Brand {
	readonly name: string;
	/** Where its logo is: a path of ours, or the image itself as a `data:` URL. */
	readonly logo: string;
	/** `#rrggbb`; null for latchkey's own. */
	readonly color: string | null;
	readonly links: BrandLinks;
}

/** Where people find help, and what they are bound by. Null for what this deployment does not have. */
export type BrandLinks = Readonly<Record<(typeof brandLinks)[number], string | null>>;

/** In the order in which they stand. */
export const brandLinks = ["support", "privacy", "terms", "legalNotice"] as const;

/** Of a deployment that says nothing of it. */
export const noBrand: Brand = {
	name: "latchkey",
	logo: "/static/latchkey.svg",
	color: null,
	links: { support: null, privacy: null, terms: null, legalNotice: null },
};

const image = /^data:image\/(?:svg\+xml|png|webp);base64,[A-Za-z0-9+/]+={0,2}$/;

/**
 * A file below `/static/`, or an image in a `data:` URL: the pages load nothing from another origin, which would learn who signs in
 * where and when.
 */
export function isLogo(text: string): boolean {
	return image.test(text) || /^\/static\/[A-Za-z0-9][A-Za-z0-9._-]*\.(?:svg|png|webp)$/.test(text);
}

/** What a link of a page may lead to, `mailto:` where somebody is to be asked. */
export function isBrandLink(text: string, of: keyof BrandLinks): boolean {
	const good = of === "support" ? /^(?:https:\/\/|mailto:[^@]+@)[\x21-\x7e]+$/ : /^https:\/\/[\x21-\x7e]+$/;
	return good.test(text) && URL.canParse(text);
}
