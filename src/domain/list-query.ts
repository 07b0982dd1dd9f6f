import type { Seconds } from "./brands.ts";

/**
 * What may be asked of a list, said once: of it are made what reads a query, its documentation, the form above the list, and
 * what its cursors are bound to.
 */
export interface ListShape {
	/** Names it, in its cursors. */
	readonly list: string;
	/** What one and several of its rows are called. */
	readonly rows: readonly [one: string, several: string];
	/** What `q` looks for, as a sentence; null where nothing is searched. */
	readonly search: string | null;
	readonly filters: Readonly<Record<string, ListFilter>>;
	/** What `sort` may be, with its words for people; the first is the order that the list has by itself. */
	readonly sorts: Readonly<Record<string, string>>;
}

export type ListFilter = {
	/** Above its field. */
	readonly label: string;
	/** As a sentence, in the documentation. */
	readonly doc: string;
} & (
	| { readonly kind: "choice"; readonly choices: Readonly<Record<string, string>> }
	| { readonly kind: "text"; readonly example?: string; readonly hint?: string }
	| { readonly kind: "time" }
	| { readonly kind: "flag" }
);

type FilterValue<Filter> = Filter extends { readonly kind: "choice"; readonly choices: infer Choices }
	? keyof Choices & string
	: Filter extends { readonly kind: "time" }
		? Seconds
		: Filter extends { readonly kind: "flag" }
			? true
			: string;

/** What of a list is asked for; null is what was left out. */
export interface ListAsked<Shape extends ListShape = ListShape> {
	readonly q: string | null;
	readonly filters: { readonly [Name in keyof Shape["filters"]]: FilterValue<Shape["filters"][Name]> | null };
	readonly sort: (keyof Shape["sorts"] & string) | null;
}

/** Whether not all of its rows are asked for. */
export function isNarrowed({ q, filters }: ListAsked): boolean {
	return q !== null || Object.values(filters).some((value) => value !== null);
}

/** What a cursor goes on with: this list of this account's, narrowed and sorted like this, and no other. */
export function cursorBinding({ list }: ListShape, owner: string, { q, filters, sort }: ListAsked): string {
	return JSON.stringify([list, owner, q, Object.entries(filters).filter(([, value]) => value !== null), sort]);
}

/** What a row is sorted by: where a list goes on. */
export type Position = readonly (string | number)[];

/** How such a list is walked: by name, or from Z to A; from the row after `after`, towards its end or back. */
export interface NameWalk {
	readonly sort: "name" | "-name";
	readonly after: Position | null;
	readonly isBack: boolean;
	readonly limit: number;
}

/** What a store finds of a list, the nearest first. A page may have less than its limit and yet not be the last: `next` is from where it goes on. */
export interface FoundPage<Row> {
	readonly rows: readonly Row[];
	readonly next: Position | null;
	/** Null where more would have to be looked at than are counted. */
	readonly total: number | null;
}

/** Beyond this a total of what a filter finds is not counted. */
export const mostCounted = 1000;
