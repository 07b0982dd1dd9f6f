import * as v from "valibot";
import { apiKeyTypes } from "../../domain/ports/api-keys.ts";
import { linkSwitchedOffBy } from "../../domain/api-key-state.ts";
import type { ListedCode } from "../../operations/keys/create-code.ts";
import { isOn, type ManagedKey, policiesOf } from "../../operations/keys/find-managed-key.ts";

// What the routes of keys answer with. Instants are epoch seconds.

export const keySchema = v.object({
	id: v.string(),
	/** `linked`: of another account, whose key opens this one. */
	kind: v.picklist(["own", "linked"]),
	name: v.string(),
	tags: v.array(v.string()),
	type: v.picklist(apiKeyTypes),
	state: v.picklist(["enabled", "disabled"]),
	/** Of a link: the sides that have switched it off. */
	switched_off_by: v.optional(v.array(v.picklist(["owner", "linker"]))),
	policies: v.array(v.string()),
	created_at: v.number(),
	linked_at: v.optional(v.number()),
});

export function showKey(key: ManagedKey): v.InferOutput<typeof keySchema> {
	const { row, verdict, accountId, linkedAt } = key;
	const isLinked = row.accountId !== accountId;
	return {
		id: row.id,
		kind: isLinked ? "linked" : "own",
		name: row.name,
		// Tags sort the owner's keys for the owner.
		tags: isLinked ? [] : [...row.tags],
		type: row.type,
		state: isOn(key) ? "enabled" : "disabled",
		...(isLinked && { switched_off_by: [...linkSwitchedOffBy(verdict, accountId)] }),
		policies: [...policiesOf(key)],
		created_at: row.createdAt,
		...(isLinked && linkedAt !== null && { linked_at: linkedAt }),
	};
}

export const codeSchema = v.object({
	id: v.string(),
	description: v.string(),
	enabled: v.boolean(),
	created_at: v.number(),
	expires_at: v.number(),
	/** To the hour. */
	last_used_at: v.nullable(v.number()),
	/** Whether the secret can be shown again to a person who gives their password. */
	revealable: v.boolean(),
});

export function showCode({ code, description, isKept }: ListedCode): v.InferOutput<typeof codeSchema> {
	return {
		id: code.id,
		description,
		enabled: code.enabled,
		created_at: code.createdAt,
		expires_at: code.expiresAt,
		last_used_at: code.lastUsedAt ?? null,
		revealable: isKept,
	};
}
