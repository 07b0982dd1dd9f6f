import { expect } from "vitest";
import { type Answer, saysWhen } from "./api.ts";
import type { FaultRow } from "./report.ts";
import { stated } from "./stated-faults.ts";

interface Noted {
	/** Whether it is as the page states. */
	readonly note: (answer: Answer) => Answer;
	/** Counts as lost what is not there. */
	readonly kept: (answer: Answer, status?: number) => Answer;
}

/** What is done with an answer, in the row of the fault that is tried just now. */
export function notedIn(current: () => FaultRow): Noted {
	return {
		note(answer) {
			const row = current();
			row.answers[answer.status] = (row.answers[answer.status] ?? 0) + 1;
			const words = stated.get(row.fault) ?? "";
			expect([...(words.includes("good") ? [200] : []), ...(words.includes("503") ? [503] : [])]).toContain(
				answer.status,
			);
			expect(saysWhen(answer)).toBe(true);
			if (answer.status !== 503) row.acknowledged += 1;
			return answer;
		},
		kept(answer, status = 200) {
			if (answer.status !== status) current().lost += 1;
			expect(answer).toMatchObject({ status });
			return answer;
		},
	};
}
