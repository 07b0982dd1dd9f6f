import type { Milliseconds } from "../../domain/brands.ts";
import {
	acknowledged,
	homeFrom,
	isOver,
	isQuiet,
	type LeaseHome,
	type Ran,
	ran,
	type Run,
	tick,
	wakeAt,
} from "../../domain/lease-home.ts";
import type { Recall, Version } from "../../domain/lease.ts";

/** Tells a replica. It answers as which instance it heard, which may be another than was lent to. */
type Tell = (recall: Recall) => Promise<{ readonly instance: string }>;

/** What of leases a ledger's object does beside its storage: it carries the messages of lease-home.ts, and waits. */
export class HomeLeases {
	readonly #tell: Tell;
	#home: LeaseHome;
	#waiting: { readonly version: Version; readonly go: () => void }[] = [];
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** `stored` is what an instance before this one left: a recall that was under way goes on. */
	constructor(stored: Parameters<typeof homeFrom>[0], tell: Tell) {
		this.#tell = tell;
		this.#home = homeFrom(stored, Date.now());
		this.#tick();
	}

	/** Whether nobody can hold a lease, so that nothing need be noted. */
	isQuiet(now: Milliseconds): boolean {
		return isQuiet(this.#home, now);
	}

	/** What follows from a verb. To be stored in its transaction; nothing has happened yet. */
	ran(run: Run, now: Milliseconds): Ran {
		return ran(this.#home, run, now);
	}

	/** The verb's transaction is over. Resolves when its answer may leave: after every recall of a row that it touched. */
	settle({ home, send, after }: Ran): Promise<void> {
		this.#go(home, send);
		if (after === null || isOver(this.#home, after)) return Promise.resolve();
		return new Promise((go) => this.#waiting.push({ version: after, go }));
	}

	#tick(): void {
		const { home, send } = tick(this.#home, Date.now());
		this.#go(home, send);
	}

	#go(home: LeaseHome, send: Ran["send"]): void {
		this.#home = home;
		for (const each of send) void this.#send(each);
		const over = this.#waiting.filter(({ version }) => isOver(home, version));
		this.#waiting = this.#waiting.filter((each) => !over.includes(each));
		for (const { go } of over) go();
		clearTimeout(this.#timer);
		const at = wakeAt(home);
		if (at !== null) this.#timer = setTimeout(() => this.#tick(), Math.max(0, at - Date.now()));
	}

	async #send(recall: Recall): Promise<void> {
		try {
			const { instance } = await this.#tell(recall);
			this.#go(acknowledged(this.#home, recall, instance), []);
		} catch {
			// It is told again, or its lease runs out.
		}
	}
}
