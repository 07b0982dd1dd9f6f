// The app on Node with its stores in memory, outside of the heap that is measured. Run by memory.ts.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createApp } from "../../src/app.ts";
import { developmentSealKey, readConfig } from "../../src/config.ts";
import { makeAccessCode, readAccessCode } from "../../src/crypto/access-code.ts";
import { randomId, systemRandom } from "../../src/crypto/random.ts";
import { subjectId } from "../../src/domain/subject.ts";
import { locatorOf } from "../../src/operations/checks/api-key-locator.ts";
import { createServices } from "../../src/operations/upkeep/create-services.ts";
import { makeDemoData } from "../../src/operations/upkeep/demo-data.ts";
import { seedDemo } from "../../src/operations/upkeep/seed-demo.ts";
import { openPlatform } from "../../src/platform/node/platform.ts";
import { basic } from "./people.ts";

const [requests = 0, subjects = 0] = process.argv.slice(2).map(Number);
/** Of all requests: until then every memory has found its bound. */
const settled = 0.3;
/** In MB, for what is not let go at once. */
const slack = 4;

const migrations = pathToFileURL(`${resolve("src/platform/sql/migrations")}/`);
const now = () => Math.floor(Date.now() / 1000);
const { platform } = openPlatform(":memory:", { migrations, now });
const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` });
const services = createServices(config, platform, { now, random: systemRandom, log: () => {} });
const { serverKeys } = services;
const demo = await makeDemoData(serverKeys);
await seedDemo(services);
const app = createApp(services);
const caller = basic(demo.webApp);

/** A key of the demonstration's account, and its access code. Its ledger alone knows of it. */
async function makeKey(): Promise<string> {
	const id = subjectId({ kind: "key", home: "any", id: randomId(systemRandom) });
	const code = await makeAccessCode(locatorOf(id), serverKeys, systemRandom);
	const read = await readAccessCode(code, serverKeys);
	if (!read) throw new Error("An access code that cannot be read");
	const ledger = platform.ledgers.of(id);
	await ledger.changeKey({ kind: "create", ownerId: demo.webApp.client.accountId ?? "", policies: [] });
	await ledger.changeKey({ kind: "add_code", id: randomId(systemRandom), hash: read.hash });
	return code;
}

async function post(
	path: string,
	type: string,
	body: string,
	headers: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
	const sent = { "content-type": type, ...headers };
	const request = new Request(`http://localhost:8787${path}`, { method: "POST", headers: sent, body });
	const response = await app.fetch(request, null);
	if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
	return response.json();
}

/** Three requests: a login, and what its token and its code are good for. */
async function use(code: string): Promise<void> {
	const { access_token: token = "" } = await post("/auth/login", "application/json", JSON.stringify({ api_key: code }));
	const form = new URLSearchParams({ token, max_staleness: "10" });
	await post("/oauth/introspect", "application/x-www-form-urlencoded", form.toString(), caller);
	await post("/v1/keys/verify", "application/json", JSON.stringify({ key: code, max_staleness: 10 }), caller);
}

function heap(): number {
	globalThis.gc?.();
	return process.memoryUsage().heapUsed / 2 ** 20;
}

const codes: string[] = [];
while (codes.length < subjects) codes.push(await makeKey());
const heaps: number[] = [];
const rounds = requests / 3;
for (let round = 0; round <= rounds; round++) {
	if (round % Math.ceil(rounds / 20) === 0) {
		heaps.push(heap());
		console.log(`${String(round * 3).padStart(9)} requests: ${heaps.at(-1)?.toFixed(1).padStart(7)} MB`);
	}
	await use(codes[round % subjects] ?? "");
}
const late = heaps.slice(Math.ceil(heaps.length * settled));
const grown = Math.max(...late.slice(-3)) - Math.max(...late.slice(0, 3));
console.log(`grown by ${grown.toFixed(1)} MB after the first ${settled * 100} %, with ${subjects} subjects`);
if (grown > slack) process.exitCode = 1;
