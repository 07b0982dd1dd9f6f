import { describe, expect, test } from "vitest";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { Sighting } from "../../../src/domain/alert.ts";
import { createAlertBell, type Noticed, quiet } from "../../../src/operations/events/alert-bell.ts";

/** What goes on beside the answers, until the next pause. */
function settle(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve));
}

function aBell(fails: { raise?: () => Promise<never> } = {}) {
	let clock = 1_800_000_000;
	const raised: Sighting[] = [];
	const logged: string[] = [];
	const works: Promise<void>[] = [];
	const waiting: (() => void)[] = [];
	const bell = createAlertBell({
		now: () => clock,
		random: systemRandom,
		log: (event, detail) => logged.push(JSON.stringify({ event, ...detail })),
		later: (work) => works.push(work),
		pause: () => new Promise((resolve) => waiting.push(resolve)),
		raiseAll: async (sightings) => {
			await fails.raise?.();
			raised.push(...sightings);
		},
	});
	async function pauseIsOver() {
		await settle();
		for (const go of waiting.splice(0)) go();
		await Promise.all(works.splice(0));
	}
	return { bell, raised, logged, pauseIsOver, wait: (seconds: number) => (clock += seconds) };
}

const noticed: Noticed = { accountId: "a", subject: "usr_any_1", target: "", detail: { username: "ada" } };

describe("the alert bell", () => {
	test("ten thousand rings are two writes and two looks, and each is counted when the pause is over", async () => {
		const { bell, raised, pauseIsOver } = aBell();
		let looks = 0;
		const ring = () =>
			bell.ring("failed_logins", "ada", async () => {
				looks += 1;
				return [noticed];
			});
		for (let index = 0; index < 10_000; index++) ring();
		await settle();
		expect([looks, raised.map(({ count }) => count)]).toEqual([1, [1]]);
		await pauseIsOver();
		expect([looks, raised.map(({ count }) => count)]).toEqual([2, [1, 9999]]);
		ring();
		await pauseIsOver();
		expect([looks, raised.map(({ count }) => count)]).toEqual([3, [1, 9999, 1]]);
	});

	test("what a request held that was dropped goes with the next ring, once", async () => {
		const { bell, raised, pauseIsOver, wait } = aBell();
		const ring = () => bell.ring("failed_logins", "ada", async () => [noticed]);
		for (let index = 0; index < 5; index++) ring();
		wait(2 * quiet);
		ring();
		await settle();
		expect(raised.map(({ count }) => count)).toEqual([1, 5]);
		await pauseIsOver();
		expect(raised.map(({ count }) => count)).toEqual([1, 5]);
	});

	test("of more than it can hold apart none is lost", async () => {
		const { bell, raised, pauseIsOver } = aBell();
		for (let index = 0; index < 2400; index++) bell.ring("failed_logins", String(index % 1200), async () => [noticed]);
		await pauseIsOver();
		expect(raised.reduce((sum, { count }) => sum + count, 0)).toBe(2400);
	});

	test("what is about something else, or of another kind, is not held back", async () => {
		const { bell, raised } = aBell();
		for (const about of ["ada", "grace"]) bell.ring("failed_logins", about, async () => [noticed]);
		bell.ring("dead_key_used", "ada", async () => [noticed]);
		await settle();
		expect(raised).toHaveLength(3);
	});

	test("a store or a look that fails is logged without a secret, and nobody notices", async () => {
		const broken = aBell({ raise: () => Promise.reject(new Error("D1 is away")) });
		broken.bell.ring("dead_key_used", "hash-of-a-code", async () => [noticed]);
		broken.bell.ring("failed_logins", "ada", () => Promise.reject(new Error("no register")));
		await settle();
		expect(broken.logged).toEqual(
			['{"event":"alert.failed","kind":"dead_key_used"}', '{"event":"alert.failed","kind":"failed_logins"}'].toSorted(
				(a, b) => broken.logged.indexOf(a) - broken.logged.indexOf(b),
			),
		);
	});
});
