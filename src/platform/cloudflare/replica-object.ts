import { DurableObject } from "cloudflare:workers";
import { isReplicaVerb } from "../../domain/held-rows.ts";
import { LeaseReplica } from "../../domain/lease-replica.ts";
import type { Holder, Version } from "../../domain/lease.ts";
import { parseSubject, type SubjectId } from "../../domain/subject.ts";
import { asked, firstAsked, type Load } from "../../domain/replica-load.ts";
import type { LedgerObject } from "./ledger-object.ts";
import { homeOf } from "./placement.ts";
import { repeatOnce } from "./repeat-once.ts";

export interface NearAnswer {
	readonly answer: unknown;
	readonly load: Load;
	/** Whether the replica had it, and asked nobody. */
	readonly isOwn: boolean;
}

/**
 * Answers checks near those who ask, from what the subjects' ledgers lend it (lease-replica.ts), and passes all else on to them. It
 * stores nothing: an instance that goes takes its leases with it.
 */
export class ReplicaObject extends DurableObject<Env> {
	/** An instance that was cut off may still be answering: what another one acknowledges does not count for it. */
	readonly #instance = crypto.randomUUID();
	readonly #replica = new LeaseReplica(this.#instance);
	#asked = firstAsked(Date.now());

	async check(subject: SubjectId, verb: string, args: readonly unknown[]): Promise<NearAnswer> {
		if (!isReplicaVerb(verb)) throw new TypeError("no such verb");
		if (!parseSubject(subject)) throw new TypeError("not a subject's id");
		const now = Date.now();
		this.#asked = asked(this.#asked, now);
		const { load } = this.#asked;
		const read = this.#replica.read(subject, verb, args, now);
		if (read.kind === "answer") return { answer: read.answer, load, isOwn: true };
		const holder = { replica: this.#name(), instance: this.#instance };
		// Asked twice it is no other lease: its span counts from before the first call.
		const { answer, lent } = await repeatOnce(() =>
			homeOf<Pick<LedgerObject, "lend">>(this.env.LEDGER, subject).lend(verb, args, holder),
		);
		this.#replica.answered(read.ask, lent, Date.now());
		return { answer, load, isOwn: false };
	}

	/** A ledger's word that something of the subject has changed. The instance that heard it. */
	async recall(subject: SubjectId, version: Version): Promise<Pick<Holder, "instance">> {
		return this.#replica.recalled(subject, version, Date.now());
	}

	#name(): string {
		const { name } = this.ctx.id;
		if (name === undefined) throw new Error("the object has no name");
		return name;
	}
}
