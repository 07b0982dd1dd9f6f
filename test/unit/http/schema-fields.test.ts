import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { expect, test } from "vitest";
import { fieldsOf } from "../../../src/http/schema-fields.ts";

function fields(schema: v.GenericSchema): readonly string[] {
	const shown = fieldsOf({ ...toJsonSchema(schema, { typeMode: "input", errorMode: "ignore" }) }, {});
	return shown.map(({ name, type, required }) => `${name}: ${type}${required ? "" : " (not needed)"}`);
}

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(100));

test("members in words, with their limits", () => {
	const schema = v.object({
		name: text,
		count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 5),
		kind: v.picklist(["a", "b"]),
		on: v.nullable(v.boolean()),
		tags: v.pipe(v.array(v.pipe(v.string(), v.maxLength(9))), v.maxLength(3)),
		any: v.unknown(),
	});
	expect(fields(schema)).toEqual([
		"name: text, 1 to 100 characters",
		"count: whole number, at least 1; 5 where it is left out (not needed)",
		'kind: one of "a", "b"',
		"on: true or false or null",
		"tags: list, at most 3, of text, at most 9 characters",
		"any: anything",
	]);
});

test("members of members have the way to them as their name", () => {
	const filter = v.object({ field: v.string() });
	expect(fields(v.object({ filters: v.array(filter), range: v.object({ from: v.string() }) }))).toEqual([
		"filters: list of object",
		"filters[].field: text",
		"range: object",
		"range.from: text",
	]);
	expect(fields(v.array(filter))).toEqual(["field: text"]);
});

test("of alternatives each member is shown once; what is no object has none", () => {
	const either = v.union([v.object({ a: v.string(), b: v.string() }), v.object({ a: v.string(), c: v.literal(1) })]);
	expect(fields(either)).toEqual(["a: text", "b: text", "c: 1"]);
	expect(fields(v.string())).toEqual([]);
});

test("what is referred to is shown where it is referred to, with what is said of it there", () => {
	const schemas = { Owner: { type: "object", properties: { id: { type: "string", description: "Its id." } } } };
	const owner = { $ref: "#/components/schemas/Owner", description: "Whose it is." };
	const schema = {
		type: "object",
		properties: { owner, others: { anyOf: [{ type: "array", items: owner }, { type: "null" }] } },
	};
	expect(fieldsOf(schema, schemas).map(({ name, type, description }) => [name, type, description])).toEqual([
		["owner", "object", "Whose it is."],
		["owner.id", "text", "Its id."],
		["others", "list of object or null", ""],
		["others[].id", "text", "Its id."],
	]);
});
