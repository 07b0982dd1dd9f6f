import { cursorBinding, type ListAsked, type ListShape, type Position } from "../domain/list-query.ts";
import { readCursor, writeCursor } from "./cursor.ts";
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

/** A page of a list that can be searched, filtered, sorted and walked both ways. */
export interface ListedPage<Row> extends ListPage<Row> {
	/** The cursor of the page before, or null on the first. */
	readonly previous: string | null;
	/** How many rows it has in all, as it is narrowed; null where they are more than are counted. */
	readonly total: number | null;
}

/** What of such a list is asked for. */
export type ListedQuery<Shape extends ListShape> = ListQuery & ListAsked<Shape>;

/** Where a page begins: beyond this row, towards the end of the list or back. */
export interface Walk {
	readonly after: Position | null;
	readonly isBack: boolean;
}

/**
 * A page of such a list, and null for a cursor that is not of it. `find` gets where it begins and hands its rows out in the order
 * in which they are walked: the nearest first, of a walk back as well. Where a page may have no rows and not be the last, it says
 * with `turn` from where it is walked the other way.
 */
export async function listedPageOf<Shape extends ListShape, Row>(
	shape: Shape,
	owner: string,
	{ cursor, ...asked }: ListedQuery<Shape>,
	{ serverKeys }: Pick<Services, "serverKeys">,
	positionOf: (row: Row) => Position,
	find: (walk: Walk) => Promise<Part<Row> & { readonly total: number | null; readonly turn?: Position | null }>,
): Promise<ListedPage<Row> | null> {
	const list = cursorBinding(shape, owner, asked);
	const onward = cursor === null ? null : await readCursor(cursor, list, serverKeys);
	const back = cursor === null || onward ? null : await readCursor(cursor, backIn(list), serverKeys);
	if (cursor !== null && !onward && !back) return null;
	const isBack = back !== null;
	const { rows: walked, next: further, total, turn = null } = await find({ after: onward ?? back, isBack });
	const rows = isBack ? walked.toReversed() : walked;
	const ends = [rows[0], rows.at(-1)].map((row) => (row === undefined ? turn : positionOf(row)));
	const [first = null, last = null] = ends;
	const [before, beyond] = isBack ? [further, last] : [onward && first, further];
	return {
		rows,
		total,
		previous: before && (await writeCursor(backIn(list), before, serverKeys)),
		next: beyond && (await writeCursor(list, beyond, serverKeys)),
	};
}

function backIn(list: string): string {
	return `${list} back`;
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
