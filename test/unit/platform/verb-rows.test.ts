import { describe, expect, test } from "vitest";
import { VerbRows } from "../../../src/platform/cloudflare/verb-rows.ts";
import { MapRows } from "../domain/map-rows.ts";

describe("the rows as one verb sees them", () => {
	test("it reads what it wrote, and until it has returned nobody else does", () => {
		const rows = stored();
		const own = new VerbRows(rows);
		own.put("revoked_token", "a", "by a", { n: 2 }, 100);
		own.put("revoked_token", "b", null, { n: 3 }, 100);
		own.delete("revoked_token", "b");
		expect([own.get("revoked_token", "a"), own.get("revoked_token", "b")]).toEqual([{ n: 2 }, null]);
		expect(rows.get("revoked_token", "a")).toEqual({ n: 1 });
		carriedOut(own);
		expect(rows.get("revoked_token", "a")).toEqual({ n: 2 });
		expect(rows.count("revoked_token")).toBe(1);
	});

	test("one that only reads has nothing to carry out", () => {
		const own = new VerbRows(stored());
		expect(own.find("revoked_token", "by a")).toEqual({ n: 1 });
		expect([...own.list("revoked_token", "")]).toEqual([{ n: 1 }]);
		expect(own.count("revoked_token")).toBe(1);
		expect(own.writes()).toEqual([]);
	});

	test("a row that takes over a lookup is written after the one that had it went", () => {
		const order: string[] = [];
		const rows = Object.assign(new MapRows(), {
			put: (_: string, id: string) => order.push(`put ${id}`),
			delete: (_: string, id: string) => order.push(`delete ${id}`),
		});
		const own = new VerbRows(rows);
		own.put("revoked_token", "b", "by a", { n: 2 }, 100);
		own.delete("revoked_token", "a");
		own.put("revoked_token", "b", "by a", { n: 3 }, 100);
		carriedOut(own);
		expect(order).toEqual(["delete a", "put b"]);
	});

	test("rows of a kind of which one is written are not looked through any more: the answer would be that of before", () => {
		const own = new VerbRows(stored());
		own.delete("revoked_token", "a");
		expect(() => own.find("revoked_token", "by a")).toThrow("before it writes");
		expect(() => own.list("revoked_token", "")).toThrow("before it writes");
		expect(() => own.count("revoked_token")).toThrow("before it writes");
		expect(own.count("session")).toBe(0);
	});

	test("all is gone for it at once, but for what it writes afterwards", () => {
		const rows = stored();
		const own = new VerbRows(rows);
		own.put("revoked_token", "b", null, { n: 2 }, 100);
		own.clear();
		expect([own.get("revoked_token", "a"), own.get("revoked_token", "b")]).toEqual([null, null]);
		expect(() => own.count("session")).toThrow("before it writes");
		own.put("revoked_token", "c", null, { n: 3 }, 100);
		expect(rows.count("revoked_token")).toBe(1);
		carriedOut(own);
		expect([...rows.list("revoked_token", "")]).toEqual([{ n: 3 }]);
	});
});

function stored(): MapRows {
	const rows = new MapRows();
	rows.put("revoked_token", "a", "by a", { n: 1 }, 100);
	return rows;
}

function carriedOut(rows: VerbRows): void {
	for (const write of rows.writes()) write();
}
