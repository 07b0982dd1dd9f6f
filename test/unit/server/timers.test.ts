import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { every } from "../../../src/server/timers.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a timer goes on and on, with up to a fifth of delay", async () => {
	const times: number[] = [];
	const timer = every(60, async () => void times.push(Date.now()));
	const start = Date.now();
	await vi.advanceTimersByTimeAsync(10 * 72_000);
	await timer.stop();
	expect(times.length).toBeGreaterThanOrEqual(10);
	const waits = times.map((time, index) => time - (times[index - 1] ?? start));
	for (const wait of waits) {
		expect(wait).toBeGreaterThanOrEqual(60_000);
		expect(wait).toBeLessThanOrEqual(72_000);
	}
	expect(new Set(waits).size).toBeGreaterThan(1);
});

test("the work is never under way twice, and is finished by a stop, after which there is none", async () => {
	let begun = 0;
	const work = Promise.withResolvers<void>();
	const timer = every(60, () => {
		begun++;
		return work.promise;
	});
	await vi.advanceTimersByTimeAsync(1_000_000);
	expect(begun).toBe(1);
	let isStopped = false;
	const stopped = timer.stop().then(() => (isStopped = true));
	await vi.advanceTimersByTimeAsync(1);
	expect(isStopped).toBe(false);
	work.resolve();
	await stopped;
	await vi.advanceTimersByTimeAsync(1_000_000);
	expect(begun).toBe(1);
});
