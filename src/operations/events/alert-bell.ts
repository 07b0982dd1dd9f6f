import { randomId } from "../../crypto/random.ts";
import type { Random } from "../../crypto/random.ts";
import type { AlertKind, Sighting } from "../../domain/alert.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Log } from "../log.ts";

/** Whom an alert goes to, and what it says, once somebody has looked. */
export type Noticed = Pick<Sighting, "accountId" | "subject" | "target" | "detail">;

/**
 * Raises alerts beside what goes on: it never delays an answer nor changes it, and a failure is for the log. Whoever
 * knocks ten thousand times makes two writes every {@link quiet} seconds in an isolate: of the first knock, at once, and of how
 * many came after it. So each is counted, {@link quiet} seconds later at most, but those that a killed isolate still held.
 */
export interface AlertBell {
	/** `about` names what is counted together; `look` finds out whom to tell, and is asked only where something is written. */
	ring(kind: AlertKind, about: string, look: () => Promise<readonly Noticed[]>): void;
}

export const quiet: Seconds = 5;
const most = 1000;

interface Parts {
	readonly now: () => Seconds;
	readonly random: Random;
	readonly log: Log;
	/** Has the platform wait for work that goes on after the answer. */
	readonly later: (work: Promise<void>) => void;
	readonly pause: (span: Seconds) => Promise<void>;
	/** Writes them, and has those who want it hear of what is new. */
	readonly raiseAll: (sightings: readonly Sighting[]) => Promise<void>;
}

/** What was counted since the ring that opened it, which tells of it when {@link quiet} is over. */
interface Silence {
	readonly at: Seconds;
	held: number;
}

export function createAlertBell({ now, random, log, later, pause, raiseAll }: Parts): AlertBell {
	const silences = new Map<string, Silence>();

	async function raise(kind: AlertKind, count: number, look: () => Promise<readonly Noticed[]>): Promise<void> {
		try {
			const noticed = await look();
			const sightings = noticed.map((each) => ({ ...each, kind, count, id: randomId(random), at: now() }));
			await raiseAll(sightings);
		} catch {
			log("alert.failed", { kind });
		}
	}

	function open(name: string): Silence {
		const silence = { at: now(), held: 0 };
		silences.delete(name);
		silences.set(name, silence);
		const [oldest] = silences.keys();
		// It ends sooner, and still tells of what it holds.
		if (silences.size > most && oldest !== undefined) silences.delete(oldest);
		return silence;
	}

	function takeHeld(silence: Silence): number {
		const { held } = silence;
		silence.held = 0;
		return held;
	}

	return {
		ring(kind, about, look) {
			const name = `${kind} ${about}`;
			const last = silences.get(name);
			// What should have ended it may have been dropped with its request: then this ring takes over what it held.
			if (last && now() < last.at + 2 * quiet) {
				last.held += 1;
				return;
			}
			const before = last ? takeHeld(last) : 0;
			const silence = open(name);
			const tellAll = async () => {
				await raise(kind, 1 + before, look);
				await pause(quiet);
				if (silences.get(name) === silence) silences.delete(name);
				const held = takeHeld(silence);
				if (held > 0) await raise(kind, held, look);
			};
			later(tellAll());
		},
	};
}
