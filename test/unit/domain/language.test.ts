import { describe, expect, test } from "vitest";
import { acceptedLanguages, lookUpLanguage } from "../../../src/domain/language.ts";

const tags = ["en", "de", "pt", "zh-Hant"] as const;

describe("RFC 4647 §3.4: the lookup of a language", () => {
	test.each([
		[["de"], "de"],
		[["DE-at"], "de"],
		[["de-Latn-CH-1996"], "de"],
		[["fr", "de"], "de"],
		[["de", "en"], "de"],
		[["zh-Hant-CN-x-private1-private2"], "zh-Hant"],
		[["zh-Hans"], null],
		[["zh"], null],
		[["*"], null],
		[["*", "pt"], "pt"],
		[[""], null],
		[[], null],
	])("%j is %j", (ranges, found) => {
		expect(lookUpLanguage(ranges, tags)).toBe(found);
	});

	test("a subtag of one letter goes with what it says", () => {
		expect(lookUpLanguage(["en-a-bbb-x-yyy"], ["en-a", "en"])).toBe("en");
	});

	test("what somebody writes a thousand of is not gone through", () => {
		expect(lookUpLanguage([...Array.from({ length: 1000 }, () => "xx"), "de"], tags)).toBe(null);
	});

	test("nor is a range of thousands of subtags cut a thousand times", () => {
		let compared = 0;
		const counting: readonly string[] = Object.defineProperty([], 0, {
			get() {
				compared += 1;
				return "en";
			},
		});
		expect(lookUpLanguage([`aa${"-aa".repeat(5000)}`], counting)).toBe(null);
		expect(compared).toBeLessThan(20);
		expect(lookUpLanguage([`de${"-aa".repeat(5000)}`], tags)).toBe("de");
	});
});

describe("RFC 9110 §12.5.4: Accept-Language", () => {
	test.each([
		["da, en-gb;q=0.8, en;q=0.7", ["da", "en-gb", "en"]],
		["en;q=0.2,de;q=0.9", ["de", "en"]],
		["en;q=0, de", ["de"]],
		["de ; q=0.5 , en;q=0.500", ["de", "en"]],
		["*;q=0.1, pt-BR", ["pt-BR", "*"]],
		["de;q=1.5, en;q=abc, <script>, x_y, fr", ["fr"]],
		["", []],
		[",,;q=1,", []],
	])("%j", (header, ranges) => {
		expect(acceptedLanguages(header)).toEqual(ranges);
	});
});
