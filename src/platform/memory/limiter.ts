import { giveBack, take, type Tally } from "../../domain/limit.ts";
import type { Limiter } from "../../domain/ports/limiter.ts";
import type { Seconds } from "../../domain/brands.ts";

export function memoryLimiter(now: () => Seconds): Limiter {
	const tallies = new Map<string, Tally>();
	return {
		async take(name, limit) {
			const taken = take(tallies.get(name) ?? null, limit, now());
			if (taken.kind === "exhausted") return taken.retryAfter;
			// Where a window begins, those that have ended go.
			if (taken.tally.count === 1) {
				for (const [each, { endsAt }] of tallies) if (endsAt <= now()) tallies.delete(each);
			}
			tallies.set(name, taken.tally);
			return 0;
		},
		async giveBack(name) {
			const left = giveBack(tallies.get(name) ?? null, now());
			if (left) tallies.set(name, left);
			else tallies.delete(name);
		},
	};
}
