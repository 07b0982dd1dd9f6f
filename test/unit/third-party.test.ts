import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

// docs/third-party.md is made of package-lock.json: `npx vitest run --project portable third-party -u` writes it anew.

interface Package {
	readonly version: string;
	readonly license?: string;
	readonly resolved?: string;
	readonly integrity?: string;
	readonly dev?: true;
	/** Of TypeScript, which another package would take if it were there. */
	readonly optional?: true;
	readonly devOptional?: true;
	readonly hasInstallScript?: true;
}

const { packages }: { packages: Record<string, Package> } = JSON.parse(readFileSync("package-lock.json", "utf8"));
const { allowScripts }: { allowScripts: Record<string, boolean> } = JSON.parse(readFileSync("package.json", "utf8"));
const all = Object.entries(packages)
	.filter(([path]) => path !== "")
	.map(([path, each]) => ({ ...each, name: path.replace(/^.*node_modules\//, "") }));
const shipped = all.filter(({ dev, optional, devOptional }) => !dev && !optional && !devOptional);

describe("the packages that latchkey is made of", () => {
	test("the page lists them as the lock file does", async () => {
		expect(all.length).toBeGreaterThan(200);
		await expect(page()).toMatchFileSnapshot("../../docs/third-party.md");
	});

	test("what is deployed asks for no more than its notice", () => {
		expect(shipped.length).toBeGreaterThan(5);
		for (const { name, license } of shipped)
			expect([name, license]).toEqual([name, expect.stringMatching(/^(?:MIT|MIT-0|ISC)$/)]);
	});

	test("each has a licence, and a digest that npm compares", () => {
		const wanting = all.filter(({ license, integrity }) => license === undefined || !integrity?.startsWith("sha512-"));
		expect(wanting.map(({ name }) => name)).toEqual([]);
	});

	test("each install script is decided on, and two may run", () => {
		const scripted = all.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);
		expect(Object.keys(allowScripts).toSorted()).toEqual([...new Set(scripted)].toSorted());
		expect(Object.keys(allowScripts).filter((name) => allowScripts[name])).toEqual(["node", "deno"]);
		expect(shipped.filter(({ hasInstallScript }) => hasInstallScript)).toEqual([]);
	});
});

function page(): string {
	const rows = shipped.map(({ name, version, license }) => `| ${name} | ${version} | ${license} |`);
	const others = Map.groupBy(
		all.filter((each) => !shipped.includes(each)),
		({ license = "none" }) => license,
	);
	const groups = [...others]
		.toSorted(([a], [b]) => (a < b ? -1 : 1))
		.map(
			([license, members]) => `- ${license}: ${[...new Set(members.map(({ name }) => name))].toSorted().join(", ")}`,
		);
	return [
		"# Packages of others, and their licences",
		"",
		"Made of `package-lock.json` by `test/unit/third-party.test.ts`; `npx vitest run --project portable third-party -u` writes it anew.",
		"",
		"## In what is deployed",
		"",
		"| package | version | licence |",
		"| --- | --- | --- |",
		...rows,
		"",
		"## For development and tests alone",
		"",
		...groups,
		"",
	].join("\n");
}
