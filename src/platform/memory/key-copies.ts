import type { KeyCopies, KeyCopy } from "../../domain/ports/alerts.ts";
import type { RegisterTables } from "./register-tables.ts";

export function memoryKeyCopies(tables: RegisterTables): KeyCopies {
	const copyOf = (keyId: string): KeyCopy | null => {
		const copied = tables.verdicts.get(keyId);
		if (!copied) return null;
		const codes = tables.accessCodes.where((code) => code.keyId === keyId);
		return {
			...copied,
			name: tables.apiKeys.get(keyId)?.name ?? "",
			descriptions: Object.fromEntries(codes.map(({ id, description }) => [id, description])),
		};
	};
	return {
		find: async (keyId) => copyOf(keyId),
		async expiring(before, after, limit) {
			const ids = tables.verdicts
				.where(({ keyId, verdict }) => keyId > after && verdict.state === "enabled")
				.filter(({ verdict }) => verdict.codes.some((code) => code.expiresAt < before))
				.map(({ keyId }) => keyId)
				.toSorted((a, b) => (a < b ? -1 : 1));
			return ids.slice(0, limit).flatMap((id) => copyOf(id) ?? []);
		},
	};
}
