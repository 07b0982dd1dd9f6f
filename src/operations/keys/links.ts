import { type LinkSide, linkSwitchedOffBy } from "../../domain/api-key-state.ts";
import type { Actor } from "../actor.ts";
import { entryOf, inOtherLog } from "../audit.ts";
import { changeKey } from "./change-key.ts";
import { type Edit, untilWritten } from "../edit.ts";
import { checkPolicies, type PolicyRefusal } from "./check-policies.ts";
import { findManagedKey, findOwnKey, isKeyId, linksOf, type ManagedKey, policiesOf } from "./find-managed-key.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export type Linked =
	| { kind: "linked"; key: ManagedKey }
	/** Not there, deleted, malformed, or the account's own: nobody learns which. */
	| { kind: "unknown" }
	| { kind: "already" | "full" | "policy_needed" }
	| PolicyRefusal;

/**
 * Contract 003, "Link Existing API Key": gives another account's key access to the actor's account, by at least one policy.
 * The same link again is the link that there is.
 */
export async function createLink(
	{ keyId, policies }: { keyId: string; policies: readonly string[] },
	actor: Actor,
	services: Services,
): Promise<Linked> {
	if (policies.length === 0) return { kind: "policy_needed" };
	const refusal = await checkPolicies(policies, [], actor, services);
	if (refusal) return refusal;
	const { accountId } = actor;
	const row = isKeyId(keyId) ? await portsOf(services).keyRegister.key(keyId) : null;
	if (!row || row.accountId === accountId) return { kind: "unknown" };
	const owner = await services.lookups.account(row.accountId);
	if (owner?.state !== "active") return { kind: "unknown" };
	const before = await portsOf(services).ledgers.of(row.id).readKey();
	if (!before || before.state === "deleted") return { kind: "unknown" };
	const entry = entryOf(actor, { action: "link.create", target: row.id, detail: { name: row.name } }, services);
	const add = { kind: "add_link", accountId, policies: unique(policies) } as const;
	const other = await inOtherLog(entry, row.accountId, accountId, services);
	const changed = await changeKey(row.id, add, services, () => [entry, other]);
	if (changed.kind === "refused") return { kind: changed.reason === "too_many_links" ? "full" : "unknown" };
	const key: ManagedKey = { row, verdict: changed.verdict, accountId, linkedAt: services.now() };
	if (changed.kind === "unchanged") {
		const isSame = policiesOf(key).toSorted().join(" ") === unique(policies).toSorted().join(" ");
		return isSame ? { kind: "linked", key } : { kind: "already" };
	}
	return { kind: "linked", key };
}

export type LinkEdited =
	| { kind: "edited"; key: ManagedKey }
	| { kind: "unknown" | "policy_needed" | "overtaken" }
	/** Whoever edits it had another one before them than this, which stands there now. */
	| { kind: "stale"; key: ManagedKey }
	| PolicyRefusal;

export interface LinkEdit {
	readonly policies?: readonly string[] | undefined;
	readonly enabled?: boolean | undefined;
}

/** The linker's side. `first` is the key where it was found already. */
export async function editLink(
	keyId: string,
	edit: Edit<ManagedKey, LinkEdit>,
	actor: Actor,
	services: Services,
	first: ManagedKey | null = null,
): Promise<LinkEdited> {
	const { accountId } = actor;
	let found = first;
	return untilWritten(async () => {
		const key = found ?? (await findManagedKey(keyId, accountId, services));
		found = null;
		if (!key || key.row.accountId === accountId) return { kind: "unknown" };
		const said = await edit(key);
		if (said === "stale") return { kind: "stale", key };
		if (said.policies?.length === 0) return { kind: "policy_needed" };
		const refusal = said.policies && (await checkPolicies(said.policies, policiesOf(key), actor, services));
		if (refusal) return refusal;
		let edited = key;
		if (said.policies) {
			const given = { from: policiesOf(key), policies: unique(said.policies) };
			const act = { action: "link.edit_policies", target: key.row.id, detail: { policies: given.policies.join(" ") } };
			const change = { kind: "edit_policies", accountId, ...given } as const;
			const changed = await changeKey(key.row.id, change, services, () => [entryOf(actor, act, services)]);
			if (changed.kind === "refused") return changed.reason === "overtaken" ? "overtaken" : { kind: "unknown" };
			edited = { ...key, verdict: changed.verdict };
		}
		if (said.enabled !== undefined) {
			const switched = await switchLink(edited, accountId, "linker", said.enabled, actor, services);
			if (switched === "unknown") return { kind: "unknown" };
			edited = switched;
		}
		return { kind: "edited", key: edited };
	});
}

