import { ConfigError } from "../config.ts";

/** Throws for a Node whose node:sqlite is still behind a flag. */
export function checkRuntime(versions: Readonly<Partial<Record<string, string>>>): void {
	const { deno, node = "" } = versions; // Deno says a version of Node too
	const [major = 0, minor = 0] = node.split(".").map(Number);
	const isGood = deno !== undefined || major > 23 || (major === 23 && minor >= 4) || (major === 22 && minor >= 13);
	if (!isGood) throw new ConfigError("Node", `${node} is too old: it has to be 22.13 or newer`);
}
