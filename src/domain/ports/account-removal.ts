/**
 * What of an account is left in the register while everything of it goes. Each list is of what is still there, at most `limit`, so that
 * whoever stops half-way goes on where it was: what a row stands for in a ledger goes first, then the row.
 */
import type { AuditEntry } from "../audit-entry.ts";
import type { Seconds } from "../brands.ts";
import type { SubjectId } from "../subject.ts";

export interface GoingAccount {
	readonly id: string;
	readonly slug: string;
}

interface GoingMember {
	readonly id: SubjectId;
	/** Whether they belong to nothing else, and run no deployment: they go with the account. */
	readonly isLast: boolean;
}

export interface AccountRemoval {
	/** Those whose date has come, which from now on nobody brings back, and those that something is left of. */
	begin(now: Seconds): Promise<readonly GoingAccount[]>;
	/** Its API keys, those too that were deleted. */
	keys(accountId: string, limit: number): Promise<readonly SubjectId[]>;
	/** With their codes, links and copies. */
	removeKeys(ids: readonly SubjectId[]): Promise<void>;
	/** Others' keys that it has linked. */
	linkedKeys(accountId: string, limit: number): Promise<readonly SubjectId[]>;
	removeLinks(accountId: string, keyIds: readonly SubjectId[]): Promise<void>;
	/** Its clients, one of them, and whoever allowed that one anything in whichever account. */
	client(accountId: string, limit: number): Promise<{ id: string; subjects: readonly SubjectId[] } | null>;
	removeInstalls(of: { clientId: string } | { accountId: string }, subjects: readonly SubjectId[]): Promise<void>;
	removeClient(id: string): Promise<void>;
	/** Whoever allowed anything in the account. */
	installers(accountId: string, limit: number): Promise<readonly SubjectId[]>;
	members(accountId: string, limit: number): Promise<readonly GoingMember[]>;
	/** Their memberships of it; of those who belong to nothing else then, all that says who they were. */
	removeMembers(accountId: string, ids: readonly SubjectId[]): Promise<void>;
	/** Everything else that is of the account, its audit log at last. */
	removeRest(accountId: string): Promise<void>;
	/** It is gone but for its id and its slug, which never become another one's. */
	finish(accountId: string, entry: AuditEntry): Promise<void>;
}
