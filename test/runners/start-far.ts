import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4WorkerOptions } from "miniflare";
import { developmentSealKey } from "../../src/config.ts";
import { type Asked, askedPath, type Trouble, troublePath } from "../faults/far.ts";
import { freePort } from "./free-port.ts";
import { fastFolder } from "./temporary-folder.ts";
import { readShape } from "./worker-shape.ts";

/** An isolate of latchkey: in a colo (null: nobody says which), so many milliseconds from the ledgers and back. */
export interface Edge {
	readonly colo: string | null;
	readonly distance: number;
	readonly variables?: Readonly<Record<string, string>>;
}

/** Isolates in several colos, on one storage. */
export interface Far<Name extends string> {
	/** Where its issuer is, as far as its clients know. */
	readonly issuer: string;
	readonly origins: Readonly<Record<Name, string>>;
	/** What the objects were asked since the last time. */
	asked(): Promise<Asked>;
	/** What is the matter with replicas from now on; an object that is named goes down, and is another when it is asked next. */
	trouble(trouble: Trouble, down?: { readonly ledger?: string; readonly replica?: string }): Promise<void>;
	/** SIGKILL, and everything anew, on the same storage. */
	restart(): Promise<void>;
	stop(): Promise<void>;
}

interface Bindings {
	readonly assets: unknown;
	readonly durableObjects: Readonly<Record<string, { readonly className: string }>>;
}

const issuer = "http://localhost:8787";

/** The first of them has the objects. */
export async function startFar<Name extends string>(edges: Readonly<Record<Name, Edge>>): Promise<Far<Name>> {
	const { bindings, migrations } = readShape();
	const { assets: _, durableObjects, ...shape } = bindings as Bindings;
	const all: Readonly<Record<string, Edge>> = edges;
	const names = Object.keys(all);
	const [first = ""] = names;
	const folder = await fastFolder();
	await promisify(execFile)("wrangler", ["deploy", "test/faults/far-worker.ts", "--dry-run", "--outdir", folder]);
	const contents = await readFile(join(folder, "far-worker.js"), "utf8");
	const ports = new Map<string, number>();
	for (const name of names) ports.set(name, await freePort());
	const origins: Record<string, string> = {};
	for (const [name, port] of ports) origins[name] = `http://127.0.0.1:${port}`;
	let miniflare = await run();
	for (const { binding, queries } of migrations) {
		const database = await miniflare.getD1Database(binding, first);
		await database.batch(queries.map((query) => database.prepare(query)));
	}

	async function run(): Promise<Miniflare> {
		const started = new Miniflare(
			convertV4MiniflareOptions({
				resourcePersistencePath: join(folder, "state"),
				log: new Log(LogLevel.NONE),
				handleStructuredLogs: () => {},
				telemetry: { enabled: false },
				cf: false,
				workers: Object.entries(all).map(([name, edge]): V4WorkerOptions => ({
					...shape,
					name,
					modules: [{ type: "ESModule", path: "worker.js", contents }],
					durableObjects: Object.fromEntries(
						Object.entries(durableObjects).map(([binding, object]) => [
							binding,
							name === first ? object : { ...object, scriptName: first },
						]),
					),
					bindings: {
						ISSUER: issuer,
						SEAL_KEYS: `1:${developmentSealKey}`,
						DEMO_DATA: "on",
						REGISTRATION: "open",
						...variablesOf(edge),
					},
					unsafeDirectSockets: [{ host: "127.0.0.1", port: ports.get(name) ?? 0 }],
				})),
			}),
		);
		await started.ready;
		return started;
	}

	async function tell(path: string, body: unknown): Promise<unknown> {
		const answer = await fetch(origins[first] + path, { method: "POST", body: JSON.stringify(body) });
		if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
		return JSON.parse(await answer.text());
	}

	return {
		issuer,
		origins: origins as Far<Name>["origins"],
		asked: () => tell(askedPath, null) as Promise<Asked>,
		async trouble(trouble, down = {}) {
			await tell(`${troublePath}?${new URLSearchParams(down)}`, trouble);
		},
		async restart() {
			await miniflare.dispose();
			miniflare = await run();
		},
		async stop() {
			await miniflare.dispose();
			await rm(folder, { recursive: true, force: true, maxRetries: 3 });
		},
	};
}

function variablesOf({ colo, distance, variables }: Edge): Readonly<Record<string, string>> {
	return { DISTANCE: String(distance), ...(colo !== null && { COLO: colo }), ...variables };
}
