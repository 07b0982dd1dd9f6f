import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import { described, instant, titled } from "../../http/described.ts";
import { apiKeyTypes } from "../../domain/ports/api-keys.ts";
import { limitsSchema, showLimits } from "./limits.ts";
import type { Seconds } from "../../domain/brands.ts";
import { usesLeft } from "../../domain/key-limits.ts";
import { linkSwitchedOffBy } from "../../domain/api-key-state.ts";
import type { ListedCode } from "../../operations/keys/create-code.ts";
import { isOn, type ManagedKey, policiesOf } from "../../operations/keys/find-managed-key.ts";

// What the routes of keys answer with.

export const keySchema = titled(
	"ApiKey",
	v.object({
		id: described(v.string(), "Its id."),
		kind: described(v.picklist(["own", "linked"]), "`linked`: a key of another account, which opens this one."),
		name: described(v.string(), "What people call it."),
		tags: described(v.array(v.string()), "What its owner sorts it by; empty for a linked key."),
		type: described(v.picklist(apiKeyTypes), "`integration`: it has the built-in policy, and key files."),
		state: described(v.picklist(["enabled", "disabled"]), "Whether it opens anything."),
		switched_off_by: v.optional(
			described(
				v.array(v.picklist(["owner", "linker"])),
				"Of a linked key: the sides that have switched the link off.",
			),
		),
		policies: described(v.array(v.string()), "The ids of its policies in this account."),
		limits: v.optional(
			described(limitsSchema, "Of the account's own: what its use is limited to. Left out where it is not."),
		),
		uses_left: v.optional(
			described(v.number(), "Of one that is read by itself, and may be used so many times: how many are left."),
		),
		created_at: instant("When it was made."),
		linked_at: v.optional(instant("Of a linked key: when it was linked.")),
	}),
);

export function showKey(key: ManagedKey): v.InferInput<typeof keySchema> {
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
		...(!isLinked && verdict.limits && { limits: showLimits(verdict.limits) }),
		created_at: writeInstant(row.createdAt),
		...(isLinked && linkedAt !== null && { linked_at: writeInstant(linkedAt) }),
	};
}

/** As its ledger has it: with what is counted. */
export function showKeyNow(key: ManagedKey, now: Seconds): v.InferInput<typeof keySchema> {
	const left = key.row.accountId === key.accountId ? usesLeft(key.verdict, now) : null;
	return { ...showKey(key), ...(left?.uses !== undefined && { uses_left: left.uses }) };
}

export const codeSchema = titled(
	"AccessCode",
	v.object({
		id: described(v.string(), "Its id. It is no secret."),
		description: described(v.string(), "What people wrote about it."),
		visible: v.nullable(
			described(
				v.string(),
				"What it is told by, its begin and its end: `lk_AQCZ3_k7\u2026pHto`. Null of one that was made before this was kept, until it is shown again.",
			),
		),
		enabled: described(v.boolean(), "Whether it opens anything."),
		created_at: instant("When it was made."),
		expires_at: instant("When it ends."),
		last_used_at: v.nullable(instant("When it was last used, to the minute; null for never.")),
		replaced_by: v.optional(
			described(v.string(), "Of a code that was rotated, and goes on until it ends: the id of the one in its place."),
		),
		revealable: described(v.boolean(), "Whether a person who gives their password can see the secret again."),
	}),
);

export function showCode({ code, description, visible, isKept }: ListedCode): v.InferOutput<typeof codeSchema> {
	return {
		id: code.id,
		description,
		visible,
		enabled: code.enabled,
		created_at: writeInstant(code.createdAt),
		expires_at: writeInstant(code.expiresAt),
		last_used_at: writeInstant(code.lastUsedAt ?? null),
		...(code.replaced && { replaced_by: code.replaced.by }),
		revealable: isKept,
	};
}

/** A secret, and what it is the secret of. */
export const revealedSchema = titled(
	"AccessCodeSecret",
	v.object({
		id: described(v.string(), "The id of the access code."),
		secret: described(v.string(), "The access code itself."),
		expires_at: instant("When it ends."),
	}),
);

/** Contract 004, step 6. */
export const keyFileSchema = titled(
	"KeyFile",
	v.object({
		api_keys: described(
			v.record(
				v.string(),
				titled(
					"KeyFileEntry",
					v.object({
						id: described(v.string(), "The id of the key."),
						key: described(v.string(), "Its access code."),
						token: described(v.string(), "What to send as `Authorization: Bearer`."),
					}),
				),
			),
			"By the URL of the service.",
		),
	}),
);
