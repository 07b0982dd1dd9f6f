import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Services } from "./services.ts";
import { portsOf } from "./ports-of.ts";

/** Notes what has been done already: a register that fails now does not turn the answer into a failure. */
export async function audit(entry: Omit<AuditEntry, "at">, services: Services): Promise<void> {
	try {
		await portsOf(services).register.addAudit({ at: services.now(), ...entry });
	} catch {
		services.log("audit.failed", { action: entry.action, target: entry.target, actor: entry.actor });
	}
}
