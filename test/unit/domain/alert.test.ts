import { describe, expect, test } from "vitest";
import { type AlertKind, alertKinds, slotOf } from "../../../src/domain/alert.ts";
import { alertTitles, describeAlert } from "../../../src/domain/alert-words.ts";
import { memberAt, passes } from "../../../src/domain/search.ts";

const kinds = Object.keys(alertKinds) as AlertKind[];

describe("alerts", () => {
	test("an hour is a row, and a day where once a day is told", () => {
		const at = 1_800_000_000 + 4711;
		expect(slotOf("failed_logins", at) % 3600).toBe(0);
		expect(slotOf("failed_logins", at + 3600) - slotOf("failed_logins", at)).toBe(3600);
		expect(slotOf("access_code_expiring", at) % 86_400).toBe(0);
	});

	test.each(kinds)("%s is told in words, with names and without", (kind) => {
		const detail = {
			username: "ada",
			client: "Insights",
			key: "Nightly",
			access_code: "Server",
			expires_at: 1_800_000_000,
		};
		const named = describeAlert({ kind, subject: "usr_any_1", detail: { ...detail, reason: "key_disabled" } });
		const bare = describeAlert({ kind, subject: "usr_any_1", detail: {} });
		for (const text of [alertTitles[kind], named.what, named.advice, bare.what, bare.advice]) {
			expect(text).toMatch(/^[A-Z].{9,}/);
			expect(text).not.toMatch(/undefined|null|NaN/);
		}
		expect(named.what).toMatch(/ada|Nightly/);
	});
});

describe("the filters of a search, in memory", () => {
	test("a value is compared by its type", () => {
		expect(passes(3, { operator: "eq", value: "3" })).toBe(false);
		expect(passes(undefined, { operator: "neq", value: "x" })).toBe(true);
		expect(passes(null, { operator: "eq", value: "null" })).toBe(false);
		expect(passes("3", { operator: "gt", value: 2 })).toBe(false);
		expect(passes(["a"], { operator: "contains", value: "a" })).toBe(false);
	});

	test("a member is found by its own names alone", () => {
		const body = '{"a":{"b":1},"list":[{"c":2}],"text":"x"}';
		expect(memberAt(body, ["a", "b"])).toBe(1);
		for (const path of [
			["a", "c"],
			["list", "0"],
			["text", "length"],
			["constructor"],
			["a", "__proto__"],
			["text", "x", "y"],
		]) {
			expect(memberAt(body, path)).toBeUndefined();
		}
	});
});
