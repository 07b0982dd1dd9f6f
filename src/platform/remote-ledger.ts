import type { Ledger } from "../domain/ledger.ts";
import type { RemoteLedger } from "../domain/ports.ts";

export type LedgerVerb = keyof Ledger;

/** A ledger whose every verb goes through one call. */
export function remoteLedger(
	verbs: readonly LedgerVerb[],
	call: (verb: LedgerVerb, args: readonly unknown[]) => Promise<unknown>,
): RemoteLedger {
	const remote = verbs.map((verb) => [verb, (...args: readonly unknown[]) => call(verb, args)]);
	return Object.fromEntries(remote);
}

/** The other end of the call: the verb by its name. Its arguments are the verb's own, as {@link RemoteLedger} has it. */
export function runVerb(ledger: Ledger, verb: LedgerVerb, args: readonly unknown[]): unknown {
	return Reflect.apply(ledger[verb], ledger, args);
}
