/**
 * What of a stranger's SVG is taken as a logo: drawing, and nothing that acts, loads or hides. A short list of what is
 * known to be harmless, not a list of dangers; the policy that logos are served with (oauth/logo.ts) is the defence that
 * counts, and this one tells the maker early (issue 3, "SVG with script").
 */

/** UTF-8 bytes of a logo at most. */
const maxLogoBytes = 32 * 1024;

const svgNamespace = "http://www.w3.org/2000/svg";
const xlinkNamespace = "http://www.w3.org/1999/xlink";

// Left out on purpose: script, foreignObject, a, image, iframe, animate, set, handler, and whatever is not of SVG.
const elements = new Set(
	`svg g defs symbol use title desc metadata style path rect circle ellipse line polyline polygon text tspan marker mask
	clipPath pattern linearGradient radialGradient stop filter feBlend feColorMatrix feComposite feDropShadow feFlood
	feGaussianBlur feMerge feMergeNode feOffset`.split(/\s+/),
);

/** Each use copies what it names, which may hold uses again: twenty cannot make a picture that never ends. */
const maxUses = 20;
const maxDepth = 50;

const notAllowed = "which a logo may not have";
const notWellFormed = "is not well-formed XML";

/** Null where the text will do as a logo, else what is wrong with it, to be read after "The logo". */
export function svgProblem(text: string): string | null {
	if (new TextEncoder().encode(text).length > maxLogoBytes) return `is larger than ${maxLogoBytes / 1024} KiB`;
	// XML 1.0 §2.2: no other control characters, nor half a surrogate pair. U+FFFD stands where a file was not UTF-8.
	if (/[^\P{Cc}\t\n\r]|[\p{Cs}\ufffd-\uffff]/u.test(text)) return "has characters that do not belong in an SVG file";
	const open: string[] = [];
	let rest = text.replace(/^\ufeff/, "").replace(/^<\?xml\s[^<>?]*\?>/, "");
	let uses = 0;
	let hasRoot = false;
	while (rest !== "") {
		const token = nextToken(rest);
		if (typeof token === "string") return token;
		rest = rest.slice(token.length);
		if (token.kind === "skipped") continue;
		if (token.kind === "text") {
			const problem = open.length === 0 ? strayText(token.text) : textProblem(token.text, open.at(-1) === "style");
			if (problem) return problem;
		} else if (token.kind === "close") {
			if (open.pop() !== token.name) return notWellFormed;
		} else {
			if (open.length === 0 && (hasRoot || token.name !== "svg")) return "does not begin with an <svg> element";
			hasRoot = true;
			if (token.name === "use") uses += 1;
			const problem = elementProblem(token, open.length === 0);
			if (problem) return problem;
			if (!token.isEmpty) open.push(token.name);
			if (open.length > maxDepth || uses > maxUses) return "is too intricate for a logo";
		}
	}
	if (!hasRoot) return "does not begin with an <svg> element";
	return open.length > 0 ? notWellFormed : null;
}

interface OpenTag {
	readonly kind: "open";
	readonly name: string;
	readonly attributes: ReadonlyMap<string, string>;
	readonly isEmpty: boolean;
}

type Token = { readonly length: number } & (
	| { readonly kind: "skipped" }
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "close"; readonly name: string }
	| OpenTag
);

/** The token that the text begins with, or what is wrong with it. */
function nextToken(text: string): Token | string {
	const [plain = ""] = /^[^<]*/.exec(text) ?? [];
	if (plain !== "") return { kind: "text", text: plain, length: plain.length };
	if (text.startsWith("<!--")) {
		// XML 1.0 §2.5: `--` ends a comment, so parsers cannot disagree on where it ends.
		const [comment] = /^<!--(?:[^-]|-[^-])*-->/.exec(text) ?? [];
		return comment === undefined ? notWellFormed : { kind: "skipped", length: comment.length };
	}
	if (/^<!doctype|^<!entity/i.test(text)) return `has a DOCTYPE or an ENTITY, ${notAllowed}`;
	if (text.startsWith("<!")) return `has a CDATA section or a declaration, ${notAllowed}`;
	if (text.startsWith("<?")) return `has a processing instruction, ${notAllowed}`;
	const [closing, closed] = /^<\/([\w:.-]+)\s*>/.exec(text) ?? [];
	if (closing !== undefined && closed !== undefined) return { kind: "close", name: closed, length: closing.length };
	return openTag(text);
}

