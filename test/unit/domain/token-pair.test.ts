import fc from "fast-check";
import { assert, describe, expect, test } from "vitest";
import { activate, formRepeatWindow, isLive, purgeAt, redeem, revoke } from "../../../src/domain/grant.ts";
import { refresh, repeatWindows } from "../../../src/domain/refresh.ts";
import { permissions, permissionsIn, pairScopes } from "../../../src/domain/permission.ts";
import { aGrant, aPair, aRedemption, aRefresh, day, hash, start, stored } from "./builders.ts";
import { MapRows } from "./map-rows.ts";

const command = { lifetime: 90 * day, refresh: { hash: hash("refresh-1"), idleTtl: 30 * day } };
const active = stored(activate(null, aPair(), command, start));

describe("opening a token pair (contract 002)", () => {
	test("its grant is active at once, and refreshes as any rotating family does", () => {
		expect(isLive(active, 0, start)).toBe(true);
		expect(purgeAt(active)).toBe(start + 90 * day);
		const second = stored(refresh(active, aRefresh(1), start + 100));
		expect(refresh(second, aRefresh(2), start + 200).kind).toBe("rotated");
		expect(refresh(second, aRefresh(1), start + 100 + repeatWindows.bearer).kind).toBe("reused");
		expect(refresh(active, aRefresh(1), start + 30 * day)).toEqual({ kind: "expired" });
	});

	test("no code opens it, whatever is guessed, in any phase", () => {
		const ended = revoke(active, "subject_request", start);
		for (const grant of [active, ended!]) {
			for (const codeHash of [hash("code"), hash(""), hash("refresh-1")]) {
				const guess = aRedemption({ codeHash, redirectUri: null, codeChallenge: null });
				expect(redeem(grant, guess, start + 1)).toEqual({ kind: "mismatch" });
			}
		}
	});

	test("the same pair again within 20 seconds is the form sent twice: nothing to store", () => {
		expect(activate(active, aPair(), command, start + formRepeatWindow - 1)).toEqual({
			kind: "repeated",
			expiresAt: start + 90 * day,
		});
	});

	test("later, after a use, with another token, or where the id is another grant's, it is taken", () => {
		const used = stored(refresh(active, aRefresh(1), start + 1));
		const other = { ...command, refresh: { ...command.refresh, hash: hash("other") } };
		const ended = revoke(active, "subject_request", start + 1)!;
		const redeemed = stored(redeem(aGrant({ id: "pair-1" }), aRedemption(), start));
		expect(activate(active, aPair(), command, start + formRepeatWindow)).toEqual({ kind: "taken" });
		expect(activate(active, aPair(), other, start + 1)).toEqual({ kind: "taken" });
		for (const grant of [used, ended, aGrant({ id: "pair-1" }), redeemed]) {
			expect(activate(grant, aPair(), command, start + 2)).toEqual({ kind: "taken" });
		}
	});

	test("it survives JSON: what is stored is what was decided", () => {
		expect(JSON.parse(JSON.stringify(active))).toStrictEqual(active);
	});
});

describe("in the ledger", () => {
	const { createdAt: _, ...terms } = aPair();

	test("repeating a pair changes nothing, and a code's terms are none of it", () => {
		const rows = new MapRows();
		expect(rows.at(start).openPair(terms, command)).toEqual({ kind: "opened", expiresAt: start + 90 * day });
		const before = rows.text();
		expect(rows.at(start + 5).openPair(terms, command)).toEqual({ kind: "opened", expiresAt: start + 90 * day });
		expect(rows.at(start + 60).openPair(terms, command)).toEqual({ kind: "taken" });
		expect(rows.text()).toBe(before);
		expect(rows.at(start).grantTerms(terms.id)).toBeNull();
	});

	test("DESIGN §4: no order of opening, refreshing, revoking and time brings a pair back, or gives two successors", () => {
		const step = fc.oneof(
			fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(1, 5, 19, 20, 100, 30 * day) }),
			fc.record({ do: fc.constant("open" as const) }),
			fc.record({ do: fc.constant("refresh" as const), back: fc.nat({ max: 3 }) }),
			fc.record({ do: fc.constant("revoke" as const) }),
		);
		const reached = new Set<string>();
		fc.assert(
			fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
				const rows = new MapRows();
				let now = start;
				let ended = false;
				// Generation 1 is the first token.
				let generation = 1;
				rows.at(now).openPair(terms, command);
				for (const each of steps) {
					if (each.do === "wait") now += each.seconds;
					else if (each.do === "open") {
						const opened = rows.at(now).openPair(terms, command).kind;
						const mayRepeat = !ended && generation === 1 && now < start + formRepeatWindow;
						assert.equal(opened, mayRepeat ? "opened" : "taken");
						reached.add(opened);
					} else if (each.do === "revoke") {
						ended = rows.at(now).revokeGrant(terms.id, null) === "revoked" || ended;
					} else {
						const presented = Math.max(1, generation - each.back);
						const { kind } = rows.at(now).refresh(terms.id, aRefresh(presented));
						reached.add(kind);
						if (ended) assert.equal(kind, "revoked");
						if (kind === "rotated") {
							assert.equal(presented, generation);
							generation += 1;
						}
						if (kind === "reused") ended = true;
					}
					const isLiveNow = rows.at(now).inspectGrant(terms.id, { notBefore: 0 }) !== null;
					if (ended) assert.isFalse(isLiveNow);
				}
			}),
			{ numRuns: 500 },
		);
		expect([...reached].toSorted()).toEqual(
			["expired", "opened", "repeated", "reused", "revoked", "rotated", "taken"].toSorted(),
		);
	});
});

test("contract 002: read, write and delete have no permission in common, and none implies another", () => {
	const each = pairScopes.map((scope) => permissionsIn(scope));
	expect(new Set(each.flat()).size).toBe(each.flat().length);
	const cameLater = /^(?:apis:|webhooks:|alerts:write$|usage:read$)/;
	const agreed = Object.keys(permissions).filter((name) => !cameLater.test(name));
	expect(each.flat().toSorted()).toEqual(agreed.toSorted());
});
