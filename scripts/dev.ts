// `npm run dev`: wrangler dev on local state, and a word on where to go once it answers. What follows `--` goes to wrangler.
import { spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { developmentSealKey } from "../src/config.ts";
import { createServerKeys, parseMasterSecrets } from "../src/crypto/server-keys.ts";
import { makeDemoData } from "../src/operations/upkeep/demo-data.ts";

const given = process.argv.slice(2);
const { values } = parseArgs({ args: given, options: { port: { type: "string" } }, strict: false });
const issuer = `http://localhost:${String(values.port ?? "8787")}`;
const wrangler = spawn("wrangler", ["dev", "--var", `ISSUER:${issuer}`, ...given], {
	stdio: "inherit",
});
// A signal to npm alone would leave wrangler behind, with its workerd.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => wrangler.kill("SIGTERM"));
wrangler.on("exit", (code) => process.exit(code ?? 0));

if (await answers(`${issuer}/.well-known/jwks.json`)) process.stdout.write(await whereToGo());

async function answers(url: string): Promise<boolean> {
	for (let second = 0; second < 120; second++) {
		const response = await fetch(url).catch(() => null);
		await response?.body?.cancel();
		if (response?.ok) return true;
		await wait(1000);
	}
	return false;
}

async function whereToGo(): Promise<string> {
	const secrets = parseMasterSecrets(`1:${developmentSealKey}`);
	if (typeof secrets === "string") throw new TypeError(secrets);
	const { people, integration, apiKey } = await makeDemoData(createServerKeys(secrets));
	const rows = [
		["start page", `${issuer}/`],
		...people.map(({ username, password, roles }) => [
			"sign in as",
			`${username} / ${password}   (${Object.entries(roles)
				.map((role) => role.join(": "))
				.join(", ")})`,
		]),
		["install", `${issuer}/integrations/${integration.client.id}`],
		["client secret", integration.secret ?? ""],
		["API key", apiKey.accessCode],
	];
	return `\n  latchkey is running, with demonstration data (README, "Demonstration data")\n\n${rows
		.map(([name = "", value = ""]) => `  ${name.padEnd(14)} ${value}\n`)
		.join("")}\n`;
}
