import type { Ledger } from "../ledger.ts";
import type { SubjectId } from "../subject.ts";

/** Every verb of {@link Ledger}, each one transaction in the subject's own Durable Object. */
export type RemoteLedger = {
	readonly [Verb in keyof Ledger]: (...args: Parameters<Ledger[Verb]>) => Promise<ReturnType<Ledger[Verb]>>;
};

export interface Ledgers {
	/** Addresses the ledger of a subject at its home; makes nothing. */
	of(subject: SubjectId): RemoteLedger;
}
