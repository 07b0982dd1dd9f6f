/** How many of somebody's languages are looked at. */
const mostRanges = 20;
/** Of each; what comes behind is cut off by the lookup anyway, and whoever sends thousands shall not have us cut each of them. */
const mostSubtags = 8;

/**
 * RFC 4647 §3.4, "Lookup": the tag that is said first and is there, each range cut shorter from its end until it is. Null where none
 * is: the preset is then for whoever asks. `*` stands for that, too.
 */
export function lookUpLanguage<Tag extends string>(ranges: readonly string[], tags: readonly Tag[]): Tag | null {
	for (const range of ranges.slice(0, mostRanges)) {
		const subtags = range.toLowerCase().split("-", mostSubtags);
		while (subtags.length > 0) {
			const found = tags.find((tag) => tag.toLowerCase() === subtags.join("-"));
			if (found !== undefined) return found;
			subtags.pop();
			// A single letter or digit says what follows it, and goes with it.
			if (subtags.at(-1)?.length === 1) subtags.pop();
		}
	}
	return null;
}

/** RFC 9110 §12.5.4: the ranges of an `Accept-Language`, the preferred first. What is not well-formed, or refused (q=0), is left out. */
export function acceptedLanguages(header: string): readonly string[] {
	return header
		.split(",", 2 * mostRanges)
		.flatMap((item) => {
			const [, range, weight = "1"] = accepted.exec(item) ?? [];
			return range === undefined || Number(weight) === 0 ? [] : [{ range, weight: Number(weight) }];
		})
		.toSorted((one, other) => other.weight - one.weight)
		.map(({ range }) => range);
}

/** RFC 4647 §2.1 with the weight of RFC 9110 §12.4.2. */
const accepted = /^[ \t]*([a-z]{1,8}(?:-[a-z\d]{1,8})*|\*)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?[ \t]*$/i;
