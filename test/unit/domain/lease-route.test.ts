import { describe, expect, test } from "vitest";
import {
	answered,
	failed,
	isForReplica,
	type Nearby,
	nothingNearby,
	patience,
	readColo,
	replicaName,
} from "../../../src/domain/lease-route.ts";
import { asked, firstAsked } from "../../../src/domain/replica-load.ts";

const now = 1_800_000_000_000;

const step = (nearby: Nearby, load: "busy" | "quiet", at: number) => answered(nearby, load, null, at);

describe("whom a check goes to", () => {
	test("the first of a subject goes home, and so does the first after ten seconds without one", () => {
		expect(isForReplica(undefined, nothingNearby, now)).toBe(false);
		const home = { took: 80, askedAt: now };
		expect(isForReplica(home, nothingNearby, now)).toBe(true);
		expect(isForReplica(home, nothingNearby, now + 9_999)).toBe(true);
		expect(isForReplica(home, nothingNearby, now + 10_000)).toBe(false);
	});

	test("a home that is as near as a replica is asked itself", () => {
		const nearby = answered(nothingNearby, "even", 4, now);
		expect([3, 4, 5].map((took) => isForReplica({ took, askedAt: now }, nearby, now))).toEqual([false, false, true]);
		// Where none was measured of late, by what a call within a colo takes.
		expect([5, 6].map((took) => isForReplica({ took, askedAt: now }, nothingNearby, now))).toEqual([false, true]);
		const later = now + 10_000;
		expect([5, 6].map((took) => isForReplica({ took, askedAt: later }, nearby, later))).toEqual([false, true]);
	});

	test("a replica that failed is left alone for ten seconds", () => {
		const away = failed(nothingNearby, now);
		const at = (later: number) => isForReplica({ took: 10_000, askedAt: now + later }, away, now + later);
		expect([0, 9_999, 10_000].map(at)).toEqual([false, false, true]);
		expect(answered(away, "even", 3, now + 1)).toMatchObject({ took: 3 });
	});

	test("a replica's time is that of its own answers, smoothed", () => {
		const first = answered(nothingNearby, "even", 8, now);
		expect(answered(first, "even", 16, now + 1).took).toBe(9);
		expect(answered(first, "even", 16, now + 10_000).took).toBe(16);
		expect(answered(first, "even", null, now + 1)).toEqual(first);
	});

	test("a replica may take the time to ask the home itself", () => {
		expect(patience({ took: 150, askedAt: now })).toBeGreaterThan(300);
	});
});

describe("which replica", () => {
	test("has a name of the colo, the bits and as many bits of the digest", () => {
		const digest = new Uint8Array([0b0110_0001, 255]);
		expect([0, 1, 2, 8].map((bits) => replicaName("SIN", bits, digest))).toEqual([
			"SIN/0/",
			"SIN/1/0",
			"SIN/2/01",
			"SIN/8/01100001",
		]);
	});

	test("busy ones are divided and quiet ones united, one step in ten seconds, between one and 256", () => {
		const one = step(nothingNearby, "busy", now);
		expect([one.bits, step(one, "busy", now + 9_999).bits, step(one, "busy", now + 10_000).bits]).toEqual([1, 1, 2]);
		expect(step(one, "quiet", now + 10_000).bits).toBe(0);
		expect(step(nothingNearby, "quiet", now)).toEqual(nothingNearby);
		let nearby = nothingNearby;
		for (let round = 1; round <= 20; round++) nearby = step(nearby, "busy", now + round * 10_000);
		expect(nearby.bits).toBe(8);
	});

	test("a colo is three capitals, and what is none names no replica", () => {
		expect(readColo("FRA")).toBe("FRA");
		for (const wrong of [undefined, null, "", "fra", "FRA1", "FR/", "../", 42, {}]) expect(readColo(wrong)).toBeNull();
	});
});

describe("how much a replica has to do", () => {
	test("is said by what it was asked in ten seconds", () => {
		expect([10, 999, 1000, 5000].map(loadAfter)).toEqual([
			["even", "quiet"],
			["even", "quiet"],
			["even", "even"],
			["even", "even"],
		]);
	});

	test("too much is said at once", () => {
		expect(loadAfter(5001)).toEqual(["busy", "busy"]);
	});
});

/** After so many in ten seconds, and one more in the next. */
function loadAfter(count: number) {
	let state = firstAsked(now);
	for (let each = 0; each < count; each++) state = asked(state, now + each / 1000);
	return [state.load, asked(state, now + 10_000).load];
}
