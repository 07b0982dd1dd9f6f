import type { ApiKeyRow } from "../../domain/ports/api-keys.ts";
import { parseSubject, type SubjectId } from "../../domain/subject.ts";
import { type ApiKeyState, linkSwitchedOffBy } from "../../domain/api-key-state.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** A key that an account has, with its verdict as its ledger has it now. */
export interface ManagedKey {
	readonly row: ApiKeyRow;
	readonly verdict: ApiKeyState;
	/** The account that looks at it. */
	readonly accountId: string;
	/** When the account linked it; null for its own. */
	readonly linkedAt: Seconds | null;
}

/** Null for a key that the account does not have, whether there is one or not: foreign ids tell nothing. */
export async function findManagedKey(id: string, accountId: string, services: Services): Promise<ManagedKey | null> {
	// Before the ledger is asked: else anybody could wake objects by inventing ids.
	const row = isKeyId(id) ? await portsOf(services).keyRegister.key(id) : null;
	if (!row) return null;
	const isOwn = row.accountId === accountId;
	const link = isOwn ? null : await portsOf(services).keyRegister.link(row.id, accountId);
	if (!isOwn && !link) return null;
	const verdict = await portsOf(services).ledgers.of(row.id).readKey();
	if (!verdict || verdict.state === "deleted" || !Object.hasOwn(verdict.policies, accountId)) return null;
	return { row, verdict, accountId, linkedAt: link?.createdAt ?? null };
}

/** A key of the account's own. */
export async function findOwnKey(id: string, accountId: string, services: Services): Promise<ManagedKey | null> {
	const key = await findManagedKey(id, accountId, services);
	return key?.row.accountId === accountId ? key : null;
}

export function isKeyId(text: string): text is SubjectId {
	return parseSubject(text)?.kind === "key";
}

/** Whether the key opens the account, as far as keys and links are switched on. */
export function isOn({ verdict, accountId }: Pick<ManagedKey, "verdict" | "accountId">): boolean {
	return verdict.state === "enabled" && linkSwitchedOffBy(verdict, accountId).length === 0;
}

export function policiesOf({ verdict, accountId }: Pick<ManagedKey, "verdict" | "accountId">): readonly string[] {
	return (Object.hasOwn(verdict.policies, accountId) && verdict.policies[accountId]) || [];
}
