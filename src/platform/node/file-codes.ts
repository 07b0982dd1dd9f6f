import type { CodeRecord, Codes } from "../../domain/ports/codes.ts";
import type { Seconds } from "../../domain/brands.ts";
import { readStored } from "../sql/stored-json.ts";
import type { SqlFile } from "./sql-file.ts";

export function fileCodes(file: SqlFile, now: () => Seconds): Codes {
	return {
		async put(hash, record, ttl) {
			const query = "INSERT INTO codes (hash, record, expires_at) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING";
			file.exec(query, hash, JSON.stringify(record), now() + ttl);
		},
		async get(hash) {
			const query = "SELECT record FROM codes WHERE hash = ? AND expires_at > ?";
			const [row] = file.exec<{ record: string }>(query, hash, now()).toArray();
			// What cannot be read is a miss: the ledger has the same record.
			return row ? readStored<CodeRecord | null>(row.record, null, { table: "codes", id: "" }) : null;
		},
	};
}
