/** Scope values as a sorted set, so that two equal scopes are two equal strings. */
export type Scope = readonly string[];

// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
const token = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * Null where the text is not a scope by RFC 6749 §3.3; empty where there is no value in it. Repeats fold, and so do spaces:
 * connectors put ` offline_access` after a scope that nobody filled in. Other white space is no separator.
 */
export function parseScope(text: string): Scope | null {
	const values = wordsIn(text);
	return values.every((value) => token.test(value)) ? toScope(values) : null;
}

/** What stands between spaces, however many. */
export function wordsIn(text: string): readonly string[] {
	return text.split(" ").filter((word) => word !== "");
}

/** What a request asks for by name. Null for nothing: a parameter without a value is as one left out (RFC 6749 §3.1). */
export function readAskedScope(text: string | undefined): Scope | null | "malformed" {
	const asked = parseScope(text ?? "");
	if (!asked) return "malformed";
	return asked.length > 0 ? asked : null;
}

export function toScope(values: Iterable<string>): Scope {
	return [...new Set(values)].toSorted();
}

export function formatScope(scope: Scope): string {
	return scope.join(" ");
}

/** RFC 6749 App. A.4: a scope has one value at least, so that an empty one is left out of what is written. */
export function scopeMember(scope: Scope): { readonly scope?: string } {
	return scope.length > 0 ? { scope: formatScope(scope) } : {};
}

export function isWithin(inner: Scope, outer: Scope): boolean {
	return inner.every((value) => outer.includes(value));
}
