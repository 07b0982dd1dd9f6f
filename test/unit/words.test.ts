import { describe, expect, test } from "vitest";
import { noBrand } from "../../src/domain/brand.ts";
import { renderCard } from "../../src/ui/document.tsx";
import { en } from "../../src/words/en.ts";
import { languages } from "../../src/words/languages.ts";
import { wordsIn } from "../../src/words/words-in.ts";

// That none is missing the compiler says: each catalogue is of the type of the English one.

const catalogues = await Promise.all(languages.map(wordsIn));
const others = catalogues.filter(({ tag }) => tag !== "en");

/** Its messages by where they stand. One that takes something is called with what is known again. */
function messagesOf(of: object, path: string): readonly (readonly [string, string])[] {
	return Object.entries(of).flatMap(([name, value]: [string, unknown]) => {
		const at = `${path}.${name}`;
		if (typeof value === "function") return [[at, flat(Reflect.apply(value, null, gapsOf(value)))] as const];
		return typeof value === "string" ? [[at, value] as const] : messagesOf(value as object, at);
	});
}

/** A number is a number of something, and is written as what it is. */
function gapsOf({ length }: { readonly length: number }): readonly string[] {
	return Array.from({ length }, (_, at) => String(700 + at));
}

function numbersOf(text: string): readonly string[] {
	return text.match(/\d{2,}/g) ?? [];
}

function flat(said: unknown): string {
	return Array.isArray(said) ? said.map(flat).join("") : String(said);
}

const english = new Map(messagesOf(en, ""));

/** The same word there, or one that is nobody's language. */
const sameInBoth = new Set([
	"Administrator",
	"Code",
	"Error: 700",
	"Passkeys",
	"Name",
	"Support",
	"Start",
	"Aussteller",
	"700 at 701",
]);

describe.each(others)("in $tag", (words) => {
	const messages = messagesOf(words, "").filter(([path]) => path !== ".tag" && path !== ".dir");

	test("nothing is left in English", () => {
		const left = messages.filter(([path, text]) => text === english.get(path) && !sameInBoth.has(text));
		expect(left).toEqual([]);
	});

	test("whatever a message takes stands in it, once", () => {
		const wrong = messages.flatMap(([path, text]) => {
			const gaps = english.get(path)?.match(/70\d/g) ?? [];
			const has = text.match(/70\d/g) ?? [];
			return gaps.toSorted().join() === has.toSorted().join() ? [] : [[path, text]];
		});
		expect(wrong).toEqual([]);
	});

	test("what is said in digits in English is said so here, and no less", () => {
		const wrong = messages.filter(([path, text]) =>
			numbersOf(english.get(path) ?? "").some((number) => !numbersOf(text).includes(number)),
		);
		expect(wrong).toEqual([]);
	});
});

test("a page is in the language and the direction of its catalogue, one from right to left as well", () => {
	const shell = { brand: noBrand, here: "/a", words: { ...en, tag: "he", dir: "rtl" as const } };
	const html = renderCard({ shell, title: "Title", children: "Detail" });
	expect(html).toContain('<html lang="he" dir="rtl">');
	expect(html).toContain('<input type="hidden" name="continue" value="/a"');
});
