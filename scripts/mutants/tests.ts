import { createVitest, type TestModule, type TestSpecification } from "vitest/node";
import type { TestProjectInlineConfiguration } from "vitest/config";
import config from "../../vitest.config.ts";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Mutant } from "./sample.ts";
import { switches } from "./switches.ts";

export interface Tests {
	/** The project and the file that fail with it, of the first few that may be expected to, or of the others; null where none does. */
	killer(mutant: Mutant, of: "few" | "others"): Promise<string | null>;
	isReached(mutant: Mutant): boolean;
	close(): Promise<void>;
}

/** What one run of a test file tells of the mutants, none of which was on. */
interface Reach {
	readonly passes: boolean;
	readonly duration: number;
	readonly reached: readonly number[];
	readonly atStart: readonly number[];
}

interface Reaching extends Reach {
	readonly specification: TestSpecification;
}

/** Most mutants are killed by these. */
const few = 3;

/** Which projects, and which of their files by a part of the path; all where none is named. */
interface Chosen {
	readonly projects: readonly string[];
	readonly files: readonly string[];
}

/** Runs these test files once. One that fails says nothing of a mutant. */
export async function openTests(mutants: readonly Mutant[], { projects, files }: Chosen): Promise<Tests> {
	const vitest = await createVitest(
		{
			config: false,
			watch: false,
			maxWorkers: 1,
			bail: 1,
			// It knows a module by its text and not by what is switched in it.
			fsModuleCache: false,
			reporters: [{}],
			projects: projectsOf(projects).map((project) => ({
				...project,
				plugins: [...(project.plugins ?? []), switches(mutants)],
				test: {
					...project.test,
					setupFiles: [
						import.meta.resolve("./reach.ts").replace("file://", ""),
						...[project.test?.setupFiles ?? []].flat(),
					],
					provide: { ...project.test?.provide, mutant: 0 },
					execArgv: ["--max-old-space-size=1024"],
				},
			})),
		},
		{ logLevel: "error" },
	);
	const run = async (specification: TestSpecification): Promise<TestModule | null> => {
		const { testModules, unhandledErrors } = await vitest.runTestSpecifications([specification]);
		const module = testModules.find(
			({ moduleId, project }) => moduleId === specification.moduleId && project === specification.project,
		);
		return unhandledErrors.length === 0 && module?.state() === "passed" ? module : null;
	};

	const specifications = await vitest.globTestSpecifications([...files]);
	const known = readKnown(mutants);
	const reaching: Reaching[] = [];
	for (const specification of specifications) {
		const name = nameOf(specification);
		let reach = known.get(name);
		if (!reach) {
			const before = performance.now();
			const module = await run(specification);
			const { reached = [], atStart = [] } = module?.meta() ?? {};
			reach = { passes: module !== null, duration: performance.now() - before, reached, atStart };
			known.set(name, reach);
			writeKnown(mutants, known);
		}
		if (reach.passes) reaching.push({ ...reach, specification });
		else console.log(`left out, since it fails as it is: ${name}`);
	}
	console.log(`${reaching.length} test files pass; ${mutants.length} mutants`);

	const filesFor = (mutant: Mutant) =>
		reaching.filter(({ reached }) => reached.includes(mutant.id)).toSorted(byHope(mutant));
	return {
		isReached: (mutant) => filesFor(mutant).length > 0,
		async killer(mutant, of) {
			const hopeful = filesFor(mutant);
			for (const { specification } of of === "few" ? hopeful.slice(0, few) : hopeful.slice(few)) {
				specification.project.provide("mutant", mutant.id);
				if (!(await run(specification))) return nameOf(specification);
			}
			return null;
		},
		close: () => vitest.close(),
	};
}

function projectsOf(names: readonly string[]): readonly TestProjectInlineConfiguration[] {
	const all = (config.test?.projects ?? []) as readonly TestProjectInlineConfiguration[];
	return all.filter(({ test }) => typeof test?.name === "string" && names.includes(test.name));
}

/** First those whose tests reach it, and of these the ones that are named alike, and the quickest. */
function byHope(mutant: Mutant): (a: Reaching, b: Reaching) => number {
	const words = wordsOf(mutant.path);
	const rank = ({ specification, atStart, duration }: Reaching): number => {
		const alike = wordsOf(specification.moduleId).filter((word) => words.includes(word)).length;
		return (atStart.includes(mutant.id) ? 1_000_000 : 0) - Math.min(alike, 3) * 2000 + duration;
	};
	return (a, b) => rank(a) - rank(b);
}

function wordsOf(path: string): readonly string[] {
	return path
		.replace(/^.*\/(?:src|test)\//, "")
		.split(/\W+/)
		.filter((word) => word.length > 3);
}

function nameOf({ project, moduleId }: TestSpecification): string {
	return `${project.name} ${moduleId.replace(/^.*\/test\//, "test/")}`;
}

const file = "dist/mutants-reach.json";

/** What an earlier run, of the same mutants of the same texts, has found out: so that one that was stopped may go on. */
function readKnown(mutants: readonly Mutant[]): Map<string, Reach> {
	if (!existsSync(file)) return new Map();
	const { of, known }: { of: string; known: [string, Reach][] } = JSON.parse(readFileSync(file, "utf8"));
	return new Map(of === JSON.stringify(mutants) ? known : []);
}

function writeKnown(mutants: readonly Mutant[], known: ReadonlyMap<string, Reach>): void {
	mkdirSync("dist", { recursive: true });
	writeFileSync(file, JSON.stringify({ of: JSON.stringify(mutants), known: [...known] }));
}
