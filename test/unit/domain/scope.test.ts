import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatScope, isWithin, parseScope, readAskedScope, scopeMember, toScope } from "../../../src/domain/scope.ts";

describe("a scope", () => {
	test("RFC 6749 §3.3: values are separated by spaces, their order and repeats mean nothing", () => {
		expect(parseScope("b a b")).toEqual(["a", "b"]);
		expect(parseScope("a b")).toEqual(parseScope("b a"));
		expect(parseScope("events:read")).toEqual(["events:read"]);
	});

	test("RFC 6749 §3.3: values are case-sensitive", () => {
		expect(parseScope("A a")).toEqual(["A", "a"]);
		expect(isWithin(["A"], ["a"])).toBe(false);
	});

	test.each([
		["", []],
		["  ", []],
		[" a", ["a"]],
		["a ", ["a"]],
		["  b   a  ", ["a", "b"]],
	])("RFC 6749 §3.3: spaces before, after and between say nothing: %j", (text, values) => {
		expect(parseScope(text)).toEqual(values);
		expect(readAskedScope(text)).toEqual(values.length > 0 ? values : null);
	});

	test("RFC 6749 App. A.4: an empty scope is not written", () => {
		expect(scopeMember([])).toEqual({});
		expect(scopeMember(["a", "b"])).toEqual({ scope: "a b" });
	});

	test.each(["a\tb", "\ta", "a\nb", "a\n", " \n", 'a"', "a\\b", "é", "a\0", "a\u007f", "a\u00a0b", "\u3000"])(
		"RFC 6749 §3.3: %j is no scope",
		(text) => {
			expect(parseScope(text)).toBeNull();
			expect(readAskedScope(text)).toBe("malformed");
		},
	);

	test("RFC 6749 §3.3: every printable character but space, quote and backslash may stand in a value", () => {
		for (let code = 0; code <= 0x100; code++) {
			const character = String.fromCharCode(code);
			const isAllowed = code > 0x20 && code < 0x7f && character !== '"' && character !== "\\";
			expect(parseScope(`x${character}`)).toEqual(isAllowed || code === 0x20 ? [`x${character}`.trimEnd()] : null);
		}
	});

	const value = fc.stringMatching(/^[!#-[\]-~]{1,3}$/);

	test("property: two equal sets are two equal texts, and text and set are each other's inverse", () => {
		fc.assert(
			fc.property(fc.array(value, { minLength: 1 }), (values) => {
				const scope = toScope(values);
				expect(formatScope(toScope(values.toReversed()))).toBe(formatScope(scope));
				expect(parseScope(formatScope(scope))).toEqual(scope);
				expect(new Set(scope)).toEqual(new Set(values));
				expect(scope).toHaveLength(new Set(values).size);
			}),
		);
	});

	test("property: one scope is within another where nothing of it is missing there", () => {
		const few = fc.array(fc.constantFrom("a", "b", "c", "aa"), { maxLength: 4 }).map(toScope);
		fc.assert(
			fc.property(few, few, (inner, outer) => {
				expect(isWithin(inner, outer)).toBe(new Set(inner).isSubsetOf(new Set(outer)));
			}),
		);
	});

	test("a value is not within one that merely contains it, nor within a prototype", () => {
		expect(isWithin(["read"], ["events:read"])).toBe(false);
		expect(isWithin(["length"], [])).toBe(false);
		expect(isWithin([], [])).toBe(true);
	});
});
