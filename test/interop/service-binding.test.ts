import { readdirSync, readFileSync } from "node:fs";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { unstable_getMiniflareWorkerOptions, unstable_splitSqlQuery } from "wrangler";
import { developmentSealKey } from "../../src/config.ts";
import { demo } from "../support/demo-world.ts";

/** Another Worker of the same Cloudflare account: it serves `/<account>` to whoever latchkey vouches for. */
const resourceServer = `
	export default {
		async fetch(request, env) {
			const account = new URL(request.url).pathname.slice(1);
			const bearer = request.headers.get("authorization")?.slice("Bearer ".length);
			const verdict = bearer
				? await env.LATCHKEY.verifyToken(bearer, { account })
				: await env.LATCHKEY.verifyKey(request.headers.get("x-api-key") ?? "", { account });
			return Response.json(verdict, { status: verdict.valid ? 200 : verdict.reason === "unavailable" ? 503 : 401 });
		},
	};
`;
/** One that tries to reach past the two methods. */
const curious = `
	export default {
		async fetch(request, env) {
			const said = [];
			for (const name of ["finish", "env", "ctx", "verify", "app", "constructor"]) {
				said.push(await Promise.resolve().then(() => env.LATCHKEY[name]()).then(() => "called", () => "refused"));
			}
			return Response.json(said);
		},
	};
`;

let miniflare: Miniflare;
let latchkey: URL;
let resource: URL;

beforeAll(async () => {
	process.env.SEAL_KEYS ??= `1:${developmentSealKey}`;
	const { workerOptions } = unstable_getMiniflareWorkerOptions("wrangler.toml");
	const { modulesRules: _, bindings: __, assets: ___, ...options } = workerOptions;
	const direct = { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] };
	const neighbour = (name: string, contents: string) => ({
		...direct,
		name,
		modules: [{ type: "ESModule" as const, path: `${name}.js`, contents }],
		compatibilityDate: "2026-10-20",
		// As wrangler.toml says it: binding, service, entrypoint.
		serviceBindings: { LATCHKEY: { name: "latchkey", entrypoint: "Verifier" } },
		// It has no network: what it learns, it learns by the binding.
		outboundService: () => {
			throw new Error("no network");
		},
	});
	miniflare = new Miniflare(
		convertV4MiniflareOptions({
			cf: false,
			telemetry: { enabled: false },
			log: new Log(LogLevel.WARN),
			workers: [
				{
					...options,
					...direct,
					name: "latchkey",
					modules: [{ type: "ESModule", path: "worker.js", contents: readFileSync("dist/worker.js", "utf8") }],
					bindings: { ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}`, DEMO_DATA: "on" },
				},
				neighbour("resource-server", resourceServer),
				neighbour("curious", curious),
			],
		}),
	);
	await miniflare.ready;
	for (const [binding, folder] of Object.entries({ DB: "register", EVENTS: "events" })) {
		const database = await miniflare.getD1Database(binding, "latchkey");
		const path = `src/platform/sql/migrations/${folder}`;
		const queries = readdirSync(path)
			.toSorted()
			.flatMap((file) => unstable_splitSqlQuery(readFileSync(`${path}/${file}`, "utf8")));
		await database.batch(queries.map((query) => database.prepare(query)));
	}
	latchkey = await miniflare.unsafeGetDirectURL("latchkey");
	resource = await miniflare.unsafeGetDirectURL("resource-server");
	// The demonstration data is seeded by the first HTTP request.
	await fetch(latchkey);
});
afterAll(() => miniflare?.dispose());

describe("another Worker, bound to Verifier", () => {
	test("verifies a login token, in the account of its request alone", async () => {
		const token = await logIn();
		const answer = await ask("acme", { authorization: `Bearer ${token}` });
		expect([answer.status, answer.body]).toMatchObject([200, { valid: true, account: { slug: "acme" } }]);
		const elsewhere = await ask("globex", { authorization: `Bearer ${token}` });
		expect([elsewhere.status, elsewhere.body]).toEqual([401, { valid: false, reason: "other_account" }]);
	});

	test("verifies an access code, in the account of its request alone", async () => {
		const answer = await ask("acme", { "x-api-key": demo.accessCode });
		expect([answer.status, answer.body]).toMatchObject([
			200,
			{ valid: true, permissions: ["environments:read", "events:read"] },
		]);
		const elsewhere = await ask("globex", { "x-api-key": demo.accessCode });
		expect([elsewhere.status, elsewhere.body]).toEqual([401, { valid: false, reason: "unknown" }]);
		expect((await ask("", { "x-api-key": demo.accessCode })).body).toEqual({ valid: false, reason: "unknown_account" });
	});

	test("can call nothing else", async () => {
		const said = await fetch(await miniflare.unsafeGetDirectURL("curious"));
		expect(await said.json()).toEqual(Array.from({ length: 6 }, () => "refused"));
	});
});

async function logIn(): Promise<string> {
	const headers = { "content-type": "application/json" };
	const body = JSON.stringify({ api_key: demo.accessCode });
	const answer = await fetch(new URL("/auth/login", latchkey), { method: "POST", headers, body });
	const { access_token }: { access_token: string } = await answer.json();
	return access_token;
}

async function ask(account: string, headers: Record<string, string>) {
	const answer = await fetch(new URL(`/${account}`, resource), { headers });
	return { status: answer.status, body: await answer.json() };
}
