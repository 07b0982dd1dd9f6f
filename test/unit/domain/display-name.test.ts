import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDescription, readTags } from "../../../src/domain/api-key-text.ts";
import { isLegibleText, isUsername, readName, shownName } from "../../../src/domain/display-name.ts";

test.each([
	[" Ada ", "Ada"],
	["Ωμέγα 株式会社", "Ωμέγα 株式会社"],
	["\u{1f511}".repeat(100), "\u{1f511}".repeat(100)],
	["<b>&\"'", "<b>&\"'"],
	// A page shows each of these as one space, and so they are one.
	["Acme  CLI", "Acme CLI"],
	["Acme\u00a0 \u3000CLI", "Acme CLI"],
])("%j is the name %j", (text, name) => {
	expect(readName(text)).toBe(name);
});

test.each(["", " ", "\u00a0", "a\tb", "a\u0000", "a\u202eb", "a\u2028b", "a\u200bb", "\ud800", "x".repeat(101)])(
	"%j is none",
	(text) => {
		expect(readName(text)).toBeNull();
	},
);

describe("a name is seen", () => {
	test.each([
		["Hangul fillers", "\u3164", "\uffa0", "\u115f", "\u1160"],
		[
			"an empty Braille cell, an object replacement character, a filler, a null note",
			"\u2800",
			"\ufffc",
			"\u{16fe4}",
			"\u{1d159}",
		],
		["Egyptian blanks", "\u{13441}", "\u{13442}"],
		["joiners that join nothing", "\u200c", "\u200d", "\u2060"],
		["variation selectors", "\ufe0f", "\ufe00", "\u{e0100}", "\u180b"],
		["tags", "\u{e0041}", "\u{e0001}"],
		["soft hyphens and marks of direction", "\u00ad", "\u200e", "\u200f", "\u061c"],
		["embeddings, overrides, isolates", "\u202a", "\u202e", "\u2066", "\u2069"],
		["private use, unassigned", "\ue000", "\u0378", "\uffff"],
	])("%s: neither alone nor among letters", (_, ...signs) => {
		for (const sign of signs) {
			expect([sign, readName(sign)]).toEqual([sign, null]);
			expect([sign, readName(`Ac${sign}me`)]).toEqual([sign, null]);
			expect([sign, readName(`Acme${sign}`)]).toEqual([sign, null]);
		}
	});

	test("UTS #39 §5.4: at most four marks on a letter, none twice, and none on what stands before the name", () => {
		expect(readName("a\u0300\u0301\u0302\u0303")).not.toBeNull();
		expect(readName("a\u0300\u0301\u0302\u0303\u0304")).toBeNull();
		// Composed, it is the same stack.
		expect(readName("\u00e4\u0300\u0301\u0302\u0303")).toBeNull();
		expect(readName("a\u0301\u0301")).toBeNull();
		expect(readName("\u00e1\u0301")).toBeNull();
		for (const bare of ["\u0301", "\u0301a", "a \u0301", "\u{1f511}\u0301", "\u20dd"])
			expect(readName(bare)).toBeNull();
	});

	test("a user name too: a letter may be one that shows nothing", () => {
		expect(isUsername("ada")).toBe(true);
		for (const name of [
			"Ada.Lovelace",
			"\u00e4dam",
			"\u0441\u0435\u0440\u0433\u0435\u0439",
			"\u7530\u4e2d.taro",
			"\u0639\u0644\u06cc1",
			"user-usr_any_A-9",
			"\u30de\u30a4\u30af",
		])
			expect([name, isUsername(name)]).toEqual([name, true]);
		for (const name of [
			"\u0430da",
			"\u00c4dam",
			"\u0391\u03bda",
			"\uff41da",
			"\ufb01nn",
			"\u0434\u03bf\u043c",
			"\u7530\u0430\u0430",
			"ad\u0561",
		])
			expect([name, isUsername(name)]).toEqual([name, false]);
		for (const name of ["ad\u3164a", "\u3164\u3164\u3164", "ad\uffa0a"]) expect(isUsername(name)).toBe(false);
	});

	test("tags, descriptions, and each line of a longer text", () => {
		for (const sign of ["\u3164", "\u2800", "\u200d"]) {
			expect(readTags([`a${sign}`])).toBeNull();
			expect(readDescription(`a${sign}`)).toBeNull();
			expect(isLegibleText(`Fine.\na${sign}`)).toBe(false);
		}
		expect(isLegibleText("Two lines.\n\nAnd one more.")).toBe(true);
		expect(isLegibleText("")).toBe(true);
		expect(isLegibleText("a\rb")).toBe(false);
	});
});

