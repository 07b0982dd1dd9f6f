// `npm run clients -- FOLDER [--write]`, on the Node that comes with `npm ci`, since this is TypeScript: what the runs whose reports lie in the folder say of each client, against
// clients.json and docs/clients.md, which is made of it; with --write into both. A report is what a language's run.sh writes (see
// python/conftest.py), or that of vitest. Languages without a report are left as they are.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface ClientRow {
	readonly client: string;
	readonly version: string;
	readonly language: string;
	/** A setting that it needs beyond what its own documentation has for any issuer, with the reason. */
	readonly needs: readonly string[];
	/** The journeys that were run. */
	readonly works: readonly string[];
	/** What they needed, or could not, at the commit of {@link before}: null for nothing more, left out where they were not run. */
	readonly before?: string | null;
}

/**
 * Whose access tokens were EdDSA alone, and whose rules for scopes, PKCE and registration were others. The same runs, against what
 * is built of it.
 */
const before = "7aabf4b";

/** Those of vitest, by their files: what their tests run, in few words. */
const driven: readonly (Pick<ClientRow, "client" | "language" | "needs" | "works"> & {
	readonly files: readonly string[];
	readonly version: () => string;
})[] = [
	{
		client: "openid-client",
		version: () => installed("openid-client"),
		language: "TypeScript",
		files: ["openid-client.test.ts", "openid-connect.test.ts", "dpop.test.ts", "device.test.ts", "provision.test.ts"],
		needs: [],
		works: [
			"discovery, registration, code flow with PKCE or a nonce, id_tokens of four algorithms, UserInfo, refresh",
			"form_post, max_age, private_key_jwt, client_credentials, introspection, revocation, token exchange, RP-Initiated Logout",
			"DPoP: code, refresh, UserInfo and resources by a key, with a nonce and without",
			"device authorization: the code shown, polling, who it is, a refresh token; pushed requests",
		],
	},
	{
		client: "oauth4webapi",
		version: () => installed("oauth4webapi"),
		language: "TypeScript",
		files: [
			"oauth4webapi.test.ts",
			"registration.test.ts",
			"dpop.test.ts",
			"device.test.ts",
			"issuer-with-a-path.test.ts",
		],
		needs: [],
		works: [
			"discovery, also at an issuer with a path, code flow with PKCE, refresh, revocation, introspection, token exchange",
			"registration and its management, resource metadata, access tokens verified",
			"DPoP by ES256, PS256 and Ed25519, and bound tokens verified with their proof",
			"device authorization: told to wait, to slow down, and that the person said no; pushed requests",
		],
	},
	{
		client: "@modelcontextprotocol/sdk",
		version: () => installed("@modelcontextprotocol/sdk"),
		language: "TypeScript",
		files: ["mcp-sdk.test.ts", "mcp-id-jag.test.ts"],
		needs: [],
		works: [
			"client and server: registration, Client ID Metadata Document or a known id, consent, tool, refresh, tool",
			"a server that is an API of one's own: the client asks for one permission, and for a second when a tool wants it",
			"Enterprise-Managed Authorization: an ID-JAG of an identity provider, and nobody is asked",
		],
	},
	{
		client: "@modelcontextprotocol/conformance",
		version: () => installed("@modelcontextprotocol/conformance"),
		language: "TypeScript",
		files: ["mcp-conformance.test.ts"],
		needs: [],
		works: ["every check of an authorization server, of each version of the specification"],
	},
	{
		client: "@opentelemetry/exporter-logs-otlp-http",
		version: () => installed("@opentelemetry/exporter-logs-otlp-http"),
		language: "TypeScript",
		files: ["opentelemetry.test.ts"],
		needs: [],
		works: ["log records in JSON, its default, as it is and by gzip, found by a search"],
	},
	{
		client: "@opentelemetry/exporter-logs-otlp-proto",
		version: () => installed("@opentelemetry/exporter-logs-otlp-proto"),
		language: "TypeScript",
		files: ["opentelemetry.test.ts"],
		needs: [],
		works: ["log records in protobuf, as it is and by gzip, found by a search"],
	},
	{
		client: "@opentelemetry/exporter-trace-otlp-http",
		version: () => installed("@opentelemetry/exporter-trace-otlp-http"),
		language: "TypeScript",
		files: ["opentelemetry.test.ts"],
		needs: [],
		works: ["spans in JSON, its default, as it is and by gzip, found by a search"],
	},
	{
		client: "@opentelemetry/exporter-trace-otlp-proto",
		version: () => installed("@opentelemetry/exporter-trace-otlp-proto"),
		language: "TypeScript",
		files: ["opentelemetry.test.ts"],
		needs: [],
		works: ["spans in protobuf, as it is and by gzip, found by a search"],
	},
	{
		client: "mod_auth_openidc",
		version: () => debian("libapache2-mod-auth-openidc"),
		language: "C",
		files: ["apache/relying-party.ts"],
		needs: ["`OIDCCacheEncrypt On`: else a token is a key of its cache, and too long for one"],
		works: [
			"registration, code flow, form_post, refresh, claims of the id_token and of UserInfo, logout, back-channel logout",
			"a resource server under an id of its own, by introspection",
		],
	},
	{
		client: "mod_oauth2",
		version: () => debian("libapache2-mod-oauth2"),
		language: "C",
		files: ["apache/resource-server.ts"],
		needs: [],
		works: [
			"an API of one's own, under an id of its own: by the published keys, by the issuer's metadata or by introspection",
		],
	},
	{
		client: "Dovecot",
		version: () => debian("dovecot-imapd"),
		language: "C",
		files: ["dovecot/mail-server.ts"],
		needs: [],
		works: ["XOAUTH2 and OAUTHBEARER, the token checked at UserInfo or by introspection under an id of its own"],
	},
];

