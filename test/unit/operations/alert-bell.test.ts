import { describe, expect, test } from "vitest";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { Alerts } from "../../../src/domain/ports/alerts.ts";
import type { Sighting } from "../../../src/domain/alert.ts";
import { createAlertBell, type Noticed, quiet } from "../../../src/operations/events/alert-bell.ts";

function aBell(alerts: Partial<Alerts> = {}) {
	let clock = 1_800_000_000;
	const raised: Sighting[] = [];
	const logged: string[] = [];
	const works: Promise<void>[] = [];
	const bell = createAlertBell({
		alerts: {
			raise: async (sightings) => void raised.push(...sightings),
			search: async () => ({ rows: [], next: null }),
			purge: async () => {},
			...alerts,
		},
		now: () => clock,
		random: systemRandom,
		log: (event, detail) => logged.push(JSON.stringify({ event, ...detail })),
		later: (work) => works.push(work),
	});
	const settle = () => Promise.all(works);
	return { bell, raised, logged, settle, wait: (seconds: number) => (clock += seconds) };
}

const noticed: Noticed = { accountId: "a", subject: "usr_any_1", target: "", detail: { username: "ada" } };

describe("the alert bell", () => {
	test("ten thousand rings are one write and one look, and the next one tells of the others", async () => {
		const { bell, raised, settle, wait } = aBell();
		let looks = 0;
		const ring = () =>
			bell.ring("failed_logins", "ada", async () => {
				looks += 1;
				return [noticed];
			});
		for (let index = 0; index < 10_000; index++) ring();
		await settle();
		expect([looks, raised.map(({ count }) => count)]).toEqual([1, [1]]);
		wait(quiet);
		ring();
		await settle();
		expect([looks, raised.map(({ count }) => count)]).toEqual([2, [1, 10_000]]);
	});

	test("what is about something else, or of another kind, is not held back", async () => {
		const { bell, raised, settle } = aBell();
		for (const about of ["ada", "grace"]) bell.ring("failed_logins", about, async () => [noticed]);
		bell.ring("dead_key_used", "ada", async () => [noticed]);
		await settle();
		expect(raised).toHaveLength(3);
	});

	test("a store or a look that fails is logged without a secret, and nobody notices", async () => {
		const broken = aBell({ raise: () => Promise.reject(new Error("D1 is away")) });
		broken.bell.ring("dead_key_used", "hash-of-a-code", async () => [noticed]);
		broken.bell.ring("failed_logins", "ada", () => Promise.reject(new Error("no register")));
		await broken.settle();
		expect(broken.logged).toEqual(
			['{"event":"alert.failed","kind":"dead_key_used"}', '{"event":"alert.failed","kind":"failed_logins"}'].toSorted(
				(a, b) => broken.logged.indexOf(a) - broken.logged.indexOf(b),
			),
		);
	});
});
