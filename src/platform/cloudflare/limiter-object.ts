import { DurableObject } from "cloudflare:workers";
import type { Limit } from "../../domain/limit.ts";
import type { Seconds } from "../../domain/brands.ts";
import { Tallies } from "../sql/tallies.ts";
import { AlarmPlan } from "./alarm-plan.ts";
import { LazyTable } from "./lazy-table.ts";

const definition = `
	CREATE TABLE tallies (name TEXT PRIMARY KEY, count INTEGER NOT NULL, ends_at INTEGER NOT NULL) WITHOUT ROWID;
	CREATE INDEX tallies_by_end ON tallies (ends_at);`;

/** How long an ended tally may lie about. */
const grid: Seconds = 600;

/** One shard of the exact limits. Nothing is awaited between reading a tally and storing it. */
export class LimiterObject extends DurableObject<Env> {
	readonly #sql: SqlStorage;
	readonly #tallies: Tallies;
	readonly #table: LazyTable;
	readonly #alarm: AlarmPlan;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.#sql = ctx.storage.sql;
		this.#tallies = new Tallies(ctx.storage.sql);
		this.#table = new LazyTable(ctx.storage, "tallies", definition);
		this.#alarm = new AlarmPlan(ctx.storage);
	}

	async take(name: string, limit: Limit, attempts = 1): Promise<Seconds> {
		await this.#alarm.load();
		this.#table.make();
		const taken = this.#tallies.take(name, limit, now(), attempts);
		if (taken.kind === "exhausted") return taken.retryAfter;
		await this.#alarm.ringAfter(taken.tally.endsAt, grid);
		return 0;
	}

	giveBack(name: string): void {
		if (this.#table.exists()) this.#tallies.giveBack(name, now());
	}

	override async alarm(): Promise<void> {
		this.#alarm.clear();
		if (!this.#table.exists()) return;
		this.#sql.exec("DELETE FROM tallies WHERE ends_at <= ?", now());
		const { next } = this.#sql.exec<{ next: number | null }>("SELECT min(ends_at) AS next FROM tallies").one();
		if (next !== null) return this.#alarm.ringAfter(next, grid);
		const deleted = this.ctx.storage.deleteAll();
		this.#table.forget();
		return deleted;
	}
}

function now(): Seconds {
	return Math.floor(Date.now() / 1000);
}
