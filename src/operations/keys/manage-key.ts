import type { NamePosition } from "../../domain/ports/api-keys.ts";
import type { Account } from "../../domain/account.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Actor } from "../actor.ts";
import { audit } from "../audit.ts";
import { changeKey } from "./change-key.ts";
import { checkPolicies, type PolicyRefusal } from "./check-policies.ts";
import { withBuiltIn } from "./create-key.ts";
import { findOwnKey, isKeyId, type ManagedKey, policiesOf } from "./find-managed-key.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** The keys of an account, its own and linked ones, as the register has them; by name. */
export async function listKeys(
	accountId: string,
	page: { after: NamePosition | null; limit: number },
	services: Services,
): Promise<{ keys: readonly ManagedKey[]; next: NamePosition | null }> {
	const rows = await portsOf(services).keyRegister.keys(accountId, page.after, page.limit + 1);
	const keys = rows
		.slice(0, page.limit)
		.map(({ key, verdict, linkedAt }) => ({ row: key, verdict, accountId, linkedAt }));
	const last = keys.at(-1)?.row;
	return { keys, next: rows.length > page.limit && last ? { name: last.name, id: last.id } : null };
}

export interface KeyEdit {
	readonly name?: string | undefined;
	readonly tags?: readonly string[] | undefined;
	readonly policies?: readonly string[] | undefined;
	readonly enabled?: boolean | undefined;
}

export type KeyEdited = { kind: "edited" | "unknown" | "name_taken" } | PolicyRefusal;

/** Contract 003, "Editing API Keys". What is not named stays. */
export async function editKey(id: string, edit: KeyEdit, actor: Actor, services: Services): Promise<KeyEdited> {
	const key = await findOwnKey(id, actor.accountId, services);
	if (!key) return { kind: "unknown" };
	const refusal = edit.policies && (await checkPolicies(edit.policies, policiesOf(key), actor, services));
	if (refusal) return refusal;
	const { row } = key;
	const entry = entryFor(row.id, actor);
	if (edit.name !== undefined || edit.tags !== undefined) {
		const name = edit.name ?? row.name;
		const written = await portsOf(services).keyRegister.editKey(
			row,
			{ name, ...(edit.tags && { tags: edit.tags }) },
			{ ...entry, at: services.now(), action: "key.edit", detail: { name } },
		);
		if (written !== "written") return { kind: written };
	}
	if (edit.policies) {
		const policies = withBuiltIn(edit.policies, row.type);
		const change = { kind: "edit_policies", accountId: actor.accountId, policies } as const;
		if ((await changeKey(row.id, change, services)).kind === "refused") return { kind: "unknown" };
		await audit({ ...entry, action: "key.edit_policies", detail: { policies: policies.join(" ") } }, services);
	}
	if (edit.enabled !== undefined) {
		const state = edit.enabled ? "enabled" : "disabled";
		const changed = await changeKey(row.id, { kind: "set_state", state }, services);
		if (changed.kind === "refused") return { kind: "unknown" };
		const action = edit.enabled ? "key.enable" : "key.disable";
		if (changed.kind === "changed") await audit({ ...entry, action, detail: { name: row.name } }, services);
	}
	return { kind: "edited" };
}

/**
 * Ends a key for good, and every link with it. Where it stopped half-way it goes on: the ledger's tombstone stays, whatever
 * became of the rows.
 */
export async function deleteKey(id: string, actor: Actor, services: Services): Promise<"deleted" | "unknown"> {
	const row = isKeyId(id) ? await portsOf(services).keyRegister.key(id) : null;
	if (row?.accountId !== actor.accountId) return "unknown";
	const links = await portsOf(services).keyRegister.links(row.id);
	const changed = await changeKey(row.id, { kind: "delete" }, services);
	if (changed.kind === "refused") return "unknown";
	const entry = { ...entryFor(row.id, actor), at: services.now(), detail: { name: row.name } };
	const entries: AuditEntry[] = [{ ...entry, action: "key.delete" }];
	// The accounts that had linked it find out why it stopped.
	for (const { accountId } of links) entries.push({ ...entry, accountId, actor: "owner", action: "link.ended" });
	await portsOf(services).keyRegister.deleteKey(row.id, entries);
	return "deleted";
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
export async function accountName(id: string, services: Services): Promise<Pick<Account, "id" | "name">> {
	return { id, name: (await services.lookups.account(id))?.name ?? "An account that is gone" };
}

function entryFor(id: SubjectId, { accountId, subject, address }: Actor) {
	return { accountId, actor: subject, target: id, address };
}
