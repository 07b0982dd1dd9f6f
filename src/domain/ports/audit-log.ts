/** The audit log, as it is read. */
import type { AuditEntry } from "../audit-entry.ts";
import type { Seconds } from "../brands.ts";

/** An entry with its number: of two of the same second, the higher was written later. */
export interface NumberedEntry extends AuditEntry {
	readonly id: number;
}

export interface AuditFilter {
	/** Exactly this id. */
	readonly actor: string | null;
	/** An action (`key.create`), or a noun for all of its actions (`key`). */
	readonly action: string | null;
	readonly target: string | null;
	/** From this second on, and before that one. */
	readonly from: Seconds | null;
	readonly to: Seconds | null;
}

/** What an entry may be about, or by. */
export interface NamedParty {
	readonly id: string;
	readonly name: string;
	readonly kind: "person" | "key" | "client" | "policy" | "api" | "environment" | "account";
}

export interface AuditPosition {
	readonly at: Seconds;
	readonly id: number;
}

export interface AuditLog {
	/** All or none. */
	add(entries: readonly AuditEntry[]): Promise<void>;
	/** Unless the same was noted since then: in that account, by that actor, with that target and detail. */
	addFirst(entry: AuditEntry, since: Seconds): Promise<void>;
	/**
	 * The entries of an account, or of none (null: what concerns the deployment), newest first, beyond `after`; or (`isBack`) from there
	 * towards the newest. A page may have less than its limit and yet not be the last: `next` is from where it goes on.
	 */
	search(
		accountId: string | null,
		filter: AuditFilter,
		after: AuditPosition | null,
		limit: number,
		isBack?: boolean,
	): Promise<{ readonly rows: readonly NumberedEntry[]; readonly next: AuditPosition | null }>;
	/**
	 * The names of what an account's log tells of, by id: people who belong to it or did, keys, access codes, policies and
	 * environments of its own, APIs that it sees, clients, the account itself, and of grants that of their client. What is gone, or is another account's, has none.
	 * Of clients, unless its log tells of them (`areInLog`), those alone that are its own or installed in it.
	 * For the deployment's log those of people, clients and accounts.
	 */
	names(
		accountId: string | null,
		ids: readonly string[],
		where?: { readonly areInLog: boolean },
	): Promise<ReadonlyMap<string, string>>;
	/** Of each kind (or of one) some of what {@link names} names whose name begins like this, in either case of ASCII; of people as it stands, or with a capital. */
	called(
		accountId: string | null,
		beginning: string,
		limit: number,
		only?: NamedParty["kind"],
	): Promise<readonly NamedParty[]>;
}
