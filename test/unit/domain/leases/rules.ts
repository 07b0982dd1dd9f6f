import { type LeaseHome, type Ran, tick } from "../../../../src/domain/lease-home.ts";
import type { Ask, LeaseReplica } from "../../../../src/domain/lease-replica.ts";
import type { Lent } from "../../../../src/domain/lease-view.ts";
import { leaseSpan, type Recall, type StoredHolder, type StoredRecall } from "../../../../src/domain/lease.ts";
import type { Operation } from "./operations.ts";

interface Stored {
	readonly holders: readonly StoredHolder[];
	readonly recalls: readonly StoredRecall[];
}

/** Where what goes between the machines can be altered, so that one rule does not hold: the machines themselves are the product's. */
export interface Rules {
	/** An answer arrives at a replica. */
	lent(ask: Ask, lent: Lent, now: number): { readonly ask: Ask; readonly lent: Lent };
	/** What of leases is stored with a verb. */
	stored(store: Ran["store"]): Ran["store"];
	/** The recall that an answer waits for. */
	after(version: Ran["after"], operation: Operation): Ran["after"];
	/** A recall arrives. */
	tell(replica: LeaseReplica, subject: string, version: number, now: number): { readonly instance: string };
	/** Who is taken to have answered a recall. */
	acknowledgedBy(recall: Recall, by: string): string;
	/** What a ledger that starts finds. */
	known(stored: Stored): Stored;
	tick(home: LeaseHome, now: number): ReturnType<typeof tick>;
}

export const faithful: Rules = {
	lent: (ask, lent) => ({ ask, lent }),
	stored: (store) => store,
	after: (version) => version,
	tell: (replica, subject, version, now) => replica.recalled(subject, version, now),
	acknowledgedBy: (_, by) => by,
	known: (stored) => stored,
	tick,
};

const isChange = ({ name }: Operation) => name.startsWith("end") || name.startsWith("change");

/** Each rule of the protocol, taken away by itself. */
export const without: Readonly<Record<string, Partial<Rules>>> = {
	"1: a lease ends": {
		lent: (ask, lent) => ({ ask, lent: { ...lent, lease: { ...lent.lease, span: Number.POSITIVE_INFINITY } } }),
	},
	"1: it counts from before the question": { lent: (ask, lent, now) => ({ ask: { ...ask, askedAt: now }, lent }) },
	"1: clocks may differ in their rates": {
		lent: (ask, lent) => ({ ask, lent: { ...lent, lease: { ...lent.lease, span: leaseSpan } } }),
	},
	"2: who may hold a lease is written first": { stored: (store) => store.filter(({ kind }) => kind !== "holder") },
	"3: a change is acknowledged when every holder has answered": {
		after: (version, operation) => (isChange(operation) ? null : version),
	},
	"hold: what a change made false is not told before": {
		after: (version, operation) => (isChange(operation) ? version : null),
	},
	"4: what is older is dropped": { tell: (replica) => replica.recalled("nobody", 0, 0) },
	"4: and not taken when it arrives late": {
		lent: (ask, lent) => ({ ask, lent: { ...lent, lease: { ...lent.lease, version: 1_000_000 } } }),
	},
	"5: another instance's acknowledgement does not count": { acknowledgedBy: ({ to }) => to.instance },
	"6: a ledger that starts knows who may hold leases": { known: (stored) => ({ ...stored, holders: [] }) },
	"6: and goes on with what it was recalling": { known: (stored) => ({ ...stored, recalls: [] }) },
	"6: who cannot be reached is waited for no longer than a lease lasts": {
		tick: (home, now) => {
			const forEver = [...home.recalls].map((each) => {
				const waiting = [...each.waiting].map(
					([id, one]) => [id, { ...one, until: Number.POSITIVE_INFINITY }] as const,
				);
				return { ...each, waiting: new Map(waiting) };
			});
			return tick({ ...home, recalls: forEver }, now);
		},
	},
};
