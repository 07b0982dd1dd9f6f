import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { version } from "../../src/version.ts";

test("the version is one: of the package, of its lock, and the newest of the changelog", () => {
	expect([versionOf("package.json"), versionOf("package-lock.json")]).toEqual([version, version]);
	const [, newest] = /^## (\d+\.\d+\.\d+)/m.exec(readFileSync("CHANGELOG.md", "utf8")) ?? [];
	expect(newest).toBe(version);
});

function versionOf(file: string): unknown {
	return (JSON.parse(readFileSync(file, "utf8")) as { version?: unknown }).version;
}
