import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { filesIn } from "./tree.ts";

// docs/design.md is cited by section: what a comment, a title or a page cites is there, and an invariant has its tests.

const design = readFileSync("docs/design.md", "utf8");
const sections = new Set([...design.matchAll(/^##+ (\d(?:\.\d+)?)\.? /gm)].map(([, number]) => number));
const invariants = [...sections].filter((number) => number?.startsWith("4."));

const rows = design
	.split("\n")
	.map((line) => line.split("|").map((cell) => cell.trim()))
	.filter(([, cited = ""]) => cited.startsWith("§"));

test("the sections are there", () => {
	expect([...sections]).toEqual(expect.arrayContaining(["1", "2", "3", "4", "5", "6", "7", "8", "9"]));
	expect(invariants).toHaveLength(9);
});

describe("every DESIGN § that is cited", () => {
	const texts = ["README.md", ...filesIn("docs", ".md"), ...filesIn("src", ".ts", ".tsx"), ...filesIn("test", ".ts")];
	const cited = texts
		.filter((path) => !path.endsWith("design.test.ts"))
		.flatMap((path) =>
			[...readFileSync(path, "utf8").matchAll(/DESIGN §([\d.]*\d)(, (?:invariant )?\d)?/g)].map(
				([, section = "", more = ""]) => [path, section + more] as const,
			),
		);

	test("is a heading", () => {
		expect(cited.length).toBeGreaterThan(80);
		expect(cited.filter(([, section]) => !sections.has(section))).toEqual([]);
	});

	test("of the page itself too", () => {
		const own = [...design.matchAll(/(?<!RFC \d{4} |OIDC Core |OAuth 2\.1 |DESIGN )§(\d+(?:\.\d+)*)/g)].map(
			([, section]) => section,
		);
		expect(own.length).toBeGreaterThan(10);
		expect(own.filter((section) => !sections.has(section))).toEqual([]);
	});
});

describe("the invariants", () => {
	test.each(invariants)("§%s has a test", (number) => {
		expect(rows.filter(([, cited = ""]) => cited.split(", ").includes(`§${number}`))).not.toEqual([]);
	});

	test.each(rows)("%s%s is proved by %s: %s", (_, _section, file, title) => {
		const [path] = [`test/${file}.test.ts`, `test/${file}.ts`].filter((each) => filesIn("test", ".ts").includes(each));
		expect(path).toBeDefined();
		expect(readFileSync(path ?? "", "utf8").replaceAll("`", '"')).toContain(`"${title}"`);
	});
});

test("the tests that the contracts name are there", () => {
	const folders = /`((?:contracts|protocol|browser|faults)\/[\w-]+)`/g;
	const named = [...design.matchAll(folders)].map(([, name]) => `test/${name}`);
	expect(named.length).toBeGreaterThan(30);
	const tests = filesIn("test", ".test.ts");
	expect(named.filter((name) => !tests.includes(`${name}.test.ts`))).toEqual([]);
});

describe("the layout", () => {
	const [, block = ""] = /^## 5\. Layout\n\n```\n([^]*?)^```/m.exec(design) ?? [];
	let room = "";
	/** Those that have a line of their own say there what they hold; subjects of a room share a line. */
	const rooms: string[] = [];
	const folders = block.split("\n").flatMap((line) => {
		const [, indent = "", names = "", words = ""] = /^( {2}| {4})((?:[a-z]+\/ ?)+)(.*)$/.exec(line) ?? [];
		const named = names.split(" ").filter((name) => name !== "");
		if (indent.length === 2) [room = ""] = named;
		const paths = named.map((name) => `src/${indent.length === 2 ? "" : room}${name}`.replace(/\/$/, ""));
		if (words !== "") rooms.push(...paths);
		return paths;
	});

	test("is that of the tree", () => {
		const files = filesIn("src", ".ts", ".tsx").map((path) => dirname(path).split("/").slice(0, 3).join("/"));
		const there = new Set(
			files.flatMap((folder) => [folder, dirname(folder)]).filter((folder) => folder.includes("/")),
		);
		expect(folders.toSorted()).toEqual([...there].toSorted());
		const entries = [...block.matchAll(/\b[a-z]+\.ts\b/g)].map(([name]) => `src/${name}`);
		expect(entries.filter((path) => !existsSync(path))).toEqual([]);
	});

	test.each(rooms)("%s says what it holds, in a few lines", (folder) => {
		const lines = readFileSync(`${folder}/README.md`, "utf8").trim().split("\n");
		expect(lines[0]).toBe(`# ${folder.replace("src/", "")}`);
		expect(lines.length).toBeLessThan(15);
	});
});
