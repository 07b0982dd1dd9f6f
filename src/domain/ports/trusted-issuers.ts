/** Whose JWTs an account takes as a grant. What is written is written with its entry, or not at all. */
import type { AuditEntry } from "../audit-entry.ts";
import type { Stored } from "../stored.ts";
import type { SubjectId } from "../subject.ts";
import type { TrustedIssuer } from "../trusted-issuer.ts";
import type { WriterRole } from "./register.ts";

/** `taken`: the account trusts this issuer already, for that. */
type IssuerRefused = "taken" | "not_permitted";

export interface TrustedIssuerRegister {
	/** All of an account's, by name. */
	list(accountId: string): Promise<readonly Stored<TrustedIssuer>[]>;
	/** `same`: the row was there already, of this account, under this id. */
	add(issuer: TrustedIssuer, by: WriterRole, entry: AuditEntry): Promise<"added" | "same" | "full" | IssuerRefused>;
	/** Where the row is still as it was read. Its kind stays. */
	edit(
		issuer: Stored<TrustedIssuer>,
		by: WriterRole,
		entry: AuditEntry,
	): Promise<"written" | "overtaken" | IssuerRefused>;
	/** Where the row is still as it was read; whatever it is, where no `rev` is named. */
	delete(
		issuer: Pick<TrustedIssuer, "id" | "accountId"> & { readonly rev: number | null },
		by: WriterRole,
		entry: AuditEntry,
	): Promise<"written" | "overtaken" | "not_permitted">;
	/** Members of an account of whom it is known that this address is theirs, compared without regard to case: two at most. */
	membersByEmail(accountId: string, email: string): Promise<readonly SubjectId[]>;
}
