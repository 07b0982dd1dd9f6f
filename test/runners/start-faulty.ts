import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4MiniflareOptions } from "miniflare";
import { developmentSealKey } from "../../src/config.ts";
import { alarmPath, type Order, orderPath } from "../faults/fault.ts";
import { freePort } from "./free-port.ts";
import { fastFolder } from "./temporary-folder.ts";
import { readShape } from "./worker-shape.ts";

/** A latchkey on workerd whose storage fails as it is told: three edges on one storage, of which two have a wrong clock. */
export interface Faulty {
	/** Where its issuer is, as far as its clients know. */
	readonly issuer: string;
	readonly edges: Readonly<Record<Edge, string>>;
	/** From now on, at the edge whose clock is right. Answers how many calls the order before it has met. */
	order(order: Order | null): Promise<number>;
	/** Rings a ledger's alarm, which throws so many times first. */
	ring(subject: string, failures: number): Promise<void>;
	/** How often it has run since. */
	rung(subject: string): Promise<number>;
	/** Every isolate anew, on the same storage. */
	restart(variables?: Readonly<Record<string, string>>): Promise<void>;
	/** Takes the published copies of the signing keys away. */
	forgetPublishedKeys(): Promise<void>;
	stop(): Promise<void>;
}

export type Edge = "right" | "ahead" | "behind";

/** Seconds. */
const shifts: Readonly<Record<Edge, number>> = { right: 0, ahead: 300, behind: -300 };
const issuer = "http://localhost:8787";

export async function startFaulty(): Promise<Faulty> {
	const { bindings, migrations } = readShape();
	const {
		assets: _,
		durableObjects,
		...shape
	} = bindings as V4MiniflareOptions & {
		durableObjects: Record<string, { className: string }>;
	};
	const folder = await fastFolder();
	await promisify(execFile)("wrangler", ["deploy", "test/faults/faulty-worker.ts", "--dry-run", "--outdir", folder]);
	const contents = await readFile(join(folder, "faulty-worker.js"), "utf8");
	const ports = { right: await freePort(), ahead: await freePort(), behind: await freePort() };
	const edges = { right: origin(ports.right), ahead: origin(ports.ahead), behind: origin(ports.behind) };
	let miniflare = await run({});
	for (const { binding, queries } of migrations) {
		const database = await miniflare.getD1Database(binding, "right");
		await database.batch(queries.map((query) => database.prepare(query)));
	}

	async function run(variables: Readonly<Record<string, string>>): Promise<Miniflare> {
		const started = new Miniflare(
			convertV4MiniflareOptions({
				resourcePersistencePath: join(folder, "state"),
				log: new Log(LogLevel.NONE),
				handleStructuredLogs: () => {}, // each fault is logged, as it should be
				telemetry: { enabled: false },
				cf: false,
				workers: (Object.keys(shifts) as Edge[]).map((name) => ({
					...shape,
					name,
					modules: [{ type: "ESModule", path: "worker.js", contents }],
					// The objects are those of the edge whose clock is right.
					durableObjects: Object.fromEntries(
						Object.entries(durableObjects).map(([binding, object]) => [
							binding,
							name === "right" ? object : { ...object, scriptName: "right" },
						]),
					),
					bindings: {
						ISSUER: issuer,
						SEAL_KEYS: `1:${developmentSealKey}`,
						DEMO_DATA: "on",
						REGISTRATION: "open",
						CLOCK_SHIFT: String(shifts[name]),
						...variables,
					},
					unsafeDirectSockets: [{ host: "127.0.0.1", port: ports[name] }],
				})),
			}),
		);
		await started.ready;
		return started;
	}

	async function tell(path: string, body: unknown): Promise<number> {
		const answer = await fetch(edges.right + path, { method: "POST", body: JSON.stringify(body) });
		if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
		return Number(await answer.text());
	}

	return {
		issuer,
		edges,
		order: (order) => tell(orderPath, order),
		ring: async (subject, failures) => void (await tell(`${alarmPath}?subject=${subject}&failures=${failures}`, null)),
		rung: (subject) => tell(`${alarmPath}?subject=${subject}`, null),
		async restart(variables = {}) {
			await miniflare.dispose();
			miniflare = await run(variables);
		},
		async forgetPublishedKeys() {
			const kv = await miniflare.getKVNamespace("CODES", "right");
			const { keys } = await kv.list({ prefix: "ring:" });
			for (const { name } of keys) await kv.delete(name);
		},
		async stop() {
			await miniflare.dispose();
			await rm(folder, { recursive: true, force: true, maxRetries: 3 });
		},
	};
}

function origin(port: number): string {
	return `http://127.0.0.1:${port}`;
}
