import { ConfigError } from "../config.ts";

/** Throws for a Node whose node:sqlite binds `?1` and `?2` by the order in which they are met, and not by their numbers. */
export function checkRuntime(versions: Readonly<Partial<Record<string, string>>>): void {
	const { deno, node = "" } = versions; // Deno says a version of Node too
	const [major = 0, minor = 0] = node.split(".").map(Number);
	const isGood = deno !== undefined || major > 24 || (major === 24 && minor >= 8) || (major === 22 && minor >= 20);
	if (!isGood) throw new ConfigError("Node", `${node} is too old: it has to be 22.20 or newer, or 24.8 or newer`);
}
