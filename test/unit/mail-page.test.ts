import { expect, test } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { startMemoryApp } from "../runners/memory-app.ts";

// What is mailed has secrets in it: whoever deploys latchkey has no page that shows them.

const local = { ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` };
const deployed = { ISSUER: "https://id.example", SEAL_KEYS: `1:${"A".repeat(42)}E` };
const from = { MAIL_FROM: "latchkey@mail.example" };
const server = { send: async () => {} };

async function statusOf(variables: Readonly<Record<string, string>>, mail: typeof server | null): Promise<number> {
	const app = await startMemoryApp(variables, { mail });
	return (await app.fetch(new Request(`${variables.ISSUER}/mail`, { headers: { accept: "text/html" } }))).status;
}

test("/mail is there on a developer's machine, where mail has no other place to go", async () => {
	expect(await statusOf({ ...local, ...from }, null)).toBe(200);
});

test.each([
	["deployed", { ...deployed, ...from }, server],
	["deployed, with no server to send by", { ...deployed, ...from }, null],
	["deployed without mail", deployed, null],
	["on this machine, where a server sends it", { ...local, ...from }, server],
	["on this machine, without mail", local, null],
] as const)("/mail is nothing: %s", async (_, variables, mail) => {
	expect(await statusOf(variables, mail)).toBe(404);
});
