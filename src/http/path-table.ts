/**
 * Finds the entry of a path, and null where there is none. A path is compared as it stands, or by a pattern in which
 * `:name` takes one whole segment and gives it as a param. Nothing is decoded, and `/a/` is not `/a`.
 */
export function pathTable<Entry extends { readonly path: string }>(
	entries: readonly Entry[],
): (path: string) => { entry: Entry; params: Readonly<Record<string, string>> } | null {
	const exact = new Map(entries.map((entry) => [entry.path, { entry, params: {} }]));
	const patterns = entries
		.filter(({ path }) => path.includes(":"))
		.map((entry) => ({ entry, pattern: toPattern(entry.path) }));
	return (path) => {
		const found = exact.get(path);
		if (found) return found;
		for (const { entry, pattern } of patterns) {
			const match = pattern.exec(path);
			if (match) return { entry, params: match.groups ?? {} };
		}
		return null;
	};
}

function toPattern(path: string): RegExp {
	const segments = path.split("/").map((segment) => {
		return segment.startsWith(":") ? `(?<${segment.slice(1)}>[^/]+)` : RegExp.escape(segment);
	});
	return new RegExp(`^${segments.join("/")}$`);
}
