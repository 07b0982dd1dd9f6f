import { rm } from "node:fs/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nothing } from "../races/model.ts";
import { beginning, commands, Do, type Model, type World } from "../races/orders.ts";
import { createReal } from "../races/real.ts";
import { freePort } from "../runners/free-port.ts";
import { startStaged } from "../runners/start-staged.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";

// Whatever is done in whatever order, one after the other or at once, with time passing and the runtime killed in between:
// each answer is one that the model gives. `npm run races` takes 10,000 steps (test/races/README.md).

const { RACE_STEPS = "150", RACE_SEED = String(Date.now() % 1_000_000) } = process.env;

const steps = new Map<string, number>();
let folder: string;
let world: World;

beforeAll(async () => {
	folder = await temporaryFolder();
	const worker = await startStaged(folder, await freePort(), { GRANT_DAYS: "3", GRANT_IDLE_DAYS: "1" });
	world = { worker, real: createReal(worker.origin), count };
}, 120_000);
afterAll(async () => {
	await world?.worker.stop();
	await rm(folder, { recursive: true, force: true });
	const told = [...steps].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([what, times]) => `${what} ${times}`);
	console.info(`RACE_SEED=${RACE_SEED}: ${total()} steps (${told.join(", ")})`);
});

test("DESIGN §4: done at once, with crashes in between, every answer is one that some order of it gives", async () => {
	for (let seed = Number(RACE_SEED); total() < Number(RACE_STEPS); seed++) await someOrders(seed);
	expect(total()).toBeGreaterThanOrEqual(Number(RACE_STEPS));
}, 3_600_000);

async function someOrders(seed: number): Promise<void> {
	await fc.assert(
		fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: "max" }), async (list) => {
			world.real.startAnew();
			const model: Model = { states: [nothing] };
			for (const action of beginning) await new Do(action).run(model, world);
			await fc.asyncModelRun(() => ({ model, real: world }), list);
		}),
		// What was done cannot be undone, and a shrunk list is another order.
		{ seed, numRuns: 1, endOnFailure: true },
	);
}

function count(what: string): void {
	steps.set(what, (steps.get(what) ?? 0) + 1);
}

function total(): number {
	return [...steps.values()].reduce((sum, times) => sum + times, 0);
}
