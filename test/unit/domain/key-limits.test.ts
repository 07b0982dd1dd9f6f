import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	type ApiKeyChange,
	type ApiKeyState,
	changeApiKey,
	checkApiKey,
	closedBy,
} from "../../../src/domain/api-key-state.ts";
import { Ledger } from "../../../src/domain/ledger.ts";
import type { KeyLimits } from "../../../src/domain/key-limits.ts";
import { isChange } from "../../../src/domain/lease-view.ts";
import { addCode, aKey, hash, start } from "./builders.ts";
import { MapRows } from "./map-rows.ts";

const home = "192.0.2.7";

function limited(limits: KeyLimits): ApiKeyState {
	return aKey([addCode("c1"), edit(null, limits)]);
}

function edit(from: KeyLimits | null, limits: KeyLimits | null): ApiKeyChange {
	return { kind: "edit_limits", from, limits };
}

function changed(verdict: ApiKeyState, change: ApiKeyChange, now = start): ApiKeyState {
	const outcome = changeApiKey(verdict, change, now);
	if (outcome.kind === "refused") throw new Error(outcome.reason);
	return outcome.verdict;
}

/** A ledger with that key, by its own clock. */
function ledgerOf(verdict: ApiKeyState) {
	const rows = new MapRows();
	rows.put("key", "verdict", null, verdict, null);
	return (now = start) => new Ledger(rows, now);
}

function said(ledger: Ledger, from: string | null = home): string {
	const check = ledger.checkKey(hash("c1"), null, from);
	return check.kind === "refused" ? check.reason : check.kind;
}

describe("an end that is sooner than that of the codes", () => {
	const verdict = limited({ expiresAt: start + 100 });
	const at = (now: number) => checkApiKey(verdict, { codeHash: hash("c1") }, null, now);

	test("ends the key, and is when its code ends for whoever asks", () => {
		expect(at(start + 99)).toMatchObject({ kind: "good", code: { expiresAt: start + 100 } });
		expect(at(start + 100)).toEqual({ kind: "refused", reason: "key_expired", ownerId: "owner" });
	});

	test("ends what was opened before, and a later end does not bring that back", () => {
		expect(checkApiKey(verdict, { codeId: "c1" }, null, start + 100).kind).toBe("refused");
		const longer = changed(verdict, edit({ expiresAt: start + 100 }, null), start + 101);
		expect(closedBy(verdict, longer, start + 101)).toEqual([{}]);
		expect(closedBy(verdict, longer, start + 99)).toEqual([]);
	});
});

describe("networks", () => {
	const verdict = limited({ networks: ["192.0.2.0/24", "2001:db8::/32"] });

	test.each([
		[home, "good"],
		["2001:db8::7", "good"],
		["198.51.100.1", "network_refused"],
		[null, "network_refused"],
	])("from %s: %s", (from, expected) => {
		expect(said(ledgerOf(verdict)(), from)).toBe(expected);
	});

	test("are asked of whoever shows a code, and not of what it opened; an edge of before, which does not say, gets nothing", () => {
		expect(checkApiKey(verdict, { codeId: "c1" }, null, start).kind).toBe("good");
		expect(checkApiKey(verdict, { codeHash: hash("c1") }, null, start)).toMatchObject({ reason: "network_refused" });
	});

	test("an account that the key was never given to does not learn that it has any", () => {
		const check = checkApiKey(verdict, { codeHash: hash("c1"), from: "198.51.100.1" }, "stranger", start);
		expect(check).toEqual({ kind: "refused", reason: "no_access" });
	});
});

