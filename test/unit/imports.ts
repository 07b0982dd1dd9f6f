import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesIn } from "./tree.ts";

export interface Import {
	readonly from: string;
	readonly to: string;
	readonly isType: boolean;
}

/** What the files of `src` import of each other. */
export const imports: readonly Import[] = filesIn("src", ".ts", ".tsx").flatMap((from) =>
	[...readFileSync(from, "utf8").matchAll(/^(?:import|export) ([^;]*?) ?from "(\.[^"]+)"/gm)].map(
		([, names = "", to = ""]) => ({ from, to: join(dirname(from), to), isType: isTypeOnly(names) }),
	),
);

/** `type …`, `{ type A, type B }`. */
function isTypeOnly(names: string): boolean {
	const listed = names.replaceAll(/[{}]/g, "").split(",");
	return names.startsWith("type ") || listed.every((name) => name.trim() === "" || name.trim().startsWith("type "));
}
