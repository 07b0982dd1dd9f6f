import { logLine, thrown } from "../../domain/log-line.ts";
import type { Ledgers } from "../../domain/ports/ledgers.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Seconds } from "../../domain/brands.ts";
import { copyVerdict } from "../sql/copy-verdict.ts";
import { purgeSlices } from "../sql/purge-slices.ts";
import { ripe } from "../sql/sql-rows.ts";
import type { DataFiles } from "./data-folder.ts";

/** Of one upkeep: the register is not to be held up by a flood of keys. */
const mostVerdicts = 1000;

/** Of one upkeep: each waits for a stranger's server. */
const mostTold = 100;

/** Tells the clients that a subject's ledger has noted and that are due. It does not fail. */
export type SendDueLogouts = (subject: SubjectId) => Promise<void>;

/**
 * What may go from the file of ledgers goes, the register learns of the verdicts that no request told it of, and clients of the
 * sign-ins that are over.
 */
export async function upkeep(
	files: DataFiles,
	ledgers: Ledgers,
	now: Seconds,
	sendDueLogouts: SendDueLogouts,
): Promise<void> {
	const { ledgers: file } = files;
	const row = { table: "rows", column: "purge_at", key: "subject, kind, id", where: ripe };
	await purgeSlices(file, row, now + 1);
	await purgeSlices(file, { table: "tallies", column: "ends_at", key: "name" }, now + 1);
	await purgeSlices(file, { table: "codes", column: "expires_at", key: "hash" }, now + 1);
	await purgeSlices(file, { table: "device_requests", column: "expires_at", key: "user_code" }, now + 1);
	const uncopied = file
		.exec<{ subject: SubjectId }>(
			`SELECT subject FROM rows WHERE purge_at <= ? AND kind = 'key' ORDER BY purge_at LIMIT ${mostVerdicts}`,
			now,
		)
		.toArray();
	for (const { subject } of uncopied) await copyUncopied(files, ledgers, subject, now);
	const waiting = file
		.exec<{ subject: SubjectId }>(
			`SELECT DISTINCT subject FROM rows WHERE purge_at <= ? AND kind = 'logout' LIMIT ${mostTold}`,
			now,
		)
		.toArray();
	await Promise.all(waiting.map(({ subject }) => sendDueLogouts(subject)));
}

/** What the request could not copy to the register, for it crashed or the register failed (DESIGN §3.5). */
async function copyUncopied({ register }: DataFiles, ledgers: Ledgers, keyId: SubjectId, now: Seconds): Promise<void> {
	try {
		const ledger = ledgers.of(keyId);
		const verdict = await ledger.uncopiedKey();
		if (!verdict) return;
		await copyVerdict(register, keyId, verdict, now);
		await ledger.acknowledgeKey(verdict.rev);
	} catch (error) {
		console.error(logLine(new Date(), "verdict.copy_failed", { key: keyId, ...thrown(error) }));
	}
}
