import type { Sealed, Seconds } from "./brands.ts";
import type { SubjectId } from "./subject.ts";

export interface ApiKey {
	readonly id: SubjectId;
	/** The account that owns it. */
	readonly accountId: string;
	readonly name: string;
	readonly tags: readonly string[];
	/** Left out: `standard`. The other has the built-in policy and a key file (key-ports.ts). */
	readonly type?: "standard" | "integration";
	readonly createdAt: Seconds;
}

/** An access code as it is listed; whether it is good is for the key's ledger to say. */
export interface AccessCode {
	readonly id: string;
	readonly keyId: SubjectId;
	readonly description: string;
	/** What people tell it by (crypto/access-code.ts); not there of one that was made before, until it is shown again. */
	readonly visible?: string;
	/** Sealed for showing it again; null where the account forbids that. */
	readonly sealedSecret: Sealed | null;
}
