/** The ways back to somebody who lost their password. What replaces it says which one it replaces, so that of two one does. */
import type { AuditEntry } from "../audit-entry.ts";
import type { Hash, Seconds } from "../brands.ts";
import type { Passkey } from "../passkey.ts";
import type { Person } from "../person.ts";
import type { RecoveryLink } from "../recovery.ts";
import type { SubjectId } from "../subject.ts";

export interface RecoveryCodes {
	/** Those that nobody has used. */
	readonly left: number;
	/** Null where there never were any, or a new password ended them. */
	readonly madeAt: Seconds | null;
}

/** What is stored of a password, before and after, null for none; and a passkey that comes in its place. */
export interface NewWayIn {
	readonly from: string | null;
	readonly to: string | null;
	readonly passkey?: Passkey;
}

export type Used = "changed" | "unchanged";

export interface RecoveryRegister {
	codes(personId: SubjectId): Promise<RecoveryCodes>;
	/**
	 * In the place of all that there are, where the password is still the one that was asked for. The same once more changes
	 * nothing, and brings none back that was used.
	 */
	replaceCodes(
		personId: SubjectId,
		made: { readonly password: string | null; readonly hashes: readonly Hash[]; readonly at: Seconds },
		entries: readonly AuditEntry[],
	): Promise<Used>;
	/** In one query, whether there is such a person or not. */
	byCode(username: string, hash: Hash): Promise<{ readonly person: Person; readonly usedAt: Seconds | null } | null>;
	/** In the place of a second factor: the password stays what it is, and the other codes are good. */
	spendCode(
		of: { readonly personId: SubjectId; readonly hash: Hash; readonly at: Seconds; readonly password: string | null },
		entries: readonly AuditEntry[],
	): Promise<Used>;
	useCode(
		of: { readonly personId: SubjectId; readonly hash: Hash; readonly at: Seconds },
		wayIn: NewWayIn,
		entries: readonly AuditEntry[],
	): Promise<Used>;

	/**
	 * `unknown`: nobody whom its maker could know of. `beyond`: it would open more than the maker's account. `not_permitted`: who
	 * makes it may not (any more).
	 */
	addLink(
		link: RecoveryLink,
		entries: readonly AuditEntry[],
	): Promise<"added" | "unknown" | "beyond" | "not_permitted">;
	/** With whom it is for. It `holds` where it could be made now as it was. */
	link(id: string): Promise<{
		readonly link: RecoveryLink;
		readonly usedAt: Seconds | null;
		readonly holds: boolean;
		readonly person: Person;
	} | null>;
	/**
	 * Where it still holds. Ends the person's recovery codes with the password that they were made by; and their one-time codes, where
	 * people vouch for them, and not a mail box alone.
	 */
	useLink(
		of: { readonly id: string; readonly password: Hash; readonly at: Seconds },
		wayIn: NewWayIn,
		entries: readonly AuditEntry[],
	): Promise<Used>;
}