describe("what a script is written with is taken", () => {
	test.each([
		["Persian", "می\u200cخواهم", "خانه\u200cها", "علی‌رضا"],
		["Hindi", "क्\u200dष", "श्री", "हिन्दी", "क्\u200cष"],
		["Sinhala", "ශ්\u200dරී ලංකා"],
		["Malayalam, with a chillu as it was", "അവന്\u200d"],
		["Bengali", "র\u200d্যাব", "বাংলাদেশ"],
		["Thai, Burmese, Khmer, Tibetan", "ที่นี่", "ကျွန်ုပ်", "ខ្ញុំ", "བཀྲ་ཤིས"],
		["Hebrew and Arabic with their vowels", "שָׁלוֹם", "مُحَمَّدٌ"],
		["Vietnamese, taken apart", "Việt".normalize("NFD")],
		["Japanese, with a form of a character", "葛\u{e0100}城", "ｶﾞｰﾃﾞﾝ"],
		["Korean, taken apart", "한국".normalize("NFD")],
		[
			"emoji",
			"👨\u200d👩\u200d👧 Family",
			"🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
			"1\ufe0f\u20e3",
			"❤\ufe0f",
			"👍🏽",
			"🇨🇭",
		],
	])("%s", (_, ...names) => {
		for (const name of names) expect(readName(name)).toBe(name);
	});

	test.each([
		["between letters that never join", "Ac\u200cme", "Ac\u200dme", "日\u200c本"],
		["at an end, or twice", "\u200cمی", "می\u200c", "می\u200c\u200cخواهم", "क्\u200d\u200d"],
		["between signs that are no emoji together", "👨\u200d🔑", "a\ufe0f", "🏴\u{e0061}\u{e007f}"],
	])("a joiner %s is not", (_, ...names) => {
		for (const name of names) expect([name, readName(name)]).toEqual([name, null]);
	});
});

const anything = fc.string({ unit: "binary", maxLength: 40 });
const hostile = fc
	.array(
		fc.constantFrom(
			"a",
			"م",
			"क",
			"्",
			"\u0301",
			"\u0302",
			"\u200d",
			"\u200c",
			"\u3164",
			"\u2800",
			"\u202e",
			"\u2069",
			"\ufe0f",
			"👍",
			"\n",
			" ",
		),
		{ maxLength: 20 },
	)
	.map((signs) => signs.join(""));

describe("whatever is sent", () => {
	test("what is taken has no character that is not seen, but in a sequence that is seen or a joiner of letters", () => {
		fc.assert(
			fc.property(fc.oneof(anything, hostile), (text) => {
				const name = readName(text);
				if (name === null) return;
				const rest = name
					.replaceAll(/\p{RGI_Emoji}/gv, "")
					.replaceAll(/(?<=\p{L}|\p{M})(?:\u200c|\u200d|[\u{e0100}-\u{e01ef}])/gu, "");
				expect(rest).not.toMatch(/[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/u);
				expect(name).toMatch(/[\p{L}\p{N}\p{P}\p{S}]/u);
			}),
			{ numRuns: 5000 },
		);
	});

	test("a name that is taken is taken again, as it is, and shown as it is", () => {
		fc.assert(
			fc.property(fc.oneof(anything, hostile), (text) => {
				const name = readName(text);
				if (name === null) return;
				expect(readName(name)).toBe(name);
				expect(shownName(name)).toBe(name);
			}),
			{ numRuns: 5000 },
		);
	});

	test("what was stored before is shown without what is not seen, and never as nothing", () => {
		expect(shownName("Ac\u3164me\u202e")).toBe("Acme");
		expect(shownName("\u3164\u2800")).toBe("(a name that cannot be seen)");
		expect(shownName(`a${"\u0301\u0302".repeat(50)}b`)).toBe("a\u0301\u0302\u0301\u0302b");
		expect(shownName("")).toBe("");
		fc.assert(
			fc.property(fc.oneof(anything, hostile), (text) => {
				const shown = shownName(text);
				expect(shown).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u3164\u2800]|[\p{Mn}\p{Me}]{6}/u);
				expect(text === "" || /[\p{L}\p{N}\p{P}\p{S}]/u.test(shown)).toBe(true);
			}),
			{ numRuns: 5000 },
		);
	});

	test("every letter by itself is a name, but for the fillers and the blanks", () => {
		const refused = [];
		for (let point = 0; point <= 0x10ffff; point++) {
			const sign = String.fromCodePoint(point);
			if (/\p{L}/u.test(sign) && readName(sign) === null) refused.push(point.toString(16));
		}
		expect(refused).toEqual(["115f", "1160", "3164", "ffa0", "13441", "13442"]);
	});
});
