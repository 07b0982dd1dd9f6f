import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

// docs/add.md: every file and folder that it names is there, and an order of work ends in a test.

const sections = readFileSync("docs/add.md", "utf8").split(/^## /m).slice(1);
const pathsIn = (text: string) =>
	[...text.matchAll(/`((?:src|test|docs|scripts)\/[^`\s<]*|wrangler\.toml|README\.md)`/g)].map(([, path = ""]) => path);

test.each(sections.map((section) => [section.split("\n", 1)[0], section] as const))("to add %s", (_, section) => {
	const paths = pathsIn(section);
	expect(paths.length).toBeGreaterThan(2);
	expect(paths.filter((path) => !existsSync(path))).toEqual([]);
	expect(paths.some((path) => path.startsWith("test/"))).toBe(true);
});
