import { expect, test } from "vitest";
import { createServerKeys } from "../../../src/crypto/server-keys.ts";
import { readCursor, writeCursor } from "../../../src/operations/cursor.ts";

const secret = (version: number) => ({ version, secret: new Uint8Array(32).fill(version) });
const keys = createServerKeys([secret(1)]);

test("a cursor gives its position back, to the list that it is of", async () => {
	const cursor = await writeCursor("keys a", ['é " \u{1f511}', 7], keys);
	expect(cursor).toMatch(/^[\w.-]+$/);
	expect(await readCursor(cursor, "keys a", keys)).toEqual(['é " \u{1f511}', 7]);
	expect(await readCursor(cursor, "keys b", keys)).toBeNull();
});

test("one that was made under an older key goes on, and none under a key that is not there", async () => {
	const cursor = await writeCursor("list", ["x"], keys);
	expect(await readCursor(cursor, "list", createServerKeys([secret(2), secret(1)]))).toEqual(["x"]);
	expect(await readCursor(cursor, "list", createServerKeys([secret(2)]))).toBeNull();
});

test("no single character of it can be another one", async () => {
	const cursor = await writeCursor("list", ["name", "id"], keys);
	for (let at = 0; at < cursor.length; at++) {
		const other = cursor[at] === "A" ? "B" : "A";
		expect(await readCursor(cursor.slice(0, at) + other + cursor.slice(at + 1), "list", keys)).toBeNull();
	}
	for (const text of ["", ".", "1..", "1.W10.", `${cursor}A`, cursor.slice(0, -1), `0${cursor}`]) {
		expect(await readCursor(text, "list", keys)).toBeNull();
	}
});
