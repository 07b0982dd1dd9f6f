import { DurableObject } from "cloudflare:workers";
import { logLine, thrown } from "../../domain/log-line.ts";
import { Ledger } from "../../domain/ledger.ts";
import type { Seconds } from "../../domain/brands.ts";
import { runVerb } from "../remote-ledger.ts";
import { AlarmPlan } from "./alarm-plan.ts";
import { copyVerdict } from "../sql/copy-verdict.ts";
import { isLedgerVerb } from "./repeatable-verbs.ts";
import { ObjectRows } from "./object-rows.ts";

/** The Durable Object of one subject: runs the verbs of its {@link Ledger}, one transaction each, and cleans up after itself. */
export class LedgerObject extends DurableObject<Env> {
	readonly #rows: ObjectRows;
	readonly #alarm: AlarmPlan;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.#rows = new ObjectRows(ctx.storage);
		this.#alarm = new AlarmPlan(ctx.storage);
	}

	/** Typed at the edge, in ledgers.ts. */
	async run(verb: string, args: readonly unknown[]): Promise<unknown> {
		if (!isLedgerVerb(verb)) throw new TypeError("no such verb");
		await this.#alarm.load();
		const result = this.#apply((ledger) => runVerb(ledger, verb, args));
		const due = this.#rows.takeDue();
		if (due) await this.#alarm.ringAfter(due.at, due.grid);
		return result;
	}

	override async alarm(): Promise<void> {
		this.#alarm.clear();
		await this.#copyVerdict();
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

	#apply<Result>(closure: (ledger: Ledger) => Result): Result {
		return this.#rows.transact((rows) => closure(new Ledger(rows, now())));
	}
}

/** The ledger's own clock decides. */
function now(): Seconds {
	return Math.floor(Date.now() / 1000);
}
