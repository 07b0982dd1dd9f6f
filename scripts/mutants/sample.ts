import { globSync, readFileSync } from "node:fs";
import { type Point, pointsOf } from "./points.ts";

export interface Mutant extends Point {
	readonly id: number;
	readonly path: string;
	/** What stands there now. */
	readonly was: string;
}

/** Of a file, so that what is drawn is of all files, and of one operator, so that it is of all operators. */
const mostOfFile = 3;
const mostOfOperator = 1 / 5;

/** `count` of all mutants of `src`, the same for the same seed and the same program. */
export function drawn(count: number, seed: number): readonly Mutant[] {
	const random = numbers(seed);
	const order = allMutants()
		.map((mutant) => ({ mutant, at: random() }))
		.toSorted((a, b) => a.at - b.at);
	const taken: Mutant[] = [];
	for (const { mutant } of order) {
		if (taken.length === count) break;
		const ofFile = taken.filter(({ path }) => path === mutant.path);
		const ofOperator = taken.filter(({ operator }) => operator === mutant.operator);
		if (ofFile.length < mostOfFile && ofOperator.length < count * mostOfOperator) taken.push(mutant);
	}
	return numbered(taken);
}

/** All of a file, or of one line of it: `src/domain/svg.ts`, `src/domain/svg.ts:45`. */
export function named(places: readonly string[]): readonly Mutant[] {
	return numbered(allMutants().filter(({ path, line }) => places.includes(path) || places.includes(`${path}:${line}`)));
}

function allMutants(): readonly Mutant[] {
	return globSync("src/**/*.{ts,tsx}")
		.filter((path) => !path.endsWith(".d.ts"))
		.toSorted()
		.flatMap((path) => {
			const source = readFileSync(path, "utf8");
			return pointsOf(path, source).map((point) => ({
				...point,
				id: 0,
				path,
				was: source.slice(point.start, point.end),
			}));
		});
}

function numbered(mutants: readonly Mutant[]): readonly Mutant[] {
	return mutants.map((mutant, index) => ({ ...mutant, id: index + 1 }));
}

/** Mulberry32: between 0 and 1, always the same after a seed. */
function numbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