const attribute = /^\s+([\w:.-]+)\s*=\s*("[^"<]*"|'[^'<]*')/;

function openTag(text: string): Token | string {
	const [start, name] = /^<([\w:.-]+)/.exec(text) ?? [];
	if (start === undefined || name === undefined) return notWellFormed;
	const attributes = new Map<string, string>();
	let at = start.length;
	for (let match = attribute.exec(text.slice(at)); match; match = attribute.exec(text.slice(at))) {
		const [whole, key = "", quoted = ""] = match;
		const value = decode(quoted.slice(1, -1));
		if (value === null || attributes.has(key)) return notWellFormed;
		attributes.set(key, value);
		at += whole.length;
	}
	const [end] = /^\s*\/?>/.exec(text.slice(at)) ?? [];
	if (end === undefined) return notWellFormed;
	return { kind: "open", name, attributes, isEmpty: end.includes("/"), length: at + end.length };
}

function elementProblem({ name, attributes }: OpenTag, isRoot: boolean): string | null {
	if (!elements.has(name)) return `has an element <${shown(name)}>, ${notAllowed}`;
	// Without it a browser shows no picture.
	if (isRoot && attributes.get("xmlns") !== svgNamespace) return `lacks xmlns="${svgNamespace}" on its <svg> element`;
	for (const [key, value] of attributes) {
		const problem = attributeProblem(key, value);
		if (problem) return problem;
	}
	return null;
}

function attributeProblem(name: string, value: string): string | null {
	const refused = `has an attribute ${shown(name)}, ${notAllowed}`;
	if (name === "xmlns") return value === svgNamespace ? null : refused;
	if (name === "xmlns:xlink") return value === xlinkNamespace ? null : refused;
	if (name === "href" || name === "xlink:href") {
		return /^#[\w:.-]+$/.test(value) ? null : 'refers to something outside itself: only href="#…" is allowed';
	}
	// Another prefix could stand for XLink, or for XML Events.
	if (name.includes(":")) return name === "xml:space" || name === "xml:lang" ? null : refused;
	if (/^(?:on|src|action|formaction|data$|ping|base)/i.test(name)) return refused;
	return /(?:javascript|data|vbscript)\s*:/i.test(value) ? refused : styleProblem(value);
}

function textProblem(text: string, isStyle: boolean): string | null {
	const decoded = decode(text);
	if (decoded === null) return notWellFormed;
	return isStyle ? styleProblem(decoded) : null;
}

/** CSS, also in the attributes that take its values. A backslash could spell any of these differently. */
function styleProblem(css: string): string | null {
	if (css.includes("\\") || /@import|@font-face|expression\s*\(|image-set\s*\(|-moz-binding|behavior\s*:/i.test(css)) {
		return `has a style ${notAllowed}`;
	}
	const isForeign = [...css.matchAll(/url\s*\(\s*(.?.?)/gi)].some(([, target = ""]) => !/^['"]?#/.test(target));
	return isForeign ? "refers to something outside itself: only url(#…) is allowed" : null;
}

function strayText(text: string): string | null {
	return text.trim() === "" ? null : notWellFormed;
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** What a parser would read; null for a reference that XML does not have without a DOCTYPE. */
function decode(text: string): string | null {
	let isGood = true;
	const decoded = text.replaceAll(/&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(\w{1,8}));|&/g, (_, decimal, hex, name) => {
		const code = decimal === undefined ? (hex === undefined ? null : parseInt(hex, 16)) : Number(decimal);
		if (code !== null && code >= 0x20 && code <= 0x10ffff) return String.fromCodePoint(code);
		if (code === 9 || code === 10 || code === 13) return " ";
		if (name !== undefined && Object.hasOwn(named, name)) return named[name] ?? "";
		isGood = false;
		return "";
	});
	return isGood ? decoded : null;
}

/** A name that a stranger chose is repeated only as far as it is short. */
function shown(name: string): string {
	return name.slice(0, 40);
}
