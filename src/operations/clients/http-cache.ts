import type { Seconds } from "../../domain/brands.ts";
import { patiently, sharedFor } from "../shared-answer.ts";

/** What was fetched and read: a value, and for how long its headers let it be kept (null: they say nothing). */
export type Loaded<Value> =
	| { readonly kind: "ok"; readonly value: Value; readonly maxAge: Seconds | null }
	| { readonly kind: "failed"; readonly reason: string };

export interface FetchBounds {
	/** However short, and however long, its headers say. */
	readonly least: Seconds;
	readonly longest: Seconds;
	/** How long a failure is answered without trying again. */
	readonly failedFor: Seconds;
	/** How many are kept, the oldest forgotten first. */
	readonly most: number;
	readonly now: () => Seconds;
}

export interface HttpCache<Value> {
	get(url: string): Promise<Loaded<Value>>;
	/** Whether {@link get} would answer without a fetch. */
	has(url: string): boolean;
	/**
	 * For whoever misses something in what is kept: fetched anew, unless that was done less than `pause` seconds ago. What is
	 * kept stays where the new fetch fails.
	 */
	again(url: string, pause: Seconds): Promise<Loaded<Value>>;
}

interface Entry<Value> {
	readonly loaded: Promise<Loaded<Value>>;
	readonly askedAt: Seconds;
	/** Until when it is answered. While it is under way, how long others wait for it. */
	goodUntil: Seconds;
	isLoading: boolean;
}

/** Keeps what was fetched in this isolate, for as long as its headers say within bounds. */
export function createHttpCache<Value>(
	load: (url: string) => Promise<Loaded<Value>>,
	bounds: FetchBounds,
): HttpCache<Value> {
	const kept = new Map<string, Entry<Value>>();
	const { now, least, longest, failedFor, most } = bounds;

	function put(url: string, entry: Entry<Value>): void {
		kept.delete(url);
		kept.set(url, entry);
		const [oldest] = kept.keys();
		if (kept.size > most && oldest !== undefined) kept.delete(oldest);
	}

	function fetchNow(url: string): Promise<Loaded<Value>> {
		const earlier = kept.get(url);
		const askedAt = now();
		const settled = async (): Promise<Loaded<Value>> => {
			const loaded = await load(url);
			if (loaded.kind === "failed" && earlier !== undefined && now() < earlier.goodUntil) {
				// Not a moment longer than it was good for; but nobody tries again before the pause is over.
				if (kept.get(url) === entry) put(url, { ...earlier, askedAt });
				return earlier.loaded;
			}
			const goodFor = loaded.kind === "failed" ? failedFor : Math.min(Math.max(loaded.maxAge ?? 0, least), longest);
			entry.goodUntil = askedAt + goodFor;
			// What is not kept takes nobody's place.
			if (goodFor <= 0 && kept.get(url) === entry) kept.delete(url);
			entry.isLoading = false;
			return loaded;
		};
		const entry: Entry<Value> = { loaded: settled(), askedAt, goodUntil: askedAt + sharedFor, isLoading: true };
		put(url, entry);
		return entry.loaded;
	}

	function known(url: string): Entry<Value> | null {
		const entry = kept.get(url);
		return entry && now() < entry.goodUntil ? entry : null;
	}

	function answer(entry: Entry<Value>, url: string): Promise<Loaded<Value>> {
		return entry.isLoading ? patiently(entry.loaded, () => fetchNow(url)) : entry.loaded;
	}

	return {
		get(url) {
			const entry = known(url);
			return entry ? answer(entry, url) : fetchNow(url);
		},
		has: (url) => known(url) !== null,
		again(url, pause) {
			const entry = known(url);
			return entry && now() < entry.askedAt + pause ? answer(entry, url) : fetchNow(url);
		},
	};
}
