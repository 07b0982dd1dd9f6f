/** What the settings of people and accounts ask of the register. Each change is written with its audit entries, or none is. */
import type { Profile } from "../identity.ts";
import type { AuditEntry } from "../audit-entry.ts";
import type { Person } from "../person.ts";
import type { Role } from "../permission.ts";
import type { SubjectId } from "../subject.ts";
import type { Seconds } from "../brands.ts";

/** Somebody who belongs to an account now. */
export interface Member {
	readonly id: SubjectId;
	readonly username: string;
	readonly name: string;
	readonly role: Role;
}

interface MemberKey {
	readonly accountId: string;
	readonly personId: SubjectId;
}

/** `last_admin`: an account always keeps an administrator, whoever else changes it at the same time. */
export type MemberChange = "changed" | "unchanged" | "last_admin" | "unknown";

export interface PeopleRegister {
	rename(personId: SubjectId, name: string, entries: readonly AuditEntry[]): Promise<void>;
	/** In the place of what they had entered before. `unknown` where there is no such person (any more). */
	setProfile(personId: SubjectId, profile: Profile, entries: readonly AuditEntry[]): Promise<"changed" | "unknown">;
	/** `unchanged` where the password is not (any more) the one that hashes to `from`. */
	setPassword(
		personId: SubjectId,
		password: { readonly from: string; readonly to: string },
		entries: readonly AuditEntry[],
	): Promise<"changed" | "unchanged">;
	renameAccount(accountId: string, name: string, entry: AuditEntry): Promise<void>;

	/** By name and id. */
	members(
		accountId: string,
		after: { readonly name: string; readonly id: string } | null,
		limit: number,
	): Promise<readonly Member[]>;
	member(of: MemberKey): Promise<Member | null>;
	/** A new person and their membership. `same`: they were added before, under this id; `taken`: the user name is somebody's. */
	addMember(person: Person, of: MemberKey & { role: Role }, entry: AuditEntry): Promise<"added" | "same" | "taken">;
	/** Brings back somebody who belonged to the account. What they held before `notBefore` stays ended. */
	reinstate(of: MemberKey & { role: Role; notBefore: Seconds }, entry: AuditEntry): Promise<"changed" | "unknown">;
	setRole(of: MemberKey, role: Role, entry: AuditEntry): Promise<MemberChange>;
	/** Ends a membership, and what was held under it before `notBefore`. */
	removeMember(of: MemberKey, notBefore: Seconds, entry: AuditEntry): Promise<Exclude<MemberChange, "unchanged">>;
}
