/** Contract 003's texts: of keys, access codes and policies. */
export const mostPolicies = 50;

// What display-name.ts takes for unprintable, with other lengths; the flag makes a character of what looks like one.
const description = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]{1,200}$/u;
const tag = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]{1,50}$/u;
const mostTags = 20;

/** Trimmed: 1 to 200 printable characters on one line; else null. */
export function readDescription(text: string): string | null {
	const trimmed = text.trim();
	return description.test(trimmed) ? trimmed : null;
}

/** Trimmed, once each, in the order given: at most 20 of 1 to 50 printable characters; else null. */
export function readTags(texts: readonly string[]): readonly string[] | null {
	const tags = [...new Set(texts.map((text) => text.trim()))];
	return tags.length <= mostTags && tags.every((each) => tag.test(each)) ? tags : null;
}
