import { DurableObject } from "cloudflare:workers";
import type { Hash, Seconds } from "../../domain/brands.ts";
import type { DeviceAnswer, DeviceAsk, DevicePoll, DeviceRequest, Polled } from "../../domain/device-request.ts";
import { DeviceRequestRows } from "../sql/device-request-rows.ts";
import { AlarmPlan } from "./alarm-plan.ts";
import { LazyTable } from "./lazy-table.ts";

const definition = `
	CREATE TABLE device_requests (user_code TEXT PRIMARY KEY, body TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
	CREATE INDEX device_requests_by_expiry ON device_requests (expires_at);`;

/** How long a request that has ended may lie about. */
const grid: Seconds = 600;

/** One shard of what devices ask for. Nothing is awaited between reading a request and storing it. */
export class DeviceRequestsObject extends DurableObject<Env> {
	readonly #sql: SqlStorage;
	readonly #rows: DeviceRequestRows;
	readonly #table: LazyTable;
	readonly #alarm: AlarmPlan;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.#sql = ctx.storage.sql;
		this.#rows = new DeviceRequestRows(ctx.storage.sql);
		this.#table = new LazyTable(ctx.storage, "device_requests", definition);
		this.#alarm = new AlarmPlan(ctx.storage);
	}

	async open(userCode: Hash, asked: DeviceAsk): Promise<"opened" | "taken"> {
		await this.#alarm.load();
		this.#table.make();
		const request = this.#rows.open(userCode, asked, now());
		if (!request) return "taken";
		await this.#alarm.ringAfter(request.expiresAt, grid);
		return "opened";
	}

	find(userCode: Hash): DeviceRequest | null {
		return this.#table.exists() ? this.#rows.find(userCode, now()) : null;
	}

	/** The alarm that was set for it rings too early now, and then rings again. */
	answer(userCode: Hash, codeHash: Hash, answer: DeviceAnswer): "answered" | "answered_before" | "unknown" {
		return this.#table.exists() ? this.#rows.answer(userCode, codeHash, answer, now()).kind : "unknown";
	}

	poll(userCode: Hash, asked: DevicePoll): Polled {
		return this.#table.exists() ? this.#rows.poll(userCode, asked, now()) : { kind: "expired" };
	}

	override async alarm(): Promise<void> {
		this.#alarm.clear();
		if (!this.#table.exists()) return;
		this.#sql.exec("DELETE FROM device_requests WHERE expires_at <= ?", now());
		const query = "SELECT min(expires_at) AS next FROM device_requests";
		const { next } = this.#sql.exec<{ next: number | null }>(query).one();
		if (next !== null) return this.#alarm.ringAfter(next, grid);
		const deleted = this.ctx.storage.deleteAll();
		this.#table.forget();
		return deleted;
	}
}

function now(): Seconds {
	return Math.floor(Date.now() / 1000);
}
