import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { createServerKeys, parseMasterSecrets } from "../src/crypto/server-keys.ts";
import { makeDemoData } from "../src/operations/upkeep/demo-data.ts";
import { serveCallbackPage } from "./callback-page.ts";

/** Tells it once the server answers; a server that ends before is not waited for. */
export async function tellWhereToGo(issuer: string, sealKeys: string): Promise<void> {
	for (let second = 0; second < 120; second++) {
		const response = await fetch(`${issuer}/.well-known/jwks.json`).catch(() => null);
		await response?.body?.cancel();
		if (response?.ok) return void process.stdout.write(await whereToGo(issuer, sealKeys));
		await wait(1000, undefined, { ref: false });
	}
}

/** For a developer who has just started latchkey with the demonstration data: its credentials follow from the seal keys. */
async function whereToGo(issuer: string, sealKeys: string): Promise<string> {
	const secrets = parseMasterSecrets(sealKeys);
	if (typeof secrets === "string") throw new TypeError(secrets);
	const demo = await makeDemoData(createServerKeys(secrets));
	serveCallbackPage(issuer, demo);
	const { people, integration, apiKey } = demo;
	const signIns = people.map(
		({ username, password, roles }) =>
			`${username} / ${password}   (${Object.entries(roles)
				.map((role) => role.join(": "))
				.join(", ")})`,
	);
	const rows = [
		["console", `${issuer}/console`],
		...signIns.map((each) => ["", `as ${each}`]),
		["install", `${issuer}/integrations/${integration.client.id}`],
		["", `as ${signIns[0] ?? ""}: it leads to a page with the code, and the curl for it`],
		["client secret", integration.secret ?? ""],
		["API key", apiKey.accessCode],
		["documents", `${issuer}/docs`],
		["mail", `${issuer}/mail`],
	];
	return `\n  latchkey is running, with demonstration data (README, "Demonstration data")\n\n${rows
		.map(([name = "", value = ""]) => `  ${name.padEnd(14)} ${value}\n`)
		.join("")}\n`;
}
