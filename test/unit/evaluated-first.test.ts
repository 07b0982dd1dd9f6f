import { build } from "esbuild";
import { expect, test } from "vitest";
import { imports } from "./imports.ts";

// A module that is imported by a function is evaluated when that is called.

/** What is evaluated as an entry starts, before the first request. */
function evaluatedBy(entry: string): ReadonlySet<string> {
	const found = new Set([entry]);
	for (const reached of found)
		for (const { from, to, isType } of imports) if (from === reached && !isType) found.add(to);
	return found;
}

test.each(["src/worker.ts", "src/serve.ts"])(
	"%s evaluates no page, no reader of logos and no table of all routes before a token request",
	(entry) => {
		const evaluated = [...evaluatedBy(entry)];
		expect(evaluated).toContain("src/oauth/token.ts");
		expect(
			evaluated.filter((path) =>
				/^src\/(?:pages|ui|api\/operator)\/|^src\/(?:routes|domain\/svg)\.ts$|openapi/.test(path),
			),
		).toEqual([]);
		expect([...evaluatedBy("src/routes.ts")].some((path) => path.startsWith("src/pages/"))).toBe(true);
	},
);

test("src/worker.ts evaluates neither the upkeep nor letters before a token request", () => {
	const evaluated = [...evaluatedBy("src/worker.ts")];
	expect(evaluated.filter((path) => /\/upkeep\/(?:sweep|seed-demo)\.ts$|\/operations\/mail\/mail/.test(path))).toEqual(
		[],
	);
});

test("the Worker's text is of one byte a character: a string is escaped in it, and a regular expression is not", async () => {
	const { outputFiles } = await build({
		entryPoints: ["src/worker.ts"],
		bundle: true,
		write: false,
		format: "esm",
		external: ["cloudflare:*", "node:*"],
	});
	const [worker] = outputFiles;
	// Of two bytes each isolate would hold it twice as large, and read it first into that.
	expect(worker?.text.match(/[^\0-\xff]/gu) ?? []).toEqual([]);
	expect(worker?.text).toContain("oauth-authorization-server");
});
