import type { ApiKeyCopies, ApiKeyCopy } from "../../domain/ports/alerts.ts";
import type { SqlDatabase } from "./database.ts";
import { isReadable, readable } from "./stored-json.ts";

interface CopyRow {
	readonly key_id: string;
	readonly verdict: string;
	readonly name: string | null;
	readonly descriptions: string;
}

const columns = `key_id, verdict, coalesce(api_keys.name, deleted_name) AS name,
	(SELECT json_group_object(id, description) FROM access_codes WHERE access_codes.key_id = key_verdicts.key_id) AS descriptions
	FROM key_verdicts LEFT JOIN api_keys ON api_keys.id = key_verdicts.key_id`;

export function keyCopies(db: SqlDatabase): ApiKeyCopies {
	return {
		async find(keyId) {
			const row = await db.prepare(`SELECT ${columns} WHERE key_id = ?`).bind(keyId).first<CopyRow>();
			return row && isReadable(row.verdict, { table: "key_verdicts", id: keyId }) ? toCopy(row) : null;
		},
		async expiring(before, after, limit) {
			const query = db.prepare(
				`SELECT ${columns} WHERE key_id > ? AND ${readable("verdict")} ->> '$.state' = 'enabled' AND EXISTS (
					SELECT 1 FROM json_each(${readable("verdict")}, '$.codes') AS code WHERE code.value ->> '$.expiresAt' < ?
				) ORDER BY key_id LIMIT ?`,
			);
			const { results } = await query.bind(after, before, limit).all<CopyRow>();
			return results.map(toCopy);
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
