import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type ClientRow, merged, page, rowsOf, testsOf } from "../interop/clients-table.ts";

// docs/clients.md is made of clients.json, and that of what the tests of the clients report: test/interop/clients-table.ts.

const known = JSON.parse(readFileSync("test/interop/clients.json", "utf8")) as readonly ClientRow[];

test("docs/clients.md is made of what the runs said", () => {
	expect(readFileSync("docs/clients.md", "utf8")).toBe(page(known));
	expect(known.length).toBeGreaterThanOrEqual(24);
	expect(new Set(known.map(({ language }) => language)).size).toBeGreaterThanOrEqual(5);
});

test("each client of the table has a file where it is set up, of its language", () => {
	expect(known.filter((row) => testsOf(row).length === 0)).toEqual([]);
	expect(testsOf({ client: "golang.org/x/oauth2", language: "Go" })).toEqual([
		"go/device_test.go",
		"go/openid_connect_test.go",
	]);
	expect(testsOf({ client: "oauth2", language: "Rust" })).toEqual(["rust/src/openid_connect.rs"]);
	expect(testsOf({ client: "Authlib", language: "Python" })).toEqual(["python/test_authlib.py"]);
	expect(testsOf({ client: "nobody's", language: "Python" })).toEqual([]);
});

test("a client whose version or journeys are others than in the table differs from it, and so does one that is gone", () => {
	const python = known.filter(({ language }) => language === "Python");
	const [first, ...others] = python;
	if (!first) throw new Error("No client in Python");
	expect(merged(known, rowsOf([{ clients: python }]))).toEqual(known);
	for (const clients of [
		others,
		[{ ...first, version: "0" }, ...others],
		[{ ...first, works: first.works.slice(1) }, ...others],
		[{ ...first, needs: ["a setting"] }, ...others],
	]) {
		expect(merged(known, rowsOf([{ clients }]))).not.toEqual(known);
	}
});

test("a client of vitest is told of where every test of its files passed", () => {
	expect(rowsOf([{ testResults: results("passed") }]).map(({ client }) => client)).toEqual(["openid-client"]);
	expect(rowsOf([{ testResults: results("failed") }])).toEqual([]);
});

function results(status: string) {
	return ["openid-client", "openid-connect", "dpop", "device", "provision"].map((name) => ({
		name: `/somewhere/test/interop/${name}.test.ts`,
		status: name === "provision" ? status : "passed",
	}));
}
