import type { SubjectId } from "../../domain/subject.ts";
import type { ApiKeyChange, ApiKeyChanged, ApiKeyState } from "../../domain/api-key-state.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import { type HoldsPorts, portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";

/**
 * One change to an API key: its ledger decides, then the register gets its copy and the ledger is told so. Where this
 * stops half-way, the ledger's alarm brings the copy (DESIGN §3.5). What was changed is noted together with the copy.
 */
export async function changeKey(
	keyId: SubjectId,
	change: ApiKeyChange,
	services: HoldsPorts & Pick<Services, "now">,
	entriesOf: (verdict: ApiKeyState) => readonly AuditEntry[] = () => [],
): Promise<ApiKeyChanged> {
	const ledger = portsOf(services).ledgers.of(keyId);
	const changed = await ledger.changeKey(change);
	if (changed.kind === "refused") return changed;
	const { verdict } = changed;
	const entries = changed.kind === "changed" ? entriesOf(verdict) : [];
	await portsOf(services).register.copyVerdict(keyId, verdict, services.now(), entries);
	await ledger.acknowledgeKey(verdict.rev);
	return changed;
}
