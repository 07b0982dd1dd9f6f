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
export interface Position {
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
	readonly after: Position | null;
	readonly limit: number;
}

export interface Found<Row> {
	readonly rows: readonly Row[];
	/** From where the search goes on, or null at its end. A page may have less than its limit and yet not be the last. */
	readonly next: Position | null;
}

/** Whether a value passes a test: what SQL does in D1, for rows in memory. A member that is not there is undefined. */
export function passes(value: unknown, test: Test): boolean {
	switch (test.operator) {
		case "eq":
			return value === test.value;
		case "neq":
			return value !== test.value;
		case "contains":
			return typeof value === "string" && value.includes(test.value);
		case "in":
			return test.value.some((each) => each === value);
		case "gt":
			return typeof value === "number" && value > test.value;
		case "gte":
			return typeof value === "number" && value >= test.value;
		case "lt":
			return typeof value === "number" && value < test.value;
		case "lte":
			return typeof value === "number" && value <= test.value;
	}
}

/** The member of a JSON text at the end of a path, or undefined. */
export function memberAt(json: string, path: readonly string[]): unknown {
	let value: unknown = JSON.parse(json);
	for (const name of path) {
		const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
		if (!isObject || !Object.hasOwn(value as object, name)) return undefined;
		value = (value as Record<string, unknown>)[name];
	}
	return value;
}
