import { relative } from "node:path";
import type { Plugin } from "vite";
import type { Mutant } from "./sample.ts";

/**
 * All mutants in one program, each behind a switch that is asked whenever the place is reached: so each module is compiled once,
 * and one run of the tests tells which of their files reach which mutant.
 */
export function switches(mutants: readonly Mutant[]): Plugin {
	return {
		name: "mutants",
		enforce: "pre",
		transform(source, id) {
			const path = relative(process.cwd(), id.replace(/[?#].*$/, ""));
			const here = mutants.filter((mutant) => mutant.path === path);
			return here.length === 0 ? null : { code: withSwitches(source, here), map: null };
		},
	};
}

export function withSwitches(source: string, mutants: readonly Mutant[]): string {
	// One that lies in another comes after it.
	const ordered = mutants.toSorted((a, b) => a.start - b.start || b.end - a.end);
	const written = (from: number, to: number, list: readonly Mutant[]): string => {
		const [first, ...others] = list;
		if (!first) return source.slice(from, to);
		const isInside = ({ start, end }: Mutant) => first.start <= start && end <= first.end;
		const was = written(first.start, first.end, others.filter(isInside));
		const after = others.filter((other) => !isInside(other));
		return source.slice(from, first.start) + switched(first, was) + written(first.end, to, after);
	};
	return written(0, source.length, ordered);
}

function switched({ id, part, text }: Mutant, was: string): string {
	const asked = `globalThis.latchkeyMutant?.(${id})`;
	switch (part) {
		case "expression":
			return `(${asked} ? (${text}) : (${was}))`;
		case "attribute":
			return `{${asked} ? ${text} : ${was}}`;
		case "statement":
			return `{ if (!${asked}) ${was} }`;
	}
}
