import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { sha256 } from "../crypto/digest.ts";

/** Answers where the path is that of a file; else null. */
export type StaticFiles = (request: Request, pathname: string) => Response | null;

const types: ReadonlyMap<string, string> = new Map([
	[".css", "text/css; charset=utf-8"],
	[".js", "text/javascript; charset=utf-8"],
	[".json", "application/json"],
	[".svg", "image/svg+xml"],
]);

/**
 * The files of `static/`, read once, under the issuer's path, with the headers that `_headers` gives them as Cloudflare
 * would.
 */
export async function readStaticFiles(folder: URL, basePath: string): Promise<StaticFiles> {
	const rules = readRules(readFileSync(new URL("_headers", folder), "utf8"));
	const files = new Map<string, { bytes: Uint8Array<ArrayBuffer>; headers: Headers }>();
	// What has no extension is a folder.
	const names = readdirSync(new URL("static/", folder), { recursive: true, encoding: "utf8" });
	for (const name of names.filter((each) => extname(each) !== "")) {
		const bytes = new Uint8Array(readFileSync(new URL(`static/${name}`, folder)));
		const headers = new Headers({
			"content-type": types.get(extname(name)) ?? "application/octet-stream",
			"content-length": String(bytes.length),
			etag: `"${await sha256(bytes)}"`,
		});
		for (const rule of rules) if (rule.matches(`/static/${name}`)) headers.set(rule.name, rule.value);
		files.set(`${basePath}/static/${name}`, { bytes, headers });
	}
	return (request, pathname) => {
		const file = files.get(pathname);
		if (!file) return null;
		if (request.method !== "GET" && request.method !== "HEAD") {
			return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
		}
		if (isKnown(request.headers.get("if-none-match"), file.headers.get("etag") ?? "")) {
			const headers = new Headers(file.headers);
			headers.delete("content-length");
			return new Response(null, { status: 304, headers });
		}
		return new Response(request.method === "HEAD" ? null : file.bytes, { headers: file.headers });
	};
}

/** RFC 9110 §13.1.2: any of a list, by the weak comparison. */
function isKnown(ifNoneMatch: string | null, etag: string): boolean {
	if (ifNoneMatch === null) return false;
	const tags = ifNoneMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
	return tags.includes("*") || tags.includes(etag);
}

interface HeaderRule {
	readonly matches: (path: string) => boolean;
	readonly name: string;
	readonly value: string;
}

/** The part of Cloudflare's format that is used: a path, perhaps with `*` at its end, and indented headers below it. */
function readRules(text: string): readonly HeaderRule[] {
	const rules: HeaderRule[] = [];
	let matches: HeaderRule["matches"] | null = null;
	for (const line of text.split("\n")) {
		if (line.trim() === "" || line.startsWith("#")) continue;
		const [, name, value] = /^\s+([\w-]+):\s*(.+)$/.exec(line) ?? [];
		if (name !== undefined && value !== undefined && matches) rules.push({ matches, name, value });
		else if (/^\/[^*]*\*?$/.test(line)) matches = pathPattern(line);
		else throw new Error(`_headers has a line of another kind: ${line}`);
	}
	return rules;
}

function pathPattern(pattern: string): HeaderRule["matches"] {
	if (!pattern.endsWith("*")) return (path) => path === pattern;
	const start = pattern.slice(0, -1);
	return (path) => path.startsWith(start);
}
