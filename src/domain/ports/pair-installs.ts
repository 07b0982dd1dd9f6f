import type { AuditEntry } from "../audit-entry.ts";
import type { Install } from "../install.ts";

/** Token pairs among the installs of the register. */
export interface PairInstalls {
	/** Lists the grants of pairs, before the ledger opens them. What is listed stays as it is, and is noted once. */
	add(installs: readonly Install[], entry: AuditEntry): Promise<void>;
}
