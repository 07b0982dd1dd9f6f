import { bounds } from "../../domain/bounds.ts";
import type { TrustedIssuerRegister } from "../../domain/ports/trusted-issuers.ts";
import type { Stored } from "../../domain/stored.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { IssuerKind, TrustedIssuer } from "../../domain/trusted-issuer.ts";
import { auditIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase } from "./database.ts";
import { readStored } from "./stored-json.ts";
import { writerMay, writerValue } from "./writer-role.ts";

interface IssuerRow {
	readonly id: string;
	readonly account_id: string;
	readonly kind: IssuerKind;
	readonly issuer: string;
	readonly name: string;
	readonly terms: string;
	readonly rev: number;
}

type Terms = Omit<TrustedIssuer, "id" | "accountId" | "kind" | "issuer" | "name">;

/** Trusted issuers over D1. An account has few: they are counted where one is added. */
export function trustedIssuerStore(db: SqlDatabase): TrustedIssuerRegister {
	async function find(id: string): Promise<Stored<TrustedIssuer> | null> {
		const row = await db.prepare("SELECT * FROM trusted_issuers WHERE id = ?").bind(id).first<IssuerRow>();
		return row && toIssuer(row);
	}

	async function isTaken({ id, accountId, kind, issuer }: TrustedIssuer): Promise<boolean> {
		const query = db.prepare(
			"SELECT 1 AS n FROM trusted_issuers WHERE account_id = ? AND kind = ? AND issuer = ? AND id <> ?",
		);
		return (await query.bind(accountId, kind, issuer, id).first<number>("n")) !== null;
	}

	return {
		async list(accountId) {
			const query = db.prepare(
				"SELECT * FROM trusted_issuers INDEXED BY trusted_issuers_by_issuer WHERE account_id = ?",
			);
			const { results } = await query.bind(accountId).all<IssuerRow>();
			return results.map(toIssuer).toSorted((one, other) => compare(one, other));
		},
		async add(issuer, by, entry) {
			const { id, accountId, kind, name } = issuer;
			const few = `(SELECT count(*) FROM trusted_issuers WHERE account_id = ?2) < ${bounds.trustedIssuers.most}`;
			const insert = db
				.prepare(
					`INSERT INTO trusted_issuers (id, account_id, kind, issuer, name, terms)
					SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE ${few} AND ${writerMay("?7")} ON CONFLICT DO NOTHING`,
				)
				.bind(id, accountId, kind, issuer.issuer, name, termsOf(issuer), writerValue(by));
			const [added] = await db.batch([insert, auditIfChanged(db, entry)]);
			if ((added?.meta.changes ?? 0) > 0) return "added";
			const there = await find(id);
			if (there && there.accountId !== accountId) throw new Error("The id of an issuer is another account's");
			if (there) return "same";
			if (await isTaken(issuer)) return "taken";
			const isFull = db.prepare(`SELECT ?1 IS NULL OR NOT ${few} AS is_full`).bind(id, accountId);
			return (await isFull.first<number>("is_full")) === 1 ? "full" : "not_permitted";
		},
		async edit(issuer, by, entry) {
			const { id, accountId, kind, name, rev } = issuer;
			const update = db
				.prepare(
					`UPDATE trusted_issuers SET issuer = ?4, name = ?5, terms = ?6, rev = rev + 1
					WHERE id = ?1 AND account_id = ?2 AND kind = ?3 AND rev = ?7 AND ${writerMay("?8")}
						AND NOT EXISTS (
							SELECT 1 FROM trusted_issuers AS other
							WHERE other.account_id = ?2 AND other.kind = ?3 AND other.issuer = ?4 AND other.id <> ?1)`,
				)
				.bind(id, accountId, kind, issuer.issuer, name, termsOf(issuer), rev, writerValue(by));
			const [edited] = await db.batch([update, auditIfChanged(db, entry)]);
			if ((edited?.meta.changes ?? 0) > 0) return "written";
			const refused = await whyNot(issuer);
			return refused === "not_permitted" && (await isTaken(issuer)) ? "taken" : refused;
		},
		async delete(issuer, by, entry) {
			const { id, accountId, rev } = issuer;
			const [deleted] = await db.batch([
				db
					.prepare(
						`DELETE FROM trusted_issuers WHERE id = ?1 AND account_id = ?2 AND rev = coalesce(?3, rev) AND ${writerMay("?4")}`,
					)
					.bind(id, accountId, rev, writerValue(by)),
				auditIfChanged(db, entry),
			]);
			return (deleted?.meta.changes ?? 0) > 0 ? "written" : whyNot(issuer);
		},
		async membersByEmail(accountId, email) {
			// What an administrator says of a member's address, and what whoever has it showed by a link.
			const query = db.prepare(
				`SELECT person_id AS id FROM memberships INDEXED BY memberships_by_email
					JOIN people ON people.id = person_id AND people.state = 'active'
				WHERE account_id = ?1 AND memberships.verified_email = ?2 COLLATE NOCASE AND memberships.verified_email IS NOT NULL
					AND memberships.state = 'active'
				UNION SELECT people.id FROM people INDEXED BY people_by_verified_email
					JOIN memberships ON person_id = people.id AND account_id = ?1 AND memberships.state = 'active'
				WHERE people.verified_email = ?2 AND people.verified_email IS NOT NULL AND people.state = 'active'
				LIMIT 2`,
			);
			const { results } = await query.bind(accountId, email).all<{ id: SubjectId }>();
			return results.map(({ id }) => id);
		},
	};

	async function whyNot({ id, accountId, rev }: Pick<TrustedIssuer, "id" | "accountId"> & { rev: number | null }) {
		const now = await find(id);
		return now?.accountId === accountId && now.rev === (rev ?? now.rev) ? "not_permitted" : "overtaken";
	}
}

function compare(one: TrustedIssuer, other: TrustedIssuer): number {
	return one.name < other.name ? -1 : one.name > other.name ? 1 : one.id < other.id ? -1 : 1;
}

function termsOf({ jwks, jwksUri, algorithms, clients, subject, tenant, rules }: TrustedIssuer): string {
	const terms: Terms = {
		...(jwks && { jwks }),
		...(jwksUri !== undefined && { jwksUri }),
		algorithms,
		clients,
		subject,
		tenant,
		rules,
	};
	return JSON.stringify(terms);
}

/** What cannot be read vouches for nobody. */
function toIssuer({ id, account_id, kind, issuer, name, terms, rev }: IssuerRow): Stored<TrustedIssuer> {
	const nobody: Terms = { algorithms: [], clients: [], subject: "aud_sub", tenant: null, rules: [] };
	const read = readStored<Partial<Terms>>(terms, {}, { table: "trusted_issuers", id });
	return { ...nobody, ...read, id, accountId: account_id, kind, issuer, name, rev };
}
