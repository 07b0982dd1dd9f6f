import type { Account } from "../../domain/account.ts";
import type { KeyLimits } from "../../domain/key-limits.ts";
import { linkersOf } from "../../domain/api-key-state.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Actor } from "../actor.ts";
import { entryOf, inOtherLog } from "../audit.ts";
import { changeKey } from "./change-key.ts";
import { checkPolicies, type PolicyRefusal } from "./check-policies.ts";
import { withBuiltIn } from "./create-key.ts";
import { defined } from "../../domain/defined.ts";
import { changedMembers } from "../../domain/stored.ts";
import { type Edit, untilWritten } from "../edit.ts";
import { limitsInDetail } from "./limits-in-detail.ts";
import { findOwnKey, isKeyId, type ManagedKey, policiesOf } from "./find-managed-key.ts";
import { accountNameOf } from "../lookups.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export interface KeyEdit {
	readonly name?: string | undefined;
	readonly tags?: readonly string[] | undefined;
	readonly policies?: readonly string[] | undefined;
	readonly enabled?: boolean | undefined;
	/** Null: none. */
	readonly limits?: KeyLimits | null | undefined;
	/** For the key that was read, and for none that somebody has changed since. */
	readonly onlyAsRead?: boolean;
}

export type KeyEdited =
	| { kind: "edited"; key: ManagedKey }
	| { kind: "unknown" | "name_taken" }
	/** Whoever edits it had another one before them than this, which stands there now. */
	| { kind: "stale"; key: ManagedKey }
	/** Others change it all the time; a part of it may be written already. */
	| { kind: "overtaken" }
	| PolicyRefusal;

/**
 * Contract 003, "Editing API Keys". What is not named stays as it is then, whoever changes it at the same time. `first` is
 * the key where it was found already.
 */
export async function editKey(
	id: string,
	edit: Edit<ManagedKey, KeyEdit>,
	actor: Actor,
	services: Services,
	first: ManagedKey | null = null,
): Promise<KeyEdited> {
	const { accountId } = actor;
	let found = first;
	/** The row as it was judged and as it is now, once it is written: what then is left is the ledger's. */
	let written: { readonly before: ManagedKey["row"]; readonly after: ManagedKey["row"] } | null = null;
	return untilWritten(async () => {
		const key = found ?? (await findOwnKey(id, accountId, services));
		found = null;
		if (!key) return { kind: "unknown" };
		const said = await edit(written ? { ...key, row: written.before } : key);
		// What is refused is refused whole: what the row was given before the ledger was asked does not stay.
		const refuse = async (outcome: KeyEdited): Promise<KeyEdited> => {
			const { name, tags } = written?.before ?? key.row;
			const back = await nameKey(written?.after ?? key.row, { name, tags }, actor, services);
			if (back.kind !== "named") return { kind: "overtaken" };
			return outcome.kind === "stale" ? { kind: "stale", key: { ...key, row: back.row } } : outcome;
		};
		if (said === "stale") return refuse({ kind: "stale", key });
		const { policies, enabled, limits, onlyAsRead, ...text } = said;
		const refusal = policies && (await checkPolicies(policies, policiesOf(key), actor, services));
		if (refusal) return refuse(refusal);
		if (!written) {
			const named = await nameKey(key.row, text, actor, services);
			if (named.kind !== "named") return named.kind === "overtaken" ? named.kind : { kind: "name_taken" };
			if (named.row !== key.row) written = { before: key.row, after: named.row };
		}
		const row = written?.after ?? key.row;
		let { verdict } = key;
		const asRead = () => (onlyAsRead ? { rev: verdict.rev } : {});
		if (policies) {
			const given = { from: policiesOf(key), policies: withBuiltIn(policies, row.type) };
			const act = { action: "key.edit_policies", target: row.id, detail: { policies: given.policies.join(" ") } };
			const change = { kind: "edit_policies", accountId, ...given, ...asRead() } as const;
			const changed = await changeKey(row.id, change, services, () => [entryOf(actor, act, services)]);
			if (changed.kind === "refused") return changed.reason === "overtaken" ? "overtaken" : { kind: "unknown" };
			verdict = changed.verdict;
		}
		if (limits !== undefined) {
			const act = { action: "key.edit_limits", target: row.id, detail: { name: row.name, ...limitsInDetail(limits) } };
			const change = { kind: "edit_limits", from: key.verdict.limits ?? null, limits, ...asRead() } as const;
			const changed = await changeKey(row.id, change, services, () => [entryOf(actor, act, services)]);
			if (changed.kind === "refused") {
				if (changed.reason !== "overtaken") return { kind: "unknown" };
				return verdict === key.verdict ? "overtaken" : { kind: "overtaken" };
			}
			verdict = changed.verdict;
		}
		if (enabled !== undefined) {
			const state = enabled ? "enabled" : "disabled";
			const act = { action: enabled ? "key.enable" : "key.disable", target: row.id, detail: { name: row.name } };
			const change = { kind: "set_state", state, ...asRead() } as const;
			const changed = await changeKey(row.id, change, services, () => [entryOf(actor, act, services)]);
			if (changed.kind === "refused") {
				if (changed.reason !== "overtaken") return { kind: "unknown" };
				// Judged once more, unless the key was changed by this very edit, which cannot be told from others then.
				return verdict === key.verdict ? "overtaken" : { kind: "overtaken" };
			}
			verdict = changed.verdict;
		}
		return { kind: "edited", key: { ...key, row, verdict } };
	});
}

