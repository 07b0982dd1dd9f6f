import type { Session } from "../../domain/session.ts";
import type { Actor } from "../actor.ts";
import { audit, entryOf } from "../audit.ts";
import { type ListPage, type ListQuery, pageOf, partOf } from "../list.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { findOwnKey, type ManagedKey } from "./find-managed-key.ts";

/** The live login sessions of a key, whichever code and account they are of, by id. Null for a cursor that is not of this list. */
export function listKeySessions(
	{ row }: ManagedKey,
	{ cursor, limit }: ListQuery,
	services: Services,
): Promise<ListPage<Session> | null> {
	return pageOf(`key sessions ${row.id}`, cursor, services, async (position) => {
		const after = String(position?.[0] ?? "");
		const ledger = portsOf(services).ledgers.of(row.id);
		const found = await ledger.listSessions({ all: true, after, limit: limit + 1 });
		return partOf(found, limit, ({ sid }) => [sid]);
	});
}

/** Ends one session of a key of the account's own, and every token of it, from the next request on. */
export async function endKeySession(
	{ keyId, sid }: { keyId: string; sid: string },
	actor: Actor,
	services: Services,
): Promise<"ended" | "unknown_key" | "unknown"> {
	const key = await findOwnKey(keyId, actor.accountId, services);
	if (!key) return "unknown_key";
	const outcome = await portsOf(services).ledgers.of(key.row.id).revokeSession(sid, null);
	if (outcome === "unknown") return outcome;
	const act = { action: "session.revoke", target: sid, detail: { key: key.row.id, name: key.row.name } };
	await audit(entryOf(actor, act, services), services);
	return "ended";
}
