import fc from "fast-check";
import { assert, describe, expect, test } from "vitest";
import { giveBack, take, type Tally } from "../../../src/domain/limit.ts";
import { start } from "./builders.ts";

const limit = { attempts: 3, window: 60 };

/** The tally after so many attempts, all of which have to be allowed. */
function taken(count: number, now = start): Tally {
	let tally: Tally | null = null;
	for (let index = 0; index < count; index++) {
		const verdict = take(tally, limit, now);
		if (verdict.kind !== "taken") throw new Error("exhausted");
		({ tally } = verdict);
	}
	if (!tally) throw new Error("nothing taken");
	return tally;
}

describe("a limit on attempts", () => {
	test("allows so many in a window, then tells how long to wait", () => {
		expect(taken(3)).toEqual({ count: 3, endsAt: start + 60 });
		expect(take(taken(3), limit, start)).toEqual({ kind: "exhausted", retryAfter: 60 });
		expect(take(taken(3), limit, start + 59)).toEqual({ kind: "exhausted", retryAfter: 1 });
	});

	test("begins anew when the window has ended", () => {
		expect(take(taken(3), limit, start + 60)).toEqual({ kind: "taken", tally: { count: 1, endsAt: start + 120 } });
	});

	test("an attempt does not move the window's end: a steady attacker gains nothing, a victim is not locked out for ever", () => {
		expect(take(taken(1), limit, start + 30)).toEqual({ kind: "taken", tally: { count: 2, endsAt: start + 60 } });
	});

	test("a good attempt is given back, and the others still count", () => {
		expect(giveBack(taken(3), start)).toEqual({ count: 2, endsAt: start + 60 });
		expect(giveBack(taken(1), start)).toBeNull();
		expect(giveBack(null, start)).toBeNull();
		expect(giveBack(taken(3), start + 60)).toBeNull();
	});

	test("a limit of none allows none", () => {
		expect(take(null, { attempts: 0, window: 60 }, start)).toEqual({ kind: "exhausted", retryAfter: 60 });
	});

	test("property: never more failed attempts in a window than allowed, and what `retryAfter` promises is kept", () => {
		const steps = fc.array(fc.record({ wait: fc.nat({ max: 30 }), isGood: fc.boolean() }), { maxLength: 60 });
		fc.assert(
			fc.property(steps, fc.integer({ min: 1, max: 5 }), (list, attempts) => {
				const strict = { attempts, window: 60 };
				let tally: Tally | null = null;
				let now = start;
				let failed: number[] = [];
				let windowEnd = 0;
				for (const { wait, isGood } of list) {
					now += wait;
					const verdict = take(tally, strict, now);
					if (verdict.kind === "exhausted") {
						assert.isAbove(verdict.retryAfter, 0);
						assert.equal(take(tally, strict, now + verdict.retryAfter).kind, "taken");
						assert.equal(take(tally, strict, now + verdict.retryAfter - 1).kind, "exhausted");
						continue;
					}
					({ tally } = verdict);
					if (tally.endsAt !== windowEnd) failed = [];
					windowEnd = tally.endsAt;
					if (isGood) tally = giveBack(tally, now);
					else failed.push(now);
					expect(failed.length).toBeLessThanOrEqual(attempts);
					expect(tally?.count ?? 0).toBe(failed.length);
				}
			}),
			{ numRuns: 500 },
		);
	});
});
