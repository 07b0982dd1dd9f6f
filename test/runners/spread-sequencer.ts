import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Each project evenly over the run, its largest files first. Vitest would run one project after the other, and so those files that
 * wait for a browser, a crash or a distance beside each other, with nobody to use the processor.
 */
export class SpreadSequencer extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		// oxlint-disable-next-line unicorn/no-array-sort -- vitest's own, of no array
		const projects = Map.groupBy(await super.sort(files), ({ project }) => project.name);
		const placed = [...projects].flatMap(([name, specs]) => {
			// Those of `system` take the longest: none of them is left for the end.
			const length = name === "system" ? 0.75 : 1;
			return specs.map((spec, index) => ({ spec, place: (index / specs.length) * length }));
		});
		return placed.toSorted((a, b) => a.place - b.place).map(({ spec }) => spec);
	}
}
