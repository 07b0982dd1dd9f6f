/** Links that were mailed to an address, by which whoever entered it shows that it is theirs. */
import type { AuditEntry } from "../audit-entry.ts";
import type { Hash, Seconds } from "../brands.ts";
import type { SubjectId } from "../subject.ts";

export interface EmailLink {
	readonly personId: SubjectId;
	/** Of the link's secret. */
	readonly hash: Hash;
	readonly email: string;
	readonly expiresAt: Seconds;
}

/**
 * `gone`: no such link is open (any more); `entered_another`: they have entered another address since; `taken`: it was somebody
 * else's first, in either case.
 */
export type EmailProved = "verified" | "gone" | "entered_another" | "taken";

export interface EmailLinks {
	/** In the place of the one that the person had before. */
	put(link: EmailLink): Promise<void>;
	/** Null where no such link is open. */
	find(personId: SubjectId, hash: Hash, now: Seconds): Promise<EmailLink | null>;
	/** Makes the link's address its person's and uses the link up, with these entries, or changes nothing. */
	use(personId: SubjectId, hash: Hash, now: Seconds, entries: readonly AuditEntry[]): Promise<EmailProved>;
}
