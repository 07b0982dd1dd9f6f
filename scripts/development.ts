// Loaded before the server by `npm run serve` and `deno task serve`. What a deployment has to say, and does not start without,
// is made up here for its developer: a folder, and in it a SEAL_KEYS of its own.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process, { env } from "node:process";
import { whenOrphaned } from "./when-orphaned.ts";
import { tellWhereToGo } from "./where-to-go.ts";

env.PORT ||= "8787";
env.ISSUER ||= `http://localhost:${env.PORT}`;
env.DATA_FOLDER ||= ".latchkey";
env.SEAL_KEYS ||= keptSealKeys(env.DATA_FOLDER);
env.DEMO_DATA ||= "on";
env.REGISTRATION ||= "open";
env.MAIL_FROM ||= "latchkey@latchkey.example"; // it goes to the terminal, and to /mail

whenOrphaned(() => process.kill(process.pid, "SIGTERM"));

if (env.DEMO_DATA === "on") void tellWhereToGo(env.ISSUER, env.SEAL_KEYS);

/** What is sealed in a folder opens with the keys that it was sealed with. */
function keptSealKeys(folder: string): string {
	const file = join(folder, "seal-keys");
	if (!existsSync(file)) {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
		writeFileSync(file, `1:${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
	}
	return readFileSync(file, "utf8").trim();
}
