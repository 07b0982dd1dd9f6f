/** Whose addresses are whose people's. What is written is written with its entry, or not at all. */
import type { AccountDomain } from "../account-domain.ts";
import type { AuditEntry } from "../audit-entry.ts";
import type { ApiWriter } from "./apis.ts";

type DomainKey = Pick<AccountDomain, "accountId" | "domain">;

export interface AccountDomainRegister {
	/** All of an account's, by name. */
	list(accountId: string): Promise<readonly AccountDomain[]>;
	/** That of the account that showed it to be its own, while that is active. */
	verified(domain: string): Promise<AccountDomain | null>;
	/** Whether one leads to a provider, of whatever account. */
	leadsAnywhere(): Promise<boolean>;
	/** Unverified, whoever else names it. `same`: it is there, as it was. */
	add(
		domain: Omit<AccountDomain, "verified">,
		by: ApiWriter,
		entry: AuditEntry,
	): Promise<"added" | "same" | "full" | "not_permitted">;
	/** `taken`: it counts for another account. `same`: it did for this one before. */
	verify(
		of: DomainKey,
		verified: NonNullable<AccountDomain["verified"]>,
		by: ApiWriter,
		entry: AuditEntry,
	): Promise<"verified" | "same" | "taken" | "unknown" | "not_permitted">;
	/** Where its people are led; the later stands. `no_provider`: the account has none of that id. */
	setProvider(
		of: DomainKey,
		providerId: string | null,
		by: ApiWriter,
		entry: AuditEntry,
	): Promise<"written" | "same" | "no_provider" | "unknown" | "not_permitted">;
	delete(of: DomainKey, by: ApiWriter, entry: AuditEntry): Promise<"written" | "unknown" | "not_permitted">;
}
