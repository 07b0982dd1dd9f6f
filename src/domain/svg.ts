import { parseXml, XmlElement, XmlError, XmlProcessingInstruction, XmlText } from "@rgrove/parse-xml";
import { attributeProblem, notAllowed, shown, styleProblem } from "./svg-values.ts";

/**
 * A logo, of what a stranger's drawing program wrote: the drawing alone, written anew, and nothing that acts, loads or hides.
 * What draws nothing is left out: the program's own notes, comments, DOCTYPE. What would draw something else without that
 * which may not be in it is refused. A short list of what is known to be harmless, not a list of dangers; the policy that
 * logos are served with (api/clients/logo.ts) is the defence that counts, and this one tells the maker early.
 */
export type ReadLogo =
	| { readonly kind: "drawing"; readonly svg: string }
	/** To be read after "The logo". */
	| { readonly kind: "refused"; readonly reason: string };

/** UTF-8 bytes of a file, and of the drawing in it. */
const maxFileBytes = 256 * 1024;
const maxDrawingBytes = 32 * 1024;

const svgNamespace = "http://www.w3.org/2000/svg";
const xlinkNamespace = "http://www.w3.org/1999/xlink";
const xmlNamespace = "http://www.w3.org/XML/1998/namespace";
const htmlNamespace = "http://www.w3.org/1999/xhtml";

// Left out on purpose: script, foreignObject, image, feImage, iframe, animate, set, handler, and whatever is not of SVG.
const elements = new Set(
	`svg g a defs symbol use switch title desc style path rect circle ellipse line polyline polygon text tspan textPath marker
	mask clipPath pattern linearGradient radialGradient stop filter feBlend feColorMatrix feComponentTransfer feComposite
	feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
	feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile
	feTurbulence`.split(/\s+/),
);

/** Each use copies what it names, which may hold uses again: twenty cannot make a picture that never ends. */
const maxUses = 20;
const maxDepth = 50;
const tooIntricate = "is too intricate for a logo";
const notWellFormed = "is not well-formed XML";
const noRoot = "does not begin with an <svg> element";

/** The same drawing gives the same text, and that text gives itself. */
export function readLogo(text: string): ReadLogo {
	const document = parse(text.replace(/^\ufeff/, ""));
	if (typeof document === "string") return refused(document);
	const { root } = document;
	if (!root || !/^(?:[^:]+:)?svg$/.test(root.name)) return refused(noRoot);
	const cleaner = new Cleaner();
	for (const node of document.children) cleaner.note(node);
	// Without it a browser shows no picture.
	if (namespaceOf(root.name, bound(root, outermost)) !== svgNamespace) {
		return refused(`lacks xmlns="${svgNamespace}" on its <svg> element`);
	}
	const svg = cleaner.element(root, outermost, 1);
	const [reason] = cleaner.problems;
	if (reason !== undefined) return refused(reason);
	if (bytes(svg) > maxDrawingBytes) return refused(`is larger than ${maxDrawingBytes / 1024} KiB`);
	return { kind: "drawing", svg };
}

function parse(text: string): ReturnType<typeof parseXml> | string {
	if (bytes(text) > maxFileBytes) return `is larger than ${maxFileBytes / 1024} KiB`;
	// XML 1.0 §2.2: no other control characters, nor half a surrogate pair. U+FFFD stands where a file was not UTF-8.
	if (/[^\P{Cc}\t\n\r]|[\p{Cs}\ufffd-\uffff]/u.test(text)) return "has characters that do not belong in an SVG file";
	// Never expanded, whatever the DOCTYPE says that they stand for.
	const entities: string[] = [];
	const resolveUndefinedEntity = (reference: string) => {
		entities.push(reference);
		return "";
	};
	try {
		const document = parseXml(text, { resolveUndefinedEntity });
		const [entity] = entities;
		return entity === undefined ? document : `uses an entity of its own, ${shown(entity)}, ${notAllowed}`;
	} catch (error) {
		if (error instanceof XmlError) return notWellFormed;
		// Of the stack, by elements in elements in elements.
		if (error instanceof RangeError) return tooIntricate;
		throw error;
	}
}

/** Namespaces in XML 1.0: what the prefixes stand for. */
type Scope = ReadonlyMap<string, string>;

const outermost: Scope = new Map([["xml", xmlNamespace]]);

function bound({ attributes }: XmlElement, around: Scope): Scope {
	const declared = Object.entries(attributes).flatMap(([name, value]): [string, string][] =>
		name === "xmlns" ? [["", value]] : name.startsWith("xmlns:") ? [[name.slice(6), value]] : [],
	);
	return declared.length === 0 ? around : new Map([...around, ...declared]);
}

