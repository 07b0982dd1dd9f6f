/** What the settings of people and accounts ask of the register. Each change is written with its audit entries, or none is. */
import type { Profile } from "../identity.ts";
import type { AuditEntry } from "../audit-entry.ts";
import type { Role } from "../permission.ts";
import type { SubjectId } from "../subject.ts";
import type { Seconds } from "../brands.ts";
import type { FoundPage, NameWalk } from "../list-query.ts";
import type { WriterRole } from "./register.ts";

/** Somebody who belongs to an account now. */
export interface Member {
	readonly id: SubjectId;
	readonly username: string;
	readonly name: string;
	readonly role: Role;
	/** As the membership has it. */
	readonly verifiedEmail?: string;
	/** Whether they have a passkey or one-time codes. */
	readonly hasSecondFactor: boolean;
}

/** What of an account's people is listed; null is what is not asked for. */
export interface MemberNarrowing {
	/** A part of the name or the user name, without regard to ASCII case, or an id. */
	readonly q: string | null;
	readonly role: Role | null;
	/** Whether they have a passkey or one-time codes. */
	readonly hasSecondFactor: boolean | null;
}

export interface MemberKey {
	readonly accountId: string;
	readonly personId: SubjectId;
}

/**
 * `last_admin`: an account always keeps an administrator, whoever else changes it at the same time. `not_permitted`: whoever
 * changes it has no role any more that permits it.
 */
export type MemberChange = "changed" | "last_admin" | "not_permitted" | "unknown";

/** One value in the place of another: a single field is compared itself, and needs no number of its own. */
interface From<Value> {
	readonly from: Value;
	readonly to: Value;
}

type Replaced = "changed" | "overtaken";

export interface PeopleRegister {
	/** Where the name is still the one that it was. */
	rename(personId: SubjectId, name: From<string>, entries: readonly AuditEntry[]): Promise<Replaced>;
	/** Where what they had entered is still what it was. */
	setProfile(personId: SubjectId, profile: From<Profile>, entries: readonly AuditEntry[]): Promise<Replaced>;
	/**
	 * `unchanged` where the password is not (any more) the one that hashes to `from`. Recovery codes were made by it, and end with
	 * it.
	 */
	setPassword(
		personId: SubjectId,
		password: From<string | null>,
		entries: readonly AuditEntry[],
	): Promise<"changed" | "unchanged">;
	/**
	 * Where they have a passkey, by which they get in from then on: asked in the same statement, as the last passkey asks for a password.
	 * `last`: they have none; `none`: there is no password to remove; `wrong`: it is not the one (any more) that hashes to `from`.
	 */
	removePassword(
		personId: SubjectId,
		from: string | null,
		entries: readonly AuditEntry[],
	): Promise<"removed" | "last" | "none" | "wrong">;
	/** Counts one more that was tried where the person had not signed in before. */
	noteWrongPassword(personId: SubjectId, at: Seconds): Promise<void>;
	/** The person has seen those up to this instant; where there are later ones all stay. */
	forgetWrongPasswords(personId: SubjectId, lastAt: Seconds): Promise<void>;
	renameAccount(accountId: string, name: From<string>, by: WriterRole | null, entry: AuditEntry): Promise<Replaced>;
	/** Whether its people have to sign in by two factors. */
	setSecondFactor(
		accountId: string,
		demand: "required" | null,
		by: WriterRole,
		entry: AuditEntry,
	): Promise<"set" | "unchanged" | "not_permitted">;

	/** By name and id. */
	members(accountId: string, narrowing: MemberNarrowing, walk: NameWalk): Promise<FoundPage<Member>>;
	member(of: MemberKey): Promise<Member | null>;
	/** `overtaken` where the role is not the one any more that it was. Whoever administers no more has no open invitation left. */
	setRole(
		of: MemberKey,
		role: From<Role>,
		by: WriterRole | null,
		entry: AuditEntry,
	): Promise<MemberChange | "overtaken">;
	/**
	 * The address that is said to be theirs in this account; null for none. `overtaken` where it is not the one that it was; where it
	 * stays that one nothing is noted.
	 */
	setVerifiedEmail(
		of: MemberKey,
		email: From<string | null>,
		by: WriterRole | null,
		entry: AuditEntry,
	): Promise<Exclude<MemberChange, "last_admin"> | "overtaken">;
	/**
	 * Ends a membership with what was said of its person's address, the invitations of theirs that are open, and what was held under
	 * it before `notBefore`. `by` is null for whoever leaves.
	 */
	removeMember(of: MemberKey, notBefore: Seconds, by: WriterRole | null, entry: AuditEntry): Promise<MemberChange>;
}
