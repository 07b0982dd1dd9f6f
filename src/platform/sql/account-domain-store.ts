import type { AccountDomain } from "../../domain/account-domain.ts";
import { bounds } from "../../domain/bounds.ts";
import type { AccountDomainRegister } from "../../domain/ports/account-domains.ts";
import type { ApiWriter } from "../../domain/ports/apis.ts";
import { mayWrite, writerOf } from "./api-writer.ts";
import { auditIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase } from "./database.ts";

interface DomainRow {
	readonly account_id: string;
	readonly domain: string;
	readonly provider_id: string | null;
	readonly challenge: string;
	readonly verified_at: number | null;
	readonly verified_by: "dns" | "operator" | null;
}

/** Domains of addresses over D1. An account has few: they are counted where one is added. */
export function accountDomainStore(db: SqlDatabase): AccountDomainRegister {
	/** The row ?1, ?2 as it is, and whether this may be written (`?3`). */
	async function now(accountId: string, domain: string, by: ApiWriter) {
		const query = db.prepare(
			`SELECT *, ${mayWrite("?3", by)} AS may FROM account_domains WHERE account_id = ?1 AND domain = ?2`,
		);
		return query.bind(accountId, domain, writerOf(by)).first<DomainRow & { readonly may: 0 | 1 }>();
	}

	return {
		async list(accountId) {
			const query = db.prepare("SELECT * FROM account_domains WHERE account_id = ? ORDER BY domain");
			return (await query.bind(accountId).all<DomainRow>()).results.map(toDomain);
		},
		async verified(domain) {
			const query = db.prepare(
				`SELECT account_domains.* FROM account_domains JOIN accounts ON accounts.id = account_id
				WHERE domain = ? AND verified_at IS NOT NULL AND accounts.state = 'active' AND accounts.suspended_at IS NULL`,
			);
			const row = await query.bind(domain).first<DomainRow>();
			return row && toDomain(row);
		},
		async leadsAnywhere() {
			const query = db.prepare(
				`SELECT 1 AS n FROM account_domains INDEXED BY account_domains_by_provider
				WHERE provider_id IS NOT NULL AND verified_at IS NOT NULL LIMIT 1`,
			);
			return (await query.first<number>("n")) !== null;
		},
		async add({ accountId, domain, providerId, challenge }, by, entry) {
			const few = `(SELECT count(*) FROM account_domains WHERE account_id = ?1) < ${bounds.accountDomains.most}`;
			const isOwn = "(?3 IS NULL OR EXISTS (SELECT 1 FROM sign_in_providers WHERE id = ?3 AND account_id = ?1))";
			const insert = db
				.prepare(
					`INSERT INTO account_domains (account_id, domain, provider_id, challenge)
					SELECT ?1, ?2, iif(${isOwn}, ?3, NULL), ?4 WHERE ${few} AND ${mayWrite("?5", by)} ON CONFLICT DO NOTHING`,
				)
				.bind(accountId, domain, providerId, challenge, writerOf(by));
			const [added] = await db.batch([insert, auditIfChanged(db, entry)]);
			if ((added?.meta.changes ?? 0) > 0) return "added";
			if (await now(accountId, domain, by)) return "same";
			const full = db.prepare(`SELECT NOT ${few} AS is_full`).bind(accountId);
			return (await full.first<number>("is_full")) === 1 ? "full" : "not_permitted";
		},
		async verify({ accountId, domain }, verified, by, entry) {
			// The unique index would say so too, as an error.
			const isFree = "NOT EXISTS (SELECT 1 FROM account_domains WHERE domain = ?2 AND verified_at IS NOT NULL)";
			const update = db
				.prepare(
					`UPDATE account_domains SET verified_at = ?3, verified_by = ?4
					WHERE account_id = ?1 AND domain = ?2 AND ${isFree} AND ${mayWrite("?5", by)}`,
				)
				.bind(accountId, domain, verified.at, verified.by, writerOf(by));
			const [changed] = await db.batch([update, auditIfChanged(db, entry)]);
			if ((changed?.meta.changes ?? 0) > 0) return "verified";
			const there = await now(accountId, domain, by);
			if (!there) return "unknown";
			if (there.verified_at !== null) return "same";
			return there.may ? "taken" : "not_permitted";
		},
		async setProvider({ accountId, domain }, providerId, by, entry) {
			const update = db
				.prepare(
					`UPDATE account_domains SET provider_id = ?3
					WHERE account_id = ?1 AND domain = ?2 AND provider_id IS NOT ?3 AND ${mayWrite("?4", by)}
						AND (?3 IS NULL OR EXISTS (SELECT 1 FROM sign_in_providers WHERE id = ?3 AND account_id = ?1))`,
				)
				.bind(accountId, domain, providerId, writerOf(by));
			const [changed] = await db.batch([update, auditIfChanged(db, entry)]);
			if ((changed?.meta.changes ?? 0) > 0) return "written";
			const there = await now(accountId, domain, by);
			if (!there) return "unknown";
			if (there.provider_id === providerId) return "same";
			return there.may ? "no_provider" : "not_permitted";
		},
		async delete({ accountId, domain }, by, entry) {
			const gone = db
				.prepare(`DELETE FROM account_domains WHERE account_id = ?1 AND domain = ?2 AND ${mayWrite("?3", by)}`)
				.bind(accountId, domain, writerOf(by));
			const [deleted] = await db.batch([gone, auditIfChanged(db, entry)]);
			if ((deleted?.meta.changes ?? 0) > 0) return "written";
			return (await now(accountId, domain, by)) ? "not_permitted" : "unknown";
		},
	};
}

function toDomain({ account_id, domain, provider_id, challenge, verified_at, verified_by }: DomainRow): AccountDomain {
	return {
		accountId: account_id,
		domain,
		providerId: provider_id,
		challenge,
		verified: verified_at === null ? null : { at: verified_at, by: verified_by ?? "operator" },
	};
}
