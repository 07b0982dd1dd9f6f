import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { homes, parseSubject, subjectId, subjectKinds, type SubjectKind } from "../../../src/domain/subject.ts";

const id = "AAAAAAAAAAAAAAAAAAAAAA";

describe("a subject's id", () => {
	test("property: every subject is read back as it was written", () => {
		const kinds: SubjectKind[] = ["person", "key", "client"];
		const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
		fc.assert(
			fc.property(fc.constantFrom(...kinds), fc.constantFrom(...homes), bytes, (kind, home, random) => {
				const subject = { kind, home, id: random.toBase64({ alphabet: "base64url", omitPadding: true }) };
				expect(parseSubject(subjectId(subject))).toEqual(subject);
			}),
		);
	});

	test("tells kind and home apart at sight", () => {
		expect(subjectId({ kind: "person", home: "weur", id })).toBe(`usr_weur_${id}`);
		expect(subjectId({ kind: "key", home: "any", id })).toBe(`key_any_${id}`);
		expect(subjectId({ kind: "client", home: "eu", id })).toBe(`cli_eu_${id}`);
		expect(new Set(Object.values(subjectKinds)).size).toBe(3);
	});

	test.each([
		["nothing", ""],
		["another kind", `acc_any_${id}`],
		["a kind's name for its prefix", `person_any_${id}`],
		["a property of every object", `constructor_any_${id}`],
		["a home that is none", `usr_mars_${id}`],
		["a home in capitals", `usr_EU_${id}`],
		["a property of every array", `usr_at_${id}`],
		["no home", `usr__${id}`],
		["an id that is too short", `usr_any_${id.slice(1)}`],
		["an id that is too long", `usr_any_${id}A`],
		["a character of plain base64", `usr_any_${id.slice(1)}+`],
		["padding", `usr_any_${id.slice(2)}==`],
		["something before it", ` usr_any_${id}`],
		["a newline after it", `usr_any_${id}\n`],
		["a line before it", `x\nusr_any_${id}`],
		["a letter that looks alike", `usr_any_${id.slice(1)}\u0410`],
	])("%s is not one: %j", (_, text) => {
		expect(parseSubject(text)).toBeNull();
	});

	test("property: whatever is read is written back as it was: no subject has two ids", () => {
		const almost = fc.stringMatching(/^(usr|key|cli|acc)_([a-z]{0,4})_[\w-]{21,23}$/);
		const right = fc.constantFrom(...homes).map((home) => `usr_${home}_${id}`);
		fc.assert(
			fc.property(fc.oneof(almost, right, fc.string()), (text) => {
				const subject = parseSubject(text);
				expect(subject === null ? text : subjectId(subject)).toBe(text);
			}),
			{ numRuns: 1000 },
		);
	});
});
