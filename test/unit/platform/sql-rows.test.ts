import { afterAll, beforeEach, expect, test } from "vitest";
import { openPlatform } from "../../../src/platform/node/platform.ts";
import type { Whose } from "../../../src/domain/whose.ts";
import type { SqlStorage } from "../../../src/platform/sql/database.ts";
import { SqlRows } from "../../../src/platform/sql/sql-rows.ts";

const { files, close } = openPlatform(":memory:");
afterAll(close);

let read = 0;
beforeEach(() => {
	read = 0;
});
const counted: SqlStorage = {
	exec(query, ...values) {
		const cursor = files.ledgers.exec<never>(query, ...values);
		read += cursor.toArray().length;
		return cursor;
	},
};

test("whoever takes a page of many rows has not read them all", () => {
	const rows = new SqlRows(counted, "subject");
	files.ledgers.transactionSync(() => {
		for (let id = 1000; id < 2000; id++) rows.put("revoked_token", `${id}`, null, { id }, null);
	});
	const page: object[] = [];
	for (const row of rows.list("revoked_token", "1499")) if (page.push(row) === 50) break;
	expect([page[0], page.at(-1)]).toEqual([{ id: 1500 }, { id: 1549 }]);
	expect(read).toBeLessThan(500);
	expect([...rows.list("revoked_token", "1499")]).toHaveLength(500);
	expect([...rows.list("revoked_token", "1999")]).toEqual([]);
});

test("what an earlier version wrote, which knew of no accounts, is found by its account and its client", () => {
	const insert = "INSERT INTO rows (subject, kind, id, lookup, body, purge_at) VALUES (?, 'grant', ?, NULL, ?, NULL)";
	const grant = (id: string, clientId: string, accountId: string) => {
		files.ledgers.exec(insert, "earlier", id, JSON.stringify({ id, clientId, accountId }));
	};
	grant("a", "one", "acme");
	grant("b", "two", "acme");
	grant("c", "one", "initech");
	files.ledgers.exec(insert, "another", "d", JSON.stringify({ id: "d", clientId: "one", accountId: "acme" }));
	const rows = new SqlRows(counted, "earlier");
	const ids = (of: Whose) => [...rows.list("grant", "", of)].map(({ id }) => id).toSorted();
	expect(ids({ party: "one" })).toEqual(["a", "c"]);
	expect(ids({ accountId: "acme" })).toEqual(["a", "b"]);
	expect(ids({ accountId: "acme", party: "one" })).toEqual(["a"]);
	expect(ids({ accountId: "", party: "" })).toEqual([]);
	rows.put("grant", "a", null, { ...rows.get("grant", "a")!, accountId: "initech" }, null);
	expect(ids({ accountId: "initech" })).toEqual(["a", "c"]);
});
