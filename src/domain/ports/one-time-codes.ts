/** The second factor of people who sign in by password: codes of an authenticator app (RFC 6238). */
import type { AuditEntry } from "../audit-entry.ts";
import type { Sealed, Seconds } from "../brands.ts";
import type { SubjectId } from "../subject.ts";

export interface OneTimeCodeRegister {
	/**
	 * Where they are off and the password is the one that was asked for. The same once more changes nothing; `overtaken`: another
	 * secret is on, or the password is another.
	 */
	turnOn(
		personId: SubjectId,
		codes: {
			readonly sealedSecret: Sealed;
			readonly lastStep: number;
			readonly at: Seconds;
			readonly password: string | null;
		},
		entries: readonly AuditEntry[],
	): Promise<"on" | "overtaken">;
	/**
	 * Uses up this step's code and those of before; false where that was done already, or the secret is another.
	 * RFC 6238 §5.2: a code that was taken MUST NOT be taken again.
	 */
	use(personId: SubjectId, secret: Sealed, step: number): Promise<boolean>;
	/** Another secret in the place of `from`; false where that is not on (any more). */
	change(
		personId: SubjectId,
		from: Sealed,
		codes: { readonly sealedSecret: Sealed; readonly lastStep: number; readonly at: Seconds },
		entries: readonly AuditEntry[],
	): Promise<boolean>;
	/** False where this secret is not on (any more). */
	turnOff(personId: SubjectId, secret: Sealed, entries: readonly AuditEntry[]): Promise<boolean>;
}
