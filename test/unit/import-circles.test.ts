import { dirname } from "node:path";
import { expect, test } from "vitest";
import { type Import, imports } from "./imports.ts";

// DESIGN §5: one way through, and never back.

/** What is on a circle, or between two: what is left when all that imports nothing, or that nothing imports, is taken away. */
function circles(edges: readonly Import[], nameOf: (path: string) => string): readonly string[] {
	let left = edges.map(({ from, to }) => [nameOf(from), nameOf(to)] as const).filter(([from, to]) => from !== to);
	for (let before = -1; before !== left.length;) {
		before = left.length;
		const [importing, imported] = [new Set(left.map(([from]) => from)), new Set(left.map(([, to]) => to))];
		left = left.filter(([from, to]) => imported.has(from) && importing.has(to));
	}
	return [...new Set(left.flat())].toSorted();
}

const file = (path: string) => path;
/** A folder; what stands in `src` itself is a room of its own. */
const room = (path: string) => (dirname(path) === "src" ? path : dirname(path));

test("the imports are read", () => {
	expect(imports.length).toBeGreaterThan(1000);
	expect(imports.filter(({ isType }) => isType).length).toBeGreaterThan(300);
	expect(circles([...imports, { from: "src/domain/brands.ts", to: "src/app.ts", isType: false }], file)).not.toEqual(
		[],
	);
});

test("no files go in a circle, by values or by types", () => {
	expect(circles(imports, file)).toEqual([]);
});

test("no rooms do, but that the services name the types of what operations bring", () => {
	const [named, others] = [true, false].map((is) =>
		imports.filter(({ from }) => (from === "src/operations/services.ts") === is),
	);
	expect(named?.filter(({ isType }) => !isType)).toEqual([]);
	expect(circles(others ?? [], room)).toEqual([]);
});
