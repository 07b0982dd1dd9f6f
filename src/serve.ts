import process from "node:process";
import { ConfigError } from "./config.ts";
import { thrown } from "./domain/log-line.ts";
import { createLog } from "./operations/log.ts";
import { type RunningServer, startServer } from "./server/start-server.ts";

// One machine, Node or Deno, files on disk. docs/node.md says how to run it.

const log = createLog((line) => console.info(line));

const starting = startServer({
	variables: process.env,
	// Beside a bundle of this file lie copies of them, under the same names.
	folders: {
		public: new URL("./ui/public/", import.meta.url),
		migrations: new URL("./platform/sql/migrations/", import.meta.url),
	},
	now: () => Math.floor(Date.now() / 1000),
	log,
	show: (text) => console.log(text),
});
// What nobody waits for has failed nobody; what counts is in the storage, whole.
process.on("unhandledRejection", (error) => log("unhandled", thrown(error)));
// A terminal and whatever runs the server both tell it: what is said twice is done once, and ends by itself.
let stopping: Promise<void> | null = null;
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void (stopping ??= stop()));

try {
	const { port } = await starting;
	log("server.started", { port });
} catch (error) {
	if (!(error instanceof ConfigError)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}

async function stop(): Promise<void> {
	const server: RunningServer | null = await starting.catch(() => null); // why is said above
	if (!server) return;
	await server.stop();
	log("server.stopped", {});
	process.exit(0);
}
