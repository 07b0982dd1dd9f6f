import type { Seconds } from "./brands.ts";
import type { Scope } from "./scope.ts";
import type { SubjectId } from "./subject.ts";

export interface Install {
	readonly grantId: string;
	readonly clientId: string;
	readonly accountId: string;
	readonly subject: SubjectId;
	/** What was agreed to, for lists: what counts is what the ledger has. */
	readonly scope: Scope;
	/** What of it nobody here checks. */
	readonly unchecked?: Scope;
	readonly createdAt: Seconds;
	/** When the row can go: the longest that its grant may live. */
	readonly expiresAt: Seconds;
}
