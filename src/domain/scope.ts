/** Scope values as a sorted set, so that two equal scopes are two equal strings. */
export type Scope = readonly string[];

// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
const token = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Null where the text is not a scope by RFC 6749 §3.3. Values are separated by single spaces; repeats fold. */
export function parseScope(text: string): Scope | null {
	const values = text.split(" ");
	return values.every((value) => token.test(value)) ? toScope(values) : null;
}

export function toScope(values: Iterable<string>): Scope {
	return [...new Set(values)].toSorted();
}

export function formatScope(scope: Scope): string {
	return scope.join(" ");
}

export function isWithin(inner: Scope, outer: Scope): boolean {
	return inner.every((value) => outer.includes(value));
}
