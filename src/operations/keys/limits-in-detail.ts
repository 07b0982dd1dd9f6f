import { writeInstant } from "../../domain/instant.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { KeyLimits } from "../../domain/key-limits.ts";

/** Limits, as the audit log says them. */
export function limitsInDetail(limits: KeyLimits | null | undefined): AuditEntry["detail"] {
	const { expiresAt, networks, rate, uses } = limits ?? {};
	return {
		...(expiresAt !== undefined && { expires_at: writeInstant(expiresAt) }),
		...(networks && { networks: networks.join(" ") }),
		...(rate && { rate: `${rate.uses} a ${rate.per}` }),
		...(uses !== undefined && { uses }),
	};
}
