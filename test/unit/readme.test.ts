import { existsSync, readFileSync } from "node:fs";
import { dirname, join, matchesGlob, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { apiOperations, pageRoutes } from "../support/route-table.ts";
import { developmentSealKey } from "../../src/config.ts";
import { createServerKeys, parseMasterSecrets } from "../../src/crypto/server-keys.ts";
import { makeDemoData } from "../../src/operations/upkeep/demo-data.ts";
import { filesIn } from "./tree.ts";

const readme = readFileSync("README.md", "utf8");

describe("the README", () => {
	test("lists the demonstration data's credentials as they are", async () => {
		const secrets = parseMasterSecrets(`1:${developmentSealKey}`);
		if (typeof secrets === "string") throw new TypeError(secrets);
		const { people, integration, webApp, nativeApp, apiKey } = await makeDemoData(createServerKeys(secrets));
		const clients = [integration, webApp, nativeApp].flatMap(({ client, secret }) => [
			client.id,
			...(secret === null ? [] : [secret]),
			...client.redirectUris,
		]);
		const persons = people.map(({ username, password }) => `\`${username}\` / \`${password}\``);
		for (const text of [...clients, ...persons, apiKey.id, apiKey.accessCode]) expect(readme).toContain(text);
	});

	test("names every variable that the configuration reads", () => {
		const source = readFileSync("src/config.ts", "utf8");
		const variables = new Set([...source.matchAll(/text\("([A-Z_]+)"\)/g)].map(([, name]) => name));
		expect(variables.size).toBeGreaterThan(10);
		for (const name of variables) expect(readme).toContain(`\`${name}\``);
	});

	test("lists the endpoints that there are, and none else", () => {
		const api = apiOperations().map(pathOf);
		const routes = [...api, ...pageRoutes().map(pathOf)];
		const [, section = ""] = /^## Endpoints$([^]*?)^### /m.exec(readme) ?? [];
		const paths = /[` ](\/(?:[\w.-]+|\{\w+\}|\/(?=[\w{]))+)[\w/…[\]]*`/g;
		const named = [...section.matchAll(paths)].map(([, path = ""]) => path);
		expect(named.length).toBeGreaterThan(25);
		expect(named.filter((base) => !routes.some((path) => isUnder(path, base)))).toEqual([]);
		expect(api.filter((path) => !named.some((base) => isUnder(path, base)))).toEqual([]);
	});

	test("is what a user needs, and no longer than that", () => {
		expect(readme.split("\n").length).toBeLessThan(250);
	});
});

function pathOf({ path }: { readonly path: string }): string {
	return path.replaceAll(/:(\w+)\+?/g, "{$1}");
}

function isUnder(path: string, base: string): boolean {
	return path === base || path.startsWith(`${base}/`);
}

const pages = [
	"README.md",
	"SECURITY.md",
	...["docs", "findings", "src", "test"].flatMap((folder) => filesIn(folder, ".md")),
];

test("no page names an npm script that there is not", () => {
	const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync("package.json", "utf8"));
	const named = pages.flatMap((page) =>
		[...readFileSync(page, "utf8").matchAll(/npm (?:--silent )?run ([a-z:-]+)/g)].map(([, name = ""]) => name),
	);
	expect(named.length).toBeGreaterThan(5);
	for (const name of named) expect(scripts).toHaveProperty([name]);
});

test("every npm script has a word on a page", () => {
	const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync("package.json", "utf8"));
	const text = pages.map((page) => readFileSync(page, "utf8")).join("\n");
	const unsaid = Object.keys(scripts).filter(
		(name) => !new RegExp(`(?:npm (?:run )?|\`)${name}(?![\\w:-])`).test(text),
	);
	expect(unsaid).toEqual([]);
});

// What formats a page makes a table of such a line.
test.each(pages)("%s is of one version", (page) => {
	expect(readFileSync(page, "utf8")).not.toMatch(/^(?:<{7}|(?:\| )?={7}|>{7}|(?:> ){7})/m);
});

test.each(pages)("every link of %s leads somewhere", (page) => {
	const links = [...prose(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
	const lost = links.filter(([, path = "", anchor]) => {
		const target = path === "" ? page : normalize(join(dirname(page), path));
		return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
	});
	expect(lost.map(([link]) => link)).toEqual([]);
});

/** As GitHub makes them of headings. */
function anchorsOf(page: string): readonly string[] {
	return [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
		heading
			.toLowerCase()
			.replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
			.replaceAll(" ", "-"),
	);
}

/** Without blocks of code: what looks like a link or a heading there is none. */
function prose(page: string): string {
	return readFileSync(page, "utf8").replaceAll(/^```[^]*?^```$/gm, "");
}

// What a shell writes there, openssl makes, or wrangler reads.
test("every file that the pages have one make is none of git's", () => {
	const commands = pages.flatMap((page) => readFileSync(page, "utf8").match(/^```sh[^]*?^```$/gm) ?? []).join("\n");
	const makes = /(?:>>?|-keyout|-out|--secrets-file|--https-key-path|--https-cert-path) +([\w.][\w./-]*)/g;
	const names = [...new Set([...commands.matchAll(makes)].map(([, name = ""]) => name))];
	expect(names).toEqual(expect.arrayContaining([".secrets.env", "key.pem", "cert.pem"]));
	const lines = readFileSync(".gitignore", "utf8").split("\n");
	const isIgnored = (name: string) =>
		lines.some((line) => (line.endsWith("/") ? name.startsWith(line) : matchesGlob(name, line)));
	expect(names.filter((name) => !isIgnored(name))).toEqual([]);
	for (const folder of ["dist/", ".latchkey/", ".wrangler/", ".dev.vars*"]) expect(lines).toContain(folder);
});

// Where wrangler.toml says which secrets there are, wrangler takes nothing from .dev.vars that it does not name.
test("every variable that `npm run dev` is given reaches the Worker", () => {
	const written = /writeFileSync\(\s*"\.dev\.vars",\s*`([^`]*)`/.exec(
		readFileSync("scripts/prepare-local.ts", "utf8"),
	)?.[1];
	const names = [...(written ?? "").matchAll(/([A-Z_]+)=/g)].map(([, name = ""]) => name);
	expect(names).toContain("REGISTRATION");
	const toml = readFileSync("wrangler.toml", "utf8");
	for (const name of names) expect(toml).toMatch(new RegExp(`^${name} = |^required = .*"${name}"`, "m"));
});
