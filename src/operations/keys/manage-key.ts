import type { Account } from "../../domain/account.ts";
import { linkersOf } from "../../domain/api-key-state.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Actor } from "../actor.ts";
import { audit, entryOf } from "../audit.ts";
import { byName, type ListPage, type ListQuery, namePosition, pageOf, partOf } from "../list.ts";
import { changeKey } from "./change-key.ts";
import { checkPolicies, type PolicyRefusal } from "./check-policies.ts";
import { withBuiltIn } from "./create-key.ts";
import { findOwnKey, isKeyId, type ManagedKey, policiesOf } from "./find-managed-key.ts";
import { accountNameOf } from "../lookups.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/**
 * The keys of an account, its own and linked ones, as the register has them; by name. Null for a cursor that is not of this
 * list.
 */
export function listKeys(
	accountId: string,
	{ cursor, limit }: ListQuery,
	services: Services,
): Promise<ListPage<ManagedKey> | null> {
	return pageOf(`keys ${accountId}`, cursor, services, async (after) => {
		const found = await portsOf(services).keyRegister.keys(accountId, namePosition(after), limit + 1);
		const keys = found.map(({ key, verdict, linkedAt }) => ({ row: key, verdict, accountId, linkedAt }));
		return partOf(keys, limit, ({ row }) => byName(row));
	});
}

export interface KeyEdit {
	readonly name?: string | undefined;
	readonly tags?: readonly string[] | undefined;
	readonly policies?: readonly string[] | undefined;
	readonly enabled?: boolean | undefined;
}

export type KeyEdited = { kind: "edited"; key: ManagedKey } | { kind: "unknown" | "name_taken" } | PolicyRefusal;

/** Contract 003, "Editing API Keys". What is not named stays. */
export async function editKey(id: string, edit: KeyEdit, actor: Actor, services: Services): Promise<KeyEdited> {
	const key = await findOwnKey(id, actor.accountId, services);
	return key ? editOwnKey(key, edit, actor, services) : { kind: "unknown" };
}

/** The same for a key that was found already: of the actor's account. */
export async function editOwnKey(key: ManagedKey, edit: KeyEdit, actor: Actor, services: Services): Promise<KeyEdited> {
	const refusal = edit.policies && (await checkPolicies(edit.policies, policiesOf(key), actor, services));
	if (refusal) return refusal;
	let { row, verdict } = key;
	const noted = (action: string, detail: AuditEntry["detail"]) =>
		entryOf(actor, { action, target: row.id, detail }, services);
	if (edit.name !== undefined || edit.tags !== undefined) {
		const text = { name: edit.name ?? row.name, ...(edit.tags && { tags: edit.tags }) };
		const written = await portsOf(services).keyRegister.editKey(row, text, noted("key.edit", { name: text.name }));
		if (written !== "written") return { kind: written };
		row = { ...row, ...text };
	}
	if (edit.policies) {
		const policies = withBuiltIn(edit.policies, row.type);
		const change = { kind: "edit_policies", accountId: actor.accountId, policies } as const;
		const changed = await changeKey(row.id, change, services);
		if (changed.kind === "refused") return { kind: "unknown" };
		verdict = changed.verdict;
		await audit(noted("key.edit_policies", { policies: policies.join(" ") }), services);
	}
	if (edit.enabled !== undefined) {
		const state = edit.enabled ? "enabled" : "disabled";
		const changed = await changeKey(row.id, { kind: "set_state", state }, services);
		if (changed.kind === "refused") return { kind: "unknown" };
		verdict = changed.verdict;
		const action = edit.enabled ? "key.enable" : "key.disable";
		if (changed.kind === "changed") await audit(noted(action, { name: key.row.name }), services);
	}
	return { kind: "edited", key: { ...key, row, verdict } };
}

/**
 * Ends a key for good, and every link with it. Where it stopped half-way it goes on: the ledger's tombstone stays, whatever
 * became of the rows.
 */
export async function deleteKey(id: string, actor: Actor, services: Services): Promise<"deleted" | "unknown"> {
	const row = isKeyId(id) ? await portsOf(services).keyRegister.key(id) : null;
	if (row?.accountId !== actor.accountId) return "unknown";
	const entry = entryOf(actor, { action: "key.delete", target: row.id, detail: { name: row.name } }, services);
	// The accounts that had linked it find out why it stopped, and not who of the owner's people it was, nor from where.
	const ended = { ...entry, actor: "owner", address: null, action: "link.ended" };
	const changed = await changeKey(row.id, { kind: "delete" }, services, (verdict) => [
		entry,
		...linkersOf(verdict).map((accountId) => ({ ...ended, accountId })),
	]);
	return changed.kind === "refused" ? "unknown" : "deleted";
}

/** When the keys of the account's own among these were last used, as their ledgers have it: to the hour. */
export async function lastUses(
	keys: readonly ManagedKey[],
	services: Services,
): Promise<ReadonlyMap<SubjectId, number>> {
	const own = keys.filter(({ row, accountId }) => row.accountId === accountId);
	const verdicts = await Promise.all(own.map(({ row }) => portsOf(services).ledgers.of(row.id).readKey()));
	const uses = new Map<SubjectId, number>();
	for (const [index, { row }] of own.entries()) {
		const times = (verdicts[index]?.codes ?? []).flatMap(({ lastUsedAt }) => lastUsedAt ?? []);
		if (times.length > 0) uses.set(row.id, Math.max(...times));
	}
	return uses;
}

/** The account behind an id, as far as another account is shown it. */
export async function accountName(id: string, { lookups }: Services): Promise<Pick<Account, "id" | "name">> {
	return { id, name: await accountNameOf(id, lookups) };
}
