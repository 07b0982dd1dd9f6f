import type { Api } from "../../domain/api.ts";
import type { ApiRegister } from "../../domain/ports/apis.ts";
import { ringAlgorithms } from "../../domain/signing-key-ring.ts";
import type { Stored } from "../../domain/stored.ts";
import type { SqlDatabase } from "./database.ts";
import { readStored } from "./stored-json.ts";

interface ApiRow {
	readonly id: string;
	readonly account_id: string | null;
	readonly identifier: string;
	readonly name: string;
	readonly description: string;
	readonly permissions: string;
	readonly token_ttl: number | null;
	readonly algorithm: string | null;
	readonly servers: string;
	readonly rev: number;
}

/** Registered APIs over D1. */
export function apiStore(db: SqlDatabase): ApiRegister {
	return {
		async byFolded(folded) {
			const row = await db.prepare("SELECT * FROM apis WHERE folded = ?").bind(folded).first<ApiRow>();
			return row && toApi(row);
		},
		async openTo(accountId) {
			const query = db.prepare(
				`SELECT * FROM apis WHERE account_id IS NULL OR account_id = ? ORDER BY name COLLATE NOCASE, id`,
			);
			const { results } = await query.bind(accountId).all<ApiRow>();
			return results.map(toApi);
		},
		async api(id) {
			const row = await db.prepare("SELECT * FROM apis WHERE id = ?").bind(id).first<ApiRow>();
			return row && toApi(row);
		},
	};
}

/** What cannot be read permits nothing, and is served by nobody. */
function toApi(row: ApiRow): Stored<Api> {
	const { id, account_id, identifier, name, description, permissions, token_ttl, algorithm, servers, rev } = row;
	const read = <Value>(text: string, fallback: Value) => readStored(text, fallback, { table: "apis", id });
	return {
		id,
		accountId: account_id,
		identifier,
		name,
		description,
		permissions: read<Api["permissions"]>(permissions, []),
		tokenTtl: token_ttl,
		algorithm: ringAlgorithms.find((each) => each === algorithm) ?? null,
		servers: read<Api["servers"]>(servers, []),
		rev,
	};
}
