import { execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { DemoData } from "../../../src/operations/upkeep/demo-data.ts";
import { temporaryFolder } from "../../runners/temporary-folder.ts";
import { type Send, sender } from "../load.ts";
import type { Operation } from "../operation.ts";
import { makeOperations } from "../operations.ts";
import { demoData } from "../people.ts";
import { start } from "../start.ts";
import { makeGrants } from "../world/grants.ts";
import { askPath } from "../world/holders.ts";
import { changes, checks, others } from "../world/operation-names.ts";
import { json } from "../requests.ts";
import { type Billed, billedPath, nearPath } from "./billed.ts";

/** Of one request, in an isolate and objects that are warm. */
export interface Counts {
	/** Every check at the subject's home. */
	readonly home: Readonly<Record<string, Billed>>;
	/** The same where the replica of the colo has a lease. */
	readonly near: Readonly<Record<string, Billed>>;
	/** A check for which the replica gets itself a lease, the first in its minute. */
	readonly lease: Billed;
	/** A revocation, by how many replicas have a lease. */
	readonly revocations: Readonly<Record<string, Billed>>;
}

const warmUp = 4;
const counted = 20;
/** What goes on after an answer. */
const settled = 200;

export async function countBilled(): Promise<Counts> {
	const folder = await temporaryFolder();
	execFileSync("wrangler", ["deploy", "test/bench/cost/billed-worker.ts", "--dry-run", "--outdir", folder], {
		stdio: ["ignore", "ignore", "inherit"],
	});
	const started = await start([join(folder, "billed-worker.js")]);
	const [origin = started.floor] = started.builds;
	const { send, close } = sender(origin);
	try {
		return await countBy(send, await demoData());
	} finally {
		close();
		await started.stop();
		await rm(folder, { recursive: true });
	}
}

async function countBy(send: Send, demo: DemoData): Promise<Counts> {
	const operations = await makeOperations(send, demo);
	const home = await countEach([...checks, ...changes, ...others]);
	const makeGrant = await makeGrants(send, demo);
	const revocations: Record<string, Billed> = { 0: await countRevocation([]) };
	const { check } = await makeGrant();
	await told();
	await send(json(askPath, { ...check, replicas: ["1"] }));
	const lease = await told();
	revocations[1] = await countRevocation(["1"]);
	revocations[8] = await countRevocation(["1", "2", "3", "4", "5", "6", "7", "8"]);
	await send(json(nearPath, {}));
	return { home, near: await countEach(checks), lease, revocations };

	async function countRevocation(replicas: readonly string[]): Promise<Billed> {
		const grant = await makeGrant();
		await send(json(askPath, { ...grant.check, replicas }));
		await told();
		await send(grant.revocation);
		return told();
	}

	async function countEach(names: readonly string[]): Promise<Record<string, Billed>> {
		const found: Record<string, Billed> = {};
		for (const name of names) {
			const operation = operations.find((each) => each.name === name);
			if (!operation) throw new Error(`There is no operation ${name}`);
			await operation.prepare?.(warmUp + counted);
			await ask(operation, warmUp);
			await told();
			await ask(operation, counted);
			found[name] = eachOf(await told());
		}
		return found;
	}

	async function ask(operation: Operation, times: number): Promise<void> {
		for (let each = 0; each < times; each++) {
			const request = operation.next(0);
			if (!request) throw new Error(`${operation.name} has nothing left to ask`);
			const answer = await send(request);
			if (answer.status !== (operation.status ?? 200)) throw new Error(`${operation.name} answered ${answer.status}`);
			operation.answered?.(0, answer);
		}
	}

	/** Since it was told last. */
	async function told(): Promise<Billed> {
		await pause(settled);
		return JSON.parse((await send({ method: "GET", path: billedPath })).body);
	}
}

function eachOf(total: Billed): Billed {
	return Object.fromEntries(Object.entries(total).map(([name, count]) => [name, count / counted])) as unknown as Billed;
}
