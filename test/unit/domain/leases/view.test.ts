import { describe, expect, test } from "vitest";
import { changeApiKey, useCode } from "../../../../src/domain/api-key-state.ts";
import { revoke } from "../../../../src/domain/grant.ts";
import { everyRow, isChange, isLendable, lookupName, overlap, rowName } from "../../../../src/domain/lease-view.ts";
import { refresh } from "../../../../src/domain/refresh.ts";
import { addCode, aGrant, aKey, anOffer, aRefresh, aSession, start, stored } from "../builders.ts";
import { activeGrant } from "./rows.ts";

describe("what holders are told of", () => {
	const grant = activeGrant();
	const kept = activeGrant({ rotation: "keep" });
	const key = aKey([addCode("code-1")]);

	test("a grant that ends or goes; not one that rotates, nor one whose code was not redeemed yet", () => {
		expect(isChange("grant", grant, revoke(grant, "subject_request", start))).toBe(true);
		expect(isChange("grant", grant, null)).toBe(true);
		expect(isChange("grant", grant, stored(refresh(grant, aRefresh(1), start)))).toBe(false);
		expect(isChange("grant", aGrant(), grant)).toBe(false);
		expect(isChange("grant", null, grant)).toBe(false);
	});

	test("a refresh token that stays, where it does not", () => {
		if (kept.phase !== "active" || !kept.refresh) throw new Error("it was redeemed");
		expect(isChange("grant", kept, { ...kept, refresh: { ...kept.refresh, generation: 2 } })).toBe(true);
	});

	test("whatever changes of a key, and that there is one; not its use, nor what the register has been told", () => {
		const changed = changeApiKey(key, { kind: "set_code_enabled", id: "code-1", enabled: false }, start);
		if (changed.kind !== "changed") throw new Error(changed.kind);
		expect(isChange("key", key, changed.verdict)).toBe(true);
		expect(isChange("key", null, key)).toBe(true);
		expect(isChange("key", key, null)).toBe(true);
		expect(isChange("key", key, useCode(key, "code-1", start))).toBe(false);
		expect(isChange("key", key, { ...key, copiedRev: key.rev })).toBe(false);
	});

	test("a session that ends or is renewed; not a new one", () => {
		const session = aSession();
		expect(isChange("session", session, null)).toBe(true);
		expect(isChange("session", session, { ...session, payload: "another", jti: anOffer().claims.jti })).toBe(true);
		expect(isChange("session", session, { ...session })).toBe(false);
		expect(isChange("session", null, session)).toBe(false);
	});

	test("a token that is revoked, which was lent as not being so", () => {
		expect(isChange("revoked_token", null, {})).toBe(true);
		expect(isChange("revoked_token", {}, {})).toBe(false);
	});
});

test("nothing is lent of what does not count: a code that waits, an end, a revoked token, a session that is not there", () => {
	const ended = revoke(activeGrant(), "subject_request", start);
	expect([null, aGrant(), ended].map((grant) => isLendable("grant", grant))).toEqual([false, false, false]);
	expect([isLendable("session", null), isLendable("revoked_token", {})]).toEqual([false, false]);
	expect([isLendable("grant", activeGrant()), isLendable("session", aSession())]).toEqual([true, true]);
	expect([isLendable("key", null), isLendable("key", aKey()), isLendable("revoked_token", null)]).toEqual([
		true,
		true,
		true,
	]);
});

test("who looked for a row, whoever was there, or at all of its kind has seen what became of it", () => {
	const ended = [rowName("session", "sid-1"), lookupName("session", "code-1 account-1 ")];
	expect(overlap(ended, [rowName("session", "sid-1")])).toBe(true);
	expect(overlap(ended, [lookupName("session", "code-1 account-1 ")])).toBe(true);
	expect(overlap(ended, [everyRow("session")])).toBe(true);
	expect(overlap([everyRow("session")], ended)).toBe(true);
	expect(overlap(ended, [rowName("session", "sid-12"), rowName("grant", "sid-1"), everyRow("grant")])).toBe(false);
});
