// `npm run near`: 1,000 rounds of checks from four colos beside an end, and as many while everything is killed and started again
// (`npm run near killed`: those alone). Prints what they came to, and ends with 1 where anybody was told that something counted
// after it had been ended.
import { startFar } from "../runners/start-far.ts";
import { edges, nearRounds, type Rounds } from "./near-rounds.ts";

const rounds = Number(process.env.NEAR_ROUNDS ?? 1000);
const kinds = ["undisturbed", "killed"] as const;
const asked = kinds.filter((kind) => process.argv.includes(kind));

for (const kind of asked.length > 0 ? asked : kinds) {
	const far = await startFar(edges);
	try {
		const all = await nearRounds(far, rounds, kind === "killed" ? Math.ceil(rounds / 40) : 0);
		console.table({ [kind]: summary(all) });
		if (all.wrong > 0) process.exitCode = 1;
	} finally {
		await far.stop();
	}
}

function summary({ took, ...counts }: Rounds) {
	const sorted = took.toSorted((one, other) => one - other);
	const at = (part: number) => Math.round(sorted[Math.floor(part * sorted.length)] ?? 0);
	return { ...counts, "acknowledged after, p50 ms": at(0.5), "p99 ms": at(0.99) };
}
