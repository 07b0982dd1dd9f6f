// A string, or one of the characters that structure is made of; whatever else is left out.
const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/** The first key that the outermost object of a JSON text has twice, or null. The text has to be valid JSON. */
export function repeatedKey(text: string): string | null {
	const keys = new Set<string>();
	let depth = 0;
	let string: string | null = null;
	for (const [token] of text.matchAll(tokens)) {
		if (token === "{" || token === "[") depth++;
		else if (token === "}" || token === "]") depth--;
		else if (token === ":" && depth === 1 && string !== null) {
			const key = JSON.parse(string) as string;
			if (keys.has(key)) return key;
			keys.add(key);
		}
		string = token.startsWith('"') ? token : null;
	}
	return null;
}