async function nameKey(
	row: ManagedKey["row"],
	text: Pick<KeyEdit, "name" | "tags">,
	actor: Actor,
	services: Services,
): Promise<{ kind: "named"; row: ManagedKey["row"] } | { kind: "name_taken" | "overtaken" }> {
	const next = { ...row, ...defined(text) };
	const changed = changedMembers(row, next);
	if (changed.length === 0) return { kind: "named", row };
	const act = { action: "key.edit", target: row.id, detail: { name: next.name, changed: changed.join(" ") } };
	const outcome = await portsOf(services).keyRegister.editKey(next, entryOf(actor, act, services));
	return outcome === "written" ? { kind: "named", row: { ...next, rev: row.rev + 1 } } : { kind: outcome };
}

/**
 * Ends a key for good, and every link with it. Where it stopped half-way it goes on: the ledger's tombstone stays, whatever
 * became of the rows. `edit` is null for whoever deletes it whatever it is by now.
 */
export async function deleteKey(
	id: string,
	edit: Edit<ManagedKey, object> | null,
	actor: Actor,
	services: Services,
): Promise<"deleted" | "unknown" | "stale"> {
	const { accountId } = actor;
	const row = isKeyId(id) ? await portsOf(services).keyRegister.key(id) : null;
	if (row?.accountId !== accountId) return "unknown";
	const there = edit && (await portsOf(services).ledgers.of(row.id).readKey());
	const key = there && there.state !== "deleted" ? { row, verdict: there, accountId, linkedAt: null } : null;
	if (edit && key && (await edit(key)) === "stale") return "stale";
	const entry = entryOf(actor, { action: "key.delete", target: row.id, detail: { name: row.name } }, services);
	// The accounts that had linked it find out why it stopped, and not who of the owner's people it was, nor from where.
	const ended = await inOtherLog({ ...entry, action: "link.ended" }, accountId, accountId, services);
	const end = { kind: "delete", ...(key && { rev: key.verdict.rev }) } as const;
	const changed = await changeKey(row.id, end, services, (verdict) => [
		entry,
		...linkersOf(verdict).map((linker) => ({ ...ended, accountId: linker })),
	]);
	if (changed.kind === "refused") return changed.reason === "overtaken" ? "stale" : "unknown";
	return "deleted";
}

/** When the keys of the account's own among these were last used, as their ledgers have it: to the minute. */
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