function installed(name: string): string {
	return (JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")) as { version: string }).version;
}

/** What Debian packages, without its epoch and revision: `2.3.19.1`. */
function debian(name: string): string {
	const version = execFileSync("dpkg-query", ["-W", "-f", "${Version}", name], { encoding: "utf8" });
	return `${/^(?:\d+:)?([\d.]+)/.exec(version)?.[1]} (Debian)`;
}

interface Report {
	/** Of a language's own run. */
	readonly clients?: readonly ClientRow[];
	/** Of vitest. */
	readonly testResults?: readonly { readonly name: string; readonly status: string }[];
}

/** Of every client that a report tells of, and whose tests passed. */
export function rowsOf(reports: readonly Report[]): readonly ClientRow[] {
	const results = reports.flatMap(({ testResults = [] }) => testResults);
	const isPassed = (file: string) => {
		const of = results.filter(({ name }) => name.endsWith(`/test/interop/${file}`));
		return of.length > 0 && of.every(({ status }) => status === "passed");
	};
	const ofVitest = driven
		.filter(({ files }) => files.every(isPassed))
		.map(({ client, version, language, needs, works }) => ({ client, version: version(), language, needs, works }));
	const ofRuns = reports.flatMap(({ clients = [] }) => clients);
	return [...ofVitest, ...ofRuns.map((row) => ({ ...row, works: [...new Set(row.works)] }))];
}

/** What is known, with the rows of these languages in the place of theirs. */
export function merged(known: readonly ClientRow[], rows: readonly ClientRow[]): readonly ClientRow[] {
	const languages = new Set(rows.map(({ language }) => language));
	return [
		...known.filter(({ language }) => !languages.has(language)),
		...rows.map(({ client, version, language, needs, works }) => {
			const earlier = known.find((each) => each.client === client && each.language === language)?.before;
			return { client, version, language, needs, works, ...(earlier !== undefined && { before: earlier }) };
		}),
	].toSorted((one, other) => order(one.language, other.language) || order(one.client, other.client));
}

function order(one: string, other: string): number {
	return one.toLowerCase() < other.toLowerCase() ? -1 : Number(one.toLowerCase() > other.toLowerCase());
}

/** docs/clients.md. */
export function page(rows: readonly ClientRow[]): string {
	const languages = [...new Set(rows.map(({ language }) => language))];
	const now = rows.filter(({ needs }) => needs.length > 0).length;
	const compared = rows.filter((row) => row.before !== undefined);
	const then = compared.filter((row) => row.before !== null).length;
	return `# Clients

Clients, relying parties, resource servers and SDKs that people run, as they come, against latchkey: whole journeys in the set-up
that their own documentation has for any issuer, at the versions named. This page is made by \`test/interop/clients-table.ts\` of
what those tests report; \`.ci/run\` fails where they say something else. Versions are those that a run finds installed. Names, needs and
journeys are said beside each test of Go, Java, Python and Rust, and of C and TypeScript in \`clients-table.ts\`, for files all of whose
tests passed. The last column was written by hand, of what failed.

Of ${rows.length} in ${languages.length} languages (${languages.join(", ")}), ${now} need a setting that is not their default. The same tests were run
with ${compared.length} of them against the build of ${before}, before access tokens were ES256: ${then} needed one or could not.

| client | version | needs beyond its default | what was run | set up in | at ${before} |
| --- | --- | --- | --- | --- | --- |
${rows.map(line).join("\n")}
`;
}

/** The files in which a client is set up and driven, in `test/interop`: of vitest, or those of a language that say so. */
export function testsOf({ client, language }: Pick<ClientRow, "client" | "language">): readonly string[] {
	const ofVitest = driven.find((each) => each.client === client && each.language === language);
	if (ofVitest) return ofVitest.files;
	const folder = language.toLowerCase();
	// `drives("…"` in Python and Java, `driving(".", "…"` in Go, `drives("…", module::…` in Rust.
	const drives = new RegExp(`driv(?:es|ing)\\([^()]*?"${RegExp.escape(client)}"(?:, (\\w+)::)?`, "i");
	const files = readdirSync(`test/interop/${folder}`, { recursive: true, encoding: "utf8" }).toSorted();
	return files
		.filter((file) => /\.(?:go|java|py|rs)$/.test(file))
		.flatMap((file) => {
			const found = drives.exec(readFileSync(`test/interop/${folder}/${file}`, "utf8"));
			if (!found) return [];
			return [join(folder, found[1] === undefined ? file : join(dirname(file), `${found[1]}.rs`))];
		});
}

function line(row: ClientRow): string {
	const { client, version, language, needs, works, before: earlier } = row;
	const cells = [
		`${client} (${language})`,
		version,
		needs.join("; ") || "nothing",
		works.join("; "),
		testsOf(row)
			.map((file) => `[${basename(file)}](../test/interop/${file})`)
			.join(", "),
		earlier === undefined ? "not run" : (earlier ?? "the same"),
	];
	return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const places = { rows: "test/interop/clients.json", page: "docs/clients.md" };

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const [, , folder = "", option] = process.argv;
	const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
	const known = JSON.parse(readFileSync(places.rows, "utf8")) as readonly ClientRow[];
	const rows = merged(known, rowsOf(texts.filter((text) => text !== "").map((text) => JSON.parse(text) as Report)));
	const made = { rows: `${JSON.stringify(rows, null, "\t")}\n`, page: page(rows) };
	if (option === "--write") for (const which of ["rows", "page"] as const) writeFileSync(places[which], made[which]);
	const isSame = JSON.stringify(known) === JSON.stringify(rows);
	if (!isSame && option !== "--write") {
		console.error(
			`The runs say of their clients what ${places.rows} does not. Write it anew, and look at the difference:`,
		);
		console.error(`  npm run clients -- ${folder} --write`);
		process.exitCode = 1;
	}
}
