import type { JsonSchema } from "./openapi-components.ts";

/**
 * The schema with a reference in the place of each part that has a name (http/described.ts); the part itself goes to `named`.
 * What describes a member stays beside the reference (JSON Schema 2020-12).
 */
export function referring(schema: JsonSchema, named: Record<string, JsonSchema>): JsonSchema {
	const whole = Object.fromEntries(
		Object.entries(schema).map(([keyword, value]) => [keyword, below(keyword, value, named)]),
	);
	const { title, description, ...part } = whole;
	if (typeof title !== "string") return whole;
	const other = named[title];
	if (other && JSON.stringify(other) !== JSON.stringify(part)) throw new Error(`Two schemas are called ${title}`);
	named[title] = part;
	return { $ref: `#/components/schemas/${title}`, ...(description !== undefined && { description }) };
}

function below(keyword: string, value: unknown, named: Record<string, JsonSchema>): unknown {
	switch (keyword) {
		case "properties":
			return Object.fromEntries(
				Object.entries(value as object).map(([name, member]) => [name, referring(member as JsonSchema, named)]),
			);
		case "anyOf":
		case "oneOf":
		case "allOf":
			return (value as JsonSchema[]).map((branch) => referring(branch, named));
		case "items":
		case "additionalProperties":
			return typeof value === "object" && value !== null ? referring(value as JsonSchema, named) : value;
		default:
			return value;
	}
}

/** What a schema is, or refers to. */
export function resolved(schema: JsonSchema, named: Readonly<Record<string, JsonSchema>>): JsonSchema {
	const { $ref: reference, ...beside } = schema;
	if (typeof reference !== "string") return schema;
	return { ...named[reference.replace("#/components/schemas/", "")], ...beside };
}
