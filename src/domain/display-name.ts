// Control and format characters (bidirectional overrides among them), line and paragraph separators, lone surrogates.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** A name that people chose, trimmed: 1 to 100 printable characters; else null. */
export function readName(text: string): string | null {
	const name = text.trim();
	const { length } = Array.from(name);
	return length >= 1 && length <= 100 && !unprintable.test(name) ? name : null;
}
