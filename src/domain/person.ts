import type { Profile } from "./identity.ts";
import type { Sealed, Seconds } from "./brands.ts";
import type { Role } from "./permission.ts";
import type { Standing } from "./standing.ts";
import type { SubjectId } from "./subject.ts";

export interface Person extends Standing {
	readonly id: SubjectId;
	readonly username: string;
	readonly name: string;
	/** As crypto/password.ts wrote it; null for who signs in without one. */
	readonly passwordHash: string | null;
	/** Left out where they entered nothing. */
	readonly profile?: Profile;
	/** The address in it, where they have shown by a link that was mailed there that it is theirs. Nobody else's then. */
	readonly verifiedEmail?: string;
	/** Left out where none were tried. */
	readonly wrongPasswords?: WrongPasswords;
	/** Their second factor; left out where it is off. A password alone does not sign them in then. */
	readonly oneTimeCodes?: OneTimeCodes;
	/** Whether they run the deployment; left out where they do not. */
	readonly isOperator?: true;
}

/** What was tried where this person had not signed in before, since they last said that they saw it. */
export interface WrongPasswords {
	readonly count: number;
	readonly firstAt: Seconds;
	readonly lastAt: Seconds;
}

export interface OneTimeCodes {
	readonly sealedSecret: Sealed;
	readonly since: Seconds;
}

export interface Membership extends Standing {
	readonly personId: SubjectId;
	readonly accountId: string;
	readonly role: Role;
	/** The e-mail address that an administrator of the account says is theirs; left out where none did. */
	readonly verifiedEmail?: string;
}
