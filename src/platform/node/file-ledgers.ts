import { Ledger } from "../../domain/ledger.ts";
import type { Ledgers } from "../../domain/ports/ledgers.ts";
import { parseSubject } from "../../domain/subject.ts";
import type { Seconds } from "../../domain/brands.ts";
import { type LedgerVerb, remoteLedgers, runVerb } from "../remote-ledger.ts";
import { SqlRows } from "../sql/sql-rows.ts";
import type { SqlFile } from "./sql-file.ts";

const verbs = Object.getOwnPropertyNames(Ledger.prototype).filter(isLedgerVerb);

/** The ledgers of all subjects in one file: each verb is a transaction, so that two processes are as safe as two requests. */
export function fileLedgers(file: SqlFile, now: () => Seconds): Ledgers {
	return {
		of: remoteLedgers(verbs, async (subject, verb, args) => {
			if (!parseSubject(subject)) throw new TypeError("not a subject's id");
			return file.transactionSync(() => runVerb(new Ledger(new SqlRows(file, subject), now()), verb, args));
		}),
	};
}

function isLedgerVerb(name: string): name is LedgerVerb {
	return name !== "constructor";
}
