import type { CodeRecord, Codes } from "../../domain/ports/codes.ts";
import { readStored } from "../sql/stored-json.ts";

/** KV refuses a shorter life; the record says inside when the code ends. */
const shortestTtl = 60;

export function codes(namespace: KVNamespace): Codes {
	return {
		async put(hash, record, ttl) {
			await namespace.put(`code:${hash}`, JSON.stringify(record), { expirationTtl: Math.max(ttl, shortestTtl) });
		},
		async get(hash) {
			// What cannot be read is a miss: the ledger has the same record.
			const text = await namespace.get(`code:${hash}`);
			return text === null ? null : readStored<CodeRecord | null>(text, null, { table: "KV code", id: "" });
		},
	};
}
