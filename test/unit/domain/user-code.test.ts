import { expect, test } from "vitest";
import { readUserCode, userCodeOf, writtenUserCode } from "../../../src/domain/user-code.ts";

test("RFC 8628 §6.1: each of the twenty letters is as likely as the others", () => {
	const counts = new Map<string, number>();
	// Each byte in each of the eight places.
	for (let byte = 0; byte < 240; byte++) {
		for (const letter of userCodeOf(new Uint8Array(32).fill(byte)) ?? "") {
			counts.set(letter, (counts.get(letter) ?? 0) + 1);
		}
	}
	expect([...counts.keys()].toSorted().join("")).toBe("BCDFGHJKLMNPQRSTVWXZ");
	expect(new Set(counts.values())).toEqual(new Set([96]));
});

test("bytes that would make some letters likelier than others make none", () => {
	for (let byte = 240; byte < 256; byte++) expect(userCodeOf(new Uint8Array(32).fill(byte))).toBeNull();
	expect(userCodeOf(Uint8Array.from([255, 0, 250, 1, 2, 3, 4, 5, 6, 7, 8]))).toBe("BCDFGHJK");
	expect(userCodeOf(Uint8Array.from([0, 1, 2, 3, 4, 5, 6]))).toBeNull();
});

test("what is written is read back", () => {
	expect(writtenUserCode("BCDFGHJK")).toBe("BCDF-GHJK");
	expect(readUserCode("bcdf-ghjk")).toBe("BCDFGHJK");
	// Long texts are not looked through.
	expect(readUserCode(`${"-".repeat(64)}BCDFGHJK`)).toBeNull();
});
