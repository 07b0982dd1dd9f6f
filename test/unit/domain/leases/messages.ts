import type { LeaseHome } from "../../../../src/domain/lease-home.ts";
import type { Ask, LeaseReplica } from "../../../../src/domain/lease-replica.ts";
import type { Lent } from "../../../../src/domain/lease-view.ts";
import type { Holder, Recall } from "../../../../src/domain/lease.ts";
import type { Operation } from "./operations.ts";

/** What is on its way. */
export type Message =
	| { kind: "call"; operation: Operation; from: { replica: Replica; ask: Ask } | null }
	| { kind: "answer"; operation: Operation; answer: unknown; to: Replica; ask: Ask; lent: Lent | null }
	| { kind: "recall"; recall: Recall; from: Home }
	| { kind: "acknowledgement"; recall: Recall; by: string; to: Home };

/** One life of the ledger. */
export interface Home {
	readonly now: () => number;
	state: LeaseHome;
	held: {
		readonly after: number;
		readonly since: number;
		readonly operation: Operation;
		readonly release: () => void;
	}[];
}

/** One instance of a replica. */
export interface Replica {
	readonly holder: Holder;
	readonly now: () => number;
	readonly machine: LeaseReplica;
}

export function nameOf({ replica, instance }: Holder): string {
	return `${replica.slice(0, 3)}${instance}`;
}

/** Whoever repeats a change makes it twice, and a login with the same offer the same session again. */
export function mayBeDoubled(message: Message): boolean {
	return message.kind !== "call" || (message.from !== null && message.operation.name !== "log in");
}

export function describe(message: Message): string {
	switch (message.kind) {
		case "call":
			return `the question: ${message.operation.name}`;
		case "answer":
			return `the answer to: ${message.operation.name}`;
		case "recall":
			return `what ${nameOf(message.recall.to)} was to be told`;
		case "acknowledgement":
			return `what ${message.by} answered`;
	}
}
