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

const marked = new Marked({
	renderer: {
		// A heading can be led to, and a block of code be copied.
		heading({ tokens, depth, text }: Tokens.Heading) {
			return `<h${depth} id="${anchorOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
		},
	},
});

function anchorOf(text: string): string {
	return text
		.toLowerCase()
		.replaceAll(/[^\w]+/g, "-")
		.replaceAll(/^-|-$/g, "");
}
