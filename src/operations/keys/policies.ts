import { base64url } from "../../crypto/encoding.ts";
import type { ApiKeyRow } from "../../domain/ports/api-keys.ts";
import type { Permission } from "../../domain/permission.ts";
import { builtInPolicy } from "../../domain/policy.ts";
import type { Policy } from "../../domain/policy.ts";
import { type Actor, lackedPermission } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { byName, type ListPage, type ListQuery, namePosition, pageOf, partOf } from "../list.ts";
import { bytesFor } from "../form-nonce.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export interface PolicyText {
	readonly name: string;
	readonly description: string;
	readonly permissions: readonly Permission[];
}

export type PolicyWritten =
	| { kind: "written"; policy: Policy }
	| { kind: "name_taken" | "unknown" | "built_in" }
	| { kind: "beyond"; permission: Permission };

/** The policies of an account, by name. Null for a cursor that is not of this list. */
export function listPolicies(
	accountId: string,
	{ cursor, limit }: ListQuery,
	services: Services,
): Promise<ListPage<Policy> | null> {
	return pageOf(`policies ${accountId}`, cursor, services, async (after) => {
		const found = await portsOf(services).keyRegister.listPolicies(accountId, namePosition(after), limit + 1);
		return partOf(found, limit, byName);
	});
}

/** Null for one that is not there or another account's. The built-in one is in every account. */
export async function findPolicy(id: string, accountId: string, services: Services): Promise<Policy | null> {
	return id === builtInPolicy.id
		? { ...builtInPolicy, accountId }
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

/** The same nonce again finds the same policy. */
export async function createPolicy(
	text: PolicyText,
	nonce: string,
	actor: Actor,
	services: Services,
): Promise<PolicyWritten> {
	const { accountId, subject } = actor;
	const permission = lackedPermission(actor, text.permissions);
	if (permission) return { kind: "beyond", permission };
	const bytes = await bytesFor(`policy ${accountId} ${subject}`, nonce, services.serverKeys);
	const policy: Policy = { ...text, id: base64url(bytes.subarray(0, 16)), accountId };
	const added = await portsOf(services).keyRegister.addPolicy(
		policy,
		entryFor("policy.create", policy, actor, services),
	);
	if (added === "name_taken") return { kind: "name_taken" };
	await seeAtOnce(accountId, services);
	return { kind: "written", policy };
}

export async function editPolicy(
	id: string,
	edit: { readonly [Member in keyof PolicyText]?: PolicyText[Member] | undefined },
	actor: Actor,
	services: Services,
): Promise<PolicyWritten> {
	if (id === builtInPolicy.id) return { kind: "built_in" };
	const policy = await portsOf(services).keyRegister.policy(actor.accountId, id);
	if (!policy) return { kind: "unknown" };
	const added = (edit.permissions ?? []).filter((each) => !policy.permissions.includes(each));
	const permission = lackedPermission(actor, added);
	if (permission) return { kind: "beyond", permission };
	const { name, description, permissions } = edit;
	const edited: Policy = {
		...policy,
		...(name !== undefined && { name }),
		...(description !== undefined && { description }),
		...(permissions && { permissions }),
	};
	const entry = entryFor("policy.edit", edited, actor, services);
	const written = await portsOf(services).keyRegister.editPolicy(policy, edited, entry);
	if (written !== "written") return { kind: written };
	await seeAtOnce(actor.accountId, services);
	return { kind: "written", policy: edited };
}

export type PolicyDeleted =
	| { kind: "deleted" | "unknown" | "built_in" }
	/** The keys that would lose what it permits. */
	| { kind: "in_use"; keys: readonly Pick<ApiKeyRow, "id" | "name">[] };

/** One that keys use goes only when the caller has been told of them. What is gone permits nothing. */
export async function deletePolicy(
	id: string,
	isForced: boolean,
	actor: Actor,
	services: Services,
): Promise<PolicyDeleted> {
	if (id === builtInPolicy.id) return { kind: "built_in" };
	const policy = await portsOf(services).keyRegister.policy(actor.accountId, id);
	if (!policy) return { kind: "unknown" };
	const keys = isForced ? [] : await portsOf(services).keyRegister.keysWithPolicy(policy);
	if (keys.length > 0) return { kind: "in_use", keys };
	const entry = entryFor("policy.delete", policy, actor, services);
	const deleted = await portsOf(services).keyRegister.deletePolicy(policy, entry);
	await seeAtOnce(actor.accountId, services);
	return { kind: deleted === "written" ? "deleted" : "unknown" };
}

/** Here at least nobody waits: what other isolates remember is at most 30 seconds old (lookups.ts). */
async function seeAtOnce(accountId: string, services: Services): Promise<void> {
	await services.lookups.policies.fresh(accountId);
}

function entryFor(action: string, { id, name, permissions }: Policy, actor: Actor, services: Services) {
	return entryOf(actor, { action, target: id, detail: { name, permissions: permissions.join(" ") } }, services);
}
