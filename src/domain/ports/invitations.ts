import type { AuditEntry } from "../audit-entry.ts";
import type { Hash, Seconds } from "../brands.ts";
import type { Invitation } from "../invitation.ts";
import type { Passkey } from "../passkey.ts";
import type { Person } from "../person.ts";
import type { SubjectId } from "../subject.ts";
import type { WriterRole } from "./register.ts";

/** A row and what opens it: the hash of the secret that its link seals. */
export interface InvitationLink {
	readonly id: string;
	readonly hash: Hash;
}

/** With the names that people have now; null for somebody who is gone. */
export interface ListedInvitation extends Invitation {
	readonly inviterName: string | null;
	readonly accepterName: string | null;
}

/** What its holder is told of. */
export interface FoundInvitation extends Invitation {
	readonly account: { readonly slug: string; readonly name: string; readonly isActive: boolean };
	readonly inviterName: string | null;
}

/** Who accepts: somebody who is there already, or who is made by it. */
export type Accepter =
	| { readonly kind: "here"; readonly personId: SubjectId }
	/** With the passkey that they get in by, where they chose no password. */
	| { readonly kind: "new"; readonly person: Person; readonly passkey?: Passkey };

export interface InvitationRegister {
	/** `same`: that id is there already, and this is its row. Of several at once as many are added as there is room for open ones. An
	 * operator invites into an account to which nobody belongs, and into no other. */
	add(
		invitation: Invitation,
		hash: Hash,
		by: WriterRole | { readonly operator: SubjectId } | null,
		entry: AuditEntry,
	): Promise<
		{ readonly kind: "added" | "full" | "not_permitted" } | { readonly kind: "same"; readonly invitation: Invitation }
	>;
	/** Newest first. */
	list(
		accountId: string,
		before: Pick<Invitation, "createdAt" | "id"> | null,
		limit: number,
	): Promise<readonly ListedInvitation[]>;
	one(accountId: string, id: string): Promise<ListedInvitation | null>;
	/** `unknown` for one that has been revoked, too. */
	revoke(
		of: Pick<Invitation, "id" | "accountId">,
		by: WriterRole | null,
		entry: AuditEntry,
	): Promise<"revoked" | "accepted" | "unknown" | "not_permitted">;
	/** By what its link says; null where no row has both. */
	find(link: InvitationLink): Promise<FoundInvitation | null>;
	/**
	 * Spends it and makes the member, both or neither, whoever else tries at the same time. Who belonged to the account before comes
	 * back, and what they held until now stays ended. By
	 * who has accepted it: `accepted`, once more. `member`: who belongs to the account otherwise leaves it as it is. `taken`: the user name is
	 * somebody's. `closed`: it is not open, or its account takes nobody in.
	 */
	accept(
		link: InvitationLink,
		who: Accepter,
		at: Seconds,
		entry: AuditEntry,
	): Promise<"accepted" | "member" | "taken" | "full" | "closed">;
	/** Deletes what expired before this. */
	purge(before: Seconds): Promise<void>;
}
