import type { Milliseconds, Seconds } from "./brands.ts";
import { overlap, type RowName } from "./lease-view.ts";
import {
	type Holder,
	type Lease,
	leaseSpan,
	type Recall,
	replicaSpan,
	type StoredHolder,
	type StoredLease,
	type StoredRecall,
	type Version,
} from "./lease.ts";

/**
 * Whom a ledger has lent rows to, and which changes they have still to be told of. A rule is a pure function
 * `(home, message, now) → (home, messages)`: whoever drives it stores what is to be stored in the transaction of the verb,
 * and takes the new state over only when that has committed.
 *
 * A change counts as made when its recall is over, wherever one asks: until then no answer leaves the ledger that was
 * made of a row that it changed, that of the change itself neither.
 */
export interface LeaseHome {
	readonly version: Version;
	readonly holders: ReadonlyMap<string, Holding>;
	/** In the order of versions, which is the order in which they end: who has still to answer one has to answer the next. */
	readonly recalls: readonly UnderWay[];
}

interface Holding extends Holder {
	/** Since when it has had one lease after the other. */
	readonly since: Milliseconds;
	/** When its last lease has run out, whatever becomes of it. */
	readonly heldUntil: Milliseconds;
	/** Of its last lease. */
	readonly version: Version;
	readonly writtenUntil: Milliseconds;
}

interface UnderWay {
	readonly version: Version;
	readonly rows: readonly RowName[];
	readonly waiting: ReadonlyMap<string, Waiting>;
}

interface Waiting extends Holder {
	readonly until: Milliseconds;
	/** When it is told (again); null for one that is gone, so that nobody can answer for it. */
	readonly tellAt: Milliseconds | null;
}

/** A verb that has run, in the transaction that is about to commit. */
export interface Run {
	/** What the verb read or wrote. */
	readonly touched: readonly RowName[];
	/** What it changed (`isChange`). */
	readonly changed: readonly RowName[];
	/** Who is to have a lease of what the verb read. */
	readonly asker: Holder | null;
}

export interface Ran {
	readonly home: LeaseHome;
	/** To be put in this transaction. Neither the answer nor a message leaves before it is durable. */
	readonly store: readonly StoredLease[];
	readonly lease: Lease | null;
	/** The recall that has to be over before the answer leaves; null: at once. */
	readonly after: Version | null;
	readonly send: readonly Recall[];
}

/**
 * A ledger that starts: of what was lent it knows what is stored, and counts from now. What is stored to have run out has, once
 * the clocks of two machines cannot differ by that much.
 */
export function homeFrom(
	stored: { readonly holders: readonly StoredHolder[]; readonly recalls: readonly StoredRecall[] },
	now: Milliseconds,
): LeaseHome {
	const holders = stored.holders.filter(({ until }) => now < until + clockSkew);
	const isVoid = ({ at }: StoredRecall) => holders.length === 0 || at + leaseSpan + clockSkew <= now;
	const recalls = stored.recalls.filter((each) => !isVoid(each));
	const version = Math.max(0, ...[...stored.holders, ...stored.recalls].map((each) => each.version));
	// A row is written at its first lease, and the last one may have been of any later version.
	const held = holders.map(({ replica, instance, until }) => {
		const heldUntil = Math.min(now + leaseSpan, until + clockSkew);
		return { replica, instance, since: now, heldUntil, version, writtenUntil: until };
	});
	return {
		version,
		holders: byId(held),
		recalls: recalls
			.toSorted((one, other) => one.version - other.version)
			.map((each) => ({ version: each.version, rows: each.rows, waiting: waitingFor(held, now) })),
	};
}

/** Whether there is nobody to be told anything, and nothing to wait for. */
export function isQuiet(home: LeaseHome, now: Milliseconds): boolean {
	return home.recalls.length === 0 && [...home.holders.values()].every(({ heldUntil }) => heldUntil <= now);
}

export function ran(before: LeaseHome, run: Run, now: Milliseconds): Ran {
	const { asker, touched, changed } = run;
	if (changed.length > 0) return recall(before, run, now);
	const after = before.recalls.findLast(({ rows }) => overlap(rows, touched))?.version ?? null;
	if (!asker) return { home: before, store: [], lease: null, after, send: [] };
	return { ...lend(before, asker, now), after, send: [] };
}

/** Whoever was told has answered. It counts if it is the one that held the leases: the other may be answering still. */
export function acknowledged(home: LeaseHome, to: Recall, by: Holder["instance"]): LeaseHome {
	const id = holderId(to.to);
	const holding = home.holders.get(id);
	if (by !== to.to.instance) {
		const recalls = home.recalls.map((each) => {
			const waiting = each.waiting.get(id);
			return waiting ? { ...each, waiting: new Map(each.waiting).set(id, { ...waiting, tellAt: null }) } : each;
		});
		return { ...home, recalls };
	}
	const recalls = home.recalls.map((each) =>
		each.version <= to.version ? { ...each, waiting: without(each.waiting, id) } : each,
	);
	// It has dropped all that is older.
	const holders =
		holding && holding.version < to.version
			? new Map(home.holders).set(id, { ...holding, heldUntil: Number.NEGATIVE_INFINITY })
			: home.holders;
	return { ...home, holders, recalls: recalls.filter(({ waiting }) => waiting.size > 0) };
}

