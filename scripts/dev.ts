// `npm run dev`: wrangler dev on local state, and a word on where to go once it answers. What follows `--` goes to wrangler.
import { spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { developmentSealKey } from "../src/config.ts";
import { whenOrphaned } from "./when-orphaned.ts";
import { tellWhereToGo } from "./where-to-go.ts";

const given = process.argv.slice(2);
const { values } = parseArgs({ args: given, options: { port: { type: "string" } }, strict: false });
const issuer = `http://localhost:${String(values.port ?? "8787")}`;
const wrangler = spawn("wrangler", ["dev", "--var", `ISSUER:${issuer}`, ...given], {
	// A process group, since wrangler passes no signal on to its workerd; and so without a terminal to read from.
	detached: true,
	stdio: ["ignore", "inherit", "inherit"],
	// It would ask Cloudflare where this machine is, and wait and warn where there is no way out.
	env: { CLOUDFLARE_CF_FETCH_ENABLED: "false", ...process.env },
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => signalAll("SIGTERM"));
whenOrphaned(() => signalAll("SIGTERM"));
wrangler.on("error", () => process.exit(1));
wrangler.on("exit", (code) => void leaveNothing(code ?? 0));

await tellWhereToGo(issuer, `1:${developmentSealKey}`);

/** False where none of them is left. */
function signalAll(signal: NodeJS.Signals | 0): boolean {
	try {
		return process.kill(-(wrangler.pid ?? Number.NaN), signal);
	} catch {
		return false;
	}
}

async function leaveNothing(code: number): Promise<never> {
	signalAll("SIGTERM");
	for (let round = 0; round < 50 && signalAll(0); round++) await wait(100);
	signalAll("SIGKILL");
	return process.exit(code);
}
