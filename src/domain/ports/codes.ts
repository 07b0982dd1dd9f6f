import type { Hash, Seconds } from "../brands.ts";
import type { CodeGrantTerms } from "../grant.ts";

/** The records of authorization codes, by the hash of the code (KV). May be stale, late or missing: the ledger decides. */
export interface Codes {
	/** Immutable; disappears by itself after `ttl` seconds. */
	put(hash: Hash, record: CodeRecord, ttl: Seconds): Promise<void>;
	get(hash: Hash): Promise<CodeRecord | null>;
}

/** The terms of the grant that the code opens. It expires by what stands inside as well (`code.expiresAt`). */
export type CodeRecord = Omit<CodeGrantTerms, "createdAt">;
