import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { filesIn } from "./tree.ts";

// SECURITY.md, line by line: each promise has the test that it names, and each limit is as the code has it.

const rows = readFileSync("SECURITY.md", "utf8")
	.split("\n")
	.map((line) => line.split("|").map((cell) => cell.trim()))
	.filter(([, , second]) => second !== undefined && !second.startsWith("---"));
const promises = rows.filter(([, promise, , title = ""]) => promise !== "promise" && !/^at most|^\d/.test(title));

test("the list is there", () => {
	expect(promises.length).toBeGreaterThan(15);
});

test.each(promises)("%s%s: by %s", (_, _promise, file, title = "no title") => {
	const titles = readFileSync(`test/${file}`, "utf8").replaceAll("`", '"');
	expect(titles).toContain(`"${title}"`);
});

test("the limits are those of the code, each of them", () => {
	const spans: Readonly<Record<string, string>> = { quarter: "900", hour: "3600" };
	const limit = /name: "([a-z-]+)", attempts: (\d+)(?:, wide: (\d+))?, window: (\w+) \}/g;
	const there = filesIn("src/operations", ".ts").flatMap((file) =>
		[...readFileSync(file, "utf8").matchAll(limit)].map(([, name, attempts, wide, window = ""]) => {
			const most = wide === undefined ? attempts : `${attempts}, ${wide} from a /48`;
			return `${name}: ${most} in ${spans[window] ?? window}`;
		}),
	);
	expect(there.length).toBeGreaterThan(8);
	const told = rows.flatMap(([, name, , most = "", span]) => (/^\d/.test(most) ? [`${name}: ${most} in ${span}`] : []));
	expect(told.toSorted()).toEqual(there.toSorted());
});
