import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { developmentSealKey } from "../../src/config.ts";
import { setupSecret } from "../support/setup-secret.ts";
import { freePort } from "./free-port.ts";
import type { RunningServer } from "./running-server.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface ServeOptions {
	/** Where it keeps its storage. Without it the storage goes when the server does. */
	readonly state?: string;
	readonly port?: number;
	/** Beside and above the standard ones; null takes one away. */
	readonly variables?: Readonly<Record<string, string | null>>;
	/** The file that Node runs, and whatever it is to load before it. */
	readonly script?: readonly string[];
}

/** `dist/serve.js`: needs `npm run build` before it. Rejects with what it said where it does not start. */
export function startOnNode(options: ServeOptions = {}): Promise<RunningServer> {
	const script = options.script ?? [resolve("dist/serve.js")];
	return start(options, () => [process.execPath, ...script]);
}

/** The sources, with what deno.json permits and no more. */
export function startOnDeno(options: ServeOptions = {}): Promise<RunningServer> {
	const { tasks } = JSON.parse(readFileSync("deno.json", "utf8")) as { tasks: { start: { command: string } } };
	const [, ...words] = tasks.start.command.split(" ");
	return start(options, (folder) => [
		resolve("node_modules/.bin/deno"),
		...words.slice(1).map((word) => word.replace("$DATA_FOLDER", folder)),
	]);
}

async function start(options: ServeOptions, commandFor: (folder: string) => readonly string[]): Promise<RunningServer> {
	const port = options.port ?? (await freePort());
	const origin = `http://localhost:${port}`;
	const state = options.state ?? (await temporaryFolder());
	const standard = {
		ISSUER: origin,
		SEAL_KEYS: `1:${developmentSealKey}`,
		DEMO_DATA: "on",
		REGISTRATION: "open",
		SETUP_SECRET: setupSecret,
		DATA_FOLDER: state,
		PORT: String(port),
	};
	// Nothing of ours reaches it by the environment of the tests.
	const env = new Map([
		["PATH", process.env.PATH ?? ""],
		["HOME", process.env.HOME ?? ""],
		["NO_COLOR", "1"],
	]);
	for (const [name, value] of Object.entries({ ...standard, ...options.variables })) {
		if (value !== null) env.set(name, value);
	}
	const [program = "", ...args] = commandFor(options.variables?.DATA_FOLDER === null ? "" : state);
	const child = spawn(program, args, {
		env: Object.fromEntries(env) as NodeJS.ProcessEnv,
		stdio: ["ignore", "pipe", "pipe"],
	});
	let output = "";
	for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
	const exited = new Promise<number | null>((done) => child.once("close", (code) => done(code)));

	async function end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null> {
		child.kill(signal);
		const code = await exited;
		if (options.state === undefined) await rm(state, { recursive: true, force: true });
		return code;
	}

	if (!(await isReady(child, exited, () => output.includes('"event":"server.started"')))) {
		const code = await end("SIGKILL");
		throw new StartFailed(code, output);
	}
	return {
		origin,
		port,
		output: () => output,
		async stop() {
			const code = await end("SIGTERM");
			if (code !== 0) throw new Error(`It ended with ${code}: ${output}`);
		},
		async kill() {
			await end("SIGKILL");
		},
	};
}

/** A server that does not start ends: with a code, and words. */
export class StartFailed extends Error {
	readonly code: number | null;
	readonly output: string;

	constructor(code: number | null, output: string) {
		super(`It ended with ${code}: ${output}`);
		this.code = code;
		this.output = output;
	}
}

async function isReady(child: ChildProcess, exited: Promise<unknown>, isStarted: () => boolean): Promise<boolean> {
	const started = new Promise<boolean>((done) => {
		child.stdout?.on("data", () => isStarted() && done(true));
	});
	return Promise.race([started, exited.then(() => false)]);
}
