import type { SubjectId } from "../../domain/subject.ts";
import type { ApiKeyChange, ApiKeyChanged } from "../../domain/api-key-state.ts";
import { type HoldsPorts, portsOf } from "../ports-of.ts";

/**
 * One change to an API key: its ledger decides, then the register gets its copy and the ledger is told so. Where this
 * stops half-way, the ledger's alarm brings the copy (DESIGN §3.5).
 */
export async function changeKey(keyId: SubjectId, change: ApiKeyChange, services: HoldsPorts): Promise<ApiKeyChanged> {
	const ledger = portsOf(services).ledgers.of(keyId);
	const changed = await ledger.changeKey(change);
	if (changed.kind === "refused") return changed;
	await portsOf(services).register.copyVerdict(keyId, changed.verdict);
	await ledger.acknowledgeKey(changed.verdict.rev);
	return changed;
}