function namespaceOf(name: string, scope: Scope): string | undefined {
	return scope.get(prefixOf(name));
}

function prefixOf(name: string): string {
	return name.includes(":") ? name.slice(0, name.indexOf(":")) : "";
}

function localOf(name: string): string {
	return name.slice(name.indexOf(":") + 1);
}

class Cleaner {
	readonly problems: string[] = [];
	#uses = 0;

	/** Beside elements and text. */
	note(node: object): void {
		// It would draw with what it loads. Others are for programs.
		if (node instanceof XmlProcessingInstruction && node.name === "xml-stylesheet") this.#refuse("a style sheet");
	}

	/** The element as it may stand there; nothing where it draws nothing. */
	element(element: XmlElement, around: Scope, depth: number): string {
		const scope = bound(element, around);
		const namespace = namespaceOf(element.name, scope);
		const name = localOf(element.name);
		if (namespace === undefined) this.problems.push(notWellFormed);
		if (namespace === htmlNamespace) this.#refuse("HTML in it");
		// What a drawing program notes for itself: no browser draws it, nor what is in it.
		if (namespace !== svgNamespace || name === "metadata") return "";
		if (!elements.has(name)) this.#refuse(`an element <${shown(name)}>`);
		if (name === "use") this.#uses += 1;
		if (depth > maxDepth || this.#uses > maxUses) this.problems.push(tooIntricate);
		if (this.problems.length > 0) return "";
		const attributes = this.#attributes(element, scope);
		const content = this.#content(element, scope, depth);
		const start = depth === 1 ? `${name} xmlns="${svgNamespace}"` : name;
		return content === "" ? `<${start}${attributes}/>` : `<${start}${attributes}>${content}</${name}>`;
	}

	#content({ name, children }: XmlElement, scope: Scope, depth: number): string {
		const local = localOf(name);
		const texts = children.filter((child) => child instanceof XmlText).map(({ text }) => text);
		const problem = local === "style" ? styleProblem(texts.join("")) : null;
		if (problem) this.problems.push(problem);
		// What diagrams.net and Illustrator put before the drawing, for those who can do more than draw.
		const hasDrawing = local === "switch" && children.some((child) => child instanceof XmlElement && !isForeign(child));
		const isLeft = (child: XmlElement) => hasDrawing && isForeign(child);
		return children
			.map((child) => {
				this.note(child);
				if (child instanceof XmlText) return escaped(child.text.replaceAll("\r", "\n"));
				return child instanceof XmlElement && !isLeft(child) ? this.element(child, scope, depth + 1) : "";
			})
			.join("");
	}

	#attributes(element: XmlElement, scope: Scope): string {
		const { attributes } = element;
		const isLink = localOf(element.name) === "a";
		let kept = "";
		for (const [name, value] of Object.entries(attributes)) {
			const local = localOf(name);
			const namespace = name.includes(":") ? namespaceOf(name, scope) : "";
			if (namespace === undefined && prefixOf(name) !== "xmlns") this.problems.push(notWellFormed);
			const isHref = local === "href" && (namespace === xlinkNamespace || namespace === "");
			const isDrawing = namespace === "" ? !undrawn.has(name) : isHref || /^xml:(?:space|lang)$/.test(name);
			if (!isDrawing) continue;
			const problem = attributeProblem(isHref ? "href" : name, value, isLink);
			if (problem) this.problems.push(problem);
			// A picture leads nowhere, and is drawn the same.
			if (isLink && (isHref || name === "target")) continue;
			// SVG 2 §16.1.4: beside `href` an `xlink:href` counts for nothing.
			if (isHref && name !== "href" && "href" in attributes) continue;
			kept += ` ${isHref ? "href" : name}="${escaped(value.replaceAll(/[\t\n\r]/g, " "))}"`;
		}
		return kept;
	}

	#refuse(what: string): void {
		this.problems.push(`has ${what}, ${notAllowed}`);
	}
}

/** Of an element without a prefix: the namespace itself, and what diagrams.net keeps of its own file. */
const undrawn = new Set(["xmlns", "content"]);

function isForeign({ name }: XmlElement): boolean {
	return localOf(name) === "foreignObject";
}

function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function bytes(text: string): number {
	return new TextEncoder().encode(text).length;
}

function refused(reason: string): ReadLogo {
	return { kind: "refused", reason };
}
