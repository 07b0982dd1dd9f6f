import type { Milliseconds } from "./brands.ts";
import type { RowBodies } from "./ledger-rows.ts";
import type { Lease } from "./lease.ts";

/** The kinds of rows that a replica may hold: those that checks are made of. */
export type LeasedKind = "grant" | "session" | "key" | "revoked_token";

/** A row as it was read, null where there was none. */
export type LentRow = {
	readonly [Kind in LeasedKind]: {
		readonly kind: Kind;
		readonly id: string;
		readonly lookup: string | null;
		readonly body: RowBodies[Kind] | null;
	};
}[LeasedKind];

/** What comes with an answer that a replica may give again. */
export interface Lent {
	readonly lease: Lease;
	/** Those that the answer was made of. */
	readonly rows: readonly LentRow[];
	/** The ledger's clock when it answered: the verbs go by it. */
	readonly now: Milliseconds;
}

/** What a verb looked at or changed: one row, what a lookup leads to, or all rows of a kind. */
export type RowName = string;

export function rowName(kind: keyof RowBodies, id: string): RowName {
	return `${kind}/${id}`;
}

/** Where a lookup leads: another row may stand there afterwards, or none. */
export function lookupName(kind: keyof RowBodies, lookup: string): RowName {
	return `${kind}/?${lookup}`;
}

/** Of whoever lists or counts: a row that is not there any more was looked at too. */
export function everyRow(kind: keyof RowBodies): RowName {
	return kind;
}

/** Many are named as all of their kinds: of a change they are stored in one row, and compared with what each check reads. */
export function inFewWords(names: ReadonlySet<RowName>): readonly RowName[] {
	if (names.size <= mostNamed) return [...names];
	return [...new Set([...names].map((name) => name.split("/", 1).join()))];
}

/** A lookup may have 3,000 characters, and a row of an object's storage 2 MB. */
const mostNamed = 100;

export function overlap(some: readonly RowName[], others: readonly RowName[]): boolean {
	return some.some((one) => others.some((other) => one === other || isUnder(one, other) || isUnder(other, one)));
}

function isUnder(name: RowName, kind: RowName): boolean {
	return name.startsWith(`${kind}/`);
}

interface View<Body> {
	/** Whether it can be lent. That nothing is there, is lent only where a check is good because of it. */
	readonly isLendable: (body: Body | null) => boolean;
	/** What of it checks go by. */
	readonly of: (body: Body) => unknown;
}

const views: { readonly [Kind in LeasedKind]: View<RowBodies[Kind]> } = {
	grant: {
		isLendable: (grant) => grant?.phase === "active",
		// A rotation is no change: refresh tokens that rotate are judged by the ledger alone.
		of: (grant) => (grant.rotation === "rotate" ? { ...grant, refresh: null } : grant),
	},
	session: { isLendable: (session) => session !== null, of: (session) => session },
	key: {
		isLendable: () => true,
		// Whatever is counted is written with each use, which a replica passes on.
		of: (key) => ({
			...key,
			spent: 0,
			tally: null,
			copiedRev: 0,
			codes: key.codes.map((code) => ({ ...code, lastUsedAt: 0 })),
		}),
	},
	revoked_token: { isLendable: (token) => token === null, of: (token) => token },
};

export function isLeasedKind(kind: keyof RowBodies): kind is LeasedKind {
	return Object.hasOwn(views, kind);
}

export const leasedKinds = (Object.keys(views) as (keyof RowBodies)[]).filter(isLeasedKind);

export function isLendable<Kind extends LeasedKind>(kind: Kind, body: RowBodies[Kind] | null): boolean {
	return views[kind].isLendable(body);
}

/**
 * Whether whoever holds the row has to be told. A row that is purged was worth nothing any more, by the holder's reckoning
 * too: that is none.
 */
export function isChange<Kind extends LeasedKind>(
	kind: Kind,
	before: RowBodies[Kind] | null,
	after: RowBodies[Kind] | null,
): boolean {
	const view: View<RowBodies[Kind]> = views[kind];
	const text = (body: RowBodies[Kind] | null) => JSON.stringify(body && view.of(body));
	return view.isLendable(before) && text(before) !== text(after);
}
