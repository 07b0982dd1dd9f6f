import type { Condition, Search, Test } from "../../domain/search.ts";
import type { SqlDatabase } from "./database.ts";
import { ifReadable } from "./stored-json.ts";

/** What one search may bind: D1 takes 100 parameters. */
type Bound = string | number | null;

export interface Clause {
	readonly sql: string;
	readonly params: readonly Bound[];
}

/**
 * The table of a search: its columns are named as the search names them, its body (JSON text) and its time as it says. `within` is
 * what `index` serves behind the account, `filters` what it does not.
 */
export interface Searched extends Pick<Look<string>, "table" | "index" | "time" | "within" | "filters"> {
	readonly body: string;
}

/** One page of a search, by (time, id) from the newest. */
export function searchPage<Column extends string, Row extends { readonly id: string }>(
	db: SqlDatabase,
	{ body, within, filters, ...by }: Searched,
	search: Search<Column>,
): Promise<Looked<Row>> {
	return look(db, {
		...by,
		...search,
		within: [{ sql: "account_id = ?", params: [search.accountId] }, ...within],
		filters: [...filters, ...search.conditions.map((condition) => clauseOf(condition, body))],
	});
}

export interface Look<Id> {
	readonly table: string;
	/** Named, since SQLite would take one that it finds narrower by the range alone, and leave the rest to each row. */
	readonly index: string;
	readonly time: string;
	/** What the index serves, which has the time behind it. */
	readonly within: readonly Clause[];
	readonly from: number | null;
	readonly before: number | null;
	/** The end of the page before; it has been in the range. */
	readonly after: { readonly at: number; readonly id: Id } | null;
	/** What no index serves: each row is looked at for it. */
	readonly filters: readonly Clause[];
	readonly limit: number;
	/** From the oldest on, in the place of from the newest. */
	readonly isBack?: boolean;
}

export interface Looked<Row extends { readonly id: unknown }> {
	readonly rows: readonly Row[];
	readonly next: { readonly at: number; readonly id: Row["id"] } | null;
}

/**
 * How many rows a page looks at for each that it may have: no filter, however little it finds, makes a longer one, and none
 * costs more where there are more rows. Whoever wants to look further at once asks for a longer page.
 */
const lookedAtForOne = 10;

/**
 * In a batch: the rows, and where the look ended if there was more to look at. SQLite stops at the last row of the page, since the
 * order of what is looked at is that of the page.
 */
export async function look<Row extends { readonly id: string | number }>(
	db: SqlDatabase,
	{ table, index, time, within, from, before, after, filters, limit, isBack = false }: Look<Row["id"]>,
): Promise<Looked<Row>> {
	// One bound at either end: of two, SQLite would go by either, and skip what is between them row by row.
	const beyond = after && { sql: `(${time}, id) ${isBack ? ">" : "<"} (?, ?)`, params: [after.at, after.id] };
	const lower = (isBack && beyond) || (from !== null && { sql: `${time} >= ?`, params: [from] });
	const upper = (!isBack && beyond) || (before !== null && { sql: `${time} < ?`, params: [before] });
	const range = [...within, ...[lower, upper].flatMap((bound) => bound || [])];
	const direction = isBack ? "ASC" : "DESC";
	const order = `ORDER BY ${time} ${direction}, id ${direction}`;
	const all = `FROM ${table} INDEXED BY ${index} WHERE ${joined(range)} ${order}`;
	const most = lookedAtForOne * limit;
	const rows =
		filters.length === 0
			? `SELECT * ${all} LIMIT ${limit + 1}`
			: `SELECT * FROM (SELECT * ${all} LIMIT ${most}) WHERE ${joined(filters)} ${order} LIMIT ${limit + 1}`;
	const edge = `SELECT ${time} AS at, id ${all} LIMIT 1 OFFSET ${most - 1}`;
	const [found, last] = await db.batch<Row | { readonly at: number; readonly id: Row["id"] }>([
		db.prepare(rows).bind(...paramsOf(range), ...paramsOf(filters)),
		...(filters.length === 0 ? [] : [db.prepare(edge).bind(...paramsOf(range))]),
	]);
	const looked = (found?.results ?? []) as Row[];
	const page = looked.slice(0, limit);
	const end = page.at(-1);
	if (looked.length > page.length && end)
		return { rows: page, next: { at: Number(Reflect.get(end, time)), id: end.id } };
	const [at] = (last?.results ?? []) as { at: number; id: Row["id"] }[];
	return { rows: page, next: at ? { at: at.at, id: at.id } : null };
}

function clauseOf<Column extends string>(condition: Condition<Column>, body: string): Clause {
	if ("column" in condition) return columnClause(condition.column, condition.test);
	const { sql, params } = memberClause(condition.path, condition.test, body);
	// One row that SQLite cannot read would fail the whole search, so it is not what anybody looks for.
	return { sql: ifReadable(body, sql, "0"), params };
}

function memberClause(names: readonly string[], test: Test, body: string): Clause {
	// Names are quoted as JSON quotes them: so they stand in the body, and nothing in one is syntax.
	const path = `$${names.map((name) => `.${JSON.stringify(name)}`).join("")}`;
	switch (test.operator) {
		// `->` gives JSON text, as JSON.stringify wrote it: so that 5 is not "5", and true is not 1.
		case "eq":
			return { sql: `${body} -> ? = ?`, params: [path, JSON.stringify(test.value)] };
		case "neq":
			return { sql: `${body} -> ? IS NOT ?`, params: [path, JSON.stringify(test.value)] };
		case "in": {
			const values = JSON.stringify(test.value.map((each) => JSON.stringify(each)));
			return { sql: `${body} -> ? IN (SELECT value FROM json_each(?))`, params: [path, values] };
		}
		case "contains":
			return {
				sql: `json_type(${body}, ?) = 'text' AND instr(${body} ->> ?, ?) > 0`,
				params: [path, path, test.value],
			};
		default:
			return {
				sql: `json_type(${body}, ?) IN ('integer', 'real') AND ${body} ->> ? ${signs[test.operator]} ?`,
				params: [path, path, test.value],
			};
	}
}

const signs = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;

/** The name of a column is one of ours, never a sender's. */
function columnClause(column: string, test: Test): Clause {
	switch (test.operator) {
		case "eq":
			return { sql: `${column} = ?`, params: [plain(test.value)] };
		case "neq":
			return { sql: `${column} <> ?`, params: [plain(test.value)] };
		case "in":
			return { sql: `${column} IN (SELECT value FROM json_each(?))`, params: [JSON.stringify(test.value)] };
		case "contains":
			return { sql: `instr(${column}, ?) > 0`, params: [test.value] };
		default:
			return { sql: `${column} ${signs[test.operator]} ?`, params: [test.value] };
	}
}

function plain(value: string | number | boolean): Bound {
	return typeof value === "boolean" ? Number(value) : value;
}

function joined(clauses: readonly Clause[]): string {
	return clauses.length === 0 ? "1" : clauses.map(({ sql }) => `(${sql})`).join(" AND ");
}

function paramsOf(clauses: readonly Clause[]): readonly Bound[] {
	return clauses.flatMap(({ params }) => params);
}
