import type { ApiKeyState } from "../../domain/api-key-state.ts";
import type { ApiKeyRow, ListedApiKey } from "../../domain/ports/api-keys.ts";
import type { Stored } from "../../domain/stored.ts";
import { readStored } from "./stored-json.ts";

export interface KeyColumns {
	readonly rev: number;
	readonly id: string;
	readonly account_id: string;
	readonly name: string;
	readonly tags: string;
	readonly type: ApiKeyRow["type"];
	readonly created_at: number;
}

/** Of a key as an account lists it (migration 0022). */
export interface ListedKeyColumns extends KeyColumns {
	readonly expires_at: number;
	readonly used_at: number;
	readonly linked_at: number | null;
	readonly verdict: string;
}

export function toKey({ id, account_id, name, tags, type, created_at, rev }: KeyColumns): Stored<ApiKeyRow> {
	return {
		id,
		accountId: account_id,
		name,
		tags: readStored(tags, [], { table: "api_keys", id }),
		type,
		createdAt: created_at,
		rev,
	};
}

export function toListedKey(
	row: ListedKeyColumns,
	sortedBy: "name" | "created_at" | "expires_at" | "used_at",
): ListedApiKey {
	const verdict = readStored(row.verdict, unreadable(row.account_id), { table: "key_verdicts", id: row.id });
	return { key: toKey(row), linkedAt: row.linked_at, verdict, position: [row[sortedBy], row.id] };
}

/** In the place of a copy that cannot be read: a key that opens nothing. The next change brings a new copy. */
function unreadable(ownerId: string): ApiKeyState {
	return { ownerId, state: "disabled", codes: [], policies: {}, rev: 0, copiedRev: 0 };
}
