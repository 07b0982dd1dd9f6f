import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DemoData } from "../../src/operations/upkeep/demo-data.ts";
import { type Counts, countsPath, noCounts } from "./counts.ts";
import { sender } from "./load.ts";
import { makeOperations } from "./operations.ts";
import { start } from "./start.ts";

const warmUp = 3;
const counted = 20;

export interface Counted {
	readonly called: Counts;
	/** DESIGN §3.9. */
	readonly allowed: Counts;
}

/** Storage calls for each request of each operation, warm, by a build of the same Worker that counts them. */
export async function countStorage(
	demo: DemoData,
	asked: (name: string) => boolean = () => true,
): Promise<ReadonlyMap<string, Counted>> {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-counting-"));
	execFileSync("wrangler", ["deploy", "test/bench/counting-worker.ts", "--dry-run", "--outdir", folder]);
	const started = await start([join(folder, "counting-worker.js")]);
	const [origin = started.floor] = started.builds;
	const { send, close } = sender(origin);
	try {
		const found = new Map<string, Counted>();
		for (const operation of await makeOperations(send, demo)) {
			if (!asked(operation.name)) continue;
			await operation.prepare?.(warmUp + counted);
			for (let each = 0; each < warmUp; each++) await ask(operation);
			await send({ method: "GET", path: countsPath });
			for (let each = 0; each < counted; each++) await ask(operation);
			const { body } = await send({ method: "GET", path: countsPath });
			const total: Counts = JSON.parse(body);
			const called = {
				ledger: total.ledger / counted,
				kv: total.kv / counted,
				d1: total.d1 / counted,
				other: total.other / counted,
			};
			found.set(operation.name, { called, allowed: { ...noCounts(), ...operation.budget } });
		}
		return found;

		async function ask(operation: Awaited<ReturnType<typeof makeOperations>>[number]): Promise<void> {
			const request = operation.next(0);
			if (!request) throw new Error(`${operation.name} has nothing left to ask`);
			const answer = await send(request);
			if (answer.status !== (operation.status ?? 200)) throw new Error(`${operation.name} answered ${answer.status}`);
			operation.answered?.(0, answer);
		}
	} finally {
		close();
		await started.stop();
		rmSync(folder, { recursive: true });
	}
}
