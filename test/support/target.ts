import { inject } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { createServerKeys, parseMasterSecrets } from "../../src/crypto/server-keys.ts";
import { type DemoData, makeDemoData } from "../../src/operations/upkeep/demo-data.ts";
import type { Backstage } from "../runners/backstage.ts";
import type { Stored } from "../runners/stored.ts";

declare module "vitest" {
	interface ProvidedContext {
		/** Set by each project of vitest.config.ts. */
		target: TargetName;
		/** Where a global setup starts and stops deployments, for a target that is another process. */
		control: string;
	}
}

type TargetName = "http" | "inside" | "memory";

/**
 * A deployment of its own for each test file, with the demonstration data in it and a clock that stands still. The same
 * tests run over HTTP against the Worker on workerd and against the app on Deno, and against the app on Node without a
 * network. A few run inside the Worker.
 */
export interface Target extends Backstage {
	/** Sends a request as it is and follows no redirect. `cf-connecting-ip` says which address it comes from. */
	send(path: string, init: RequestInit): Promise<Response>;
	/** Everything that it has stored. */
	readonly stored: () => Promise<Stored>;
}

export { issuer } from "./issuer.ts";
const targetName = inject("target");

const target = await openTarget();

/** `path` begins with a slash. */
export function send(path: string, init: RequestInit = {}): Promise<Response> {
	return target.send(path, init);
}

export const {
	advance,
	addEvents,
	addRows,
	changeKey,
	setStanding,
	setTotal,
	runCron,
	sendDueLogouts,
	sendDueWebhooks,
	keyRing,
	logged,
	stored,
} = target;

/** Epoch seconds, by the clock of the target. */
export const { now } = target;

export const serverKeys = createServerKeys(developmentSecrets());
export const demo: DemoData = await makeDemoData(serverKeys);

async function openTarget(): Promise<Target> {
	switch (targetName) {
		case "http":
			return (await import("../runners/target-http.ts")).openHttp(inject("control"));
		case "inside":
			return (await import("../runners/target-inside.ts")).openInside();
		case "memory":
			return (await import("../runners/target-memory.ts")).openMemory();
	}
}

function developmentSecrets() {
	const secrets = parseMasterSecrets(`1:${developmentSealKey}`);
	if (typeof secrets === "string") throw new Error(secrets);
	return secrets;
}
