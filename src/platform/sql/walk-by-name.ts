import { type FoundPage, mostCounted, type NameWalk } from "../../domain/list-query.ts";
import type { SqlDatabase, SqlValue } from "./database.ts";

/** A list of an account's that has a bound, or nearly: its rows in the order of their names, as an index has them. */
export interface ListByName {
	/** The `name` and `id` of each, from that index; the account is `?1`. */
	readonly select: string;
	readonly id: string;
	/** Of the names, as the index has them. */
	readonly collation: "" | " COLLATE NOCASE";
	/** What a row, `listed`, is joined with, and what is handed out of it: a `name` and an `id` among others. */
	readonly joined: string;
	readonly columns: string;
	/** SQL for how many there are, which is kept. */
	readonly kept: string;
}

/** Binds a value and names it in the text. */
export type Put = (value: SqlValue) => string;

/** SQL that a row has to meet. */
export interface Condition {
	readonly sql: (put: Put) => string;
}

/** What is in a text, without regard to ASCII case. */
export function contains(column: string, text: string): string {
	return `instr(lower(${column}), lower(${text})) > 0`;
}

/**
 * A page of such a list. Of what is narrowed, {@link mostCounted} rows are looked at, and the next page goes on behind them; it is counted
 * where all of them are no more than that. So no page costs more, however many there are.
 */
export async function walkByName<Row extends { readonly name: string; readonly id: string }>(
	db: SqlDatabase,
	{ select, id, collation, joined, columns, kept }: ListByName,
	accountId: string,
	conditions: readonly Condition[],
	{ sort, after, isBack, limit }: NameWalk,
): Promise<FoundPage<Row>> {
	const [direction, beyond] = (sort === "-name") !== isBack ? ["DESC", "<"] : ["ASC", ">"];
	const { put, values } = statement(accountId);
	const [name, place] = after ? after.map(put) : [];
	// Each half is a seek in the index; as one condition it would be a seek to the name alone.
	const rest = after
		? `${select} AND name = ${name}${collation} AND ${id} ${beyond} ${place}
			UNION ALL ${select} AND name${collation} ${beyond} ${name}`
		: select;
	const looked = `${rest} ORDER BY name${collation} ${direction}, id ${direction} LIMIT ${mostCounted}`;
	const ofLooked = [...values];
	const page = db
		.prepare(
			`SELECT ${columns} FROM (${looked}) AS listed ${joined} WHERE ${all(conditions, put)} LIMIT ${put(limit + 1)}`,
		)
		.bind(...values);
	const [found, counted] = await db.batch<Row & { readonly there: number; readonly total: number | null }>([
		page,
		count(),
	]);
	const rows = (found?.results ?? []).slice(0, limit);
	const { there = 0, total = null } = counted?.results[0] ?? {};
	const last = rows.at(-1);
	if (last && (found?.results.length ?? 0) > limit) return { rows, next: [last.name, last.id], total };
	// All were looked at.
	if (conditions.length === 0 || there <= mostCounted) return { rows, next: null, total };
	const end = await db
		.prepare(`SELECT name, id FROM (${looked}) LIMIT 1 OFFSET ${mostCounted - 1}`)
		.bind(...ofLooked)
		.first<{ readonly name: string; readonly id: string }>();
	return { rows, next: end && [end.name, end.id], total };

	function count() {
		const counting = statement(accountId);
		const matching = `SELECT count(*) FROM (${select}) AS listed ${joined} WHERE ${all(conditions, counting.put)}`;
		const text = conditions.length === 0 ? kept : `iif(${kept} <= ${mostCounted}, (${matching}), NULL)`;
		return db.prepare(`SELECT ${kept} AS there, ${text} AS total`).bind(...counting.values);
	}
}

function statement(accountId: string): { readonly put: Put; readonly values: SqlValue[] } {
	const values: SqlValue[] = [accountId];
	return { values, put: (value) => `?${values.push(value)}` };
}

function all(conditions: readonly Condition[], put: Put): string {
	return conditions.length === 0 ? "1" : conditions.map(({ sql }) => sql(put)).join(" AND ");
}
