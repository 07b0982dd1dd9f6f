/**
 * The characters of the bodies that go into one statement. D1 takes 2 MB in a value: a character is at most three bytes, or two where
 * it is escaped, and a row has some 300 beside its body.
 */
const most = 300_000;
const mostRows = 2000;

/** Rows with a text each, as so many lists as there have to be statements. */
export function perStatement<Row extends { readonly body: string }>(all: readonly Row[]): readonly (readonly Row[])[] {
	const cut: Row[][] = [];
	let length = 0;
	for (const row of all) {
		length += row.body.length;
		const last = cut.at(-1);
		if (last && length <= most && last.length < mostRows) last.push(row);
		else {
			cut.push([row]);
			length = row.body.length;
		}
	}
	return cut;
}
