import { type Condition, type Found, memberAt, passes, type Position, type Search } from "../../domain/search.ts";

/** How a search sees a row in memory. */
export interface View<Column extends string> extends Position {
	readonly accountId: string;
	/** As JSON text. */
	readonly body: string;
	readonly columns: Readonly<Record<Column, string | number>>;
}

/** One page of a search over all rows: what search-sql.ts does in D1, without a bound to what is looked at. */
export function searchRows<Column extends string, Row>(
	rows: readonly Row[],
	view: (row: Row) => View<Column>,
	{ accountId, conditions, from, before, after, limit }: Search<Column>,
): Found<Row> {
	const found = rows
		.map((row) => ({ row, seen: view(row) }))
		.filter(({ seen }) => seen.accountId === accountId)
		.filter(({ seen }) => (from === null || seen.at >= from) && (before === null || seen.at < before))
		.filter(({ seen }) => !after || newestFirst(after, seen) < 0)
		.filter(({ seen }) => conditions.every((condition) => meets(seen, condition)))
		.toSorted((a, b) => newestFirst(a.seen, b.seen));
	const page = found.slice(0, limit);
	const end = found.length > limit ? page.at(-1)?.seen : undefined;
	return { rows: page.map(({ row }) => row), next: end ? { at: end.at, id: end.id } : null };
}

function meets<Column extends string>(seen: View<Column>, condition: Condition<Column>): boolean {
	const value = "column" in condition ? seen.columns[condition.column] : memberAt(seen.body, condition.path);
	return passes(value, condition.test);
}

function newestFirst(a: Position, b: Position): number {
	if (a.at !== b.at) return b.at - a.at;
	return a.id === b.id ? 0 : a.id < b.id ? 1 : -1;
}
