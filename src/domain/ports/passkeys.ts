/** The passkeys of people. Each change is written with its audit entries, or none is. */
import type { AuditEntry } from "../audit-entry.ts";
import type { Seconds } from "../brands.ts";
import type { Passkey } from "../passkey.ts";
import type { Person } from "../person.ts";
import type { SubjectId } from "../subject.ts";

export interface PasskeyRegister {
	/** Those of a person, the oldest first. */
	list(personId: SubjectId): Promise<readonly Passkey[]>;
	/** With whose it is, whoever that is. */
	find(id: string): Promise<{ readonly passkey: Passkey; readonly person: Person } | null>;
	/**
	 * `taken`: the credential is registered, be it for the same person; `full`: the person has as many as there may be; `unknown`: there
	 * is no such person (any more).
	 */
	add(passkey: Passkey, entries: readonly AuditEntry[]): Promise<"added" | "taken" | "full" | "unknown">;
	/** What it is called opens nothing: of two at once the later stands. Noted where it was called otherwise. */
	rename(
		of: { readonly id: string; readonly personId: SubjectId },
		name: string,
		entries: readonly AuditEntry[],
	): Promise<"renamed" | "unknown">;
	/** `last`: without it the person could not sign in any more. */
	remove(
		of: { readonly id: string; readonly personId: SubjectId },
		entries: readonly AuditEntry[],
	): Promise<"removed" | "last" | "unknown">;
	/**
	 * Notes that it signed. False where it is gone, or where it counts and this count is not above the last one: of two that signed with
	 * the same count one is good.
	 */
	use(id: string, signed: { readonly signCount: number; readonly at: Seconds }): Promise<boolean>;
}
