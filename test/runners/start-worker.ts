import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { developmentSealKey } from "../../src/config.ts";
import { setupSecret } from "../support/setup-secret.ts";
import type { Certificates } from "../peers/certificates.ts";
import { freePort } from "./free-port.ts";
import { killGroup } from "./kill-group.ts";
import type { RunningServer } from "./running-server.ts";
import { fastFolder } from "./temporary-folder.ts";
import { readShape, type WorkerShape } from "./worker-shape.ts";

export interface WorkerOptions {
	/** Where it keeps its storage. Without it the storage goes when the server does. */
	readonly state?: string;
	/** For a server that has to be where the one before it was. */
	readonly port?: number;
	/** Beside and above {@link standardVariables}; null takes one away. */
	readonly variables?: Readonly<Record<string, string | null>>;
	/** Another build than the one that is deployed. */
	readonly build?: string;
	/** It speaks https with these, and trusts whatever server their authority vouches for. */
	readonly certificates?: Certificates;
	/** It has the binding EMAIL, for this sender alone: each letter stands in the output, its text in a file that is named there. */
	readonly mailFrom?: string;
	/** A build of staged-worker.ts, in the place of the production build: its clock can be moved. */
	readonly staged?: string;
}

export interface RunningWorker extends RunningServer {
	/** Where a staged one takes the verbs of backstage.ts; null for any other. */
	readonly backstage: string | null;
}

/** What the server process says over its channel. */
export type WorkerMessage =
	| { readonly kind: "ready"; readonly backstage: string | null }
	| { readonly kind: "failed"; readonly reason: string };

/** What the server process is told. */
export interface WorkerSettings extends WorkerShape {
	readonly build: string;
	readonly isStaged: boolean;
	readonly port: number;
	readonly state: string;
	readonly variables: Readonly<Record<string, string>>;
	/** PEM; null for http. */
	readonly https: { readonly key: string; readonly cert: string } | null;
	/** Whom mail may come from; null where there is none. */
	readonly mailFrom: string | null;
}

const production = "dist/worker.js";
const shape = readShape();

/** The production build on workerd. Needs `npm run build` before it. Throws with all that the server had to say, where it does not start. */
export async function startWorker(options: WorkerOptions = {}): Promise<RunningWorker> {
	const isStaged = options.staged !== undefined;
	const build = options.staged ?? options.build ?? production;
	if (!existsSync(build)) throw new Error(`There is no ${build}: run \`npm run build\` first`);
	const port = options.port ?? (await freePort());
	const { certificates } = options;
	const origin = `${certificates ? "https" : "http"}://localhost:${port}`;
	const state = options.state ?? (await fastFolder());
	const variables: Record<string, string> = {};
	const { mailFrom = null } = options;
	const mail = mailFrom === null ? {} : { MAIL_FROM: mailFrom };
	for (const [name, value] of Object.entries({ ...standardVariables(origin), ...mail, ...options.variables })) {
		if (value !== null) variables[name] = value;
	}
	const https = certificates ? { key: certificates.key, cert: certificates.cert } : null;
	const settings: WorkerSettings = { ...shape, build, isStaged, port, state, variables, https, mailFrom };
	const child = fork(fileURLToPath(new URL("worker-process.ts", import.meta.url)), [JSON.stringify(settings)], {
		detached: true, // a process group, so that nothing of it outlives a kill
		silent: true,
		execArgv: [],
		// Miniflare hands it on to workerd.
		env: { ...process.env, ...(certificates && { NODE_EXTRA_CA_CERTS: certificates.files.ca }) },
	});
	let output = "";
	for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
	const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
	const word = await firstWord(child);

	async function end(how: () => void): Promise<void> {
		how();
		await closed;
		if (options.state === undefined) await rm(state, { recursive: true, force: true });
	}
	const stop = () => end(() => child.connected && child.send("stop"));
	const kill = () => end(() => killGroup(child, "SIGKILL"));
	if (word.kind === "failed") {
		await stop();
		throw new Error(`The Worker did not start: ${word.reason}\n${output}`);
	}
	return { origin, port, backstage: word.backstage, output: () => output, stop, kill };
}

/** A loopback issuer, the published development key and the demonstration data. */
function standardVariables(origin: string): Record<string, string> {
	return {
		ISSUER: origin,
		SEAL_KEYS: `1:${developmentSealKey}`,
		DEMO_DATA: "on",
		REGISTRATION: "open",
		SETUP_SECRET: setupSecret,
	};
}

/** That the server is ready, or why it will never be. */
function firstWord(child: ChildProcess): Promise<WorkerMessage> {
	return new Promise((resolve) => {
		const fail = (reason: string) => resolve({ kind: "failed", reason });
		child.once("message", (message: WorkerMessage) => resolve(message));
		child.once("error", (error) => fail(error.message));
		child.once("exit", (code, signal) => fail(`it ended with ${signal ?? code}`));
	});
}
