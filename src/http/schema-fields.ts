import { resolved } from "./named-schemas.ts";
import type { JsonSchema } from "./openapi-components.ts";

type Schemas = Readonly<Record<string, JsonSchema>>;

/** A member of a JSON object, in words. */
export interface SchemaField {
	/** Members of members by a path: `filters[].field`. */
	readonly name: string;
	/** Such as `text, 1 to 100 characters`. */
	readonly type: string;
	readonly required: boolean;
	readonly description: string;
}

/** The members that a schema describes, as a table shows them; empty for what is no object. */
export function fieldsOf(reference: JsonSchema, schemas: Schemas, prefix = ""): readonly SchemaField[] {
	const schema = resolved(reference, schemas);
	const branches = branchesOf(schema);
	if (branches.length > 0) {
		const fields = branches.flatMap((branch) => fieldsOf(branch, schemas, prefix));
		return fields.filter(({ name }, index) => fields.findIndex((each) => each.name === name) === index);
	}
	if (isSchema(schema.items))
		return fieldsOf(schema.items, schemas, `${prefix.replace(/\.$/, "")}[].`.replace(/^\[\]\./, ""));
	const required = Array.isArray(schema.required) ? schema.required : [];
	return Object.entries(isSchema(schema.properties) ? schema.properties : {}).flatMap(([name, referred]) => {
		if (!isSchema(referred)) return [];
		const member = resolved(referred, schemas);
		const path = prefix + name;
		const inner = isSchema(member.items)
			? fieldsOf(member.items, schemas, `${path}[].`)
			: fieldsOf(member, schemas, `${path}.`);
		const description = typeof member.description === "string" ? member.description : describedIn(member);
		return [{ name: path, type: typeOf(member, schemas), required: required.includes(name), description }, ...inner];
	});
}

/** Of a member that may be null, the other branch says what it is. */
function describedIn(member: JsonSchema): string {
	const said = branchesOf(member).map(({ description }) => description);
	return said.find((each): each is string => typeof each === "string") ?? "";
}

/** What it may be, in words. */
export function typeOf(reference: JsonSchema, schemas: Schemas): string {
	const schema = resolved(reference, schemas);
	const branches = branchesOf(schema);
	if (branches.length > 0) return [...new Set(branches.map((branch) => typeOf(branch, schemas)))].join(" or ");
	if (schema.const !== undefined) return JSON.stringify(schema.const);
	if (Array.isArray(schema.enum)) return `one of ${schema.enum.map((each) => JSON.stringify(each)).join(", ")}`;
	const fallback = schema.default === undefined ? "" : `; ${JSON.stringify(schema.default)} where it is left out`;
	return `${plainType(schema, schemas)}${fallback}`;
}

function plainType(schema: JsonSchema, schemas: Schemas): string {
	switch (schema.type) {
		case "string":
			return `text${range(schema.minLength, schema.maxLength, " characters")}`;
		case "integer":
			return `whole number${range(schema.minimum, schema.maximum, "")}`;
		case "number":
			return `number${range(schema.minimum, schema.maximum, "")}`;
		case "boolean":
			return "true or false";
		case "null":
			return "null";
		case "array": {
			const of = isSchema(schema.items) ? ` of ${typeOf(schema.items, schemas)}` : "";
			const length = range(schema.minItems, schema.maxItems, "");
			return `list${length}${length !== "" && of !== "" ? "," : ""}${of}`;
		}
		case "object":
			return "object";
		default:
			return "anything";
	}
}

function range(least: unknown, most: unknown, unit: string): string {
	if (typeof least === "number" && typeof most === "number") return `, ${least} to ${most}${unit}`;
	if (typeof most === "number") return `, at most ${most}${unit}`;
	return typeof least === "number" ? `, at least ${least}${unit}` : "";
}

function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
	const branches = schema.anyOf ?? schema.oneOf ?? schema.allOf;
	return Array.isArray(branches) ? branches.filter(isSchema) : [];
}

function isSchema(value: unknown): value is JsonSchema {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
