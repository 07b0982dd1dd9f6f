import { DurableObject } from "cloudflare:workers";
import { logLine, thrown } from "../../domain/log-line.ts";
import { Ledger } from "../../domain/ledger.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Holder } from "../../domain/lease.ts";
import type { Lent } from "../../domain/lease-view.ts";
import { parseSubject, type SubjectId } from "../../domain/subject.ts";
import { TrackedRows } from "../../domain/tracked-rows.ts";
import { type LedgerVerb, runVerb } from "../remote-ledger.ts";
import { HomeLeases } from "./home-leases.ts";
import { replicaOf } from "./placement.ts";
import { AlarmPlan } from "./alarm-plan.ts";
import { copyVerdict } from "../sql/copy-verdict.ts";
import { isLedgerVerb } from "./repeatable-verbs.ts";
import { ObjectRows } from "./object-rows.ts";

/** What a replica gets: the answer, and what of it it may answer again. */
export interface LentAnswer {
	readonly answer: unknown;
	readonly lent: Lent | null;
}

/**
 * The Durable Object of one subject: runs the verbs of its {@link Ledger}, one transaction each, and cleans up after itself. What its
 * alarm does that takes more than a ledger, the Worker's entry brings (`sendDueLogouts`).
 */
export class LedgerObject extends DurableObject<Env> {
	readonly #rows: ObjectRows;
	readonly #alarm: AlarmPlan;
	#held: HomeLeases | null = null;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.#rows = new ObjectRows(ctx.storage);
		this.#alarm = new AlarmPlan(ctx.storage);
	}

	/** Typed at the edge, in ledgers.ts. */
	async run(verb: string, args: readonly unknown[]): Promise<unknown> {
		if (!isLedgerVerb(verb)) throw new TypeError("no such verb");
		await this.#alarm.load();
		if (!this.#leases().isQuiet(Date.now())) return (await this.#runLeased(verb, args, null)).answer;
		const result = this.#apply((ledger) => runVerb(ledger, verb, args));
		await this.#ring();
		return result;
	}

	/** {@link run} for a replica, which keeps what it is lent of it. */
	async lend(verb: string, args: readonly unknown[], asker: Holder): Promise<LentAnswer> {
		if (!isLedgerVerb(verb)) throw new TypeError("no such verb");
		await this.#alarm.load();
		return this.#runLeased(verb, args, asker);
	}

	/** With a note of the rows that it touches, for whoever holds them or is to. */
	async #runLeased(verb: LedgerVerb, args: readonly unknown[], asker: Holder | null): Promise<LentAnswer> {
		const leases = this.#leases();
		const at = Date.now();
		const { answer, rows, ran } = this.#rows.transact((stored) => {
			const tracked = new TrackedRows(stored);
			const answered = runVerb(new Ledger(tracked, now()), verb, args);
			const lendable = asker ? tracked.lendable() : [];
			const { touched, changed } = tracked;
			const run = { touched, changed, asker: lendable.length > 0 ? asker : null };
			const follows = leases.ran(run, at);
			for (const { kind, id, body, purgeAt } of follows.store) stored.put(kind, id, null, body, purgeAt);
			return { answer: answered, rows: lendable, ran: follows };
		});
		// Nothing is awaited before the alarm is set (both commit or neither), nor before the next verb finds what this one made.
		const settled = leases.settle(ran);
		await this.#ring();
		await settled;
		return { answer, lent: ran.lease && { lease: ran.lease, rows, now: at } };
	}

	/** Those that an instance before this one gave are found in the storage. */
	#leases(): HomeLeases {
		this.#held ??= new HomeLeases(
			{ holders: [...this.#rows.list("holder", "")], recalls: [...this.#rows.list("recall", "")] },
			({ to, version }) => {
				const subject = this.ctx.id.name;
				if (subject === undefined) throw new Error("the object has no name");
				return replicaOf(this.env.REPLICA, subject, to.replica).recall(subject, version);
			},
		);
		return this.#held;
	}

	async #ring(): Promise<void> {
		const due = this.#rows.takeDue();
		if (due) await this.#alarm.ringAfter(due.at, due.grid);
	}

	override async alarm(): Promise<void> {
		this.#alarm.clear();
		await this.#copyVerdict();
		await this.#sendLogouts();
		this.#rows.purge(now());
		if (this.#rows.isEmpty()) {
			const deleted = this.ctx.storage.deleteAll();
			// The live instance has no tables now: the next write makes them anew.
			this.#rows.forget();
			this.#alarm.clear();
			return deleted;
		}
		const due = this.#rows.nextDue();
		// What could not be copied is past due, and is tried again at the next point of the grid.
		if (due) await this.#alarm.ringAfter(Math.max(due.at, now() + 1), due.grid);
	}

	/** What the request could not copy to the register, for it crashed or D1 failed (DESIGN §3.5). One that cannot be read holds nothing up. */
	async #copyVerdict(): Promise<void> {
		const keyId = this.ctx.id.name;
		try {
			const verdict = this.#apply((ledger) => ledger.uncopiedKey());
			if (!verdict) return;
			if (keyId === undefined) throw new Error("the object has no name");
			await copyVerdict(this.env.DB, keyId, verdict, now());
			this.#apply((ledger) => ledger.acknowledgeKey(verdict.rev));
		} catch (error) {
			console.error(logLine(new Date(), "verdict.copy_failed", { key: keyId ?? null, ...thrown(error) }));
		}
	}

	/** Tells the clients that are due, by verbs of this very ledger. It does not fail. */
	async sendDueLogouts(_subject: SubjectId): Promise<void> {}

	/** Those that the request could not tell, for it was killed or they did not answer. */
	async #sendLogouts(): Promise<void> {
		const subject = this.ctx.id.name;
		const due = this.#apply((ledger) => ledger.dueLogouts());
		if (due.length > 0 && subject !== undefined && parseSubject(subject)) await this.sendDueLogouts(subject);
	}

	#apply<Result>(closure: (ledger: Ledger) => Result): Result {
		return this.#rows.transact((rows) => closure(new Ledger(rows, now())));
	}
}

/** The ledger's own clock decides. */
function now(): Seconds {
	return Math.floor(Date.now() / 1000);
}