describe("counted uses", () => {
	test("are as many as there may be, in all, and what is refused is none", () => {
		const ledger = ledgerOf(limited({ uses: 2, networks: ["192.0.2.0/24"] }));
		expect(said(ledger(), "198.51.100.1")).toBe("network_refused");
		expect(ledger().checkKey(hash("c1"), null, home)).toMatchObject({ kind: "good", left: { uses: 1 } });
		expect([said(ledger()), said(ledger()), said(ledger(start + 1000))]).toEqual(["good", "uses_spent", "uses_spent"]);
		expect(ledger().readKey()).toMatchObject({ spent: 2, rev: aKey([addCode("c1")]).rev + 1 });
	});

	test("are as many as there may be in a period, and then there is more", () => {
		const ledger = ledgerOf(limited({ rate: { uses: 2, per: "minute" } }));
		expect([said(ledger()), said(ledger(start + 10))]).toEqual(["good", "good"]);
		expect(ledger(start + 20).checkKey(hash("c1"), null, home)).toEqual({
			kind: "refused",
			reason: "rate_limited",
			ownerId: "owner",
			limited: { limit: { name: "api-key", attempts: 2, window: 60 }, retryAfter: 40 },
		});
		expect(ledger(start + 60).checkKey(hash("c1"), null, home)).toMatchObject({
			left: { rate: { uses: 2, per: "minute", left: 1, endsAt: start + 120 } },
		});
	});

	test("go on where their own limit stays, and begin anew with another", () => {
		const limits: KeyLimits = { uses: 3, rate: { uses: 5, per: "day" } };
		const ledger = ledgerOf(limited(limits));
		said(ledger());
		const change = (from: KeyLimits, to: KeyLimits) => ledger().changeKey(edit(from, to));
		const other = { ...limits, networks: ["0.0.0.0/0"] };
		change(limits, other);
		expect(ledger().readKey()).toMatchObject({ spent: 1, tally: { count: 1 } });
		change(other, { ...other, uses: 4 });
		expect(ledger().readKey()).not.toHaveProperty("spent");
		expect(ledger().readKey()).toMatchObject({ tally: { count: 1 } });
	});

	test("of a key that has no such limit nothing is counted or told", () => {
		const ledger = ledgerOf(limited({ expiresAt: start + 100, networks: ["192.0.2.0/24"] }));
		expect(ledger().checkKey(hash("c1"), null, home)).not.toHaveProperty("left");
		expect(ledger().readKey()).not.toHaveProperty("spent");
	});

	test("a count is no change for whoever holds the key under a lease; another limit is one", () => {
		const verdict = limited({ uses: 3, rate: { uses: 5, per: "day" } });
		const counted = { ...verdict, spent: 2, tally: { count: 2, endsAt: start + 60 } };
		expect(isChange("key", verdict, counted)).toBe(false);
		expect(isChange("key", verdict, changed(verdict, edit(verdict.limits ?? null, null)))).toBe(true);
	});

	test("whatever happens in between, there are never more than there may be, in all and in a period", () => {
		const step = fc.oneof(
			fc.nat({ max: 50 }).map((wait) => ({ wait })),
			fc.constant({ use: true }),
			fc.constantFrom<ApiKeyChange>(
				{ kind: "set_state", state: "disabled" },
				{ kind: "set_state", state: "enabled" },
				addCode("c2"),
				{ kind: "set_policies", accountId: "owner", policies: ["p"] },
			),
		);
		fc.assert(
			fc.property(
				fc.nat({ max: 8 }),
				fc.integer({ min: 1, max: 4 }),
				fc.array(step, { maxLength: 60 }),
				(uses, rate, steps) => {
					const ledger = ledgerOf(limited({ uses: uses + 1, rate: { uses: rate, per: "minute" } }));
					let now = start;
					const good: number[] = [];
					for (const each of steps) {
						if ("wait" in each) now += each.wait;
						else if ("kind" in each) ledger(now).changeKey(each);
						else if (said(ledger(now)) === "good") good.push(now);
					}
					expect(good.length).toBeLessThanOrEqual(uses + 1);
					// A period begins with its first use.
					for (let from = good[0]; from !== undefined;) {
						const began: number = from;
						expect(good.filter((at) => at >= began && at < began + 60).length).toBeLessThanOrEqual(rate);
						from = good.find((at) => at >= began + 60);
					}
				},
			),
		);
	});
});

describe("editing limits", () => {
	test("of two at once the second looks again; the same once more changes nothing", () => {
		const verdict = limited({ uses: 3 });
		expect(changeApiKey(verdict, edit(null, { uses: 4 }), start)).toEqual({ kind: "refused", reason: "overtaken" });
		expect(changeApiKey(verdict, edit(null, { uses: 3 }), start)).toEqual({ kind: "unchanged", verdict });
		const two = limited({ networks: ["192.0.2.0/24", "10.0.0.0/8"] });
		expect(changeApiKey(two, edit(null, { networks: ["10.0.0.0/8", "192.0.2.0/24"] }), start).kind).toBe("unchanged");
		expect(changed(verdict, edit({ uses: 3 }, null))).not.toHaveProperty("limits");
	});

	test("a key may be made with some", () => {
		const made = changeApiKey(null, { kind: "create", ownerId: "owner", policies: [], limits: { uses: 1 } }, start);
		expect(made).toMatchObject({ kind: "changed", verdict: { limits: { uses: 1 }, rev: 1 } });
	});
});
