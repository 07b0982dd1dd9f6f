import type { Ledger } from "../domain/ledger.ts";
import type { RemoteLedger } from "../domain/ports/ledgers.ts";
import type { SubjectId } from "../domain/subject.ts";

export type LedgerVerb = keyof Ledger;

/** Ledgers whose every verb goes through one call. The verbs are made once, not anew for every subject of every request. */
export function remoteLedgers(
	verbs: readonly LedgerVerb[],
	call: (subject: SubjectId, verb: LedgerVerb, args: readonly unknown[]) => Promise<unknown>,
): (subject: SubjectId) => RemoteLedger {
	const methods = verbs.map((verb) => [
		verb,
		function remote(this: { subject: SubjectId }, ...args: readonly unknown[]) {
			return call(this.subject, verb, args);
		},
	]);
	const prototype: object = Object.fromEntries(methods);
	return (subject) => Object.assign(Object.create(prototype), { subject });
}

/** The other end of the call: the verb by its name. Its arguments are the verb's own, as {@link RemoteLedger} has it. */
export function runVerb(ledger: Ledger, verb: LedgerVerb, args: readonly unknown[]): unknown {
	return Reflect.apply(ledger[verb], ledger, args);
}
