// The server, and beside it one that does nothing, over the same library. Run by start-node.ts.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { serve } from "srvx";
import { developmentSealKey } from "../../src/config.ts";
import { createLog } from "../../src/operations/log.ts";
import { startServer } from "../../src/server/start-server.ts";

const [, , folder = ""] = process.argv;
const { port: latchkey } = await startServer({
	variables: {
		ISSUER: "http://localhost:8787",
		SEAL_KEYS: `1:${developmentSealKey}`,
		DEMO_DATA: "on",
		DATA_FOLDER: folder,
		PORT: "0",
	},
	folders: {
		public: pathToFileURL(`${resolve("src/ui/public")}/`),
		migrations: pathToFileURL(`${resolve("src/platform/sql/migrations")}/`),
	},
	now: () => Math.floor(Date.now() / 1000),
	log: createLog((line) => console.info(line)),
});
const empty = serve({
	hostname: "127.0.0.1",
	port: 0,
	silent: true,
	gracefulShutdown: false,
	fetch: () => new Response("ok"),
});
await empty.ready();
console.log(JSON.stringify({ latchkey, floor: Number(new URL(empty.url ?? "").port) }));
