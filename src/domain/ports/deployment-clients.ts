/** The clients of all accounts, and of none, for whoever runs the deployment: never a secret of theirs. */
import type { AuditEntry } from "../audit-entry.ts";
import type { Seconds } from "../brands.ts";
import type { Client } from "../client.ts";
import type { Scope } from "../scope.ts";
import type { SubjectId } from "../subject.ts";

/** The place in a list after which it goes on. */
interface ListPlace {
	readonly name: string;
	readonly id: string;
}

export interface DeploymentClient extends Pick<
	Client,
	"id" | "kind" | "name" | "state" | "redirectUris" | "grantTypes" | "scope"
> {
	/** Whose it is; null where software registered itself, or is described by a document. */
	readonly account: AccountNamed | null;
	/** Where it says so itself; else that was not noted. */
	readonly registeredAt: Seconds | null;
	/** To the hour, of those of no account. */
	readonly usedAt: Seconds | null;
	/** How many people, keys and programs have allowed it something that has not ended, each counted in each account. */
	readonly installs: number;
}

interface AccountNamed {
	readonly id: string;
	readonly slug: string;
	readonly name: string;
}

/** What a client was granted in one account, of what has not ended. */
export interface GrantedIn {
	readonly account: AccountNamed;
	readonly installs: number;
	readonly scope: Scope;
	readonly lastAt: Seconds;
}

export interface DeploymentClients {
	/**
	 * By name and id: those with this text in their name, in either ASCII case; the one with this id, where there is; all for an empty
	 * text. A page may have less than its limit and yet not be the last: `next` is from where it goes on. Of `installs`, what ran out
	 * is still counted until the sweep has seen it.
	 */
	list(
		search: string,
		now: Seconds,
		after: ListPlace | null,
		limit: number,
	): Promise<{ readonly rows: readonly DeploymentClient[]; readonly next: ListPlace | null }>;
	find(id: string, now: Seconds): Promise<DeploymentClient | null>;
	/** By the account's name; at most `limit` accounts, of a thousand. `scope` and `lastAt` are of a hundred grants in each. */
	grantedTo(id: string, now: Seconds, limit: number): Promise<readonly GrantedIn[]>;
	/**
	 * Nobody may use it from now on, and what it was granted before `notBefore` counts no more, whatever others change of it
	 * meanwhile. With the entries, once; `ended` where it has ended before, too.
	 */
	end(
		id: string,
		notBefore: Seconds,
		by: SubjectId,
		entries: readonly AuditEntry[],
	): Promise<"ended" | "unknown" | "not_permitted">;
}
