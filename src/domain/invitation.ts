import type { Seconds } from "./brands.ts";
import { readLine } from "./display-name.ts";
import type { Role } from "./permission.ts";
import type { SubjectId } from "./subject.ts";

/** A link that makes one person a member of an account, once. */
export interface Invitation {
	readonly id: string;
	readonly accountId: string;
	readonly role: Role;
	/** From whoever invites to whoever is invited; empty where they wrote nothing. */
	readonly note: string;
	/** Where the link is mailed to; null where it is handed on by people alone. */
	readonly email: string | null;
	readonly invitedBy: SubjectId;
	readonly createdAt: Seconds;
	readonly expiresAt: Seconds;
	/** What is written of it; time alone ends one that is `open`. */
	readonly state: "open" | "accepted" | "revoked";
}

/** How long a link is good. */
export const invitationTtl: Seconds = 7 * 86_400;

/** How long it is listed after that. */
export const invitationKept: Seconds = 30 * 86_400;

export type InvitationState = Invitation["state"] | "expired";

export function invitationState({ state, expiresAt }: Invitation, now: Seconds): InvitationState {
	return state === "open" && now >= expiresAt ? "expired" : state;
}

/** Trimmed: nothing, or up to 200 printable characters on one line; else null. */
export function readNote(text: string): string | null {
	return text.trim() === "" ? "" : readLine(text, 200);
}
