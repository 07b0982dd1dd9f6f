import { describe, expect, test } from "vitest";
import { changedFields, type ProfileDraft, readProfile } from "../../../src/domain/profile.ts";

const now = 1_767_225_600;

function kept(draft: ProfileDraft) {
	const read = readProfile(draft, now);
	return read.ok ? read.profile : read.problems.map(({ field }) => field);
}

describe("a profile", () => {
	test("what is empty or blank is left out, with an address of nothing but that", () => {
		const draft = { given_name: " ", email: "", address: { locality: "", country: "  " } };
		expect(kept(draft)).toEqual({ updated_at: now });
	});

	test("everything that is wrong is told at once, each by its own name", () => {
		const draft = { email: "ada", locale: "!", address: { country: "a\u202eb", region: "London" } };
		expect(kept(draft)).toEqual(["email", "locale", "address.country"]);
	});

	test("what people type is tidied", () => {
		const draft = {
			given_name: "  Ada ",
			phone_number: "+44 (20) 7946-0000",
			locale: "en-gb",
			address: { street_address: " 12 St James's Square \r\n\r\n Flat 1 " },
		};
		expect(kept(draft)).toEqual({
			given_name: "Ada",
			phone_number: "+442079460000",
			locale: "en-GB",
			address: { street_address: "12 St James's Square\nFlat 1" },
			updated_at: now,
		});
	});

	test.each([
		["birthdate", "1815-12-10"],
		["birthdate", "1815"],
		["birthdate", "0000-02-29"],
		["email", "ada.lovelace+oidc@mail.acme.example"],
		["phone_number", "+15558675309;ext=5678"],
		["locale", "zh-Hant-TW"],
		["zoneinfo", "America/Argentina/Buenos_Aires"],
		["zoneinfo", "UTC"],
		["website", "https://ada.example/a?b=c#d"],
		["picture", "http://ada.example/ada.png"],
	])("OIDC Core §5.1: %s may be %j", (field, value) => {
		expect(kept({ [field]: value })).toEqual({ [field]: value, updated_at: now });
	});

	test.each([
		["birthdate", "1815-02-29"],
		["birthdate", "10.12.1815"],
		["birthdate", "0000"],
		["birthdate", "1815-13-01"],
		["birthdate", "1815-1-1"],
		["email", "ada@acme"],
		["email", "ada@acme..example"],
		["email", "ada@-acme.example"],
		["email", "ada @acme.example"],
		["email", "ada@acme.example\nBcc: x@evil.example"],
		["email", `${"a".repeat(65)}@acme.example`],
		["phone_number", "020 7946 0000"],
		["phone_number", "+0 20 7946 0000"],
		["phone_number", "+1234567890123456"],
		["locale", "en_GB"],
		["locale", "e"],
		["zoneinfo", "Europe/Atlantis"],
		["zoneinfo", "+01:00"],
		["website", "javascript:alert(1)"],
		["website", "data:text/html,x"],
		["website", "ada.example"],
		["website", "https://ada:secret@ada.example"],
		["picture", "https://ada.example/a b"],
		["given_name", "a\u202eb"],
		["given_name", "x".repeat(101)],
		["gender", "a\nb"],
	])("%s may not be %j", (field, value) => {
		expect(kept({ [field]: value })).toEqual([field]);
	});

	test("an address has a few lines, each of them printable", () => {
		expect(kept({ address: { street_address: "a\n".repeat(6) } })).toEqual(["address.street_address"]);
		expect(kept({ address: { street_address: "a\u0007" } })).toEqual(["address.street_address"]);
	});

	test("which fields differ does not depend on when it was saved", () => {
		const before = { given_name: "Ada", address: { locality: "London" }, updated_at: 1 };
		expect(changedFields(before, { ...before, updated_at: 2 })).toEqual([]);
		expect(changedFields(before, { address: { locality: "Bath" }, email: "a@b.example" })).toEqual([
			"given_name",
			"email",
			"address",
		]);
	});
});
