// Control and format characters (bidirectional overrides among them), line and paragraph separators, lone surrogates.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** A name that people chose, trimmed: 1 to 100 printable characters; else null. */
export function readName(text: string): string | null {
	const name = text.trim();
	const { length } = Array.from(name);
	return length >= 1 && length <= 100 && !unprintable.test(name) ? name : null;
}

/** What {@link readName} asks for, for whoever typed something else. */
export const nameRule = "Enter a name of 1 to 100 printable characters.";

export function isUsername(text: string): boolean {
	return /^[\p{L}\p{N}._@+-]{3,100}$/u.test(text);
}

export const usernameRule = "Use 3 to 100 letters, digits and the signs . _ @ + -";
