import { describe, expect, test } from "vitest";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { UsageBatch } from "../../../src/domain/ports/usage.ts";
import { hour } from "../../../src/domain/usage.ts";
import { createUsageCounter, span } from "../../../src/operations/events/usage-counter.ts";

const start = 1_800_000_000;

/** A counter whose storage answers as `add` does, with what it was given. */
function aCounter(
	add: (batch: UsageBatch) => Promise<void> = async () => {},
	noteUses: () => Promise<void> = async () => {},
) {
	const used: unknown[] = [];
	let clock = start;
	const batches: UsageBatch[] = [];
	const logged: string[] = [];
	const works: Promise<void>[] = [];
	const waiting: (() => void)[] = [];
	const counter = createUsageCounter({
		counts: {
			add(batch) {
				batches.push(batch);
				return add(batch);
			},
			hours: async () => [],
			days: async () => [],
			fold: async () => {},
			purge: async () => {},
			forget: async () => {},
		},
		keys: {
			async noteUses(uses) {
				used.push(uses.map(({ keyId, at }) => [keyId, at]));
				await noteUses();
			},
		},
		now: () => clock,
		random: systemRandom,
		log: (event, detail) => logged.push(JSON.stringify({ event, ...detail })),
		later: (work) => works.push(work),
		pause: () => new Promise((resolve) => waiting.push(resolve)),
	});
	async function pauseIsOver() {
		for (const go of waiting.splice(0)) go();
		await Promise.all(works.splice(0));
	}
	const note = (accountId = "a", ...objects: string[]) => counter.note("check", [{ accountId, objects }]);
	return { counter, used, batches, logged, works, note, pauseIsOver, wait: (seconds: number) => (clock += seconds) };
}

function countsIn(batches: readonly UsageBatch[]) {
	return batches.flatMap(({ cells }) => cells.map(({ accountId, object, count }) => [accountId, object, count]));
}

describe("the counter of usage", () => {
	test("a hundred thousand requests are one write, with one row for each account and object", async () => {
		const { batches, note, works, pauseIsOver } = aCounter();
		for (let index = 0; index < 100_000; index++) note("a", `key ${index % 3}`);
		expect([batches.length, works.length]).toEqual([0, 1]);
		await pauseIsOver();
		expect(batches).toHaveLength(1);
		expect(countsIn(batches)).toEqual([
			["a", "", 100_000],
			["a", "key 0", 33_334],
			["a", "key 1", 33_333],
			["a", "key 2", 33_333],
		]);
		await pauseIsOver();
		expect(batches).toHaveLength(1);
	});

	test("one deed is one of an account, however many parties of it had a part", async () => {
		const { counter, batches } = aCounter();
		counter.note("check", [
			{ accountId: "a", objects: ["key", "api"] },
			{ accountId: "a", objects: ["key", "client"] },
			{ accountId: "b", objects: ["key"] },
		]);
		await counter.flush();
		expect(countsIn(batches)).toEqual([
			["a", "", 1],
			["a", "key", 1],
			["a", "api", 1],
			["a", "client", 1],
			["b", "", 1],
			["b", "key", 1],
		]);
	});

	test("each counts in the hour in which it was done, whenever it is written", async () => {
		const { counter, batches, note, wait } = aCounter();
		note();
		wait(hour);
		note();
		await counter.flush();
		expect(batches[0]?.cells.map(({ at }) => at)).toEqual([start, start + hour]);
	});

	test("what nobody knows whether it was added is sent again as it was, beside what came since", async () => {
		let isDown = true;
		const { counter, batches, logged, works, note, wait, pauseIsOver } = aCounter(async () => {
			if (isDown) throw new Error("down");
		});
		note();
		await pauseIsOver();
		note("b");
		// Not at once: whoever waits for the storage may hold up everybody.
		expect(works).toHaveLength(0);
		isDown = false;
		wait(2 * span);
		note("b");
		await pauseIsOver();
		const [first, again, since] = batches;
		expect(again).toEqual(first);
		expect(since?.id).not.toBe(first?.id);
		expect(countsIn([again, since].flatMap((each) => each ?? []))).toEqual([
			["a", "", 1],
			["b", "", 2],
		]);
		await counter.flush();
		expect([batches.length, logged]).toEqual([3, ['{"event":"usage.failed","cells":1}']]);
	});

	test("whoever was to write was dropped with their request: the next one does", async () => {
		const { batches, note, works, wait, pauseIsOver } = aCounter();
		note();
		works.length = 0;
		wait(2 * span - 1);
		note();
		expect(works).toHaveLength(0);
		wait(1);
		note();
		expect(works).toHaveLength(1);
		await pauseIsOver();
		expect(countsIn(batches)).toEqual([["a", "", 3]]);
	});

	test("holds a bounded number of rows while the storage is down, and says how many counts it lost", async () => {
		let isDown = true;
		const { counter, batches, logged, note } = aCounter(async () => {
			if (isDown) throw new Error("down");
		});
		for (let index = 0; index < 6000; index++) note(`account ${index}`);
		await counter.flush();
		for (let index = 0; index < 6000; index++) note(`later ${index}`);
		// What is held already goes on to be counted.
		note("later 0");
		isDown = false;
		batches.splice(0);
		await counter.flush();
		expect(countsIn(batches)).toHaveLength(10_000);
		expect(countsIn(batches)).toContainEqual(["later 0", "", 2]);
		expect(Math.max(...batches.map(({ cells }) => cells.length))).toBe(2000);
		expect(logged.filter((line) => line.includes("lost"))).toEqual(['{"event":"usage.lost","counts":2000}']);
	});

	test("a key that was used is told of once a day of UTC, another time where that failed", async () => {
		let isDown = true;
		const { counter, used, pauseIsOver, wait } = aCounter(undefined, async () => {
			if (isDown) throw new Error("D1 is away");
		});
		const key = "key_any_0000000000000000000000";
		const use = async () => {
			counter.note("check", [{ accountId: "a", objects: [key, "not a key"] }]);
			counter.note("code_disabled", [{ accountId: "a", objects: ["key_any_0000000000000000000001"] }]);
			await counter.flush();
		};
		await use();
		isDown = false;
		await use();
		await use();
		wait(86_400);
		await use();
		await pauseIsOver();
		expect(used).toEqual([[[key, start]], [[key, start]], [[key, start + 86_400]]]);
	});
});
