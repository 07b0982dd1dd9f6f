// Before each test file: turns the one mutant on, and notes which were reached.
import { afterAll, beforeAll, inject } from "vitest";

declare module "vitest" {
	interface ProvidedContext {
		/** The mutant that is on; 0 for none. */
		mutant: number;
	}
	interface TaskMeta {
		/** The mutants that the file reaches, and of those the ones that it reaches before its first test. */
		reached?: readonly number[];
		atStart?: readonly number[];
	}
}

declare global {
	/** Asked at the place of each mutant: is it on? */
	var latchkeyMutant: ((id: number) => boolean) | undefined;
}

/** A test file that takes longer hangs. */
const patience = 90_000;

const on = inject("mutant");
const reached = new Set<number>();
let atStart: readonly number[] = [];
globalThis.latchkeyMutant = (id) => {
	reached.add(id);
	return id === on;
};

// A loop without end lets no timer of its own thread ring.
if (on > 0 && navigator.userAgent !== "Cloudflare-Workers") {
	const { Worker } = await import("node:worker_threads");
	new Worker(`setTimeout(() => process.kill(${process.pid}, "SIGKILL"), ${patience})`, { eval: true }).unref();
}

beforeAll(() => {
	atStart = [...reached];
});

// oxlint-disable-next-line no-empty-pattern -- vitest reads there which of its fixtures are wanted
afterAll(({}, suite) => {
	Object.assign(suite.meta, { reached: [...reached], atStart });
});
