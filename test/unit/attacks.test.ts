import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

// docs/attacks.md, line by line: the test that it names is in the file that it names.

const lines = readFileSync("docs/attacks.md", "utf8")
	.split("\n")
	.map((line) => line.split("|").map((cell) => cell.trim()))
	.filter(([, section, , file]) => file !== undefined && section !== "RFC 9700" && !file.startsWith("---"));

test("the list is there", () => {
	expect(lines.length).toBeGreaterThan(30);
});

test.each(lines)("%s%s %s: stopped by %s", (_, _section, _attack, file, title = "no title") => {
	const titles = readFileSync(`test/${file}.test.ts`, "utf8").replaceAll("`", '"');
	expect(titles).toContain(`"${title}"`);
});
