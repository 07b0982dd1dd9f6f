/** A row of the register as it was read. Each change of the row raises `rev`: what was judged is written, or nothing is. */
export type Stored<Row> = Row & { readonly rev: number };

/** What of a row is another than before, for whoever writes it and for the log: the names of its members, as those have them. */
export function changedMembers<Row extends object>(before: Row, after: Row): readonly string[] {
	const names = Object.keys(after) as (keyof Row & string)[];
	return names
		.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
		.map((name) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}
