import { readUtc } from "../../domain/instant.ts";
import { type Condition, readMember, type Scalar, type Test, type Where } from "../../domain/search.ts";

/** What a field holds, which says what it can be asked. */
type FieldKind = "text" | "number" | "time" | "any";

interface SearchField<Column extends string> {
	readonly where: Where<Column>;
	readonly kind: FieldKind;
	/** Of a time: how many milliseconds one unit of the store has. */
	readonly unit?: number;
}

export interface SearchFields<Column extends string> {
	readonly named: ReadonlyMap<string, SearchField<Column>>;
	/** `data.` reaches every member of the JSON body, by the names on the way to it. */
	readonly prefix: string;
}

export interface SentFilter {
	readonly field: string;
	readonly operator: string;
	readonly value: Scalar | readonly Scalar[];
}

export interface FilterProblem {
	readonly field: string;
	readonly detail: string;
}

const operators: Readonly<Record<FieldKind, readonly string[]>> = {
	text: ["eq", "neq", "contains", "in"],
	number: ["eq", "neq", "in", "gt", "gte", "lt", "lte"],
	time: ["gt", "gte", "lt", "lte"],
	any: ["eq", "neq", "contains", "in", "gt", "gte", "lt", "lte"],
};

export const utcRule =
	"Times are in UTC and say so: they end in Z or +00:00, such as 2021-07-20T23:45:06.342716+00:00.";

/** The conditions that were sent, or what is wrong with each filter that is. */
export function readFilters<Column extends string>(
	sent: readonly SentFilter[],
	fields: SearchFields<Column>,
): { ok: true; conditions: readonly Condition<Column>[] } | { ok: false; problems: readonly FilterProblem[] } {
	const conditions: Condition<Column>[] = [];
	const problems: FilterProblem[] = [];
	for (const [index, filter] of sent.entries()) {
		const refuse = (member: keyof SentFilter, detail: string) =>
			problems.push({ field: `filters.${index}.${member}`, detail });
		const field = findField(filter.field, fields);
		if (!field) {
			const known = [...fields.named.keys(), `${fields.prefix}.<member>`].join(", ");
			refuse("field", `There is no field ${shown(filter.field)}. There are ${known}.`);
			continue;
		}
		const allowed = operators[field.kind];
		if (!allowed.includes(filter.operator)) {
			refuse("operator", `${filter.field} has no operator ${shown(filter.operator)}. It has ${allowed.join(", ")}.`);
			continue;
		}
		const test = readTest(filter, field);
		if (typeof test === "string") refuse("value", test);
		else conditions.push({ ...field.where, test });
	}
	return problems.length > 0 ? { ok: false, problems } : { ok: true, conditions };
}

function findField<Column extends string>(
	name: string,
	{ named, prefix }: SearchFields<Column>,
): SearchField<Column> | null {
	const known = named.get(name);
	if (known) return known;
	const path = name.startsWith(`${prefix}.`) ? readMember(name.slice(prefix.length + 1)) : null;
	return path && { where: { path }, kind: "any" };
}

function readTest<Column extends string>(
	{ field, operator, value }: SentFilter,
	{ kind, unit = 1 }: SearchField<Column>,
): Test | string {
	const values = Array.isArray(value) ? (value as readonly Scalar[]) : null;
	if (operator === "in") {
		if (!values || values.length === 0) return "in takes an array of at least one value.";
		const wrong = values.find((each) => kind !== "any" && typeof each !== (kind === "number" ? "number" : "string"));
		return wrong === undefined ? { operator, value: values } : `${field} is a ${kind}.`;
	}
	if (values || typeof value === "object") return `${operator} takes one value, not an array.`;
	if (kind === "time") return readTime(operator, value, unit);
	if (kind === "text" && typeof value !== "string") return `${field} is a text.`;
	if (kind === "number" && typeof value !== "number") return `${field} is a number.`;
	// Half of a surrogate pair is no character: one database would look for U+FFFD in its place, another for nothing.
	const isLooked = operator === "contains" || kind === "text";
	if (isLooked && typeof value === "string" && !value.isWellFormed()) return "The text has half a surrogate pair.";
	switch (operator) {
		case "eq":
		case "neq":
			return { operator, value };
		case "contains":
			return typeof value === "string" ? { operator, value } : "contains takes a text.";
		case "gt":
		case "gte":
		case "lt":
		case "lte":
			return typeof value === "number" ? { operator, value } : `${operator} takes a number.`;
		default:
			return "This operator is not known.";
	}
}

function readTime(operator: string, value: Scalar, unit: number): Test | string {
	const time = typeof value === "string" ? readUtc(value) : null;
	if (time === null) return utcRule;
	const order = (["gt", "gte", "lt", "lte"] as const).find((each) => each === operator);
	return order ? { operator: order, value: time / unit } : "A time is compared.";
}

/** A name that a stranger chose is repeated only as far as it is harmless. */
function shown(name: string): string {
	return /^[\p{L}\p{N}\\_.@:/ -]{1,64}$/u.test(name) ? `"${name}"` : "of that name";
}
