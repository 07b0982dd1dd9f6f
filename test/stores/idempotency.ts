import { describe, expect, test } from "vitest";
import { newId, type Stores, times } from "./builders.ts";

const turn = (changes: object = {}) => ({ id: newId(), nonce: newId(), fingerprint: "1 f", at: 1000, ...changes });

export function describeIdempotency({ platform }: Stores): void {
	const { idempotency } = platform;
	const never = { forgotten: 0, brokenOff: null };
	const answer = "sealed" as never;

	describe("idempotency keys", () => {
		test("of fifty at once one has the turn, and the others see it", async () => {
			const id = newId();
			const turns = times(50, () => turn());
			const outcomes = await Promise.all(turns.map((each) => idempotency.begin(id, each, never)));
			const begun = outcomes.flatMap((each, index) => (each.kind === "begun" ? [turns[index]] : []));
			expect(begun).toHaveLength(1);
			const first = { kind: "first", turn: begun[0]?.id, fingerprint: "1 f", answer: null, startedAt: 1000 };
			expect(outcomes.filter(({ kind }) => kind === "first")).toEqual(times(49, () => first));
		});

		test("the answer is kept for who has the turn, and a key that is released is as if it were never sent", async () => {
			const [id, mine] = [newId(), turn()];
			expect(await idempotency.begin(id, mine, never)).toEqual({ kind: "begun", nonce: mine.nonce });
			await idempotency.keep(id, "another", answer);
			await idempotency.release(id, "another");
			await idempotency.breakOff(id, "another", 0);
			expect(await idempotency.begin(id, turn(), never)).toMatchObject({ answer: null, startedAt: 1000 });
			await idempotency.keep(id, mine.id, answer);
			expect(await idempotency.begin(id, turn(), never)).toMatchObject({ turn: mine.id, answer });
			await idempotency.release(id, mine.id);
			expect(await idempotency.begin(id, turn(), never)).toMatchObject({ kind: "begun" });
		});

		test("what was broken off is taken up with its nonce, by the same request; what is forgotten begins anew", async () => {
			const [id, mine] = [newId(), turn()];
			await idempotency.begin(id, mine, never);
			const later = { forgotten: 0, brokenOff: 1001 };
			expect(await idempotency.begin(id, turn(), { ...later, brokenOff: 1000 })).toMatchObject({ kind: "first" });
			expect(await idempotency.begin(id, turn({ fingerprint: "1 g" }), later)).toMatchObject({ kind: "first" });
			const second = turn({ at: 1060 });
			expect(await idempotency.begin(id, second, later)).toEqual({ kind: "begun", nonce: mine.nonce });
			await idempotency.keep(id, mine.id, answer);
			await idempotency.breakOff(id, second.id, 900);
			expect(await idempotency.begin(id, turn(), never)).toMatchObject({ answer: null, startedAt: 900 });
			await idempotency.keep(id, second.id, answer);
			expect(await idempotency.begin(id, turn(), later)).toMatchObject({ answer });
			const other = turn({ fingerprint: "1 g" });
			expect(await idempotency.begin(id, other, { forgotten: 901, brokenOff: null })).toEqual({
				kind: "begun",
				nonce: other.nonce,
			});
		});

		test("goes when its time has come", async () => {
			const [old, young] = [newId(), newId()];
			await idempotency.begin(old, turn({ at: 10 }), never);
			await idempotency.begin(young, turn({ at: 11 }), never);
			await idempotency.purge(11);
			expect(await idempotency.begin(old, turn(), never)).toMatchObject({ kind: "begun" });
			expect(await idempotency.begin(young, turn(), never)).toMatchObject({ kind: "first", startedAt: 11 });
		});
	});
}