/** Time has passed: what has run out is waited for no longer, and who has not answered is told again. */
export function tick(
	home: LeaseHome,
	now: Milliseconds,
): { readonly home: LeaseHome; readonly send: readonly Recall[] } {
	const send: Recall[] = [];
	const recalls = home.recalls.map((each) => {
		const waiting = new Map<string, Waiting>();
		for (const [id, one] of each.waiting) {
			if (one.until <= now) continue;
			const isDue = one.tellAt !== null && one.tellAt <= now;
			if (isDue) send.push({ to: { replica: one.replica, instance: one.instance }, version: each.version });
			waiting.set(id, isDue ? { ...one, tellAt: now + tellAgainAfter } : one);
		}
		return { ...each, waiting };
	});
	const holders = [...home.holders.values()].filter((one) => now < Math.max(one.heldUntil, one.writtenUntil));
	return {
		home: { ...home, holders: byId(holders), recalls: recalls.filter(({ waiting }) => waiting.size > 0) },
		send,
	};
}

/** When {@link tick} has something to do; null where nothing is waited for. */
export function wakeAt(home: LeaseHome): Milliseconds | null {
	const waiting = home.recalls.flatMap((each) => [...each.waiting.values()]);
	const instants = waiting.map(({ until, tellAt }) => Math.min(until, tellAt ?? until));
	return instants.length > 0 ? Math.min(...instants) : null;
}

/** Whether an answer that had to wait for this recall may leave. */
export function isOver(home: LeaseHome, version: Version): boolean {
	return home.recalls.every((each) => each.version !== version);
}

function recall(before: LeaseHome, { touched, changed }: Run, now: Milliseconds): Ran {
	const holding = [...before.holders.values()].filter(({ heldUntil }) => now < heldUntil);
	const earlier = before.recalls.findLast(({ rows }) => overlap(rows, touched));
	if (holding.length === 0) {
		return { home: before, store: [], lease: null, after: earlier?.version ?? null, send: [] };
	}
	const version = before.version + 1;
	const waiting = waitingFor(holding, now + tellAgainAfter);
	return {
		home: { ...before, version, recalls: [...before.recalls, { version, rows: changed, waiting }] },
		store: [
			{
				kind: "recall",
				id: String(version),
				body: { version, rows: changed, at: now },
				// Not before the holders' rows that were written under an earlier version: the highest one stored is the ledger's.
				purgeAt: purgeAt(now + leaseSpan + cover.most),
			},
		],
		lease: null,
		after: version,
		send: holding.map(({ replica, instance }) => ({ to: { replica, instance }, version })),
	};
}

function lend(before: LeaseHome, asker: Holder, now: Milliseconds): Pick<Ran, "home" | "store" | "lease"> {
	const { version } = before;
	const { replica, instance } = asker;
	const id = holderId(asker);
	const held = before.holders.get(id);
	const since = held && now < held.heldUntil ? held.since : now;
	const heldUntil = now + leaseSpan;
	const isCovered = held !== undefined && heldUntil <= held.writtenUntil;
	const ahead = Math.min(cover.most, Math.max(cover.least, now - since));
	const writtenUntil = isCovered ? held.writtenUntil : heldUntil + ahead;
	const holding = { replica, instance, since, heldUntil, version, writtenUntil };
	const body = { replica, instance, until: writtenUntil, version };
	const others = [...before.holders].filter(([, one]) => now < Math.max(one.heldUntil, one.writtenUntil));
	return {
		home: { ...before, holders: new Map(others).set(id, holding) },
		store: isCovered ? [] : [{ kind: "holder", id, body, purgeAt: purgeAt(writtenUntil) }],
		lease: { version, span: replicaSpan },
	};
}

/**
 * How much further than its lease a holder's row reaches: as far as it has had leases already, so that at most one write a minute is
 * made for whoever asks all the time, and a ledger that starts waits for nobody who asked a few times and left.
 */
const cover = { least: 10_000, most: 60_000 } as const satisfies Readonly<Record<string, Milliseconds>>;

/** By how much the clocks of two machines may differ on which the ledger runs one after the other. */
const clockSkew: Milliseconds = 10_000;

function purgeAt(until: Milliseconds): Seconds {
	return Math.ceil((until + clockSkew) / 1000);
}

/** A call that breaks is known to have broken at once; what hangs is not waited for. */
const tellAgainAfter: Milliseconds = 1000;

function waitingFor(holding: readonly Holding[], tellAt: Milliseconds): ReadonlyMap<string, Waiting> {
	return byId(holding.map(({ replica, instance, heldUntil }) => ({ replica, instance, until: heldUntil, tellAt })));
}

function byId<One extends Holder>(holders: readonly One[]): ReadonlyMap<string, One> {
	return new Map(holders.map((holder) => [holderId(holder), holder]));
}

function holderId({ replica, instance }: Holder): string {
	return `${replica} ${instance}`;
}

function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
	const left = new Map(map);
	left.delete(key);
	return left;
}
