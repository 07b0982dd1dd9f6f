import type { Codes } from "../../domain/ports/codes.ts";
import type { Hash, Seconds } from "../../domain/brands.ts";

export function memoryCodes(now: () => Seconds): Codes {
	const records = new Map<Hash, { readonly text: string; readonly expiresAt: Seconds }>();
	return {
		async put(hash, record, ttl) {
			for (const [each, { expiresAt }] of records) if (expiresAt <= now()) records.delete(each);
			records.set(hash, { text: JSON.stringify(record), expiresAt: now() + ttl });
		},
		async get(hash) {
			const found = records.get(hash);
			return found && now() < found.expiresAt ? JSON.parse(found.text) : null;
		},
	};
}
