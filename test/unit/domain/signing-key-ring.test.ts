import fc from "fast-check";
import { assert, describe, expect, test } from "vitest";
import {
	type Advance,
	advanceRing,
	signingKeysWanted,
	type SigningKeyRing,
	isSettled,
	isWanted,
	publishAhead,
	retiredTtl,
	ringKeys,
	settlingTime,
} from "../../../src/domain/signing-key-ring.ts";
import type { Seconds } from "../../../src/domain/brands.ts";
import { aRingKey, day, start } from "./builders.ts";

const month: Seconds = 30 * day;

function every(rotateEvery: Seconds): Advance {
	return { rotateEvery, isWanted: true };
}

function firstRing(): SigningKeyRing {
	return advanced(null, ["k1", "k2"], start);
}

function advanced(
	ring: SigningKeyRing | null,
	made: readonly string[],
	now: Seconds,
	rotateEvery = month,
): SigningKeyRing {
	const keys = made.map((kid) => aRingKey(kid, now));
	const next = advanceRing(ring, keys, every(rotateEvery), now);
	if (!next) throw new Error("no ring");
	return next;
}

function kids(ring: SigningKeyRing): readonly string[] {
	return ringKeys(ring).map((key) => key.kid);
}

describe("a key ring", () => {
	test("begins with two keys: one signs, the next is published beside it", () => {
		expect(signingKeysWanted(null, every(month), start)).toBe(2);
		expect(advanceRing(null, [], every(month), start)).toBeNull();
		expect(advanceRing(null, [aRingKey("k1")], every(month), start)).toBeNull();
		const [current, next] = [aRingKey("k1"), aRingKey("k2")];
		expect(firstRing()).toEqual({ current, next, currentSince: start, previous: [], wantedSince: start });
	});

	test("takes up one key at its time: the next signs, the current one retires", () => {
		expect(signingKeysWanted(firstRing(), every(month), start + month - 1)).toBe(0);
		expect(signingKeysWanted(firstRing(), every(month), start + month)).toBe(1);
		const ring = advanced(firstRing(), ["k3"], start + month);
		expect(ring.current.kid).toBe("k2");
		expect(ring.next.kid).toBe("k3");
		expect(ring.currentSince).toBe(start + month);
		expect(ring.previous).toEqual([{ ...aRingKey("k1"), retiredAt: start + month }]);
	});

	test("is not advanced before its time, nor without a key to take up", () => {
		expect(advanced(firstRing(), ["k3"], start + month - 1)).toEqual(firstRing());
		expect(advanced(firstRing(), [], start + 2 * month)).toEqual(firstRing());
	});

	test("verifiers find the signing key first, then the next, then the retired, newest first", () => {
		const ring = advanced(advanced(firstRing(), ["k3"], start + day, day), ["k4"], start + 2 * day, day);
		expect(kids(ring)).toEqual(["k3", "k4", "k2", "k1"]);
	});

	test("however short the period, the next key is published a day before it signs", () => {
		expect(publishAhead).toBe(day);
		expect(signingKeysWanted(firstRing(), every(0), start + publishAhead - 1)).toBe(0);
		expect(advanced(firstRing(), ["k3"], start + publishAhead - 1, 0)).toEqual(firstRing());
		expect(advanced(firstRing(), ["k3"], start + publishAhead, 0).current.kid).toBe("k2");
	});

	test("publication counts from when a key joined the ring, not from its maker's clock", () => {
		const early = advanceRing(firstRing(), [aRingKey("k3", start - month)], every(0), start + day);
		expect(early).toMatchObject({ next: { kid: "k3" } });
		expect(signingKeysWanted(early, every(0), start + 2 * day - 1)).toBe(0);
		// A maker whose clock is ahead must not stop the ring for good either.
		const ahead = advanceRing(null, [aRingKey("k1", start + month), aRingKey("k2", start + month)], every(0), start);
		expect(signingKeysWanted(ahead, every(0), start + day)).toBe(1);
	});

	test("a retired key is kept until nothing that it signed is valid, and then leaves the ring", () => {
		expect(retiredTtl).toBeGreaterThanOrEqual(day + 3600);
		const ring = advanced(firstRing(), ["k3"], start + month);
		expect(kids(advanced(ring, [], start + month + retiredTtl - 1))).toContain("k1");
		expect(kids(advanced(ring, [], start + month + retiredTtl))).toEqual(["k2", "k3"]);
		expect(kids(advanced(ring, ["k4"], start + 2 * month))).toEqual(["k3", "k4", "k2"]);
	});

	test("a hundred first requests from everywhere make one ring, and a hundred late ones advance it once", () => {
		let ring: SigningKeyRing | null = null;
		for (let index = 0; index < 100; index++) ring = advanced(ring, [`a${index}`, `b${index}`], start);
		expect(kids(ring!)).toEqual(["a0", "b0"]);
		for (let index = 0; index < 100; index++) ring = advanced(ring, [`c${index}`], start + month);
		expect(kids(ring!)).toEqual(["b0", "c0", "a0"]);
	});

	test("one of a preset algorithm is wanted by everybody, another by whoever chooses it: from then on it settles", () => {
		const preset: SigningKeyRing = { ...firstRing(), current: { ...aRingKey("k1"), algorithm: "ES256" } };
		const { wantedSince: _, ...old } = firstRing();
		expect([isWanted(preset), isWanted(firstRing()), isWanted(old)]).toEqual([true, true, false]);
		expect([isSettled(preset, start), isSettled(old, start + month)]).toEqual([true, false]);
		expect(settlingTime).toBeGreaterThan(300 + 60 + 30);
		expect(isSettled(firstRing(), start + settlingTime - 1)).toBe(false);
		expect(isSettled(firstRing(), start + settlingTime)).toBe(true);
		const chosen = advanceRing(old, [], every(month), start + day);
		expect(chosen).toEqual({ ...old, wantedSince: start + day });
		// Whoever asks later does not make it younger, nor does the cron.
		expect(advanceRing(chosen, [], every(month), start + 2 * day)).toEqual(chosen);
		expect(advanceRing(chosen, [], { rotateEvery: month, isWanted: false }, start + 2 * day)).toEqual(chosen);
	});

	test("one that nobody chose is not made, gets no other key at its time, and ends when all that it signed has", () => {
		const nobody: Advance = { rotateEvery: month, isWanted: false };
		expect(signingKeysWanted(null, nobody, start)).toBe(0);
		expect(advanceRing(null, [aRingKey("k1"), aRingKey("k2")], nobody, start)).toBeNull();
		const { wantedSince: _, ...old } = firstRing();
		expect(signingKeysWanted(old, nobody, start + month)).toBe(0);
		expect(advanceRing(old, [aRingKey("k3")], nobody, start + month - 1)).toEqual(old);
		const ending = advanceRing(old, [aRingKey("k3")], nobody, start + month);
		expect(ending).toEqual({ ...old, endsAt: start + month + retiredTtl });
		expect(advanceRing(ending, [], nobody, start + month + retiredTtl - 1)).toEqual(ending);
		expect(advanceRing(ending, [], nobody, start + month + retiredTtl)).toBeNull();
		// Whoever chooses it meanwhile keeps it.
		const chosen = advanceRing(ending, [], every(month), start + month + 1);
		expect(chosen).toEqual({ ...old, wantedSince: start + month + 1 });
	});

	test("property: no key signs unpublished, none vanishes while its tokens live, repeats change nothing", () => {
		const waits = fc.constantFrom(0, 1, 3600, day - 1, day, day + 1, retiredTtl - 1, retiredTtl, month);
		const steps = fc.array(
			fc.record({ wait: waits, candidates: fc.nat({ max: 2 }), skew: fc.integer({ min: -month, max: month }) }),
			{
				maxLength: 25,
			},
		);
		fc.assert(
			fc.property(steps, fc.constantFrom(0, 3600, day, 3 * day, month), (list, rotateEvery) => {
				let now = start;
				let made = 0;
				let ring: SigningKeyRing | null = null;
				const publishedAt = new Map<string, Seconds>();
				const signedLast = new Map<string, Seconds>();
				for (const { wait, candidates, skew } of list) {
					now += wait;
					if (ring) signedLast.set(ring.current.kid, now);
					const keys = Array.from({ length: candidates }, () => aRingKey(`k${made++}`, now + skew));
					const wanted = signingKeysWanted(ring, every(rotateEvery), now);
					const isFirst: boolean = ring === null;
					const before: SigningKeyRing | null = ring;
					ring = advanceRing(ring, keys, every(rotateEvery), now);
					if (!ring) {
						assert.isTrue(isFirst && candidates < wanted);
						continue;
					}
					const repeated = advanceRing(ring, [aRingKey("late"), aRingKey("later")], every(rotateEvery), now);
					if (candidates >= wanted) assert.deepEqual(repeated, ring);
					const added = ringKeys(ring).filter((key) => !publishedAt.has(key.kid));
					expect(added).toHaveLength(candidates < wanted ? 0 : wanted);
					for (const key of added) publishedAt.set(key.kid, now);
					const { current } = ring;
					if (!isFirst && before?.current.kid !== current.kid) {
						assert.isAtMost(publishedAt.get(current.kid) ?? now, now - publishAhead);
						assert.isAtLeast(now - (before?.currentSince ?? now), rotateEvery);
					}
					// What was signed may be valid for a day, and clocks differ by less than an hour.
					const present = kids(ring);
					for (const [kid, at] of signedLast) if (now < at + day + 3600) assert.include(present, kid);
					expect(new Set(present).size).toBe(present.length);
					expect(ring.previous.every((key) => now < key.retiredAt + retiredTtl)).toBe(true);
					expect(JSON.parse(JSON.stringify(ring))).toStrictEqual(ring);
				}
			}),
			{ numRuns: 500 },
		);
	});
});
