import { appendFileSync } from "node:fs";

/** One line of the table of `npm run faults`. */
export interface FaultRow {
	readonly fault: string;
	readonly platform: string;
	rounds: number;
	/** Answers that said that something was done. */
	acknowledged: number;
	/** Of these, what was not there afterwards; and what a fault took away that nobody had asked to end. */
	lost: number;
	/** What was given twice, though it may be given once. */
	doubled: number;
	/** How often each status was answered. */
	readonly answers: Record<number, number>;
}

export function noAnswers(fault: string, platform: string): FaultRow {
	return { fault, platform, rounds: 0, acknowledged: 0, lost: 0, doubled: 0, answers: {} };
}

/** For test/faults/run.ts, which names the file. */
export function report(row: FaultRow): void {
	const file = process.env.FAULT_REPORT;
	if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}
