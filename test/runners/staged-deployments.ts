import { execFile } from "node:child_process";
import { cp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, Response } from "miniflare";
import { developmentSealKey } from "../../src/config.ts";
import { setupSecret } from "../support/setup-secret.ts";
import type { Started } from "./backstage.ts";
import { demo } from "../support/demo-world.ts";
import { type Scan, scanFor, summaryOf } from "./leak-scan.ts";
import { type Stored, storedIn } from "./stored.ts";
import { rememberedCrypto } from "./remembered-crypto-module.ts";
import { storedPassword } from "./stored-password.ts";
import { fastFolder } from "./temporary-folder.ts";
import { readShape } from "./worker-shape.ts";

export interface Deployments {
	/** One more workerd, with storage of its own that has the demonstration data in it, and a clock that stands still. */
	start(): Promise<Started>;
	stop(id: string, secrets: readonly string[], lines: readonly string[]): Promise<Scan>;
	scanned(): string;
	stored(id: string): Promise<Stored>;
	stopAll(): Promise<void>;
}

const { bindings, migrations } = readShape();
const host = "127.0.0.1";
const name = "latchkey";

/**
 * Deployments of staged-worker.ts. Each is a process, since a test must not see what the Worker remembers of the one before
 * it; a process starts in less than half a second, with the schema and the seed copied from one that has made them.
 */
export async function createDeployments(): Promise<Deployments> {
	const folder = await fastFolder();
	const seed = join(folder, "seed");
	const running = new Map<string, Miniflare>();
	const scans: Scan[] = [];
	let started = 0;

	await promisify(execFile)("wrangler", ["deploy", "test/runners/staged-worker.ts", "--dry-run", "--outdir", folder]);
	const contents = await readFile(join(folder, "staged-worker.js"), "utf8");
	const first = await run(seed);
	for (const { binding, queries } of migrations) {
		const database = await first.getD1Database(binding);
		await database.batch(queries.map((query) => database.prepare(query)));
	}
	// The Worker seeds itself before its first answer.
	const answer = await fetch(await first.unsafeGetDirectURL());
	const register = await first.getD1Database("DB");
	const setPassword = register.prepare("UPDATE people SET password_hash = ? WHERE username = ?");
	for (const { username, password } of [demo.ada, demo.grace])
		await setPassword.bind(await storedPassword(password), username).run();
	await first.dispose();
	if (!answer.ok) throw new Error(`The Worker does not work: ${answer.status} ${await answer.text()}`);

	return {
		async start() {
			const id = String(started++);
			const state = join(folder, id);
			await cp(seed, state, { recursive: true });
			const miniflare = await run(state);
			running.set(id, miniflare);
			const [origin, backstage] = [
				await miniflare.unsafeGetDirectURL(),
				await miniflare.unsafeGetDirectURL(name, "Backstage"),
			];
			const stopped = await fetch(new URL("stop", backstage), { method: "POST", body: "[]" });
			const { value: now }: { value: number } = JSON.parse(await stopped.text());
			return { id, origin: origin.origin, backstage: backstage.origin, now, endsConnections: true };
		},
		async stop(id, secrets, lines) {
			const scan = await scanFor(secrets, join(folder, id), lines);
			scans.push(scan);
			await running.get(id)?.dispose();
			running.delete(id);
			await rm(join(folder, id), { recursive: true, force: true });
			return scan;
		},
		scanned: () => summaryOf(scans),
		stored: (id) => storedIn(join(folder, id)),
		async stopAll() {
			for (const miniflare of running.values()) await miniflare.dispose();
			await rm(folder, { recursive: true, force: true });
		},
	};

	async function run(state: string): Promise<Miniflare> {
		const { assets: _, ...withoutRouter } = bindings;
		const miniflare = new Miniflare(
			convertV4MiniflareOptions({
				...withoutRouter,
				// In the place of the files that go with the router.
				serviceBindings: {
					ASSETS: async (request) => new Response(await readFile(`src/ui/public${new URL(request.url).pathname}`)),
				},
				name,
				modules: [{ type: "ESModule", path: "worker.js", contents }, rememberedCrypto],
				bindings: {
					ISSUER: "http://localhost:8787",
					SEAL_KEYS: `1:${developmentSealKey}`,
					DEMO_DATA: "on",
					REGISTRATION: "open",
					SETUP_SECRET: setupSecret,
					SECURITY_CONTACT: "https://latchkey.example/report mailto:security@latchkey.example",
					MAIL_FROM: "Latchkey <latchkey@mail.example>",
				},
				unsafeDirectSockets: [
					{ host, port: 0 },
					{ host, port: 0, entrypoint: "Backstage" },
				],
				resourcePersistencePath: state,
				log: new Log(LogLevel.WARN),
				telemetry: { enabled: false },
				cf: false,
			}),
		);
		await miniflare.ready;
		return miniflare;
	}
}
