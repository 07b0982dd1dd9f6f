import { giveBack, type Limit, type Take, take, type Tally } from "../../domain/limit.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { SqlStorage } from "./database.ts";

/** Counts of attempts in the table `tallies`. Each verb is to run where nothing comes between its read and its write. */
export class Tallies {
	readonly #sql: SqlStorage;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
	}

	take(name: string, limit: Limit, now: Seconds, attempts = 1): Take {
		const taken = take(this.#tally(name), limit, now, attempts);
		if (taken.kind === "taken") this.#put(name, taken.tally);
		return taken;
	}

	giveBack(name: string, now: Seconds): void {
		const tally = this.#tally(name);
		if (!tally) return;
		const left = giveBack(tally, now);
		if (left) this.#put(name, left);
		else this.#sql.exec("DELETE FROM tallies WHERE name = ?", name);
	}

	#tally(name: string): Tally | null {
		const query = "SELECT count, ends_at AS endsAt FROM tallies WHERE name = ?";
		return this.#sql.exec<{ count: number; endsAt: number }>(query, name).toArray()[0] ?? null;
	}

	#put(name: string, { count, endsAt }: Tally): void {
		this.#sql.exec(
			`INSERT INTO tallies (name, count, ends_at) VALUES (?1, ?2, ?3)
			ON CONFLICT (name) DO UPDATE SET count = ?2, ends_at = ?3`,
			name,
			count,
			endsAt,
		);
	}
}
