import { describe, expect, test } from "vitest";
import type { Limiter } from "../../../src/domain/ports/limiter.ts";
import { createEventQuota, unitsOf } from "../../../src/operations/events/event-quota.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";

const now = () => 1_800_000_000;

function counting() {
	const real = openPlatform(":memory:", { now }).platform.limiter;
	let calls = 0;
	const limiter: Limiter = {
		...real,
		take(...asked) {
			calls += 1;
			return real.take(...asked);
		},
	};
	return { limiter, calls: () => calls };
}

describe("the event quota", () => {
	test("a call to the exact limiter serves fifty events", async () => {
		const { limiter, calls } = counting();
		const quota = createEventQuota(limiter, 1000, now);
		for (let index = 0; index < 100; index++) expect(await quota.take("prod", 1)).toBe(0);
		expect(calls()).toBe(2);
	});

	test("a batch takes all that it misses in one call, or nothing", async () => {
		const { limiter, calls } = counting();
		const quota = createEventQuota(limiter, 1000, now);
		expect(await quota.take("prod", 512)).toBe(0);
		expect(calls()).toBe(1);
		expect(await quota.take("prod", 512)).toBe(3600);
		expect(await quota.take("prod", 488)).toBe(0);
		expect(calls()).toBe(3);
	});

	test("who misses little is not refused with who misses much at the same time", async () => {
		const { limiter } = counting();
		const quota = createEventQuota(limiter, 1000, now);
		expect(await quota.take("prod", 900)).toBe(0);
		expect(await Promise.all([quota.take("prod", 200), quota.take("prod", 1)])).toEqual([3600, 0]);
	});

	test("a hundred events at once take two blocks, and not a hundred", async () => {
		const { limiter, calls } = counting();
		const quota = createEventQuota(limiter, 10_000, now);
		const answers = await Promise.all(Array.from({ length: 100 }, () => quota.take("prod", 1)));
		expect(answers.every((wait) => wait === 0)).toBe(true);
		expect(calls()).toBe(2);
	});

	test("what is left of a block serves whoever it is enough for, when there are no more", async () => {
		const { limiter } = counting();
		const quota = createEventQuota(limiter, 1000, now);
		expect(await quota.take("prod", 980)).toBe(0);
		expect(await quota.take("prod", 21)).toBe(3600);
		expect(await quota.take("prod", 20)).toBe(0);
		expect(await quota.take("prod", 1)).toBe(3600);
	});

	test("a limiter that fails fails this request, and not the next", async () => {
		let broken = true;
		const { limiter } = counting();
		const take: Limiter["take"] = (...asked) => (broken ? Promise.reject(new Error("away")) : limiter.take(...asked));
		const quota = createEventQuota({ ...limiter, take }, 1000, now);
		await expect(quota.take("prod", 1)).rejects.toThrow("away");
		broken = false;
		expect(await quota.take("prod", 1)).toBe(0);
	});

	test("several isolates together never store more than it says, and may store a little less", async () => {
		const { limiter } = counting();
		const isolates = [
			createEventQuota(limiter, 1000, now),
			createEventQuota(limiter, 1000, now),
			createEventQuota(limiter, 1000, now),
		];
		const answers = await Promise.all(Array.from({ length: 3000 }, (_, index) => isolates[index % 3]!.take("prod", 1)));
		const stored = answers.filter((wait) => wait === 0).length;
		expect(stored).toBeLessThanOrEqual(1000);
		expect(stored).toBeGreaterThan(1000 - 3 * 50);
		expect(Math.max(...answers)).toBe(3600);
	});

	test("an event counts by the KiB that it begins, in bytes", () => {
		expect(unitsOf(["{}", "{}"])).toBe(2);
		expect(unitsOf(["x".repeat(1024)])).toBe(1);
		expect(unitsOf(["x".repeat(1025)])).toBe(2);
		expect(unitsOf(["ü".repeat(1024)])).toBe(2);
	});
});
