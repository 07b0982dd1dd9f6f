import type { Sealed } from "../../domain/brands.ts";
import { bounds } from "../../domain/bounds.ts";
import type { SignInProviderRegister } from "../../domain/ports/sign-in-providers.ts";
import type { ProviderIdentity, ProviderKind, SignInProvider } from "../../domain/sign-in-provider.ts";
import type { Stored } from "../../domain/stored.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { mayWrite, writerOf } from "./api-writer.ts";
import { auditAllIfChanged, auditIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase } from "./database.ts";
import { hasRoom } from "./room.ts";
import { readStored } from "./stored-json.ts";

interface ProviderRow {
	readonly id: string;
	readonly account_id: string | null;
	readonly kind: ProviderKind;
	readonly issuer: string;
	readonly client_id: string;
	readonly name: string;
	readonly sealed_secret: Sealed;
	readonly terms: string;
	readonly state: SignInProvider["state"];
	readonly rev: number;
}

interface IdentityRow {
	readonly provider_id: string;
	readonly subject: string;
	readonly person_id: SubjectId;
	readonly linked_at: number;
	readonly last_used_at: number | null;
}

type Terms = Pick<
	SignInProvider,
	"tokenAuth" | "scopes" | "groupsClaim" | "groupRoles" | "justInTime" | "defaultRole" | "admits" | "only" | "trustsAmr"
>;

/** One that people come in through now: it is on, and its account, where it has one, goes on. */
const isOpen = `providers.state = 'on' AND (providers.account_id IS NULL OR EXISTS (
	SELECT 1 FROM accounts WHERE accounts.id = providers.account_id AND accounts.state = 'active' AND accounts.suspended_at IS NULL))`;

/** ?1 and ?2 are nobody here yet. */
const isNobody = "NOT EXISTS (SELECT 1 FROM provider_identities WHERE provider_id = ?1 AND subject = ?2)";

