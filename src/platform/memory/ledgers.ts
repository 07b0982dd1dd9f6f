import { Ledger } from "../../domain/ledger.ts";
import type { Ledgers } from "../../domain/ports/ledgers.ts";
import { parseSubject, type SubjectId } from "../../domain/subject.ts";
import type { Seconds } from "../../domain/brands.ts";
import { type LedgerVerb, remoteLedgers, runVerb } from "../remote-ledger.ts";
import { MapRows } from "./map-rows.ts";

const verbs = Object.getOwnPropertyNames(Ledger.prototype).filter(isLedgerVerb);

/** The same {@link Ledger} over rows in memory. What crosses is cloned, as it would be on its way to another machine. */
export function memoryLedgers(now: () => Seconds): Ledgers {
	const ledgers = new Map<SubjectId, MapRows>();
	return {
		of: remoteLedgers(verbs, async (subject, verb, args) => {
			if (!parseSubject(subject)) throw new TypeError("not a subject's id");
			const rows = ledgers.get(subject) ?? new MapRows();
			rows.purge(now());
			const result = rows.transact(() => runVerb(new Ledger(rows, now()), verb, structuredClone(args)));
			if (rows.isEmpty()) ledgers.delete(subject);
			else ledgers.set(subject, rows);
			return structuredClone(result);
		}),
	};
}

function isLedgerVerb(name: string): name is LedgerVerb {
	return name !== "constructor";
}
