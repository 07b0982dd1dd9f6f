// Unicode's embeddings, overrides and isolates. The marks (LRM, RLM, ALM) stay: right-to-left names need them.
const directionChanges = /[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A name that somebody else chose, without the characters that reorder the text around them: `moc.elgoog` must not read
 * as something else on the page where a person decides whom to trust. An isolating element alone is not enough, because
 * a stray U+2069 ends it.
 */
export function plainText(text: string): string {
	return text.replaceAll(directionChanges, "");
}
