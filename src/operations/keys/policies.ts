import { type Api, builtInApi } from "../../domain/api.ts";
import { base64url } from "../../crypto/encoding.ts";
import type { ApiKeyRow } from "../../domain/ports/api-keys.ts";
import type { Permission } from "../../domain/permission.ts";
import { builtInPolicy } from "../../domain/policy.ts";
import type { Policy } from "../../domain/policy.ts";
import { defined } from "../../domain/defined.ts";
import { changedMembers, type Stored } from "../../domain/stored.ts";
import { type Actor, lackedPermission } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { type Edit, untilWritten, writerOf } from "../edit.ts";
import type { ListShape } from "../../domain/list-query.ts";
import { byName, type ListedPage, type ListedQuery, listedPageOf, namePosition, partOf } from "../list.ts";
import { bytesFor } from "../form-nonce.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export interface PolicyText {
	readonly name: string;
	readonly description: string;
	/** Of latchkey, and of the APIs that the account sees. */
	readonly permissions: readonly string[];
}

export type PolicyWritten =
	| { kind: "written"; policy: Stored<Policy> }
	| { kind: "name_taken" | "full" | "unknown" | "built_in" }
	/** Whoever edits it had another one before them than this, which stands there now. */
	| { kind: "stale"; policy: Stored<Policy> }
	/** Others change it all the time. */
	| { kind: "overtaken" }
	| { kind: "beyond"; permission: string }
	/** Of no API that the account sees. */
	| { kind: "unknown_permission"; permission: string };

/** What may be asked of an account's policies. */
export const policyList = {
	list: "policies",
	rows: ["policy", "policies"],
	search: "A part of the name.",
	filters: {},
	sorts: { name: "Name", "-name": "Name, from Z to A" },
} as const satisfies ListShape;

/** The policies of an account. Null for a cursor that is not of this list. */
export function listPolicies(
	accountId: string,
	query: ListedQuery<typeof policyList>,
	services: Services,
): Promise<ListedPage<Policy> | null> {
	const { q, sort, limit } = query;
	const { keyRegister } = portsOf(services);
	return listedPageOf(policyList, accountId, query, services, byName, async ({ after, isBack }) => {
		const asked = { q, isDown: (sort === "-name") !== isBack };
		const [found, total] = await Promise.all([
			keyRegister.listPolicies(accountId, namePosition(after), limit + 1, asked),
			keyRegister.countPolicies(accountId, q),
		]);
		return { ...partOf(found, limit, byName), total };
	});
}

/** Null for one that is not there or another account's. The built-in one is in every account. */
export async function findPolicy(id: string, accountId: string, services: Services): Promise<Stored<Policy> | null> {
	return id === builtInPolicy.id
		? { ...builtInPolicy, accountId, rev: 0 }
		: portsOf(services).keyRegister.policy(accountId, id);
}

/** The keys that have a policy, which its deletion takes it from. */
export function keysWithPolicy(policy: Policy, services: Services): Promise<readonly Pick<ApiKeyRow, "id" | "name">[]> {
	return portsOf(services).keyRegister.keysWithPolicy(policy);
}

/** Every policy that an account can give to a key, by name. */
export function choosablePolicies(accountId: string, services: Services): Promise<readonly Policy[]> {
	return portsOf(services).register.policies(accountId);
}

/** The APIs of which policies of an account can be made, latchkey's own first. */
export async function choosableApis(accountId: string, { lookups, config }: Services): Promise<readonly Api[]> {
	return [builtInApi(config.issuer), ...((await lookups.apisOf.fresh(accountId)) ?? [])];
}

/** The same nonce again finds the same policy. */
export async function createPolicy(
	text: PolicyText,
	nonce: string,
	actor: Actor,
	services: Services,
): Promise<PolicyWritten> {
	const { accountId, subject } = actor;
	const permission = await lackedPermission(actor, text.permissions, services);
	if (permission) return { kind: "beyond", permission };
	const bytes = await bytesFor(`policy ${accountId} ${subject}`, nonce, services.serverKeys);
	const policy: Policy = { ...text, id: base64url(bytes.subarray(0, 16)), accountId };
	const entry = entryFor("policy.create", policy, actor, services);
	const by = writerOf(actor, [mayWrite, ...text.permissions]);
	const added = await portsOf(services).keyRegister.addPolicy(policy, by, entry);
	if (added === "name_taken" || added === "full") return { kind: added };
	if (added === "not_permitted") return { kind: "beyond", permission: mayWrite };
	if (typeof added === "object") return { kind: "unknown_permission", permission: added.unknownPermission };
	await seeAtOnce(accountId, services);
	return { kind: "written", policy: { ...policy, rev: 0 } };
}

