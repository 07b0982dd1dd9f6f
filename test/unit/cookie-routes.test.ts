import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isForAnyOrigin, methods, type Route } from "../../src/endpoint/route.ts";
import { routes } from "../../src/routes.ts";
import { imports } from "./imports.ts";
import { filesIn } from "./tree.ts";

// Which routes a page of any origin may call follows from their documentation (endpoint/route.ts), where a line may be forgotten.
// Which of them could look at a cookie follows from what they import.

const reader = "src/http/cookies.ts";

/** The files by which a file could come to be used: itself, what imports it, what imports that. */
function usersOf(file: string): ReadonlySet<string> {
	const users = new Set([file]);
	// A set is gone through with what is added to it meanwhile.
	for (const used of users) for (const { from, to, isType } of imports) if (to === used && !isType) users.add(from);
	return users;
}

const users = usersOf(reader);
const modules = imports.filter(({ from, to }) => from === "src/routes.ts" && users.has(to)).map(({ to }) => to);
const exported: ReadonlySet<unknown> = new Set(
	(await Promise.all(modules.map((path): Promise<object> => import(/* @vite-ignore */ `../../${path}`)))).flatMap(
		Object.values,
	),
);

function couldReadCookies(route: Route): boolean {
	return methods.some((method) => route[method] && exported.has(route[method]));
}

test("a cookie is read in one file", () => {
	const readers = filesIn("src", ".ts", ".tsx").filter((path) =>
		/\.(?:get|has)\(\s*["'`]cookie["'`]/i.test(readFileSync(path, "utf8")),
	);
	expect(readers).toEqual([reader]);
});

test("the routes that lead to it are closed to pages of other origins, and no others are", () => {
	const closed = routes.filter((route) => !isForAnyOrigin(route)).map(({ path }) => path);
	expect(closed).toEqual(routes.filter(couldReadCookies).map(({ path }) => path));
	expect(closed).not.toEqual([]);
});
