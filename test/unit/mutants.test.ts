import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { pointsOf } from "../../scripts/mutants/points.ts";
import { drawn } from "../../scripts/mutants/sample.ts";
import { withSwitches } from "../../scripts/mutants/switches.ts";

/** Each program that a change of this one makes. */
function mutantsOf(source: string): readonly string[] {
	return pointsOf("a.tsx", source).map(({ start, end, text }) => source.slice(0, start) + text + source.slice(end));
}

test.each([
	["if (a) b = 1;", ["if (!(a)) b = 1;", "if (a) {}"]],
	["const x = a ? 1 : 2", ["const x = !(a) ? 1 : 2"]],
	["if (!a) b();", ["if (a) b();", "if (!a) {}"]],
	["const x = a === b", ["const x = (a) !== (b)"]],
	["const x = a < (b, c)", ["const x = (a) <= ((b, c))"]],
	["const x = a && b", ["const x = (a) || (b)"]],
	["const x = a ?? b", ["const x = (a) && (b)"]],
	["const x = a + 1", ["const x = (a) - (1)"]],
	["const x = true", ["const x = false"]],
	['const x = "word"', ['const x = ""']],
	['const x = ""', ['const x = "mutant"']],
	["await a()", ["{}"]],
	[
		"const f = () => { if (!a) return 2; return 3; }",
		["const f = () => { if (a) return 2; return 3; }", "const f = () => { if (!a) {} return 3; }"],
	],
	["for (;;) { if (!a) { continue } }", ["for (;;) { if (a) { continue } }", "for (;;) { if (!a) { {} } }"]],
	["const x = a?.b?.[0].c", ["const x = a?.b[0].c", "const x = a.b?.[0].c"]],
	["const x = a?.(b)", ["const x = a(b)"]],
	["const x = a.filter(b).map(c)", ["const x = a.map(c)"]],
	["const x = a?.b.filter(c)", ["const x = a?.b", "const x = a.b.filter(c)"]],
	["const x = a.some(b)", ["const x = a.every(b)"]],
	['const x = <a class="b" href="c" />', ['const x = <a class="b" href="" />']],
	["const x = 'words for people', y = `b` + c as 'd'", []],
	["import a from 'b'; export * from 'c'; type D = 'd'; const e: 'e' = f, g = { 'h-i': j }", []],
])("the mutants of %s", (source, mutants) => {
	expect(mutantsOf(source)).toEqual(mutants);
});

test("a program with switches is the program while none is on, and the mutant that is on, one in another too", () => {
	const source = "(a, b) => { if (a > 1 && !b) return a; say(a); return b?.c; }";
	const points = pointsOf("a.js", source);
	const mutants = points.map((point, index) => ({ ...point, id: index + 1, path: "a.js", was: "" }));
	const text = withSwitches(source, mutants);
	expect(done(text, 0)).toEqual(done(source, 0));
	for (const { id, start, end, text: other } of mutants) {
		const mutant = done(source.slice(0, start) + other + source.slice(end), 0);
		expect(done(text, id)).toEqual(mutant);
		expect(mutant).not.toEqual(done(source, 0));
	}
});

/** What a function does, as text. */
function done(text: string, on: number): readonly string[] {
	const said: number[] = [];
	const latchkeyMutant = (id: number) => id === on;
	const does: (a: number, b: object | null) => unknown = runInNewContext(text, {
		say: (word: number) => said.push(word),
		latchkeyMutant,
	});
	return [1, 2].flatMap((a) =>
		[null, { c: 3 }].map((b) => {
			try {
				return `${String(does(a, b))} ${said.splice(0).join(" ")}`;
			} catch (error) {
				return String(error);
			}
		}),
	);
}

test("a seed draws the same, of many files and all operators", () => {
	const one = drawn(100, 5);
	expect(one).toHaveLength(100);
	expect(drawn(100, 5)).toEqual(one);
	const most = (by: (mutant: (typeof one)[number]) => string) =>
		Math.max(...[...Map.groupBy(one, by).values()].map(({ length }) => length));
	expect(most(({ path }) => path)).toBeLessThanOrEqual(3);
	expect(most(({ operator }) => operator)).toBeLessThanOrEqual(20);
});
