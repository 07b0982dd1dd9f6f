import type { Milliseconds } from "./brands.ts";
import { Ledger } from "./ledger.ts";
import type { LedgerRows, RowBodies, RowKind } from "./ledger-rows.ts";
import { type LentRow, rowName, type RowName } from "./lease-view.ts";

/** A row, and until when it can be made use of. */
export interface HeldRow {
	readonly row: LentRow;
	readonly until: Milliseconds;
}

/** The verbs that a replica can answer, and of their answers those that it gives: a yes. */
const verbs = {
	// A refresh token is judged by the ledger alone, which rotates it.
	inspectGrant: (ledger, grantId, query) => (query.refresh === undefined ? ledger.inspectGrant(grantId, query) : null),
	inspectSession: (ledger, sid, query) => ledger.inspectSession(sid, query),
	isTokenRevoked: (ledger, jti, before) => (ledger.isTokenRevoked(jti, before) ? null : false),
	// Where its uses are counted it would be written.
	checkKey: (ledger, codeHash, accountId, from) => only("good", ledger.checkKey(codeHash, accountId, from)),
	login: (ledger, proof, request) => only("same", ledger.login(proof, request)),
	refresh: (ledger, grantId, command) => only("kept", ledger.refresh(grantId, command)),
} satisfies {
	readonly [Verb in keyof Ledger]?: (
		ledger: Ledger,
		...args: Parameters<Ledger[Verb]>
	) => ReturnType<Ledger[Verb]> | null;
};

export type ReplicaVerb = keyof typeof verbs;

/** What arrives by RPC is only a string. */
export function isReplicaVerb(verb: string): verb is ReplicaVerb {
	return Object.hasOwn(verbs, verb);
}

/**
 * What the ledger would answer, from rows that are held; null where a row is missing or would be written, and where the
 * answer is no. `ledgerNow` is what the ledger's clock says, and `now` the replica's own.
 */
export function answerFrom(
	rows: ReadonlyMap<RowName, HeldRow>,
	verb: ReplicaVerb,
	args: readonly unknown[],
	{ now, ledgerNow }: { readonly now: Milliseconds; readonly ledgerNow: Milliseconds },
): unknown {
	const ledger = new Ledger(new HeldRows(rows, now), Math.floor(ledgerNow / 1000));
	try {
		return Reflect.apply(verbs[verb], null, [ledger, ...args]);
	} catch (error) {
		if (error === notHeld) return null;
		throw error;
	}
}

/** Thrown where a verb cannot go on: it is written for a ledger, which has all rows. */
const notHeld = Symbol("not held");

/** Rows under a lease, and nothing else: what was not lent is not absent. */
class HeldRows implements LedgerRows {
	readonly #rows: ReadonlyMap<RowName, HeldRow>;
	readonly #now: Milliseconds;

	constructor(rows: ReadonlyMap<RowName, HeldRow>, now: Milliseconds) {
		this.#rows = rows;
		this.#now = now;
	}

	get<Kind extends RowKind>(kind: Kind, id: string): RowBodies[Kind] | null {
		return this.#bodyOf(this.#rows.get(rowName(kind, id))) as RowBodies[Kind] | null;
	}

	find<Kind extends RowKind>(kind: Kind, lookup: string): RowBodies[Kind] | null {
		const held = [...this.#rows.values()].find(({ row }) => row.kind === kind && row.lookup === lookup);
		return this.#bodyOf(held) as RowBodies[Kind] | null;
	}

	put = passOn;
	delete = passOn;
	list = passOn;
	listUnder = passOn;
	count = passOn;
	clear = passOn;
	purge = passOn;

	#bodyOf(held: HeldRow | undefined): LentRow["body"] {
		return held && this.#now < held.until ? held.row.body : passOn();
	}
}

function passOn(): never {
	throw notHeld;
}

function only<Answer extends { readonly kind: string }>(kind: Answer["kind"], answer: Answer): Answer | null {
	return answer.kind === kind ? answer : null;
}
