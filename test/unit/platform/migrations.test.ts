import { readdirSync } from "node:fs";
import { expect, test } from "vitest";

// A folder of files remembers the number of the last migration, Cloudflare their names: one number twice is one of them not run.
test.each(["register", "events", "ledgers"])("the migrations of %s are numbered from 1, each number once", (name) => {
	const files = readdirSync(`src/platform/sql/migrations/${name}`).toSorted();
	expect(files.map((file) => file.slice(0, 5))).toEqual(
		files.map((_, index) => `${String(index + 1).padStart(4, "0")}_`),
	);
});
