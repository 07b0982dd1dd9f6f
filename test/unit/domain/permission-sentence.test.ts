import { describe, expect, test } from "vitest";
import { builtInApi } from "../../../src/domain/api.ts";
import { deedsOf } from "../../../src/domain/permission-sentence.ts";
import { tableOf } from "../../../src/domain/permission-table.ts";

const permission = (name: string, title = name) => ({
	name,
	title,
	description: "",
	members: false,
	selfRegistered: false,
});
const named = (...names: readonly string[]) => names.map((name) => permission(name));
const own = builtInApi("https://id.example.com");
const orders = {
	id: "orders",
	name: "Orders API",
	permissions: [...named("orders:read", "orders:write", "invoices:read"), permission("refund", "Pay money back.")],
};
const bills = { id: "bills", name: "Billing", permissions: named("line_items:read") };
const apis = [own, orders, bills];

describe("what a set of permissions lets do, in a sentence", () => {
	test.each([
		[["orders:read", "invoices:read", "events:read"], "read orders and invoices at Orders API, and read events"],
		[["orders:write", "orders:read"], "read orders and write orders at Orders API"],
		[["refund"], "pay money back at Orders API"],
		[
			["orders:read", "line_items:read", "change_events:write"],
			"read orders at Orders API, read line items at Billing, and write change events",
		],
		[["orders:read", "orders:write", "invoices:read", "refund"], "do everything at Orders API"],
		[own.permissions.map(({ name }) => name), "do everything"],
		[["keys:read", "keys:write", "keys:delete"], "read keys, write keys and delete keys"],
		[["apis:read", "keys:read"], "read keys and APIs"],
		[["gone:read"], ""],
		[[], ""],
	])("%j: %s", (permitted, words) => {
		expect(deedsOf(permitted, apis)).toBe(words);
	});
});

describe("the table of an API's permissions", () => {
	test("has a row for each subject, a column for each verb that there is, and the rest beside it", () => {
		const [read, write, invoices, refund] = orders.permissions;
		expect(tableOf(orders.permissions)).toEqual({
			verbs: ["read", "write"],
			rows: [
				{ subject: "orders", cells: [read, write] },
				{ subject: "invoices", cells: [invoices, null] },
			],
			others: [refund],
		});
	});

	test("a verb alone, an empty subject and another word are none", () => {
		const others = named(":read", "orders.read", "orders:", "orders:Read");
		expect(tableOf(others)).toEqual({ verbs: [], rows: [], others });
		expect(tableOf(named("a:b:read")).rows.map(({ subject }) => subject)).toEqual(["a:b"]);
	});
});
