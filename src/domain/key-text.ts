import { readName } from "./display-name.ts";

/** Contract 003's texts: of keys, access codes and policies. */
export const mostTags = 20;
export const longestTag = 50;
export const longestDescription = 200;
export const mostPolicies = 50;

/** Trimmed: 1 to 200 printable characters on one line; else null. */
export function readDescription(text: string): string | null {
	const trimmed = text.trim();
	const parts = trimmed.length === 0 || [...trimmed].length > longestDescription ? [] : chunks([...trimmed]);
	return parts.length > 0 && parts.every((part) => part.trim() === "" || readName(part) !== null) ? trimmed : null;
}

/** Trimmed, once each, in the order given: at most 20 of 1 to 50 printable characters; else null. */
export function readTags(texts: readonly string[]): readonly string[] | null {
	const tags = [...new Set(texts.map((text) => readName(text) ?? ""))];
	const isGood = tags.every((tag) => tag !== "" && [...tag].length <= longestTag);
	return isGood && tags.length <= mostTags ? tags : null;
}

/** As long as {@link readName} takes. */
function chunks(characters: readonly string[]): readonly string[] {
	const parts: string[] = [];
	for (let at = 0; at < characters.length; at += 100) parts.push(characters.slice(at, at + 100).join(""));
	return parts;
}
