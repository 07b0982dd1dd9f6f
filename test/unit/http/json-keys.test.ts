import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { repeatedKey } from "../../../src/http/json-keys.ts";

// Few names, so that they meet; with what a careless scanner would trip over.
const name = fc.constantFrom("a", "b", "__proto__", "", '"', "\\", '\\"', "{", "}", ":", ",", "é", "a:b", '{"a":1}');
const { value } = fc.letrec<{ value: string }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: 3 },
		name.chain(spelled),
		fc.constantFrom("1", "-1.5e3", "true", "false", "null"),
		fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(" , ")}]`),
		fc.array(fc.tuple(name.chain(spelled), tie("value")), { maxLength: 3 }).map(asObject),
	),
}));

/** One of the ways in which JSON writes a string. */
function spelled(text: string): fc.Arbitrary<string> {
	const escaped = text
		.split("")
		.map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)
		.join("");
	return fc.constantFrom(JSON.stringify(text), `"${escaped}"`);
}

function asObject(members: readonly (readonly [string, string])[]): string {
	return `{${members.map(([key, member]) => ` ${key} : ${member}`).join("\n,")}}`;
}

describe("a key that stands twice in an object of JSON", () => {
	test("is found, in whichever spelling, and nothing else is", () => {
		const members = fc.array(fc.tuple(name, name.chain(spelled), value), { maxLength: 6 });
		fc.assert(
			fc.property(
				members.chain((all) =>
					fc.tuple(...all.map(([key, , member]) => spelled(key).map((text) => [key, text, member] as const))),
				),
				(all) => {
					const text = asObject(all.map(([, key, member]) => [key, member]));
					expect(typeof JSON.parse(text)).toBe("object");
					const keys = all.map(([key]) => key);
					const repeated = keys.find((key, index) => keys.indexOf(key) < index) ?? null;
					expect(repeatedKey(text)).toBe(repeated);
				},
			),
			{ numRuns: 1000 },
		);
	});

	test.each([
		['{"a":{"b":1,"b":2}}', null],
		['{"a":[{"a":1}],"b":"a"}', null],
		['{"a":"a\\":","b":"\\\\"}', null],
		['{"a":1,"b":{"c":"}"},"a":2}', "a"],
		['{"":1,"":2}', ""],
		["{}", null],
	])("%s: %j", (text, repeated) => {
		expect(repeatedKey(text)).toBe(repeated);
	});
});
