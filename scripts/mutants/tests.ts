import { createVitest, type TestModule, type TestSpecification } from "vitest/node";
import type { TestProjectInlineConfiguration } from "vitest/config";
import config from "../../vitest.config.ts";
import type { Mutant } from "./sample.ts";
import { switches } from "./switches.ts";

export interface Tests {
	/** Which project and file fail with it; null where none does. */
	verdict(mutant: Mutant): Promise<string | null>;
	close(): Promise<void>;
}

interface Reaching {
	readonly specification: TestSpecification;
	readonly duration: number;
	readonly reached: ReadonlySet<number>;
	readonly atStart: ReadonlySet<number>;
}

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

	const reaching: Reaching[] = [];
	for (const specification of await vitest.globTestSpecifications([...files])) {
		const before = performance.now();
		const module = await run(specification);
		if (!module) {
			console.log(`left out, since it fails as it is: ${nameOf(specification)}`);
			continue;
		}
		const { reached = [], atStart = [] } = module.meta();
		const duration = performance.now() - before;
		reaching.push({ specification, duration, reached: new Set(reached), atStart: new Set(atStart) });
	}
	const total = reaching.reduce((sum, { duration }) => sum + duration, 0);
	console.log(`${reaching.length} test files pass, in ${Math.round(total / 1000)} s; ${mutants.length} mutants`);

	return {
		async verdict(mutant) {
			const hopeful = reaching.filter(({ reached }) => reached.has(mutant.id)).toSorted(byHope(mutant));
			if (hopeful.length === 0) return "SURVIVED, since no test reaches it";
			for (const { specification } of hopeful) {
				specification.project.provide("mutant", mutant.id);
				const module = await run(specification);
				if (!module) return `killed by ${nameOf(specification)}`;
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
		return (atStart.has(mutant.id) ? 1_000_000 : 0) - Math.min(alike, 3) * 2000 + duration;
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
