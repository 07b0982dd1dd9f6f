// `npm run dev`: wrangler dev on local state, and a word on where to go once it answers. What follows `--` goes to wrangler.
import { spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { developmentSealKey } from "../src/config.ts";
import { whereToGo } from "./where-to-go.ts";

const given = process.argv.slice(2);
const { values } = parseArgs({ args: given, options: { port: { type: "string" } }, strict: false });
const issuer = `http://localhost:${String(values.port ?? "8787")}`;
const wrangler = spawn("wrangler", ["dev", "--var", `ISSUER:${issuer}`, ...given], {
	stdio: "inherit",
});
// A signal to npm alone would leave wrangler behind, with its workerd.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => wrangler.kill("SIGTERM"));
wrangler.on("exit", (code) => process.exit(code ?? 0));

if (await answers(`${issuer}/.well-known/jwks.json`))
	process.stdout.write(await whereToGo(issuer, `1:${developmentSealKey}`));

async function answers(url: string): Promise<boolean> {
	for (let second = 0; second < 120; second++) {
		const response = await fetch(url).catch(() => null);
		await response?.body?.cancel();
		if (response?.ok) return true;
		await wait(1000);
	}
	return false;
}
