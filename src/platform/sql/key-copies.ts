import type { ApiKeyCopies, ApiKeyCopy } from "../../domain/ports/alerts.ts";
import type { SqlDatabase } from "./database.ts";
import { isReadable } from "./stored-json.ts";

interface CopyRow {
	readonly key_id: string;
	readonly verdict: string;
	readonly name: string | null;
	readonly descriptions: string;
}

const columns = `key_verdicts.key_id, verdict, coalesce(api_keys.name, deleted_name) AS name,
	(SELECT json_group_object(id, description) FROM access_codes WHERE access_codes.key_id = key_verdicts.key_id) AS descriptions`;
const copies = "key_verdicts LEFT JOIN api_keys ON api_keys.id = key_verdicts.key_id";

export function keyCopies(db: SqlDatabase): ApiKeyCopies {
	return {
		async find(keyId) {
			const row = await db.prepare(`SELECT ${columns} FROM ${copies} WHERE key_id = ?`).bind(keyId).first<CopyRow>();
			return row && isReadable(row.verdict, { table: "key_verdicts", id: keyId }) ? toCopy(row) : null;
		},
		async expiring(before, after, limit) {
			const query = db.prepare(
				`SELECT ends_at, ${columns} FROM code_ends CROSS JOIN ${copies}
				WHERE key_verdicts.key_id = code_ends.key_id AND json_valid(verdict)
					AND (ends_at, code_ends.key_id) > (?, ?) AND ends_at < ?
				ORDER BY ends_at, code_ends.key_id LIMIT ?`,
			);
			const { results } = await query
				.bind(after.endsAt, after.keyId, before, limit)
				.all<CopyRow & { ends_at: number }>();
			return results.map((row) => ({ ...toCopy(row), endsAt: row.ends_at }));
		},
	};
}

function toCopy({ key_id, verdict, name, descriptions }: CopyRow): ApiKeyCopy {
	return {
		keyId: key_id,
		verdict: JSON.parse(verdict),
		name: name ?? "",
		descriptions: JSON.parse(descriptions),
	};
}
