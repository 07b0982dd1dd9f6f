import type { Hash } from "../../domain/brands.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { ApiKeyRefusal } from "../../domain/api-key-state.ts";
import { auditFirst, entryOf } from "../audit.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** What was good once and is refused now. The others say nothing of a key: a stranger's guess, an account that never had it. */
const dead: readonly ApiKeyRefusal[] = ["key_disabled", "key_deleted", "key_expired", "code_disabled", "code_expired"];

/**
 * Tells the owner's account that a key or access code which was switched off, deleted or has expired is still in use, and notes the first of a day. The
 * register's copy says whose it is, so that the ledger's answer need not.
 */
export function noticeDeadKey(key: { keyId: SubjectId; hash: Hash }, reason: string, services: Services): void {
	if (!dead.some((each) => each === reason)) return;
	services.alertBell.ring("dead_key_used", `${key.hash} ${reason}`, async () => {
		const copy = await portsOf(services).keyCopies.find(key.keyId);
		const code = copy?.verdict.codes.find(({ hash }) => hash === key.hash);
		if (!copy || !code) return [];
		const description = copy.descriptions[code.id] ?? "";
		const detail = { key: copy.name, access_code: description, reason };
		const { ownerId } = copy.verdict;
		const act = {
			action: "key.refused",
			target: key.keyId,
			detail: { name: copy.name, access_code: description, reason },
		};
		auditFirst(entryOf({ subject: "anonymous", accountId: ownerId, address: null }, act, services), services);
		return [{ accountId: ownerId, subject: key.keyId, target: code.id, detail }];
	});
}
