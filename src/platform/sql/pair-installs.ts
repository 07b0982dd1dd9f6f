import type { PairInstalls } from "../../domain/ports/pair-installs.ts";
import { auditIfChanged } from "./audit-if-changed.ts";
import { insertInstall } from "./register-writes.ts";
import type { SqlDatabase } from "./database.ts";

export function pairInstalls(db: SqlDatabase): PairInstalls {
	return {
		async add(installs, entry) {
			// All of them are there, or none is: a batch is one transaction.
			const rows = installs.map((install) => insertInstall(db, install, 1, "ON CONFLICT (grant_id) DO NOTHING"));
			await db.batch([...rows, auditIfChanged(db, entry)]);
		},
	};
}
