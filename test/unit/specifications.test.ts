import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { filesIn } from "./tree.ts";

// specification section → rule → test → source, gathered from the titles of the tests and the comments of the source: a rule
// without a test is not in the table, and a test that is renamed or taken away changes it.
// `npx vitest run --project portable specifications -u` writes it anew.

/** `RFC 9207`, `OIDC Core`, …: as the titles call a specification. */
const known =
	/RFC \d{4}|FAPI 2\.0|OIDC (?:Core|Discovery|Registration)|RP-Initiated Logout|Back-Channel Logout|ID-JAG|OAuth 2\.0 Form Post Response Mode|Client ID Metadata Document|RP Metadata Choices|MCP|WebAuthn/;
const leading = new RegExp(`^(?:(${known.source})(?:,[^:]*)?)? ?(?:§([\\dA-Z.]+))?[^:]{0,80}?: (.+)$`, "s");
const trailing = new RegExp(`^(.+) \\((${known.source})(?: §([\\dA-Z.]+))?[^)]*\\)$`, "s");

const names: Readonly<Record<string, string>> = {
	"FAPI 2.0": "Security Profile Final",
	"RFC 3339": "Date and Time on the Internet",
	"RFC 4180": "Comma-Separated Values",
	"RFC 4226": "HMAC-Based One-Time Passwords",
	"RFC 4648": "Base Encodings",
	"RFC 6238": "Time-Based One-Time Passwords",
	"RFC 6265": "HTTP State Management",
	"RFC 6749": "The OAuth 2.0 Authorization Framework",
	"RFC 6750": "Bearer Token Usage",
	"RFC 7009": "Token Revocation",
	"RFC 7515": "JSON Web Signature",
	"RFC 7517": "JSON Web Key",
	"RFC 7519": "JSON Web Token",
	"RFC 7521": "Assertion Framework",
	"RFC 7523": "JWT Profile for Client Authentication",
	"RFC 7591": "Dynamic Client Registration",
	"RFC 7592": "Dynamic Client Registration Management",
	"RFC 7617": "The Basic HTTP Authentication Scheme",
	"RFC 7636": "Proof Key for Code Exchange",
	"RFC 7638": "JWK Thumbprint",
	"RFC 7662": "Token Introspection",
	"RFC 7518": "JSON Web Algorithms",
	"RFC 8032": "EdDSA",
	"RFC 8176": "Authentication Method Reference Values",
	"RFC 8252": "OAuth 2.0 for Native Apps",
	"RFC 8414": "Authorization Server Metadata",
	"RFC 8628": "Device Authorization Grant",
	"RFC 8693": "Token Exchange",
	"RFC 8707": "Resource Indicators",
	"RFC 8725": "JSON Web Token Best Current Practices",
	"RFC 9068": "JWT Profile for Access Tokens",
	"RFC 9110": "HTTP Semantics",
	"RFC 9116": "Security Vulnerability Disclosure",
	"RFC 9101": "JWT-Secured Authorization Request",
	"RFC 9126": "Pushed Authorization Requests",
	"RFC 9207": "Issuer Identification",
	"RFC 9449": "Demonstrating Proof of Possession (DPoP)",
	"RFC 9457": "Problem Details",
	"RFC 9562": "UUIDs",
	"RFC 9700": "Best Current Practice for OAuth 2.0 Security",
	"RFC 9728": "Protected Resource Metadata",
	WebAuthn: "Level 3",
};

interface Rule {
	readonly specification: string;
	readonly section: string;
	readonly rule: string;
	readonly file: string;
}

test("the table of rules and their tests is that of the tests", async () => {
	const rules = filesIn("test", ".ts").flatMap(rulesOf);
	expect(rules.length).toBeGreaterThan(300);
	const sources = sourcesOf(filesIn("src", ".ts", ".tsx"));
	expect(sources.size).toBeGreaterThan(80);
	await expect(table(rules, sources)).toMatchFileSnapshot("../../docs/specifications.md");
});

