import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { developmentSealKey } from "../../src/config.ts";
import { freePort } from "./free-port.ts";
import { killGroup } from "./kill-group.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface Wrangler {
	readonly origin: string;
	/** Rejects with all that wrangler said, where it does not start. */
	readonly ready: Promise<void>;
	readonly stop: () => Promise<void>;
}

/** Longer than any machine needs; `npm run demo` has to end by itself even so. */
const patience = 60_000;

/** `wrangler dev` on fresh state that goes when it does, with the demonstration data. Asks nothing; to be stopped in any case. */
export async function startWrangler(): Promise<Wrangler> {
	const state = await temporaryFolder();
	const port = await freePort();
	const origin = `http://localhost:${port}`;
	const bin = join(process.cwd(), "node_modules/.bin");
	// Over what .dev.vars says: the ids and secrets of the demonstration follow from the seal key.
	const variables = { ISSUER: origin, SEAL_KEYS: `1:${developmentSealKey}`, DEMO_DATA: "on", REGISTRATION: "open" };
	const child = spawn(
		// Not through npm: a signal to npm leaves wrangler running.
		join(bin, "wrangler"),
		[
			"dev",
			`--port=${port}`,
			`--inspector-port=${await freePort()}`,
			`--persist-to=${state}`,
			...Object.entries(variables).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
		],
		{
			detached: true, // a process group, so that its workerd ends with it
			stdio: ["ignore", "pipe", "pipe"],
			env: {
				...process.env,
				PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
				LATCHKEY_STATE: state,
				CI: "1",
				WRANGLER_SEND_METRICS: "false",
			},
		},
	);
	let output = "";
	for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
	const ended = new Promise<string>((resolve) => {
		child.once("close", () => resolve("it ended"));
		child.once("error", (error) => resolve(error.message));
	});

	async function stop(): Promise<void> {
		killGroup(child, "SIGTERM");
		await Promise.race([ended, pause(3000, null, { ref: false })]);
		killGroup(child, "SIGKILL");
		await ended;
		await rm(state, { recursive: true, force: true, maxRetries: 3 });
	}

	async function isReady(): Promise<void> {
		const failure = await Promise.race([ended, answers(origin)]);
		if (failure !== null) throw new Error(`wrangler dev did not start: ${failure}\n${output}`);
	}

	return { origin, ready: isReady(), stop };
}

/** Null once there is an answer, else that there was none. */
async function answers(origin: string): Promise<string | null> {
	const deadline = Date.now() + patience;
	while (Date.now() < deadline) {
		const answer = await fetch(`${origin}/.well-known/oauth-authorization-server`).catch(() => null);
		if (answer?.ok) return null;
		await pause(100);
	}
	return "it did not answer";
}