/** The linker takes its link away. */
export async function removeLink(keyId: string, actor: Actor, services: Services): Promise<"removed" | "unknown"> {
	const key = await findManagedKey(keyId, actor.accountId, services);
	if (!key || key.row.accountId === actor.accountId) return "unknown";
	return endLink(key, actor.accountId, actor, services);
}

/** A link as the key's owner sees it. What the linker permits is the linker's business. */
export interface OwnersLink {
	readonly accountId: string;
	readonly createdAt: number;
	readonly off: readonly LinkSide[];
}

export async function listLinks(key: ManagedKey, services: Services): Promise<readonly OwnersLink[]> {
	const links = await linksOf(key, services);
	return links.map(({ accountId, createdAt }) => {
		return { accountId, createdAt, off: linkSwitchedOffBy(key.verdict, accountId) };
	});
}

/** The owner's side: switches another account's link off, or on again as far as the owner had switched it off. */
export async function setLinkEnabled(
	{ keyId, accountId }: { keyId: string; accountId: string },
	enabled: boolean,
	actor: Actor,
	services: Services,
): Promise<ManagedKey | "unknown"> {
	const key = await findOwnKey(keyId, actor.accountId, services);
	return key ? switchLink(key, accountId, "owner", enabled, actor, services) : "unknown";
}

/** The owner cuts another account's link. */
export async function cutLink(
	{ keyId, accountId }: { keyId: string; accountId: string },
	actor: Actor,
	services: Services,
): Promise<"removed" | "unknown"> {
	const key = await findOwnKey(keyId, actor.accountId, services);
	const isLink = key && accountId !== key.row.accountId && Object.hasOwn(key.verdict.policies, accountId);
	return isLink ? endLink(key, accountId, actor, services) : "unknown";
}

async function switchLink(
	key: ManagedKey,
	accountId: string,
	by: LinkSide,
	enabled: boolean,
	actor: Actor,
	services: Services,
): Promise<ManagedKey | "unknown"> {
	const keyId = key.row.id;
	const action = enabled ? "link.enable" : "link.disable";
	const entry = entryOf(actor, { action, target: keyId, detail: { account: accountId, side: by } }, services);
	// The other side sees in its own log why something stopped or came back.
	const owner = key.row.accountId;
	const [its, acting] = by === "owner" ? [accountId, owner] : [owner, accountId];
	const other = await inOtherLog(entry, its, acting, services);
	const change = { kind: "set_link_enabled", accountId, by, enabled } as const;
	const changed = await changeKey(keyId, change, services, () => [entry, other]);
	return changed.kind === "refused" ? "unknown" : { ...key, verdict: changed.verdict };
}

/** Whoever of the two ends it: gone across, and both find it in their log. */
async function endLink(
	key: ManagedKey,
	accountId: string,
	actor: Actor,
	services: Services,
): Promise<"removed" | "unknown"> {
	const detail = { account: accountId, name: key.row.name };
	const entry = entryOf(actor, { action: "link.delete", target: key.row.id, detail }, services);
	const its = actor.accountId === key.row.accountId ? accountId : key.row.accountId;
	const other = await inOtherLog(entry, its, actor.accountId, services);
	const change = { kind: "set_policies", accountId, policies: null } as const;
	const changed = await changeKey(key.row.id, change, services, () => [entry, other]);
	return changed.kind === "refused" ? "unknown" : "removed";
}

function unique(ids: readonly string[]): readonly string[] {
	return [...new Set(ids)];
}
