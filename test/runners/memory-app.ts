import { readFile } from "node:fs/promises";
import { type App, createApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { systemRandom } from "../../src/crypto/random.ts";
import * as keys from "../../src/operations/keys/change-key.ts";
import { seedDemo } from "../../src/operations/upkeep/seed-demo.ts";
import { createServices, type Surroundings } from "../../src/operations/upkeep/create-services.ts";
import { createLog } from "../../src/operations/log.ts";
import { openPlatform } from "../../src/platform/node/platform.ts";
import type { Backstage } from "./backstage.ts";
import { rowsOf, type Stored } from "./stored.ts";
import { setStanding } from "./set-standing.ts";
import { setTotal } from "./set-total.ts";
import { storedPassword } from "./stored-password.ts";

/** A deployment in this process, on Node or on Deno. */
export interface MemoryApp extends Backstage {
	fetch(request: Request): Promise<Response>;
	/** As another Worker asks. */
	readonly verify: App["verify"];
	readonly stored: () => Promise<Stored>;
	/** From now on others are quicker with every client: what is written to one finds another version there. */
	overtakeClients(): void;
}

/** Filled with the demonstration data where the variables ask for it. */
export async function startMemoryApp(
	variables: Readonly<Record<string, string>>,
	more: Pick<Surroundings, "mail" | "outbound"> = {},
): Promise<MemoryApp> {
	let clock = Math.ceil(Date.now() / 1000);
	const now = () => clock;
	const lines: string[] = [];
	const log = createLog((line) => lines.push(line));
	// What goes on after an answer is done before the next request: a test need not wait for it.
	const under = new Set<Promise<void>>();
	const settle = async () => {
		for (const work of under) await work;
		under.clear();
	};
	const { platform, files } = openPlatform(":memory:", { now });
	const config = readConfig(variables);
	const services = createServices(config, platform, {
		now,
		random: systemRandom,
		log,
		later: (work) => under.add(work),
		pause: async () => {},
		readStatic: (path) => readFile(`src/ui/public/static/${path}`, "utf8"),
		...more,
	});
	const app = createApp(services);
	if (config.demoData) await seedDemo({ ...services, passwords: { ...services.passwords, hash: storedPassword } });
	return {
		now,
		logged: async () => lines,
		async advance(seconds) {
			clock += seconds;
		},
		addRows: (rows) => platform.register.add(rows),
		addEvents: (events) => platform.events.add(events),
		changeKey: (keyId, change) => keys.changeKey(keyId, change, services),
		setStanding: (of, standing) => setStanding(files.register, of, standing),
		setTotal: (accountId, kind, n) => setTotal(files.register, accountId, kind, n),
		runCron: () => app.scheduled(),
		sendDueLogouts: (subject) => app.sendDueLogouts(subject),
		sendDueWebhooks: (endpointId) => app.sendDueWebhooks(endpointId),
		keyRing: (algorithm = "ES256") => platform.keyRings.published(algorithm),
		async stored() {
			await settle();
			const tables = Object.entries(files).flatMap(([file, each]) =>
				Object.entries(rowsOf((sql) => each.exec(sql).toArray())).map(([table, rows]) => [`${file} ${table}`, rows]),
			);
			return Object.fromEntries(tables) as Stored;
		},
		overtakeClients() {
			files.register.exec(
				`CREATE TRIGGER others BEFORE UPDATE OF rev ON clients BEGIN
					UPDATE clients SET rev = rev + 1 WHERE id = OLD.id;
					SELECT RAISE(IGNORE);
				END`,
			);
		},
		verify: app.verify,
		async fetch(request) {
			await settle();
			return app.fetch(request, request.headers.get("cf-connecting-ip"));
		},
	};
}
