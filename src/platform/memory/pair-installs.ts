import type { PairInstalls } from "../../domain/ports/pair-installs.ts";
import type { RegisterTables } from "./register-tables.ts";

export function memoryPairInstalls(tables: RegisterTables): PairInstalls {
	return {
		async add(installs, entry) {
			tables.transact(() => {
				const fresh = installs.filter(({ grantId }) => !tables.installs.has(grantId));
				for (const install of fresh) tables.installs.insert(install);
				if (fresh.length > 0) tables.audit = [...tables.audit, structuredClone(entry)];
			});
		},
	};
}
