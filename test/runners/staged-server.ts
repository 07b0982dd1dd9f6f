// The server with its files on disk, as many times as there are test files, each in a folder of its own. Run by
// server-setup.ts, on Node or on Deno. One port is the control channel: the server itself knows nothing of it.
import { cp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { developmentSealKey } from "../../src/config.ts";
import { setupSecret } from "../support/setup-secret.ts";
import { createLog } from "../../src/operations/log.ts";
import { holdPorts } from "../../src/operations/ports-of.ts";
import * as keys from "../../src/operations/keys/change-key.ts";
import { openPlatform } from "../../src/platform/node/platform.ts";
import { startServer } from "../../src/server/start-server.ts";
import type { Backstage, Started } from "./backstage.ts";
import { openControl } from "./control.ts";
import { type Scan, scanFor, summaryOf } from "./leak-scan.ts";
import { setStanding } from "./set-standing.ts";
import { setTotal } from "./set-total.ts";
import { storedIn } from "./stored.ts";
import { storedPassword } from "./stored-password.ts";

interface Deployment {
	readonly backstage: Backstage;
	readonly origin: string;
	stop(): Promise<void>;
}

const [, , parent = ""] = process.argv;
const folders = {
	public: pathToFileURL(resolve("src/ui/public/") + "/"),
	migrations: pathToFileURL(resolve("src/platform/sql/migrations/") + "/"),
};
const deployments = new Map<string, Deployment>();
const scans: Scan[] = [];
let started = 0;

const seed = join(parent, "seed");
await makeSeed();
const control = await openControl((path) => {
	if (path === "") {
		return { start, stop, stored: (id: string) => storedIn(join(parent, id)), scanned: () => summaryOf(scans) };
	}
	const deployment = deployments.get(path.slice(1));
	if (!deployment) throw new Error(`There is no deployment ${path}`);
	return deployment.backstage;
});
// The first line of output tells the setup where.
console.log(control.origin);

/** With passwords whose hashes are known: see remembered-crypto.ts. */
async function makeSeed(): Promise<void> {
	const first = await deploy(seed);
	await first.stop();
	const storage = openPlatform(seed, folders);
	const setPassword = storage.files.register.prepare("UPDATE people SET password_hash = ? WHERE username = ?");
	for (const username of ["ada", "grace"]) {
		await setPassword.bind(await storedPassword(`${username}-demo-password`), username).run();
	}
	storage.close();
}

async function start(): Promise<Started> {
	const id = String(started++);
	const folder = join(parent, id);
	await cp(seed, folder, { recursive: true });
	const deployment = await deploy(folder);
	deployments.set(id, deployment);
	const { origin, backstage } = deployment;
	return { id, origin, backstage: `${control.origin}/${id}`, now: backstage.now(), endsConnections: false };
}

async function stop(id: string, secrets: readonly string[], lines: readonly string[]): Promise<Scan> {
	const scan = await scanFor(secrets, join(parent, id), lines);
	scans.push(scan);
	await deployments.get(id)?.stop();
	deployments.delete(id);
	await rm(join(parent, id), { recursive: true });
	return scan;
}

async function deploy(folder: string): Promise<Deployment> {
	let clock = Math.ceil(Date.now() / 1000);
	const now = () => clock;
	const lines: string[] = [];
	const log = createLog((line) => lines.push(line));
	const variables = {
		ISSUER: "http://localhost:8787",
		SEAL_KEYS: `1:${developmentSealKey}`,
		DEMO_DATA: "on",
		REGISTRATION: "open",
		SETUP_SECRET: setupSecret,
		SECURITY_CONTACT: "https://latchkey.example/report mailto:security@latchkey.example",
		MAIL_FROM: "Latchkey <latchkey@mail.example>",
		DATA_FOLDER: folder,
		PORT: "0",
		CLIENT_ADDRESS: "header:cf-connecting-ip",
	};
	const server = await startServer({ variables, folders, now, log });
	// As another server on the same folder would: what it writes the first one sees.
	const storage = openPlatform(folder, { now, migrations: folders.migrations });
	const { platform, files } = storage;
	return {
		origin: `http://127.0.0.1:${server.port}`,
		backstage: {
			now,
			logged: async () => lines,
			async advance(seconds) {
				clock += seconds;
			},
			addRows: (rows) => platform.register.add(rows),
			addEvents: (events) => platform.events.add(events),
			changeKey: (keyId, change) => keys.changeKey(keyId, change, { ...holdPorts(platform), now }),
			setStanding: (of, standing) => setStanding(files.register, of, standing),
			setTotal: (accountId, kind, n) => setTotal(files.register, accountId, kind, n),
			runCron: () => server.app.scheduled(),
			sendDueLogouts: (subject) => server.app.sendDueLogouts(subject),
			sendDueWebhooks: (endpointId) => server.app.sendDueWebhooks(endpointId),
			keyRing: (algorithm = "ES256") => platform.keyRings.published(algorithm),
		},
		async stop() {
			storage.close();
			await server.stop();
		},
	};
}
