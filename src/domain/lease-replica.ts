import type { Milliseconds } from "./brands.ts";
import { answerFrom, type HeldRow, isReplicaVerb } from "./held-rows.ts";
import { type Lent, rowName, type RowName } from "./lease-view.ts";
import { type Holder, replicaSpan, type Version } from "./lease.ts";
import type { SubjectId } from "./subject.ts";

/** A question that goes on to the ledger. Whoever passes it on brings it back with what was lent. */
export interface Ask {
	readonly subject: SubjectId;
	readonly serial: number;
	/** Before it was sent: from there a lease counts. */
	readonly askedAt: Milliseconds;
}

export type Read = { readonly kind: "answer"; readonly answer: unknown } | { readonly kind: "ask"; readonly ask: Ask };

interface SizedRow extends HeldRow {
	readonly size: number;
}

/** What is held of one subject. */
interface Held {
	/** The first question that it can be an answer to: what was asked before it was forgotten is too old. */
	readonly since: number;
	/** The highest that was seen, and when it was. */
	readonly version: Version;
	readonly seenAt: Milliseconds;
	readonly rows: ReadonlyMap<RowName, SizedRow>;
	/** In characters, of all its rows. */
	readonly size: number;
	/** How far the ledger's clock is ahead of the replica's own, or a little less: as if the answer had taken no time. */
	readonly ahead: Milliseconds;
}

/**
 * Rows of many subjects, under leases of their ledgers. It only ever says yes: what it does not have, and every no, is the
 * ledger's to answer. Deterministic: time comes with each message, and its name for itself at its birth.
 */
export class LeaseReplica {
	readonly #instance: Holder["instance"];
	readonly #most: number;
	/** The one that was used last is last. */
	readonly #held = new Map<SubjectId, Held>();
	/** Of all subjects together. */
	#rows = 0;
	#size = 0;
	#asked = 0;

	constructor(instance: Holder["instance"], most = subjectsPerReplica) {
		this.#instance = instance;
		this.#most = most;
	}

	read(subject: SubjectId, verb: string, args: readonly unknown[], now: Milliseconds): Read {
		const serial = this.#asked++;
		const held = this.#held.get(subject) ?? { since: serial, version: 0, seenAt: now, ...nothing, ahead: 0 };
		this.#keep(subject, held);
		const answer = isReplicaVerb(verb) ? answerFrom(held.rows, verb, args, { now, ledgerNow: now + held.ahead }) : null;
		return answer === null ? { kind: "ask", ask: { subject, serial, askedAt: now } } : { kind: "answer", answer };
	}

	/** The ledger has answered; null: and lends nothing. */
	answered({ subject, serial, askedAt }: Ask, lent: Lent | null, now: Milliseconds): void {
		const held = this.#held.get(subject);
		// Forgotten meanwhile, and with it whatever was recalled.
		if (!held || serial < held.since) return;
		if (!lent) {
			// Whoever asks for what is nowhere drives nothing out that others use.
			if (held.rows.size === 0) this.#forget(subject);
			return;
		}
		const { version, span } = lent.lease;
		const until = askedAt + span;
		if (version < versionOf(held, now) || until <= now) return;
		const rows = new Map(version === held.version ? held.rows : []);
		for (const row of lent.rows) {
			const name = rowName(row.kind, row.id);
			// The one that is the oldest here goes first.
			rows.delete(name);
			rows.set(name, { row, until, size: JSON.stringify(row).length });
		}
		for (const name of rows.keys()) if (rows.size > rowsPerSubject) rows.delete(name);
		const size = rows.values().reduce((sum, each) => sum + each.size, 0);
		this.#keep(subject, { ...held, version, seenAt: now, rows, size, ahead: lent.now - askedAt });
	}

	/** Drops what is older, for good: what was read before and is still on its way too. */
	recalled(subject: SubjectId, version: Version, now: Milliseconds): Pick<Holder, "instance"> {
		const held = this.#held.get(subject);
		if (held && versionOf(held, now) < version) {
			this.#keep(subject, { ...held, version, seenAt: now, ...nothing });
		}
		return { instance: this.#instance };
	}

	/** As the last one that was used. Giving up a lease needs no message. */
	#keep(subject: SubjectId, held: Held): void {
		this.#forget(subject);
		this.#held.set(subject, held);
		this.#rows += held.rows.size;
		this.#size += held.size;
		for (const oldest of this.#held.keys()) {
			const isRoom = this.#rows <= rowsPerReplica && this.#size <= charactersPerReplica;
			if (isRoom && this.#held.size <= this.#most) break;
			this.#forget(oldest);
		}
	}

	#forget(subject: SubjectId): void {
		const held = this.#held.get(subject);
		this.#rows -= held?.rows.size ?? 0;
		this.#size -= held?.size ?? 0;
		this.#held.delete(subject);
	}
}

/**
 * What is older is not taken. Whatever was asked for before a version was seen is of no use a span afterwards; so long it counts,
 * and no longer, since a ledger that has forgotten its holders begins anew.
 */
function versionOf({ version, seenAt }: Held, now: Milliseconds): Version {
	return now < seenAt + replicaSpan ? version : 0;
}

const subjectsPerReplica = 10_000;

/** A client that acts in its own name has one for each of its tokens. */
const rowsPerSubject = 100;

/** An object has 128 MB: many subjects with many sessions each may drive others' rows out, and not bring the object down. */
const rowsPerReplica = 25_000;
/** A session that opens all of a large API has more than 20,000. */
const charactersPerReplica = 32_000_000;

const nothing = { rows: new Map<RowName, SizedRow>(), size: 0 } as const;
