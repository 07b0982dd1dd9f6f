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
	"%s evaluates no page and no table of all routes before a token request",
	(entry) => {
		const evaluated = [...evaluatedBy(entry)];
		expect(evaluated).toContain("src/oauth/token.ts");
		expect(
			evaluated.filter((path) => /^src\/(?:pages|ui|api\/operator)\/|^src\/routes\.ts$|openapi/.test(path)),
		).toEqual([]);
		expect([...evaluatedBy("src/routes.ts")].some((path) => path.startsWith("src/pages/"))).toBe(true);
	},
);
