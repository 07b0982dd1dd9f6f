/** Something that can be found. */
export interface Entry {
	readonly kind: "Guide" | "Operation" | "Error";
	readonly title: string;
	/** A path here. */
	readonly url: string;
	readonly about: string;
	/** What else it is found by. */
	readonly words: string;
}

const most = 50;

/** Those that have every word, the ones with it in their title first. */
export function search(entries: readonly Entry[], query: string): readonly Entry[] {
	const words = query
		.toLowerCase()
		.split(/\s+/)
		.filter((word) => word !== "");
	if (words.length === 0) return [];
	return entries
		.map((entry) => ({ entry, rank: rankOf(entry, words) }))
		.filter(({ rank }) => rank > 0)
		.toSorted((one, other) => other.rank - one.rank)
		.slice(0, most)
		.map(({ entry }) => entry);
}

/** 0 where a word is missing. */
function rankOf({ title, about, words }: Entry, asked: readonly string[]): number {
	const [inTitle, inAbout, inWords] = [title, about, words].map((text) => text.toLowerCase());
	let rank = 0;
	for (const word of asked) {
		const found = inTitle?.includes(word) ? 9 : inAbout?.includes(word) ? 3 : inWords?.includes(word) ? 1 : 0;
		if (found === 0) return 0;
		rank += found;
	}
	return rank;
}
