/**
 * The accounts of a deployment, as those see them who run it. Each change is written with its audit entries, or none is; what
 * only an operator may do says in its own statement that `by` is one, else it is `not_permitted`.
 */
import type { Account } from "../account.ts";
import type { AuditEntry } from "../audit-entry.ts";
import type { Seconds } from "../brands.ts";
import type { SubjectId } from "../subject.ts";

/** One that has not ended. */
export interface ListedAccount extends Account {
	/** Null where that was not noted. */
	readonly createdAt: Seconds | null;
	readonly suspendedAt: Seconds | null;
	/** From when on everything of it goes. */
	readonly deleteAt: Seconds | null;
}

export interface AccountCounts {
	readonly people: number;
	readonly clients: number;
	readonly keys: number;
	readonly apis: number;
}

export interface NewAccount {
	readonly account: Account;
	readonly createdAt: Seconds;
	readonly by: SubjectId;
	/** Whether as an operator: whoever is none has a bound to how many they make. */
	readonly asOperator: boolean;
	/** Whether they administer it. Else it has nobody yet. */
	readonly administered: boolean;
}

export type AccountChange = "changed" | "unchanged" | "unknown" | "not_permitted";

export interface AccountRegister {
	/** By name and id; of one state alone where it is said. */
	list(
		state: "active" | "suspended" | null,
		after: { readonly name: string; readonly id: string } | null,
		limit: number,
	): Promise<readonly ListedAccount[]>;
	find(slug: string): Promise<ListedAccount | null>;
	counts(accountId: string): Promise<AccountCounts>;
	/** `same`: it was made before, under this id; `taken`: the slug is, or was, another one's. */
	create(
		account: NewAccount,
		entries: readonly AuditEntry[],
	): Promise<"created" | "same" | "taken" | "full" | "not_permitted">;
	/** Where the name is still the one that it was. */
	rename(
		accountId: string,
		name: { readonly from: string; readonly to: string },
		by: SubjectId,
		entries: readonly AuditEntry[],
	): Promise<"changed" | "overtaken" | "not_permitted">;
	suspend(accountId: string, at: Seconds, by: SubjectId, entries: readonly AuditEntry[]): Promise<AccountChange>;
	/** Takes back the date of its deletion too. One of which something has gone already does not come back: `unknown`. */
	reinstate(accountId: string, by: SubjectId, entries: readonly AuditEntry[]): Promise<AccountChange>;
	/** Null takes the date back. Only one that is suspended has one. */
	setDeletion(
		accountId: string,
		at: Seconds | null,
		by: SubjectId,
		entries: readonly AuditEntry[],
	): Promise<AccountChange | "not_suspended">;
}
