/** What of a stranger's SVG an attribute or a style may say; null, or what is wrong, to be read after "The logo". */

export const notAllowed = "which a logo may not have";

/** `isLink`: it is written without its `href`, so that this may lead anywhere but to a script. */
export function attributeProblem(name: string, value: string, isLink: boolean): string | null {
	const refused = `has an attribute ${shown(name)}, ${notAllowed}`;
	if (/^(?:on.*|src(?:doc|set)?|action|formaction|data|ping|base)$/i.test(name)) return refused;
	if (/(?:javascript|data|vbscript)\s*:/i.test(value)) return refused;
	if (name === "href" && !isLink && !/^#[\w:.-]+$/.test(value)) {
		return 'refers to something outside itself: only href="#…" is allowed';
	}
	return styleProblem(value);
}

/** CSS, also in the attributes that take its values. A backslash could spell any of these differently. */
export function styleProblem(css: string): string | null {
	if (css.includes("\\") || /@import|@font-face|expression\s*\(|image-set\s*\(|-moz-binding|behavior\s*:/i.test(css)) {
		return `has a style ${notAllowed}`;
	}
	const isForeign = [...css.matchAll(/url\s*\(\s*(.?.?)/gi)].some(([, target = ""]) => !/^['"]?#/.test(target));
	return isForeign ? "refers to something outside itself: only url(#…) is allowed" : null;
}

/** A name that a stranger chose is repeated only as far as it is short. */
export function shown(name: string): string {
	return name.slice(0, 40);
}
