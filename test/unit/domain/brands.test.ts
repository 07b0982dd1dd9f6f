import fc from "fast-check";
import { expect, test } from "vitest";
import { isSameHash } from "../../../src/domain/brands.ts";
import { asHash } from "./builders.ts";

const digest = fc.stringMatching(/^[\w-]{43}$/).map(asHash);

test("property: a digest is the same as itself, and as no other", () => {
	fc.assert(
		fc.property(digest, digest, (a, b) => {
			expect(isSameHash(a, asHash(a.split("").join("")))).toBe(true);
			expect(isSameHash(a, b)).toBe(a === b);
		}),
	);
});

test("property: one different character, wherever it stands and by whichever bit, makes another digest", () => {
	fc.assert(
		fc.property(digest, fc.nat({ max: 42 }), fc.nat({ max: 6 }), (a, place, bit) => {
			const changed = String.fromCharCode(a.charCodeAt(place) ^ (1 << bit));
			const b = asHash(a.slice(0, place) + changed + a.slice(place + 1));
			expect(isSameHash(a, b)).toBe(false);
			expect(isSameHash(b, a)).toBe(false);
		}),
	);
});

test("property: a part of a digest, or one with more behind it, is another", () => {
	fc.assert(
		fc.property(digest, fc.nat({ max: 42 }), (a, length) => {
			expect(isSameHash(a, asHash(a.slice(0, length)))).toBe(false);
			expect(isSameHash(asHash(a.slice(0, length)), a)).toBe(false);
			expect(isSameHash(a, asHash(`${a}\0`))).toBe(false);
		}),
	);
});

test("two different characters do not make up for each other", () => {
	expect(isSameHash(asHash("ab"), asHash("ba"))).toBe(false);
	expect(isSameHash(asHash("aa"), asHash("bb"))).toBe(false);
});
