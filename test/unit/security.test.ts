import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

// SECURITY.md, line by line: each promise has the test that it names.

const promises = readFileSync("SECURITY.md", "utf8")
	.split("\n")
	.map((line) => line.split("|").map((cell) => cell.trim()))
	.filter(([, promise, file]) => file !== undefined && promise !== "promise" && !file.startsWith("---"));

test("the list is there", () => {
	expect(promises.length).toBeGreaterThan(15);
});

test.each(promises)("%s%s: by %s", (_, _promise, file, title = "no title") => {
	const titles = readFileSync(`test/${file}`, "utf8").replaceAll("`", '"');
	expect(titles).toContain(`"${title}"`);
});
