import { randomId, type Random } from "../../crypto/random.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { ApiKeyRegister, KeyUse } from "../../domain/ports/api-keys.ts";
import { parseSubject, type SubjectId } from "../../domain/subject.ts";
import type { UsageBatch, UsageCounts } from "../../domain/ports/usage.ts";
import {
	beginningOf,
	day,
	hour,
	isDeed,
	type Party,
	type Usage,
	type UsageCell,
	wholeAccount,
} from "../../domain/usage.ts";
import type { Log } from "../log.ts";

/**
 * Counts what is done, in the memory of the isolate that does it: no request waits for it, nor asks a storage for it. {@link span} later
 * what was counted since is added to the totals, in one write. So a total is exact within that span, but for what an isolate had counted
 * that is killed before it has written.
 */
export interface UsageCounter {
	/** Once for each of the accounts as a whole, and once for each of their objects. */
	note(what: Usage, parties: readonly Party[]): void;
	/** Adds what is held to the totals now: for whoever is about to read them. It does not fail. */
	flush(): Promise<void>;
}

/** Cloudflare lets work go on for 30 seconds after an answer, and a row costs as much as two checks. */
export const span: Seconds = 20;
/** Cells that are held, those that could not be written yet among them. */
const most = 10_000;
/** What one write takes with it. */
const perBatch = 2000;

interface Parts {
	readonly counts: UsageCounts;
	/** Told of each key that was used, once a day of UTC at most, so that lists can be narrowed by it. */
	readonly keys: Pick<ApiKeyRegister, "noteUses">;
	readonly now: () => Seconds;
	readonly random: Random;
	readonly log: Log;
	/** Has the platform wait for work that goes on after the answer. */
	readonly later: (work: Promise<void>) => void;
	readonly pause: (span: Seconds) => Promise<void>;
}

export function createUsageCounter({ counts, keys, now, random, log, later, pause }: Parts): UsageCounter {
	const open = new Map<string, UsageCell>();
	/** Nobody knows whether they were added: they are sent again as they are, which adds them once. */
	let unsure: UsageBatch[] = [];
	const uses = createUses();
	/** When somebody was last told to write. */
	let toldAt: Seconds | null = null;
	let lost = 0;

	function raise(cell: Omit<UsageCell, "count">): void {
		const name = `${cell.accountId}\n${cell.object}\n${cell.what}\n${cell.at}`;
		const before = open.get(name);
		if (before) open.set(name, { ...before, count: before.count + 1 });
		else if (open.size + held(unsure) < most) open.set(name, { ...cell, count: 1 });
		else lost += 1;
	}

	function takeOpen(): readonly UsageBatch[] {
		const cells = [...open.values()];
		open.clear();
		const batches: UsageBatch[] = [];
		for (let from = 0; from < cells.length; from += perBatch) {
			batches.push({ id: randomId(random), at: now(), cells: cells.slice(from, from + perBatch) });
		}
		return batches;
	}

	async function flush(): Promise<void> {
		const batches = [...unsure, ...takeOpen()];
		unsure = [];
		if (lost > 0) log("usage.lost", { counts: lost });
		lost = 0;
		for (const batch of batches) {
			try {
				await counts.add(batch);
			} catch {
				unsure.push(batch);
				// A storage that is down is left alone for a while: whoever notes something after that has all of it written.
				toldAt = now();
				log("usage.failed", { cells: batch.cells.length });
			}
		}
		const used = uses.take();
		if (used.length === 0) return;
		try {
			await keys.noteUses(used);
		} catch {
			uses.putBack(used);
			log("usage.failed", { keys: used.length });
		}
	}

	function tellLater(): void {
		// Whoever was told may have been dropped with their request: then the next one is.
		if (toldAt !== null && now() < toldAt + 2 * span) return;
		toldAt = now();
		later(
			pause(span).then(() => {
				toldAt = null;
				return flush();
			}),
		);
	}

	return {
		note(what, parties) {
			const at = beginningOf(hour, now());
			const counted = new Set<string>();
			if (isDeed(what)) for (const { objects } of parties) uses.note(objects, now());
			for (const { accountId, objects } of parties) {
				for (const object of [wholeAccount, ...objects]) {
					const name = `${accountId}\n${object}`;
					if (counted.has(name)) continue;
					counted.add(name);
					raise({ accountId, object, what, at });
				}
			}
			tellLater();
		},
		flush,
	};
}

/** Which keys were used on which day, of those that nobody has been told of. */
function createUses() {
	let told = new Map<SubjectId, Seconds>();
	const open = new Map<SubjectId, Seconds>();
	return {
		note(objects: readonly string[], at: Seconds): void {
			for (const id of objects.filter(isKey)) {
				if (told.get(id) === beginningOf(day, at) || (open.size >= most && !open.has(id))) continue;
				open.set(id, at);
			}
		},
		take(): readonly KeyUse[] {
			const uses = [...open].slice(0, perBatch).map(([keyId, at]) => ({ keyId, at }));
			if (told.size > most) told = new Map();
			for (const { keyId, at } of uses) {
				open.delete(keyId);
				told.set(keyId, beginningOf(day, at));
			}
			return uses;
		},
		putBack(uses: readonly KeyUse[]): void {
			for (const { keyId, at } of uses) {
				told.delete(keyId);
				open.set(keyId, at);
			}
		},
	};
}

function isKey(object: string): object is SubjectId {
	return parseSubject(object)?.kind === "key";
}

function held(batches: readonly UsageBatch[]): number {
	return batches.reduce((sum, { cells }) => sum + cells.length, 0);
}
