import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const names = ["register", "events", "ledgers"];

// A folder of files remembers the number of the last migration, Cloudflare their names: one number twice is one of them not run.
test.each(names)("the migrations of %s are numbered from 1, each number once", (name) => {
	const files = readdirSync(`src/platform/sql/migrations/${name}`).toSorted();
	expect(files.map((file) => file.slice(0, 5))).toEqual(
		files.map((_, index) => `${String(index + 1).padStart(4, "0")}_`),
	);
});

// `wrangler d1 migrations apply --remote` sends a file as one text, which D1 splits at semicolons. It knows a trigger by BEGIN and END
// in capitals, each between spaces, and takes one of several lines, or with a CASE, apart (workers-sdk #4998, #15314).
test.each(names)("a trigger of %s is whole in the form in which D1 takes it", (name) => {
	const folder = `src/platform/sql/migrations/${name}`;
	const lines = readdirSync(folder).flatMap((file) => readFileSync(`${folder}/${file}`, "utf8").split("\n"));
	const apart = lines
		.filter((line) => /^\s*(?!--).*\btrigger\b/i.test(line) && !/^DROP TRIGGER \w+;$/.test(line))
		.filter((line) => !/^CREATE TRIGGER \w+ AFTER .+ BEGIN .+; END;$/.test(line) || /\bcase\b/i.test(line));
	expect(apart).toEqual([]);
	const ends = lines.filter((line) => /^\s*END\b/i.test(line));
	expect(ends).toEqual([]);
});
