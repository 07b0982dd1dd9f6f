import { describe, expect, test, vi } from "vitest";
import { newId, type Stores, times } from "./builders.ts";

export function describeLimiter({ platform: { limiter } }: Stores): void {
	describe("limits", () => {
		const limit = { attempts: 10, window: 60 };

		test("several attempts at once are counted, or none of them", async () => {
			const name = newId();
			expect(await limiter.take(name, limit, 7)).toBe(0);
			expect(await limiter.take(name, limit, 4)).toBeGreaterThan(0);
			expect(await limiter.take(name, limit, 3)).toBe(0);
			expect(await limiter.take(name, limit)).toBeGreaterThan(0);
		});

		test("of 100 attempts at once exactly ten are made", async () => {
			const name = newId();
			const waits = await Promise.all(times(100, () => limiter.take(name, limit)));
			expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
			expect(waits.filter((wait) => wait === 60)).toHaveLength(90);
			expect(await limiter.take(newId(), limit)).toBe(0);
		});

		test("an attempt that is given back can be made again", async () => {
			const name = newId();
			for (const _ of times(10, () => null)) await limiter.take(name, limit);
			await limiter.giveBack(name);
			expect(await limiter.take(name, limit)).toBe(0);
			expect(await limiter.take(name, limit)).toBe(60);
			await limiter.giveBack(newId());
		});

		test("a window ends by the limiter's clock", async () => {
			const name = newId();
			const once = { attempts: 1, window: 60 };
			expect(await limiter.take(name, once)).toBe(0);
			vi.setSystemTime(Date.now() + 59_000);
			expect(await limiter.take(name, once)).toBe(1);
			vi.setSystemTime(Date.now() + 1000);
			expect(await limiter.take(name, once)).toBe(0);
		});

		test("an attempt that was given back whole leaves nothing", async () => {
			const name = newId();
			await limiter.take(name, limit);
			await limiter.giveBack(name);
			for (const _ of times(10, () => null)) expect(await limiter.take(name, limit)).toBe(0);
		});
	});
}
