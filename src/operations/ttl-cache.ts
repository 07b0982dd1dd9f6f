import type { Seconds } from "../domain/brands.ts";
import { patiently, sharedFor } from "./shared-answer.ts";

/** A lookup that remembers. `fresh` asks anew, and remembers that. */
export interface TtlCache<Key extends string, Value> {
	(key: Key): Promise<Value | null>;
	fresh(key: Key): Promise<Value | null>;
	/** Whether the answer is remembered, so that nothing is asked. */
	has(key: Key): boolean;
	/** Remembers nothing of what was asked so far. */
	clear(): void;
}

interface Entry<Value> {
	readonly value: Promise<Value | null>;
	readonly askedAt: Seconds;
	isSettled: boolean;
}

export interface CacheBounds {
	readonly ttl: Seconds;
	readonly most: number;
	readonly now: () => Seconds;
	/** Has an answer come though the request that asked for it has ended: others may be waiting. */
	readonly later: (work: Promise<void>) => void;
}

/**
 * Remembers answers for `ttl` seconds, at most `most` of them, the oldest forgotten first. Those who ask at the same time
 * wait for one answer; what was not found, and what failed, is asked for again.
 */
export function ttlCache<Key extends string, Value>(
	look: (key: Key) => Promise<Value | null>,
	bounds: CacheBounds,
): TtlCache<Key, Value> {
	const kept = new Map<Key, Entry<Value>>();

	function fresh(key: Key): Promise<Value | null> {
		const entry: Entry<Value> = { value: look(key), askedAt: bounds.now(), isSettled: false };
		kept.delete(key);
		kept.set(key, entry);
		const [oldest] = kept.keys();
		if (kept.size > bounds.most && oldest !== undefined) kept.delete(oldest);
		const settle = (found: Value | null) => {
			entry.isSettled = true;
			if (found === null && kept.get(key) === entry) kept.delete(key);
		};
		bounds.later(entry.value.then(settle, () => settle(null)));
		return entry.value;
	}

	function current(key: Key): Entry<Value> | null {
		const known = kept.get(key);
		const age = known ? bounds.now() - known.askedAt : 0;
		return known && age < (known.isSettled ? bounds.ttl : sharedFor) ? known : null;
	}

	function remembered(key: Key): Promise<Value | null> {
		const entry = current(key);
		if (!entry) return fresh(key);
		return entry.isSettled ? entry.value : patiently(entry.value, () => fresh(key));
	}
	return Object.assign(remembered, {
		fresh,
		has: (key: Key) => current(key)?.isSettled === true,
		clear: () => kept.clear(),
	});
}
