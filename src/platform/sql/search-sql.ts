import type { Condition, Found, SearchPosition, Search, Test } from "../../domain/search.ts";
import type { SqlDatabase } from "./database.ts";
import { ifReadable } from "./stored-json.ts";

/** What one search may bind: D1 takes 100 parameters. */
type Bound = string | number;

export interface Clause {
	readonly sql: string;
	readonly params: readonly Bound[];
}

/** The table of a search: its columns are named as the search names them, its body (JSON text) and its time as it says. */
export interface Searched {
	readonly table: string;
	readonly time: string;
	readonly body: string;
	/** How many rows one call looks at: no filter, however little it finds, makes a longer one. */
	readonly most: number;
}

/**
 * One page of a search, by (time, id) from the newest. `within` narrows down the rows that are looked at, by an index.
 * Two statements in a batch: the rows, and where the look ended if there was more to look at.
 */
export async function searchPage<Column extends string, Row extends { readonly id: string }>(
	db: SqlDatabase,
	{ table, time, body, most }: Searched,
	search: Search<Column>,
	within: Clause | null,
): Promise<Found<Row>> {
	const range = [
		{ sql: "account_id = ?", params: [search.accountId] },
		...(within ? [within] : []),
		...(search.from === null ? [] : [{ sql: `${time} >= ?`, params: [search.from] }]),
		...(search.before === null ? [] : [{ sql: `${time} < ?`, params: [search.before] }]),
		...(search.after ? [{ sql: `(${time}, id) < (?, ?)`, params: [search.after.at, search.after.id] }] : []),
	];
	const order = `ORDER BY ${time} DESC, id DESC`;
	const looked = `SELECT * FROM ${table} WHERE ${joined(range)} ${order} LIMIT ${most}`;
	const filters = search.conditions.map((condition) => clauseOf(condition, body));
	const rows = `SELECT * FROM (${looked}) WHERE ${joined(filters)} ${order} LIMIT ${search.limit + 1}`;
	const edge = `SELECT ${time} AS at, id FROM ${table} WHERE ${joined(range)} ${order} LIMIT 1 OFFSET ${most - 1}`;
	const [found, last] = await db.batch<Row | SearchPosition>([
		db.prepare(rows).bind(...paramsOf(range), ...paramsOf(filters)),
		db.prepare(edge).bind(...paramsOf(range)),
	]);
	const all = (found?.results ?? []) as Row[];
	const page = all.slice(0, search.limit);
	const end = page.at(-1);
	if (all.length > page.length && end) {
		return { rows: page, next: { at: Number(Reflect.get(end, time)), id: end.id } };
	}
	const [at] = (last?.results ?? []) as SearchPosition[];
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

function plain(value: Bound | boolean): Bound {
	return typeof value === "boolean" ? Number(value) : value;
}

function joined(clauses: readonly Clause[]): string {
	return clauses.length === 0 ? "1" : clauses.map(({ sql }) => `(${sql})`).join(" AND ");
}

function paramsOf(clauses: readonly Clause[]): readonly Bound[] {
	return clauses.flatMap(({ params }) => params);
}
