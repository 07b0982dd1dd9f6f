import { expect, test } from "vitest";
import { referring } from "../../../src/http/named-schemas.ts";

const owner = { title: "Owner", type: "object", properties: { title: { type: "string" } } };

test("what has a name is referred to by it, wherever it stands, and what is said of it there stays there", () => {
	const named = {};
	const schema = {
		type: "object",
		properties: { owner: { ...owner, description: "Whose it is." } },
		additionalProperties: { anyOf: [owner, { type: "array", items: owner }] },
	};
	const reference = { $ref: "#/components/schemas/Owner" };
	expect(referring(schema, named)).toEqual({
		type: "object",
		properties: { owner: { ...reference, description: "Whose it is." } },
		additionalProperties: { anyOf: [reference, { type: "array", items: reference }] },
	});
	expect(named).toEqual({ Owner: { type: "object", properties: { title: { type: "string" } } } });
});

test("two that differ have no name in common", () => {
	const named = {};
	referring(owner, named);
	expect(() => referring({ ...owner, type: "string" }, named)).toThrow("Two schemas are called Owner");
});