/** Providers over D1. An account has few: they are counted where one is added. */
export function signInProviderStore(db: SqlDatabase): SignInProviderRegister {
	async function find(id: string): Promise<Stored<SignInProvider> | null> {
		const row = await db.prepare("SELECT * FROM sign_in_providers WHERE id = ?").bind(id).first<ProviderRow>();
		return row && toProvider(row);
	}

	async function identity(providerId: string, subject: string): Promise<ProviderIdentity | null> {
		const query = db.prepare("SELECT * FROM provider_identities WHERE provider_id = ? AND subject = ?");
		const row = await query.bind(providerId, subject).first<IdentityRow>();
		return row && toIdentity(row);
	}

	return {
		async list(accountId) {
			const query = db.prepare("SELECT * FROM sign_in_providers WHERE account_id IS ? ORDER BY name, id");
			const { results } = await query.bind(accountId).all<ProviderRow>();
			return results.map(toProvider);
		},
		provider: find,
		async add(provider, by, entry) {
			const { id, accountId, kind, issuer, clientId, name, sealedSecret, state } = provider;
			const few = `(SELECT count(*) FROM sign_in_providers WHERE account_id IS ?2) < ${bounds.signInProviders.most}`;
			const insert = db
				.prepare(
					`INSERT INTO sign_in_providers (id, account_id, kind, issuer, client_id, name, sealed_secret, terms, state)
					SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE ${few} AND ${mayWrite("?10", by)} ON CONFLICT DO NOTHING`,
				)
				.bind(id, accountId, kind, issuer, clientId, name, sealedSecret, termsOf(provider), state, writerOf(by));
			const [added] = await db.batch([insert, auditIfChanged(db, entry)]);
			if ((added?.meta.changes ?? 0) > 0) return "added";
			const there = await find(id);
			if (there && there.accountId !== accountId) throw new Error("The id of a provider is of another owner");
			if (there) return "same";
			const full = db.prepare(`SELECT ?1 IS NULL OR NOT ${few} AS is_full`).bind(id, accountId);
			return (await full.first<number>("is_full")) === 1 ? "full" : "not_permitted";
		},
		async edit(provider, by, entry) {
			const { id, accountId, name, sealedSecret, state, rev } = provider;
			const update = db
				.prepare(
					`UPDATE sign_in_providers SET name = ?3, sealed_secret = ?4, terms = ?5, state = ?6, rev = rev + 1
					WHERE id = ?1 AND account_id IS ?2 AND rev = ?7 AND ${mayWrite("?8", by)}`,
				)
				.bind(id, accountId, name, sealedSecret, termsOf(provider), state, rev, writerOf(by));
			const [edited] = await db.batch([update, auditIfChanged(db, entry)]);
			return (edited?.meta.changes ?? 0) > 0 ? "written" : whyNot(provider);
		},
		async delete(provider, by, entry) {
			const { id, accountId, rev } = provider;
			const isThis = `id = ?1 AND account_id IS ?2 AND rev = coalesce(?3, rev) AND ${mayWrite("?4", by)}`;
			const values = [id, accountId, rev, writerOf(by)] as const;
			const ofIt = `provider_id IN (SELECT id FROM sign_in_providers WHERE ${isThis})`;
			const [, , deleted] = await db.batch([
				db.prepare(`DELETE FROM provider_identities WHERE ${ofIt}`).bind(...values),
				db.prepare(`UPDATE account_domains SET provider_id = NULL WHERE ${ofIt}`).bind(...values),
				db.prepare(`DELETE FROM sign_in_providers WHERE ${isThis}`).bind(...values),
				auditIfChanged(db, entry),
			]);
			return (deleted?.meta.changes ?? 0) > 0 ? "written" : whyNot(provider);
		},

		identity,
		async identitiesOf(personId) {
			const query = db.prepare(
				"SELECT * FROM provider_identities WHERE person_id = ? ORDER BY linked_at, provider_id, subject",
			);
			const { results } = await query.bind(personId).all<IdentityRow>();
			return results.map(toIdentity);
		},
		async link({ providerId, subject, personId, linkedAt, lastUsedAt }, entries) {
			const insert = db
				.prepare(
					`INSERT INTO provider_identities (provider_id, subject, person_id, linked_at, last_used_at)
					SELECT ?1, ?2, ?3, ?4, ?5 FROM sign_in_providers AS providers
					WHERE providers.id = ?1 AND ${isOpen} AND ${isNobody}
						AND EXISTS (SELECT 1 FROM people WHERE people.id = ?3 AND people.state = 'active')`,
				)
				.bind(providerId, subject, personId, linkedAt, lastUsedAt);
			const [linked] = await db.batch([insert, ...auditAllIfChanged(db, entries)]);
			if ((linked?.meta.changes ?? 0) > 0) return "linked";
			const there = await identity(providerId, subject);
			return there === null ? "gone" : there.personId === personId ? "same" : "taken";
		},
		async admit({ person, role, verifiedEmail }, { providerId, subject, linkedAt, lastUsedAt }, entry) {
			const { id, username, name, passwordHash } = person;
			const open = `sign_in_providers AS providers WHERE providers.id = ?1 AND providers.account_id IS NOT NULL AND ${isOpen}`;
			const [made] = await db.batch([
				db
					.prepare(
						`INSERT INTO people (id, username, name, password_hash, state, not_before)
						SELECT ?3, ?4, ?5, ?6, 'active', 0 FROM ${open} AND ${isNobody} AND ${hasRoom("people", "providers.account_id")}
						ON CONFLICT DO NOTHING`,
					)
					.bind(providerId, subject, id, username, name, passwordHash ?? ""),
				// Each of the rest only where the one before it was written.
				db
					.prepare(
						`INSERT INTO memberships (person_id, account_id, role, verified_email, state, not_before)
						SELECT ?2, account_id, ?3, ?4, 'active', 0 FROM sign_in_providers WHERE id = ?1 AND changes() > 0`,
					)
					.bind(providerId, id, role, verifiedEmail),
				db
					.prepare(
						`INSERT INTO provider_identities (provider_id, subject, person_id, linked_at, last_used_at)
						SELECT ?1, ?2, ?3, ?4, ?5 WHERE changes() > 0`,
					)
					.bind(providerId, subject, id, linkedAt, lastUsedAt),
				auditIfChanged(db, entry),
			]);
			if ((made?.meta.changes ?? 0) > 0) return "admitted";
			if (await identity(providerId, subject)) return "linked";
			const query = db.prepare(`SELECT ${hasRoom("people", "providers.account_id")} AS has_room FROM ${open}`);
			const room = await query.bind(providerId).first<number>("has_room");
			return room === null ? "gone" : room === 0 ? "full" : "taken";
		},
		async noteUse(providerId, subject, at) {
			await db
				.prepare("UPDATE provider_identities SET last_used_at = ?3 WHERE provider_id = ?1 AND subject = ?2")
				.bind(providerId, subject, at)
				.run();
		},
		async unlink({ providerId, subject, personId }, entries) {
			const gone = db
				.prepare("DELETE FROM provider_identities WHERE provider_id = ? AND subject = ? AND person_id = ?")
				.bind(providerId, subject, personId);
			const [unlinked] = await db.batch([gone, ...auditAllIfChanged(db, entries)]);
			return (unlinked?.meta.changes ?? 0) > 0 ? "unlinked" : "unknown";
		},
	};

	async function whyNot({ id, accountId, rev }: Pick<SignInProvider, "id" | "accountId"> & { rev: number | null }) {
		const now = await find(id);
		return now?.accountId === accountId && now.rev === (rev ?? now.rev) ? "not_permitted" : "overtaken";
	}
}

function termsOf(provider: SignInProvider): string {
	const { tokenAuth, scopes, groupsClaim, groupRoles, justInTime, defaultRole, admits, only, trustsAmr } = provider;
	const terms: Terms = {
		tokenAuth,
		scopes,
		groupsClaim,
		groupRoles,
		justInTime,
		defaultRole,
		admits,
		only,
		trustsAmr,
	};
	return JSON.stringify(terms);
}

/** What cannot be read makes nobody a member. That it is the only way in stays so, rather than opening others. */
function toProvider(row: ProviderRow): Stored<SignInProvider> {
	const { id, account_id, kind, issuer, client_id, name, sealed_secret, terms, state, rev } = row;
	const nobody: Terms = {
		tokenAuth: "client_secret_basic",
		scopes: ["openid"],
		groupsClaim: null,
		groupRoles: [],
		justInTime: false,
		defaultRole: null,
		admits: "domains",
		only: true,
		trustsAmr: false,
	};
	const read = readStored<Partial<Terms>>(terms, nobody, { table: "sign_in_providers", id });
	return {
		...nobody,
		...read,
		id,
		accountId: account_id,
		kind,
		issuer,
		clientId: client_id,
		name,
		sealedSecret: sealed_secret,
		state,
		rev,
	};
}

function toIdentity({ provider_id, subject, person_id, linked_at, last_used_at }: IdentityRow): ProviderIdentity {
	return { providerId: provider_id, subject, personId: person_id, linkedAt: linked_at, lastUsedAt: last_used_at };
}
