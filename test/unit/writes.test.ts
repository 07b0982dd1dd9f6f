import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pages, routes } from "../../src/routes.ts";

// DESIGN §3.10: what decides at each address that writes, and what two of it at once give.

const [, table = ""] = /^### 3\.10 Writes\n([^]*?)^## /m.exec(readFileSync("docs/design.md", "utf8")) ?? [];
const rows = table
	.split("\n")
	.filter((line) => /^\| +`/.test(line))
	.map((line) => line.split("|").slice(1, -1));
const stated = rows.flatMap(([writes = ""]) => [...writes.matchAll(/`([^`]+)`/g)].map(([, write]) => write));

test("every address that writes stands in the table of the design, once", () => {
	const there = [...routes, ...pages].flatMap((route) =>
		["POST", "PUT", "PATCH", "DELETE"]
			.filter((method) => method in route)
			.map((method) => `${method} ${route.path.replace("/console/:slug/", "…/")}`),
	);
	expect(there.length).toBeGreaterThan(80);
	expect(new Set(stated)).toEqual(new Set(there));
	expect(stated).toHaveLength(there.length);
});

test("each row says what decides, and what two at once give", () => {
	for (const cells of rows) expect(cells.map((cell) => cell.trim().length > 3)).toEqual([true, true, true]);
});
