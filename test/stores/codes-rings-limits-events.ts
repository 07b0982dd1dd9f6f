import { describe, expect, test, vi } from "vitest";
import { codeRecord, event, hash, newId, now, ringKey, type Stores, times } from "./builders.ts";

export function describeOthers({ platform, eventIds }: Stores): void {
	const { codes, keyRings, limiter, events } = platform;

	describe("codes", () => {
		test("a record is found by its hash, as it was put", async () => {
			const record = codeRecord();
			const name = hash(newId());
			await codes.put(name, record, 180);
			expect(await codes.get(name)).toEqual(record);
			expect(await codes.get(hash(newId()))).toBeNull();
		});
	});

	// One deployment has one ring: these run in this order.
	describe("key rings", () => {
		const month = 30 * 86_400;

		test("without a ring fewer than two candidates make none", async () => {
			expect(await keyRings.published("EdDSA")).toBeNull();
			expect(await keyRings.advance("EdDSA", [], month)).toBeNull();
			expect(await keyRings.advance("EdDSA", [ringKey("lonely")], month)).toBeNull();
			expect(await keyRings.published("EdDSA")).toBeNull();
		});

		test("DESIGN §3.1: of 20 first needs at once comes one ring, which is published", async () => {
			const rings = await Promise.all(
				times(20, (index) => keyRings.advance("EdDSA", [ringKey(`a${index}`), ringKey(`b${index}`)], month)),
			);
			expect(new Set(rings.map((ring) => JSON.stringify(ring)))).toHaveLength(1);
			expect(await keyRings.published("EdDSA")).toEqual(rings[0]);
		});

		test("a ring that is due takes one candidate as next, and publishes", async () => {
			const before = await keyRings.published("EdDSA");
			vi.setSystemTime(Date.now() + month * 1000);
			const rings = await Promise.all(times(5, (index) => keyRings.advance("EdDSA", [ringKey(`c${index}`)], month)));
			expect(new Set(rings.map((ring) => ring?.next.kid))).toHaveLength(1);
			expect(rings[0]?.current).toEqual(before?.next);
			expect(rings[0]?.previous.map((key) => key.kid)).toEqual([before?.current.kid]);
			expect(await keyRings.published("EdDSA")).toEqual(rings[0]);
		});
	});

	describe("limits", () => {
		const limit = { attempts: 10, window: 60 };

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

	describe("events", () => {
		test("events are added all or none", async () => {
			const added = times(30, () => event());
			await events.add(added);
			await events.add([]);
			expect(await eventIds()).toEqual(expect.arrayContaining(added.map(({ id }) => id)));
			const fresh = event();
			await expect(events.add([fresh, ...added.slice(0, 1)])).rejects.toThrow("UNIQUE");
			expect(await eventIds()).not.toContain(fresh.id);
		});

		test("what was received before an instant leaves", async () => {
			const old = event({ receivedAt: now() - 11 });
			const young = event({ receivedAt: now() - 10 });
			await events.add([old, young]);
			await events.purge(now() - 10);
			expect(await eventIds()).not.toContain(old.id);
			expect(await eventIds()).toContain(young.id);
		});
	});
}
