import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Seconds } from "../../src/domain/brands.ts";
import { startWorker } from "./start-worker.ts";

/** A Worker whose clock stands still, but where it is told otherwise; killed, it comes back with the same storage. */
export interface StagedWorker {
	readonly origin: string;
	now(): Seconds;
	advance(seconds: Seconds): Promise<void>;
	/** SIGKILL, and a new one: whether or not something is under way. Its clock goes on from where the machine's is by now. */
	crash(): Promise<void>;
	stop(): Promise<void>;
}

/** `folder` is for the build and the storage. */
export async function startStaged(
	folder: string,
	port: number,
	variables: Readonly<Record<string, string>>,
): Promise<StagedWorker> {
	await promisify(execFile)("wrangler", ["deploy", "test/runners/staged-worker.ts", "--dry-run", "--outdir", folder]);
	const start = () =>
		startWorker({ staged: join(folder, "staged-worker.js"), state: join(folder, "state"), port, variables });
	let worker = await start();
	let passed = 0;
	let clock = await stopClock();

	async function verb(name: string, args: readonly unknown[]): Promise<unknown> {
		const answer = await fetch(`${worker.backstage}/${name}`, { method: "POST", body: JSON.stringify(args) });
		if (!answer.ok) throw new Error(await answer.text());
		return (JSON.parse(await answer.text()) as { value: unknown }).value;
	}

	/** As far from the machine's clock as it was before. */
	async function stopClock(): Promise<Seconds> {
		const stood = Number(await verb("stop", []));
		await verb("advance", [passed]);
		return stood + passed;
	}

	return {
		origin: worker.origin,
		now: () => clock,
		async advance(seconds) {
			await verb("advance", [seconds]);
			passed += seconds;
			clock += seconds;
		},
		async crash() {
			await worker.kill();
			worker = await start();
			clock = await stopClock();
		},
		stop: () => worker.stop(),
	};
}
