import { setTimeout } from "node:timers/promises";
import type { Stored } from "../runners/stored.ts";
import { stored } from "./target.ts";

/** What counts refusals, on purpose: tallies of attempts, what somebody is told of them, and what is not ours. */
const counting = [
	{ of: "exact tallies and what was used once", tables: /latchkey-Limiter|ledgers(?:\.sqlite)? tallies$/ },
	{
		of: "the audit log: refusals that matter, and what webhooks are told of it",
		tables: / (?:audit\w*|webhook_outbox)$/,
	},
	{ of: "alerts", tables: / (?:new_)?alerts$/ },
	{ of: "usage: refusals by their reason", tables: / usage_(?:hours|batches)$/ },
	{ of: "wrong passwords, for their person to be told of", tables: / wrong_passwords$/ },
	{
		of: "workerd's own: how far a database is, and an alarm that has rung meanwhile",
		tables: / _cf_(?:METADATA|ALARM)$/,
	},
];

/** What is stored otherwise after this, row by row, but for what counts on purpose. */
export async function changesBy(work: () => Promise<void>): Promise<readonly string[]> {
	const before = await atRest();
	await work();
	const after = await atRest();
	const changes: string[] = [];
	for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
		if (counting.some(({ tables }) => tables.test(name))) continue;
		const [was, is] = [new Set(before[name]), new Set(after[name])];
		changes.push(...[...was].filter((row) => !is.has(row)).map((row) => `${name}: gone is ${row}`));
		changes.push(...[...is].filter((row) => !was.has(row)).map((row) => `${name}: new is ${row}`));
		if (!(name in before) || !(name in after)) changes.push(`${name} is ${name in after ? "new" : "gone"}`);
	}
	return changes;
}

/** When what goes on after an answer is done. */
async function atRest(): Promise<Stored> {
	for (let last = await stored(); ;) {
		await setTimeout(100);
		const now = await stored();
		if (JSON.stringify(now) === JSON.stringify(last)) return now;
		last = now;
	}
}
