import { DurableObject } from "cloudflare:workers";
import { giveBack, type Limit, take, type Tally } from "../../domain/limit.ts";
import type { Seconds } from "../../domain/brands.ts";
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
	readonly #table: LazyTable;
	readonly #alarm: AlarmPlan;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.#sql = ctx.storage.sql;
		this.#table = new LazyTable(ctx.storage.sql, "tallies", definition);
		this.#alarm = new AlarmPlan(ctx.storage);
	}

	async take(name: string, limit: Limit): Promise<Seconds> {
		await this.#alarm.load();
		const taken = take(this.#tally(name), limit, now());
		if (taken.kind === "exhausted") return taken.retryAfter;
		this.#put(name, taken.tally);
		await this.#alarm.ringAfter(taken.tally.endsAt, grid);
		return 0;
	}

	giveBack(name: string): void {
		const tally = this.#tally(name);
		if (!tally) return;
		const left = giveBack(tally, now());
		if (left) this.#put(name, left);
		else this.#sql.exec("DELETE FROM tallies WHERE name = ?", name);
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

	#tally(name: string): Tally | null {
		if (!this.#table.exists()) return null;
		const [tally] = this.#sql
			.exec<{ count: number; endsAt: number }>("SELECT count, ends_at AS endsAt FROM tallies WHERE name = ?", name)
			.toArray();
		return tally ?? null;
	}

	#put(name: string, tally: Tally): void {
		this.#table.make();
		this.#sql.exec(
			`INSERT INTO tallies (name, count, ends_at) VALUES (?1, ?2, ?3)
			ON CONFLICT (name) DO UPDATE SET count = ?2, ends_at = ?3`,
			name,
			tally.count,
			tally.endsAt,
		);
	}
}

function now(): Seconds {
	return Math.floor(Date.now() / 1000);
}
