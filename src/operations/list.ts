import { readCursor, type Position, writeCursor } from "./cursor.ts";
import type { Services } from "./services.ts";

/** What of a list is asked for. A cursor is the `next` of the page before; null begins. */
export interface ListQuery {
	readonly cursor: string | null;
	readonly limit: number;
}

export interface ListPage<Row> {
	readonly rows: readonly Row[];
	/** The cursor of the next page, or null on the last. */
	readonly next: string | null;
}

/** A part of a list as a store hands it out; `next` is the position of its last row where there are more. */
interface Part<Row> {
	readonly rows: readonly Row[];
	readonly next: Position | null;
}

/**
 * A page of a list, and null for a cursor that is not of it. `list` names it with its account and its filters; `find` gets
 * the position of the last row of the page before.
 */
export async function pageOf<Row>(
	list: string,
	cursor: string | null,
	{ serverKeys }: Pick<Services, "serverKeys">,
	find: (after: Position | null) => Promise<Part<Row>>,
): Promise<ListPage<Row> | null> {
	const after = cursor === null ? null : await readCursor(cursor, list, serverKeys);
	if (cursor !== null && !after) return null;
	const { rows, next } = await find(after);
	return { rows, next: next && (await writeCursor(list, next, serverKeys)) };
}

/** Of rows of which one more than `limit` was asked for, so that it tells of a next page. */
export function partOf<Row>(found: readonly Row[], limit: number, positionOf: (row: Row) => Position): Part<Row> {
	const rows = found.slice(0, limit);
	const last = found.length > limit ? rows.at(-1) : undefined;
	return { rows, next: last === undefined ? null : positionOf(last) };
}

/** Of lists that are sorted by name. */
export function byName({ name, id }: { readonly name: string; readonly id: string }): Position {
	return [name, id];
}

export function namePosition(after: Position | null): { name: string; id: string } | null {
	return after && { name: String(after[0]), id: String(after[1]) };
}
