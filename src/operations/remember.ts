import type { Seconds } from "../domain/words.ts";

/**
 * A lookup that remembers its answers for `ttl` seconds, at most `most` of them, the oldest forgotten first. Those who
 * ask at the same time wait for one answer; what was not found, and what failed, is asked for again.
 */
export function remember<Key extends string, Value>(
	look: (key: Key) => Promise<Value | null>,
	bounds: { ttl: Seconds; most: number; now: () => Seconds },
): (key: Key) => Promise<Value | null> {
	const kept = new Map<Key, { value: Promise<Value | null>; until: Seconds }>();
	return (key) => {
		const known = kept.get(key);
		if (known && bounds.now() < known.until) return known.value;
		const value = look(key);
		const entry = { value, until: bounds.now() + bounds.ttl };
		kept.delete(key);
		kept.set(key, entry);
		const [oldest] = kept.keys();
		if (kept.size > bounds.most && oldest !== undefined) kept.delete(oldest);
		const forget = () => {
			if (kept.get(key) === entry) kept.delete(key);
		};
		value.then(
			(found) => (found === null ? forget() : undefined),
			() => forget(),
		);
		return value;
	};
}
