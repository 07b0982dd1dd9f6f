import { utf8 } from "../../crypto/encoding.ts";
import type { NamedLimit } from "../../domain/limit.ts";
import type { Limiter } from "../../domain/ports/limiter.ts";
import type { Seconds } from "../../domain/brands.ts";
import { patiently, sharedFor } from "../shared-answer.ts";

/**
 * What one environment (or account, for change events) may store in an hour, so that a leaked public key fills no
 * database. The exact limiter is asked for blocks, which the isolate then spends: a call for every fifty events
 * is cheap where one for each would cost more than the event, and counting rows in D1 more still. A block that an isolate
 * takes with it when it ends is lost, so that the quota is never exceeded and may be a little less.
 */
export interface EventQuota {
	/** What it is told to be: the units, and not the blocks. */
	readonly limit: NamedLimit;
	/** Zero where `units` may be stored (they are counted), else the seconds until they may. */
	take(name: string, units: number): Promise<Seconds>;
}

const block = 50;
const window: Seconds = 3600;
/** Environments that an isolate keeps blocks for. */
const most = 5000;

export function createEventQuota(limiter: Limiter, perHour: number, now: () => Seconds): EventQuota {
	const credits = new Map<string, number>();
	const asked = new Map<string, { readonly answer: Promise<Seconds>; readonly at: Seconds }>();
	const limit = { attempts: Math.floor(perHour / block), window };
	const creditOf = (name: string) => credits.get(name) ?? 0;

	async function ask(name: string, blocks: number): Promise<Seconds> {
		const wait = await limiter.take(`events ${name}`, limit, blocks);
		if (wait === 0) keep(credits, name, creditOf(name) + blocks * block);
		return wait;
	}

	/**
	 * In one call, all that is missing. A hundred requests at once that miss as much shall not take a hundred times that: they wait for
	 * one, though not for ever (shared-answer.ts).
	 */
	async function refill(name: string, missing: number): Promise<Seconds> {
		const blocks = Math.ceil(missing / block);
		const what = `${blocks} ${name}`;
		const known = asked.get(what);
		if (known && now() < known.at + sharedFor) return patiently(known.answer, () => ask(name, blocks));
		const mine = { answer: ask(name, blocks), at: now() };
		// One that never settles, since its request was dropped, is forgotten with the oldest.
		keep(asked, what, mine);
		try {
			return await mine.answer;
		} finally {
			if (asked.get(what) === mine) asked.delete(what);
		}
	}

	return {
		limit: { name: "events", attempts: perHour, window },
		async take(name, units) {
			while (creditOf(name) < units) {
				const wait = await refill(name, units - creditOf(name));
				if (wait > 0 && creditOf(name) < units) return wait;
			}
			keep(credits, name, creditOf(name) - units);
			return 0;
		},
	};
}

function keep<Kept>(all: Map<string, Kept>, name: string, kept: Kept): void {
	all.delete(name);
	all.set(name, kept);
	const [oldest] = all.keys();
	if (all.size > most && oldest !== undefined) all.delete(oldest);
}

/** What an event counts as: each KiB of it that is begun, so that the quota bounds bytes too. */
export function unitsOf(bodies: readonly string[]): number {
	return bodies.reduce((sum, body) => sum + Math.max(1, Math.ceil(utf8(body).length / 1024)), 0);
}
