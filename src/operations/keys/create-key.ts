import type { ApiKeyRow, ApiKeyType } from "../../domain/ports/api-keys.ts";
import type { KeyLimits } from "../../domain/key-limits.ts";
import { builtInPolicy } from "../../domain/policy.ts";
import { type Actor, lackedPermission } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { changeKey } from "./change-key.ts";
import { checkPolicies, type PolicyRefusal } from "./check-policies.ts";
import { type CodeCreated, createCode } from "./create-code.ts";
import { limitsInDetail } from "./limits-in-detail.ts";
import { findOwnKey, type ManagedKey } from "./find-managed-key.ts";
import { bytesFor } from "../form-nonce.ts";
import { makeApiKeyId } from "../checks/api-key-uuid.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export interface NewKey {
	readonly name: string;
	readonly tags: readonly string[];
	readonly policies: readonly string[];
	readonly type: ApiKeyType;
	readonly limits?: KeyLimits | null;
}

export type KeyCreated =
	/** `code`: the first access code of a key of type Integration, for its key file. */
	| { kind: "created"; key: ManagedKey; code: Extract<CodeCreated, { kind: "created" }> | null }
	| { kind: "name_taken" | "full" }
	/** What the form with this nonce made has been deleted, or its secret was shown long ago. */
	| { kind: "used" }
	| PolicyRefusal;

/**
 * Contract 003, "Create new API Keys"; contract 004, type "Integration". The row first, for its name decides; then the
 * ledger. The same nonce again finds the same key.
 */
export async function createKey(wanted: NewKey, nonce: string, actor: Actor, services: Services): Promise<KeyCreated> {
	const { accountId, subject } = actor;
	const refusal = await checkPolicies(wanted.policies, [], actor, services);
	if (refusal) return refusal;
	const isIntegration = wanted.type === "integration";
	const permission = isIntegration ? await lackedPermission(actor, builtInPolicy.permissions, services) : null;
	if (permission) return { kind: "beyond", permission };

	const id = makeApiKeyId(
		await bytesFor(`key ${accountId} ${subject}`, nonce, services.serverKeys),
		services.config.home,
	);
	const { name, tags, type } = wanted;
	const createdAt = services.now();
	const row: ApiKeyRow = { id, accountId, name, tags, type, createdAt };
	const entry = entryOf(
		actor,
		{ action: "key.create", target: id, detail: { name, type, ...limitsInDetail(wanted.limits) } },
		services,
	);
	const added = await portsOf(services).keyRegister.addKey(row, entry);
	if (added === "name_taken" || added === "full") return { kind: added };
	const policies = withBuiltIn(wanted.policies, type);
	const { limits = null } = wanted;
	await changeKey(id, { kind: "create", ownerId: accountId, policies, limits }, services);
	const key = await findOwnKey(id, accountId, services);
	if (!key) return { kind: "used" };
	if (!isIntegration) return { kind: "created", key, code: null };
	const code = await createCode({ keyId: id, description: "Key file" }, nonce, actor, services);
	if (code.kind !== "created") return { kind: "used" };
	return { kind: "created", key: code.key, code };
}

/** Contract 004: the built-in policy belongs to the type. */
export function withBuiltIn(policies: readonly string[], type: ApiKeyType): readonly string[] {
	const others = [...new Set(policies)].filter((id) => id !== builtInPolicy.id);
	return type === "integration" ? [builtInPolicy.id, ...others] : others;
}
