import { describe, expect, test } from "vitest";
import { type AlertKind, alertKinds, slotOf } from "../../../src/domain/alert.ts";
import { alertTitles, describeAlert } from "../../../src/domain/alert-words.ts";

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
			description: "Nightly report",
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
