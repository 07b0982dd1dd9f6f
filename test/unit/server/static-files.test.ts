import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readStaticFiles, type StaticFiles } from "../../../src/server/static-files.ts";

const origin = "http://localhost:8787";
const publicFolder = new URL("../../../src/ui/public/", import.meta.url);

describe("static files", () => {
	let folder: string;
	let files: StaticFiles;
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), "latchkey-"));
		await mkdir(join(folder, "static"));
		await writeFile(
			join(folder, "_headers"),
			"# a comment\n\n/*\n  X-All: yes\n\n/static/*\n  Cache-Control: public\n\n/static/b.js\n  X-One: yes\n",
		);
		await writeFile(join(folder, "static/a.css"), "a {}");
		await writeFile(join(folder, "static/b.js"), "b");
		await mkdir(join(folder, "static/inner"));
		await writeFile(join(folder, "static/inner/c.json"), "{}");
		files = await readStaticFiles(pathToFileURL(`${folder}/`), "/base");
	});
	afterAll(() => rm(folder, { recursive: true }));

	const ask = (path: string, init: RequestInit = {}) => files(new Request(origin + path, init), path);

	test("are answered under the issuer's path, with the headers of the folder", async () => {
		const css = ask("/base/static/a.css");
		expect(css?.status).toBe(200);
		expect(await css?.text()).toBe("a {}");
		expect(Object.fromEntries(css?.headers ?? [])).toEqual({
			"cache-control": "public",
			"content-length": "4",
			"content-type": "text/css; charset=utf-8",
			etag: expect.stringMatching(/^"[\w-]{43}"$/) as string,
			"x-all": "yes",
		});
		const js = ask("/base/static/b.js");
		expect(js?.headers.get("x-one")).toBe("yes");
		const json = ask("/base/static/inner/c.json");
		expect([json?.headers.get("content-type"), await json?.text()]).toEqual(["application/json", "{}"]);
	});

	test.for([
		"/static/a.css",
		"/base/_headers",
		"/base/static/",
		"/base/static/inner",
		"/base/static/../_headers",
		"/base/static/a.css/",
		"/base",
	])("are nothing else: %s", (path) => {
		expect(ask(path)).toBeNull();
	});

	test("RFC 9110 §9.3.2: HEAD is GET without the content; other methods change nothing", async () => {
		const head = ask("/base/static/a.css", { method: "HEAD" });
		expect(head?.headers.get("content-length")).toBe("4");
		expect(await head?.text()).toBe("");
		const post = ask("/base/static/a.css", { method: "POST" });
		expect(post?.status).toBe(405);
		expect(post?.headers.get("allow")).toBe("GET, HEAD");
	});

	test("RFC 9110 §13.1.2: a copy that is still good is not sent again", () => {
		const etag = ask("/base/static/a.css")?.headers.get("etag") ?? "";
		const again = (value: string) => ask("/base/static/a.css", { headers: { "if-none-match": value } })?.status;
		for (const value of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) expect(again(value)).toBe(304);
		for (const value of ['"x"', etag.slice(1, -1)]) expect(again(value)).toBe(200);
		expect(ask("/base/static/a.css", { headers: { "if-none-match": etag } })?.headers.get("etag")).toBe(etag);
	});
});

test("the headers that Cloudflare gives the pages' files are understood", async () => {
	const files = await readStaticFiles(publicFolder, "");
	const { headers } = files(new Request(`${origin}/static/latchkey.css`), "/static/latchkey.css") ?? {};
	expect(headers?.get("cache-control")).toBe("no-cache");
	expect(headers?.get("content-security-policy")).toContain("sandbox");
	expect(headers?.get("x-content-type-options")).toBe("nosniff");
});
