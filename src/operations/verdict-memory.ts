import { sha256 } from "../crypto/digest.ts";
import type { Seconds } from "../domain/brands.ts";
import type { Party } from "../domain/usage.ts";

/** What a check said, and when it began. */
export interface Dated<Answer> {
	readonly answer: Answer;
	readonly checkedAt: Seconds;
}

/** What a check says, and whom that is counted for. */
export interface Checked<Answer> {
	readonly answer: Answer;
	readonly parties: readonly Party[];
}

/**
 * What checks said a moment ago, as a whole, for callers who choose how old an answer may be. Nothing but time is looked at
 * again: no ledger, no register, no signature.
 */
export interface VerdictMemory<Answer> {
	/** What `check` says; or what it said to the same `question` (who asks, and about what) less than `maxStaleness` ago. */
	answer(
		question: readonly (string | null | undefined)[],
		maxStaleness: Seconds,
		check: () => Promise<Checked<Answer>>,
	): Promise<Dated<Answer>>;
	/** Remembers nothing any more. */
	forget(): void;
}

interface Found<Answer> extends Dated<Answer>, Checked<Answer> {}

interface Kept<Answer> extends Found<Answer> {
	readonly goodUntil: Seconds;
	readonly size: number;
}

/** Characters of all that is kept, however much a single answer says; each costs what it takes to keep it besides. */
const most = 4 * 1024 * 1024;
const overhead = 200;

/**
 * Keeps what is good alone, which garbage is not: `goodUntil` says for how long at most, and null of any other answer. Each time that it
 * is told, be it remembered, is counted by `told`: of a check that is refused its reason is, where that is found.
 */
export function createVerdictMemory<Answer>(
	goodUntil: (answer: Answer) => Seconds | null,
	now: () => Seconds,
	told: (parties: readonly Party[]) => void,
): VerdictMemory<Answer> {
	const kept = new Map<string, Kept<Answer>>();
	let held = 0;

	function drop(key: string): void {
		held -= kept.get(key)?.size ?? 0;
		kept.delete(key);
	}

	function keep(key: string, found: Found<Answer>): void {
		drop(key);
		const until = goodUntil(found.answer);
		if (until === null) return;
		const size = JSON.stringify([found.answer, found.parties]).length + overhead;
		kept.set(key, { ...found, goodUntil: until, size });
		held += size;
		for (const oldest of kept.keys()) {
			if (held <= most) return;
			drop(oldest);
		}
	}

	function tell({ answer, checkedAt, parties }: Found<Answer>): Dated<Answer> {
		if (goodUntil(answer) !== null) told(parties);
		return { answer, checkedAt };
	}

	return {
		async answer(question, maxStaleness, check) {
			if (maxStaleness === 0) return tell({ checkedAt: now(), ...(await check()) });
			// A digest, since an access code is good for a year.
			const key = await sha256(JSON.stringify(question));
			// From before the check: whatever is revoked while it lasts makes the answer as old as that.
			const checkedAt = now();
			const known = kept.get(key);
			// A second that has begun counts as a whole one, so that no answer is older than its caller allows.
			if (known && checkedAt - known.checkedAt < maxStaleness && checkedAt < known.goodUntil) return tell(known);
			const found = { checkedAt, ...(await check()) };
			keep(key, found);
			return tell(found);
		},
		forget() {
			kept.clear();
			held = 0;
		},
	};
}
