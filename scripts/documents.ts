import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { Marked, type Tokens } from "marked";

/**
 * What of `docs/` is shown at `/docs`, as the text of src/ui/public/static/documents.json: the Worker reads no Markdown. Written anew by
 * `npx vitest run --project portable unit/documents -u`.
 */
export function documents(): string {
	const guides = globSync("docs/guides/*.md")
		.toSorted()
		.map((path) => guideOf(basename(path), readFileSync(path, "utf8")));
	return `${JSON.stringify({ guides, errors: errorsOf(readFileSync("docs/errors.md", "utf8")) }, null, "\t")}\n`;
}

/** `1-first-token.md`: the number is its place in the list. Below the title stands what it is about. */
function guideOf(file: string, text: string) {
	blocks = 0;
	const [title, about, ...rest] = marked.lexer(text).filter(({ type }) => type !== "space");
	if (title?.type !== "heading" || about?.type !== "paragraph")
		throw new Error(`${file} has no title and no first words`);
	const name = file.replace(/^\d+-/, "").replace(/\.md$/, "");
	return { name, title: title.text as string, about: about.text as string, html: marked.parser(rest) };
}

/** Each under a heading that is its code; what follows `# OAuth` is of OAuth. */
function errorsOf(text: string) {
	const errors: { code: string; kind: "problem" | "oauth"; html: string }[] = [];
	let kind: "problem" | "oauth" = "problem";
	for (const token of marked.lexer(text)) {
		if (token.type === "heading" && token.depth === 1) kind = token.text === "OAuth" ? "oauth" : "problem";
		else if (token.type === "heading") errors.push({ code: token.text as string, kind, html: "" });
		else if (token.type !== "space") {
			const last = errors.at(-1);
			// What stands before the first of each kind is for who reads the file.
			if (last?.kind === kind) last.html += marked.parser([token]);
		}
	}
	return errors;
}

/** Of one page, unique there. */
let blocks = 0;

const marked = new Marked({
	renderer: {
		// A heading can be led to.
		heading({ tokens, depth, text }: Tokens.Heading) {
			return `<h${depth} id="${anchorOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
		},
		/**
		 * As ui/copyable.tsx has it. What stands behind the language says what is done with it, for people and for the test that does it
		 * (test/interop/guides): `file=NAME` is to be written, `serve` goes on running; a `url` is to be opened.
		 */
		code({ text, lang = "" }: Tokens.Code) {
			const [language = "", how = ""] = lang.split(" ");
			if (language === "url") return `<p><a class="docs-open" href="${escaped(text)}">${escaped(text)}</a></p>\n`;
			const id = `block-${blocks++}`;
			const [, file] = /^file=(.+)$/.exec(how) ?? [];
			return (
				(file === undefined ? "" : `<p class="docs-file"><code>${escaped(file)}</code></p>\n`) +
				`<div class="code-block"><div class="copyable"><code id="${id}" class="selectable" data-kind="${escaped(lang)}">` +
				`${escaped(text)}</code><button type="button" class="outline secondary small" data-copy="${id}" hidden>Copy</button></div></div>\n`
			);
		},
	},
});

function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function anchorOf(text: string): string {
	return text
		.toLowerCase()
		.replaceAll(/[^\w]+/g, "-")
		.replaceAll(/^-|-$/g, "");
}
