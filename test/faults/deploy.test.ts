import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../runners/free-port.ts";
import { startWorker } from "../runners/start-worker.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { createApi } from "./api.ts";

let state: string;
beforeAll(async () => {
	state = await temporaryFolder();
});
afterAll(() => rm(state, { recursive: true, force: true }));

test("contract 001: the same token, byte for byte, from one deploy to the next, however the old one ended", async () => {
	const port = await freePort();
	const deploys = [
		{ variables: {}, end: "stop" },
		{ variables: { KEY_ROTATION_DAYS: "7" }, end: "kill" },
		{ variables: { GRANT_DAYS: "90" }, end: "stop" },
	] as const;
	const tokens = [];
	const others = [];
	for (const { variables, end } of deploys) {
		const worker = await startWorker({ state, port, variables });
		const api = createApi(worker.origin);
		const [kept, fresh] = await Promise.all([api.logIn("kept"), api.logIn(crypto.randomUUID())]);
		tokens.push(kept.body.access_token);
		others.push(fresh.body.access_token);
		await worker[end]();
	}
	expect(tokens).toEqual(Array.from(deploys, () => expect.stringMatching(/^eyJ/)));
	expect(new Set(tokens).size).toBe(1);
	// While a session of its own gets a token of its own.
	expect(new Set([...tokens, ...others]).size).toBe(1 + deploys.length);
});
