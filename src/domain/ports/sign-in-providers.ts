/** Through whom people sign in, and who they are there. What is written is written with its entry, or not at all. */
import type { AuditEntry } from "../audit-entry.ts";
import type { Seconds } from "../brands.ts";
import type { Role } from "../permission.ts";
import type { Person } from "../person.ts";
import type { ProviderIdentity, SignInProvider } from "../sign-in-provider.ts";
import type { Stored } from "../stored.ts";
import type { SubjectId } from "../subject.ts";
import type { ApiWriter } from "./apis.ts";

export interface SignInProviderRegister {
	/** All of an account's, or (null) of the deployment's, by name. */
	list(accountId: string | null): Promise<readonly Stored<SignInProvider>[]>;
	provider(id: string): Promise<Stored<SignInProvider> | null>;
	/** `same`: the row was there already, of this owner, under this id. */
	add(provider: SignInProvider, by: ApiWriter, entry: AuditEntry): Promise<"added" | "same" | "full" | "not_permitted">;
	/** Where the row is still as it was read. Its kind, issuer and client stay. */
	edit(
		provider: Stored<SignInProvider>,
		by: ApiWriter,
		entry: AuditEntry,
	): Promise<"written" | "overtaken" | "not_permitted">;
	/**
	 * With who is whom there, and no domain leads to it any more. Where the row is still as it was read; whatever it is, where no
	 * `rev` is named.
	 */
	delete(
		provider: Pick<SignInProvider, "id" | "accountId"> & { readonly rev: number | null },
		by: ApiWriter,
		entry: AuditEntry,
	): Promise<"written" | "overtaken" | "not_permitted">;

	/** Who this is here; null for nobody. */
	identity(providerId: string, subject: string): Promise<ProviderIdentity | null>;
	/** What one person is at any provider, the first that was linked first. */
	identitiesOf(personId: SubjectId): Promise<readonly ProviderIdentity[]>;
	/** `same`: they were linked before. `taken`: that is another person here. `gone`: provider or person is there no more, or off. */
	link(identity: ProviderIdentity, entries: readonly AuditEntry[]): Promise<"linked" | "same" | "taken" | "gone">;
	/**
	 * A new person, who is this one there, becomes a member of the provider's account, at once or not at all. `linked`: they are
	 * somebody here already. `taken`: the user name is.
	 */
	admit(
		newcomer: { readonly person: Person; readonly role: Role; readonly verifiedEmail: string | null },
		identity: ProviderIdentity,
		entry: AuditEntry,
	): Promise<"admitted" | "linked" | "taken" | "full" | "gone">;
	noteUse(providerId: string, subject: string, at: Seconds): Promise<void>;
	unlink(
		identity: Pick<ProviderIdentity, "providerId" | "subject" | "personId">,
		entries: readonly AuditEntry[],
	): Promise<"unlinked" | "unknown">;
}
