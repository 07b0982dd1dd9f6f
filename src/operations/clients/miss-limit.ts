import { giveBack, type Limited, take, type Tally, type Turn } from "../../domain/limit.ts";
import type { Seconds } from "../../domain/brands.ts";

/**
 * What is looked for in vain, counted in this isolate alone: a call to the exact limiter would cost as much as the query that it
 * is to save. Each turn counts against its own name, so that whoever spends it spends nobody else's.
 */
export interface MissLimit {
	/** Counts a look before it is made, so that a hundred at once are a hundred. Null where it may be. */
	take(turns: readonly Turn[]): Limited | null;
	/** It was not in vain. */
	giveBack(turns: readonly Turn[]): void;
}

/** Names that are kept; the oldest forgotten first, which lets its own look again. */
const most = 10_000;

export function createMissLimit(now: () => Seconds): MissLimit {
	const tallies = new Map<string, Tally>();

	function put(name: string, tally: Tally | null): void {
		tallies.delete(name);
		if (tally) tallies.set(name, tally);
		const [oldest] = tallies.keys();
		if (tallies.size > most && oldest !== undefined) tallies.delete(oldest);
	}

	function giveBackAll(turns: readonly Turn[]): void {
		for (const name of turns.map(nameOf)) put(name, giveBack(tallies.get(name) ?? null, now()));
	}

	return {
		take(turns) {
			for (const [index, turn] of turns.entries()) {
				const name = nameOf(turn);
				const taken = take(tallies.get(name) ?? null, turn.limit, now());
				if (taken.kind === "exhausted") {
					giveBackAll(turns.slice(0, index));
					return { kind: "limited", limit: turn.limit, retryAfter: taken.retryAfter };
				}
				put(name, taken.tally);
			}
			return null;
		},
		giveBack: giveBackAll,
	};
}

function nameOf({ limit, of }: Turn): string {
	return `${limit.name} ${of}`;
}
