import { describe, expect, test, vi } from "vitest";
import { sharedFor } from "../../../src/operations/shared-answer.ts";
import { ttlCache } from "../../../src/operations/ttl-cache.ts";

function aLookup(answer: (asked: number) => Promise<string | null>) {
	const state = { now: 1000, asked: 0 };
	const look = ttlCache((_key: string) => answer(++state.asked), {
		ttl: 30,
		most: 2,
		now: () => state.now,
		later: ignore,
	});
	return { look, state };
}

describe("a lookup that remembers", () => {
	test("asks once for those who come at the same time, and again after its bound", async () => {
		const { look, state } = aLookup((asked) => Promise.resolve(`answer ${asked}`));
		expect(await Promise.all([look("a"), look("a")])).toEqual(["answer 1", "answer 1"]);
		state.now += 29;
		expect(await look("a")).toBe("answer 1");
		state.now += 1;
		expect(await look("a")).toBe("answer 2");
	});

	test("does not wait for ever on an answer whose request was dropped", async () => {
		const never = new Promise<string>(() => {});
		const { look, state } = aLookup((asked) => (asked === 1 ? never : Promise.resolve("answer")));
		void look("a");
		state.now += sharedFor;
		expect(await look("a")).toBe("answer");
		expect(state.asked).toBe(2);
	});

	test("nor does whoever waits for it already: after a while they ask for themselves", async () => {
		vi.useFakeTimers();
		try {
			const never = new Promise<string>(() => {});
			const { look } = aLookup((asked) => (asked === 1 ? never : Promise.resolve("answer")));
			void look("a");
			const waiting = look("a");
			await vi.advanceTimersByTimeAsync(sharedFor * 1000);
			expect(await waiting).toBe("answer");
		} finally {
			vi.useRealTimers();
		}
	});

	test("asks again for what was not there, and for what failed", async () => {
		const answers = [
			() => Promise.resolve(null),
			() => Promise.reject(new Error("down")),
			() => Promise.resolve("yes"),
		];
		const { look } = aLookup((asked) => answers[asked - 1]?.() ?? Promise.resolve("more"));
		expect(await look("a")).toBeNull();
		await expect(look("a")).rejects.toThrow("down");
		expect(await look("a")).toBe("yes");
	});

	test("keeps at most so many, and asks anew where it is told to", async () => {
		const { look, state } = aLookup((asked) => Promise.resolve(`answer ${asked}`));
		for (const key of ["a", "b", "c"]) await look(key);
		expect(await look("a")).toBe("answer 4");
		expect(await look.fresh("a")).toBe("answer 5");
		expect(await look("a")).toBe("answer 5");
		expect(state.asked).toBe(5);
	});
});

function ignore(): void {}
