import { randomId } from "../../crypto/random.ts";
import type { Random } from "../../crypto/random.ts";
import type { Alerts } from "../../domain/ports/alerts.ts";
import type { AlertKind, Sighting } from "../../domain/alert.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Log } from "../log.ts";

/** Whom an alert goes to, and what it says, once somebody has looked. */
export type Noticed = Pick<Sighting, "accountId" | "subject" | "target" | "detail">;

/**
 * Raises alerts beside what goes on: it never delays an answer nor changes it, and a failure is for the log. Whoever
 * knocks ten thousand times makes one write every ten seconds in an isolate; what is counted meanwhile goes with the next.
 */
export interface AlertBell {
	/** `about` names what is counted together; `look` finds out whom to tell, and is asked only where something is written. */
	ring(kind: AlertKind, about: string, look: () => Promise<readonly Noticed[]>): void;
}

export const quiet: Seconds = 10;
const most = 1000;

interface Parts {
	readonly alerts: Alerts;
	readonly now: () => Seconds;
	readonly random: Random;
	readonly log: Log;
	/** Has the platform wait for work that goes on after the answer. */
	readonly later: (work: Promise<void>) => void;
}

export function createAlertBell({ alerts, now, random, log, later }: Parts): AlertBell {
	const rung = new Map<string, { readonly at: Seconds; held: number }>();

	async function raise(kind: AlertKind, count: number, look: () => Promise<readonly Noticed[]>): Promise<void> {
		try {
			const noticed = await look();
			await alerts.raise(noticed.map((each) => ({ ...each, kind, count, id: randomId(random), at: now() })));
		} catch {
			log("alert.failed", { kind });
		}
	}

	return {
		ring(kind, about, look) {
			const name = `${kind} ${about}`;
			const last = rung.get(name);
			if (last && now() < last.at + quiet) {
				last.held += 1;
				return;
			}
			rung.delete(name);
			rung.set(name, { at: now(), held: 0 });
			const [oldest] = rung.keys();
			if (rung.size > most && oldest !== undefined) rung.delete(oldest);
			later(raise(kind, 1 + (last?.held ?? 0), look));
		},
	};
}