/** What whoever makes or changes a policy has to be permitted, whatever is in it. */
const mayWrite = "keys:write" satisfies Permission;

export type PolicyEdit = { readonly [Member in keyof PolicyText]?: PolicyText[Member] | undefined };

/** What is not named stays as it is then, whoever changes it at the same time. */
export async function editPolicy(
	id: string,
	edit: Edit<Stored<Policy>, PolicyEdit>,
	actor: Actor,
	services: Services,
): Promise<PolicyWritten> {
	if (id === builtInPolicy.id) return { kind: "built_in" };
	const { keyRegister } = portsOf(services);
	return untilWritten(async () => {
		const policy = await keyRegister.policy(actor.accountId, id);
		if (!policy) return { kind: "unknown" };
		const said = await edit(policy);
		if (said === "stale") return { kind: "stale", policy };
		const edited: Stored<Policy> = { ...policy, ...defined(said) };
		const changed = changedMembers(policy, edited);
		if (changed.length === 0) return { kind: "written", policy };
		const added = edited.permissions.filter((each) => !policy.permissions.includes(each));
		const permission = await lackedPermission(actor, added, services);
		if (permission) return { kind: "beyond", permission };
		const entry = entryFor("policy.edit", edited, actor, services, changed);
		const written = await keyRegister.editPolicy(edited, writerOf(actor, [mayWrite, ...added]), entry);
		if (written === "overtaken") return written;
		if (written === "not_permitted") return { kind: "beyond", permission: mayWrite };
		if (written === "name_taken") return { kind: written };
		if (typeof written === "object") return { kind: "unknown_permission", permission: written.unknownPermission };
		await seeAtOnce(actor.accountId, services);
		return { kind: "written", policy: { ...edited, rev: policy.rev + 1 } };
	});
}

export type PolicyDeleted =
	| { kind: "deleted" | "unknown" | "built_in" | "stale" | "overtaken" }
	/** The keys that would lose what it permits. */
	| { kind: "in_use"; keys: readonly Pick<ApiKeyRow, "id" | "name">[] };

/** One that keys use goes only when the caller has been told of them. What is gone permits nothing. */
export async function deletePolicy(
	id: string,
	how: { readonly isForced: boolean; readonly edit: Edit<Stored<Policy>, object> },
	actor: Actor,
	services: Services,
): Promise<PolicyDeleted> {
	if (id === builtInPolicy.id) return { kind: "built_in" };
	const { keyRegister } = portsOf(services);
	return untilWritten(async () => {
		const policy = await keyRegister.policy(actor.accountId, id);
		if (!policy) return { kind: "unknown" };
		if ((await how.edit(policy)) === "stale") return { kind: "stale" };
		const keys = how.isForced ? [] : await keyRegister.keysWithPolicy(policy);
		if (keys.length > 0) return { kind: "in_use", keys };
		const deleted = await keyRegister.deletePolicy(policy, entryFor("policy.delete", policy, actor, services));
		if (deleted === "overtaken") return deleted;
		await seeAtOnce(actor.accountId, services);
		return { kind: "deleted" };
	});
}

/** Here at least nobody waits: what other isolates remember is at most 30 seconds old (lookups.ts). */
async function seeAtOnce(accountId: string, services: Services): Promise<void> {
	await services.lookups.policies.fresh(accountId);
}

function entryFor(
	action: string,
	{ id, name, permissions }: Policy,
	actor: Actor,
	services: Services,
	changed: readonly string[] = [],
) {
	const what = changed.length > 0 && { changed: changed.join(" ") };
	return entryOf(
		actor,
		{ action, target: id, detail: { name, permissions: permissions.join(" "), ...what } },
		services,
	);
}
