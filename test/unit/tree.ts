import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The files below a folder of the repository that end so, by their paths. */
export function filesIn(folder: string, ...endings: readonly string[]): readonly string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((each) => {
		const path = join(folder, each.name);
		if (each.isDirectory()) return filesIn(path, ...endings);
		return endings.some((ending) => path.endsWith(ending)) ? [path] : [];
	});
}
