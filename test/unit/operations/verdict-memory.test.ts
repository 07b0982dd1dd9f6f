import { describe, expect, test } from "vitest";
import { createVerdictMemory } from "../../../src/operations/verdict-memory.ts";

interface Verdict {
	readonly expiresAt: number;
	readonly says: string;
}

/** A memory whose clock stands, and what it is asked to find out. */
function aMemory() {
	const state = { now: 1000, asked: 0, told: 0 };
	const memory = createVerdictMemory(
		(verdict: Verdict | null) => verdict?.expiresAt ?? null,
		() => state.now,
		(parties) => (state.told += parties.length),
	);
	const ask = (name: string, maxStaleness = 10, verdict: Verdict | null = good()) =>
		memory.answer([name], maxStaleness, async () => {
			state.asked++;
			return said(verdict);
		});
	return { state, memory, ask };
}

function said(answer: Verdict | null) {
	return { answer, parties: [{ accountId: "a", objects: [] }] };
}

function good(says = "good", expiresAt = 1_000_000): Verdict {
	return { says, expiresAt };
}

describe("a verdict that is remembered", () => {
	test("is as old as its check's beginning: what is revoked while it lasts is not told as younger", async () => {
		const { state, memory } = aMemory();
		await memory.answer(["slow"], 10, async () => {
			state.now += 8;
			return said(good());
		});
		expect(await memory.answer(["slow"], 10, async () => said(null))).toMatchObject({
			checkedAt: 1000,
			answer: good(),
		});
		state.now += 2;
		expect(await memory.answer(["slow"], 10, async () => said(null))).toEqual({ checkedAt: 1010, answer: null });
	});

	test("is not told once it has ended", async () => {
		const { state, ask } = aMemory();
		await ask("ends", 60, good("ends", 1005));
		state.now = 1004;
		await ask("ends", 60, null);
		expect(state.asked).toBe(1);
		state.now = 1005;
		expect((await ask("ends", 60, null)).answer).toBeNull();
	});

	test("is dropped when the ledger says otherwise to whoever took less", async () => {
		const { state, ask } = aMemory();
		await ask("revoked", 60);
		state.now += 5;
		expect((await ask("revoked", 5, null)).answer).toBeNull();
		expect((await ask("revoked", 60, null)).answer).toBeNull();
		expect(state.asked).toBe(3);
	});

	test("is kept by a question's parts, which never run together", async () => {
		const { memory } = aMemory();
		const questions = [["a", "b"], ["ab"], ["", "ab"], [null, "ab"], ['a","b'], ["a", "b", null]];
		for (const [index, question] of questions.entries()) {
			const { answer } = await memory.answer(question, 60, async () => said(good(`${index}`)));
			expect(answer?.says).toBe(`${index}`);
		}
	});

	test("is counted each time that it is told, and a refusal is not", async () => {
		const { state, ask } = aMemory();
		for (const maxStaleness of [0, 10, 10, 60]) await ask("often", maxStaleness);
		expect(state).toMatchObject({ asked: 2, told: 4 });
		await ask("refused", 60, null);
		await ask("refused", 0, null);
		expect(state.told).toBe(4);
	});

	test("that failed is nobody's answer", async () => {
		const { memory, ask } = aMemory();
		await expect(memory.answer(["down"], 10, () => Promise.reject(new Error("down")))).rejects.toThrow("down");
		expect((await ask("down")).answer).toEqual(good());
	});
});

describe("what a memory holds", () => {
	test("ten thousand refusals take no room, and put out nothing", async () => {
		const { state, ask } = aMemory();
		await ask("mine", 60);
		for (let each = 0; each < 10_000; each++) await ask(`garbage ${each}`, 60, null);
		state.asked = 0;
		await ask("mine", 60, null);
		expect(state.asked).toBe(0);
	});

	test("is bounded by what the answers say: the oldest go first", async () => {
		const { state, ask } = aMemory();
		const long = "x".repeat(1024 * 1024);
		for (const name of ["first", "second", "third", "fourth"]) await ask(name, 60, good(long));
		state.asked = 0;
		await ask("second", 60);
		await ask("fourth", 60);
		expect(state.asked).toBe(0);
		await ask("first", 60, good("small"));
		expect(state.asked).toBe(1);
	});

	test("an answer that is larger than all of it is given, and not kept", async () => {
		const { state, ask } = aMemory();
		const huge = good("x".repeat(5 * 1024 * 1024));
		expect((await ask("huge", 60, huge)).answer).toBe(huge);
		await ask("huge", 60, huge);
		expect(state.asked).toBe(2);
	});

	test("is forgotten when it is told to", async () => {
		const { state, memory, ask } = aMemory();
		await ask("withdrawn", 60);
		memory.forget();
		await ask("withdrawn", 60);
		expect(state.asked).toBe(2);
	});
});
