import { bounds } from "./bounds.ts";

/**
 * A search, as a store runs it: already read, checked and made of domain values. A store goes through the rows of one
 * account from the newest to the oldest; ids break ties.
 */
export type Scalar = string | number | boolean;

export type Test =
	| { readonly operator: "eq" | "neq"; readonly value: Scalar }
	/** A part of a text, with regard to case. */
	| { readonly operator: "contains"; readonly value: string }
	| { readonly operator: "in"; readonly value: readonly Scalar[] }
	| { readonly operator: "gt" | "gte" | "lt" | "lte"; readonly value: number };

/** A column of the store, or the way to a member of the JSON body. */
export type Where<Column extends string> = { readonly column: Column } | { readonly path: readonly string[] };

export type Condition<Column extends string> = Where<Column> & { readonly test: Test };

/** Where a row stands in the order: its time in the unit of the store, and its id. */
export interface SearchPosition {
	readonly at: number;
	readonly id: string;
}

export interface Search<Column extends string> {
	readonly accountId: string;
	readonly conditions: readonly Condition<Column>[];
	/** The range of the rows' times: from this one on, and before that one. Null is open. */
	readonly from: number | null;
	readonly before: number | null;
	/** Only what comes after this position: older rows. Null begins with the newest. */
	readonly after: SearchPosition | null;
	readonly limit: number;
}

export interface Found<Row> {
	readonly rows: readonly Row[];
	/** From where the search goes on, or null at its end. A page may have less than its limit and yet not be the last. */
	readonly next: SearchPosition | null;
}

const longestField = 200;

/**
 * The way to a member of a body: the names between the dots. Within one, `\.` is a dot and `\\` a backslash. Null for any other
 * escape, for an empty name, and for what is too long.
 */
export function readMember(text: string): readonly string[] | null {
	if (text.length > longestField || !/^(?:[^.\\]|\\[.\\])+(?:\.(?:[^.\\]|\\[.\\])+)*$/su.test(text)) return null;
	const names = (text.match(/(?:[^.\\]|\\.)+/gsu) ?? []).map((name) => name.replaceAll(/\\(.)/gs, "$1"));
	return names.length <= bounds.fieldNames.most ? names : null;
}
