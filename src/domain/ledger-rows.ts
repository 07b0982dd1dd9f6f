import type { ApiKeyState } from "./api-key-state.ts";
import type { Seconds } from "./brands.ts";
import type { Consent } from "./consent.ts";
import type { Grant } from "./grant.ts";
import type { Logout } from "./logout.ts";
import type { StoredHolder, StoredRecall } from "./lease.ts";
import type { Session } from "./session.ts";
import type { SignIn } from "./sign-in.ts";
import type { Whose } from "./whose.ts";

/**
 * The rows of one ledger. `purgeAt` is the instant from which a row may go, null for one that stays; `lookup` a second
 * name by which a row is found. A row of kind `key` or `logout` that can be read is never purged: its instant only asks for the alarm.
 */
export interface LedgerRows {
	get<Kind extends RowKind>(kind: Kind, id: string): RowBodies[Kind] | null;
	find<Kind extends RowKind>(kind: Kind, lookup: string): RowBodies[Kind] | null;
	put<Kind extends RowKind>(
		kind: Kind,
		id: string,
		lookup: string | null,
		body: RowBodies[Kind],
		purgeAt: Seconds | null,
	): void;
	delete(kind: RowKind, id: string): void;
	/** In the order of ids, from the one after `after` (empty: from the first), where all are meant, or those of both. */
	list<Kind extends RowKind>(kind: Kind, after: string, of?: Whose): Iterable<RowBodies[Kind]>;
	/** Those whose lookup is the given one with a space and more behind it; by the empty one, all that have any. */
	listUnder<Kind extends RowKind>(kind: Kind, lookup: string): Iterable<RowBodies[Kind]>;
	count(kind: RowKind): number;
	/** Deletes every row that verbs know of, those too that cannot be read. */
	clear(): void;
	/** Deletes every row, but of kinds `key` and `logout`, whose `purgeAt` has come. */
	purge(now: Seconds): void;
}

/** What a row of each kind holds: plain JSON. */
export interface RowBodies {
	/** Its lookup is its own id behind that of the sign-in that it goes by, if any (`signInOf`, grant.ts). */
	readonly grant: Grant;
	/** Its lookup is the `sessionLookup` (session.ts). */
	readonly session: Session;
	readonly sign_in: SignIn;
	readonly logout: Logout;
	/** By the client's id. */
	readonly consent: Consent;
	readonly key: ApiKeyState;
	/** By the id of a token, or of a session that has ended. */
	readonly revoked_token: object;
	/** By the replica and its instance; and by the version. No verb knows of them: lease-home.ts does. */
	readonly holder: StoredHolder;
	readonly recall: StoredRecall;
}

export type RowKind = keyof RowBodies;

/** Whose a row is. */
export function whoseOf(body: RowBodies[RowKind]): Whose {
	if ("clientId" in body) return { accountId: body.accountId, party: body.clientId };
	return "credential" in body ? { accountId: body.accountId, party: body.credential } : {};
}