/** The titles of a file, and of the rows of its tables, in the light of the `describe` that they stand in. */
function rulesOf(file: string): readonly Rule[] {
	const around: { indent: number; specification: string }[] = [];
	return readFileSync(file, "utf8")
		.split("\n")
		.flatMap((line) => {
			const indent = /^\t*/.exec(line)?.[0].length ?? 0;
			const found = [...line.matchAll(/(["`])((?:[^"`\\]|\\.)+)\1/g)].flatMap(([, , text = ""]) => {
				while ((around.at(-1)?.indent ?? -1) >= indent) around.pop();
				return ruleOf(text, around.at(-1)?.specification, file);
			});
			const described = /^\t*(?:describe|\]\))/.test(line) ? known.exec(line)?.[0] : undefined;
			if (described !== undefined) around.push({ indent, specification: described });
			return found;
		});
}

function ruleOf(title: string, around: string | undefined, file: string): readonly Rule[] {
	const [, first, place, rule] = leading.exec(title) ?? [];
	const [, before, last, at] = trailing.exec(title) ?? [];
	const of = { file: file.replace("test/", "") };
	if (rule !== undefined && first !== undefined) return [{ ...of, specification: first, section: place ?? "", rule }];
	if (rule !== undefined && around !== undefined && title.startsWith("§")) {
		return [{ ...of, specification: around, section: place ?? "", rule }];
	}
	return before !== undefined && last !== undefined
		? [{ ...of, specification: last, section: at ?? "", rule: before }]
		: [];
}

/** `RFC 6749 §5.2` → the files whose comments cite it. */
type Sources = ReadonlyMap<string, ReadonlySet<string>>;

function sourcesOf(files: readonly string[]): Sources {
	const cited = files.flatMap((file) => citationsIn(file).map((place) => [place, file.replace("src/", "")] as const));
	const atPlace = Map.groupBy(cited, ([place]) => place);
	return new Map([...atPlace].map(([place, found]) => [place, new Set(found.map(([, file]) => file).toSorted())]));
}

/** Where a section is cited; else the nearest one around it that is, else those within it. */
function sourcesAt(sources: Sources, specification: string, place: string): string {
	const around = place.split(".").map((_, index, parts) => parts.slice(0, parts.length - index).join("."));
	const found = around.map((each) => sources.get(`${specification} §${each}`)).find((files) => files !== undefined);
	const within = [...sources].filter(([cited]) =>
		cited.startsWith(`${specification} §${place === "" ? "" : `${place}.`}`),
	);
	return [...(found ?? new Set(within.flatMap(([, files]) => [...files]).toSorted()))].join(", ");
}

/** A section alone (`§2.1`) is of the specification that the file's comments named last. */
function citationsIn(file: string): readonly string[] {
	let last: string | undefined;
	return [...commentsOf(readFileSync(file, "utf8")).matchAll(citation)].map(([, named, of, alone]) => {
		last = named ?? last;
		return `${last} §${of ?? alone ?? ""}`.replace(/\.$/, "");
	});
}

const section = /§([\dA-Z]+(?:\.\d+)*)/;
const citation = new RegExp(
	`(${known.source}|RFC \\d{4}bis)(?: ${section.source})?|(?<![\\w.] )${section.source}`,
	"g",
);

/** One line for each comment, however many it was written on. */
function commentsOf(text: string): string {
	const comments = /\/\*[^]*?\*\/|^[ \t]*\/\/.*(?:\n[ \t]*\/\/.*)*|[;,{(] \/\/ .*$/gm;
	return [...text.replaceAll("OpenID Connect", "OIDC").matchAll(comments)]
		.map(([comment]) => comment.replaceAll(/\n?[ \t]*(?:\/\/|\/?\*+\/?)[ \t]*/g, " "))
		.join("\n");
}

function table(rules: readonly Rule[], sources: Sources): string {
	const grouped = Map.groupBy(rules.toSorted(byPlace), ({ specification }) => specification);
	const sections = [...grouped].map(([specification, of]) => {
		const name = names[specification];
		const rows = of.map(
			({ section: at, rule, file }) =>
				`| ${at === "" ? "" : `§${at}`} | ${cell(rule)} | ${file} | ${sourcesAt(sources, specification, at)} |`,
		);
		return [
			`## ${specification}${name === undefined ? "" : `, ${name}`}`,
			"",
			"| section | rule | test | source |",
			"| --- | --- | --- | --- |",
			...new Set(rows),
		].join("\n");
	});
	const head =
		"# What the specifications say, where it is tested, and where it is done\n\nGathered from the titles in `test/` and the comments in `src/` by `test/unit/specifications.test.ts`; `npx vitest run --project portable specifications -u` writes it anew. Where no comment cites a section, its source is that of the section around it, or of those within.";
	return `${[head, ...sections].join("\n\n")}\n`;
}

function byPlace(a: Rule, b: Rule): number {
	return (
		a.specification.localeCompare(b.specification) ||
		a.section.localeCompare(b.section, "en", { numeric: true }) ||
		a.file.localeCompare(b.file) ||
		a.rule.localeCompare(b.rule)
	);
}

function cell(text: string): string {
	return text.replaceAll("|", "\\|").replaceAll("%s", "…").replaceAll("$kind", "…");
}
