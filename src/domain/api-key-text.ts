import { bounds } from "./bounds.ts";
import { readLine } from "./display-name.ts";

/** Contract 003's texts: of keys, access codes and policies. */
export const mostPolicies = bounds.keyPolicies.most;

/** Trimmed: 1 to 200 printable characters on one line; else null. */
export function readDescription(text: string): string | null {
	return readLine(text, 200);
}

/** Trimmed, once each, in the order given: at most 20 of 1 to 50 printable characters; else null. */
export function readTags(texts: readonly string[]): readonly string[] | null {
	const tags = [...new Set(texts.map((text) => readLine(text, 50)))];
	return tags.length <= bounds.tags.most && tags.every((tag) => tag !== null) ? tags : null;
}
