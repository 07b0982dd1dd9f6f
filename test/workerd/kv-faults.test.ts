import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { systemRandom } from "../../src/crypto/random.ts";
import type { CodeRecord, Codes } from "../../src/domain/ports/codes.ts";
import type { Hash } from "../../src/domain/brands.ts";
import { latchkeyAlone } from "../../src/domain/targets.ts";
import { issueCode } from "../../src/operations/tokens/issue-code.ts";
import { createServices } from "../../src/operations/upkeep/create-services.ts";
import { type Services } from "../../src/operations/services.ts";
import { cloudflarePlatform } from "../../src/platform/cloudflare/platform.ts";
import { times } from "../support/requests.ts";
import { advance, demo, issuer, now } from "../support/target.ts";
import { installed } from "../support/tokens.ts";

// DESIGN §3.1: KV may be stale, late or missing, and the ledger decides. The Worker's own KV, D1 and objects, and between
// the app and KV something that goes wrong.

const platform = cloudflarePlatform(env);
const logged: string[] = [];

interface Reading {
	get(hash: Hash): Promise<CodeRecord | null>;
	put?: Codes["put"];
}

/** The app at another edge, where KV is as bad as `faulty` says. */
function edge(faulty: Reading) {
	const codes: Codes = { put: (...args) => platform.codes.put(...args), ...faulty };
	const services = createServices(
		readConfig({ ...env }),
		{ ...platform, codes },
		{ now, random: systemRandom, log: note },
	);
	const app = createApp(services);
	return {
		services,
		exchange: async (code: string): Promise<number> => {
			const { client, secret } = demo.integration;
			const body = new URLSearchParams({
				grant_type: "authorization_code",
				client_id: client.id,
				client_secret: secret ?? "",
				redirect_uri: client.redirectUris[0] ?? "",
				code,
			});
			const response = await app.fetch(new Request(`${issuer}/oauth/token`, { method: "POST", body }), null);
			const answer: { error?: string } = await response.json();
			if (response.status !== 200 && answer.error !== "invalid_grant") throw new Error(JSON.stringify(answer));
			return response.status;
		},
	};
}

beforeEach(() => {
	logged.length = 0;
});

const get = (hash: Hash) => platform.codes.get(hash);
const readings: [title: string, reading: Reading][] = [
	["as it should be", { get }],
	["has nothing yet", { get: async () => null }],
	["throws", { get: () => Promise.reject(new Error("KV GET failed: 500")) }],
	["has another code's record", { get: async () => anotherRecord() }],
];

describe.each(readings)("KV %s", (_, reading) => {
	test("a code is exchanged once", async () => {
		const code = await installed();
		expect(await edge(reading).exchange(code)).toBe(200);
		expect(await edge(reading).exchange(code)).toBe(400);
		expect(await edge({ get }).exchange(code)).toBe(400);
	});

	test("of 30 at once one is", async () => {
		const code = await installed();
		const { exchange } = edge(reading);
		const statuses = await Promise.all(times(30, () => exchange(code)));
		expect(statuses.filter((status) => status === 200)).toHaveLength(1);
	});

	test("an expired code is refused, though KV may have it still", async () => {
		const code = await installed();
		await advance(180);
		expect(await edge(reading).exchange(code)).toBe(400);
	});
});

test("KV that gives the record for ever, stale, redeems nothing a second time", async () => {
	const kept = new Map<Hash, CodeRecord | null>();
	const stale = {
		async get(hash: Hash) {
			if (!kept.has(hash)) kept.set(hash, await platform.codes.get(hash));
			return kept.get(hash) ?? null;
		},
	};
	const { exchange } = edge(stale);
	const code = await installed();
	expect([await exchange(code), await exchange(code)]).toEqual([200, 400]);
	await advance(700);
	expect([await exchange(code), await exchange(code)]).toEqual([400, 400]);
});

test("KV that changes its answer between two tries burns nothing", async () => {
	const code = await installed();
	const answers = [async () => null, () => Promise.reject(new Error("KV")), get];
	const { exchange } = edge({ get: vi.fn<Reading["get"]>((hash) => (answers.shift() ?? get)(hash)) });
	expect([await exchange(code), await exchange(code)]).toEqual([200, 400]);
});

test("a record that says something else than the ledger does not decide: the ledger repeats the checks", async () => {
	const code = await installed();
	const lying = edge({
		async get(hash) {
			const record = await platform.codes.get(hash);
			// As if the code had been given to another client for more.
			return (
				record && {
					...record,
					clientId: demo.webApp.client.id,
					code: { ...record.code, redirectUri: "https://evil.example" },
				}
			);
		},
	});
	expect(await lying.exchange(code)).toBe(400);
	expect(await edge({ get }).exchange(code)).toBe(200);
});

test("a consent stands though its copy could not be put, and the operator is told", async () => {
	const broken = edge({ get, put: () => Promise.reject(new Error("KV PUT failed: 429")) });
	const code = await issueAt(broken.services);
	expect(logged).toEqual(["codes.put_failed"]);
	expect(await edge({ get }).exchange(code)).toBe(200);
	expect(await edge({ get }).exchange(code)).toBe(400);
});

test("a copy that arrives late changes nothing", async () => {
	const waiting: Parameters<Codes["put"]>[] = [];
	const late = edge({ get, put: async (...args) => void waiting.push(args) });
	const code = await issueAt(late.services);
	expect(await late.exchange(code)).toBe(200);
	expect(waiting).toHaveLength(1);
	for (const args of waiting) await platform.codes.put(...args);
	expect(await late.exchange(code)).toBe(400);
});

async function issueAt(services: Services): Promise<string> {
	const { client } = demo.integration;
	const [ada] = demo.people;
	return issueCode(
		{
			client,
			subject: ada!.id,
			accountId: demo.accounts.acme,
			agreed: { scope: client.scope, unchecked: [] },
			resource: null,
			targets: latchkeyAlone,
			addsUp: false,
			identity: null,
			redirectUri: client.redirectUris[0] ?? "",
			redirectUriNamed: true,
			codeChallenge: null,
			senderKey: null,
			address: null,
			remember: null,
		},
		services,
	);
}

function note(event: string): void {
	logged.push(event);
}

function anotherRecord(): CodeRecord {
	return {
		id: "AAAAAAAAAAAAAAAAAAAAAA",
		clientId: demo.integration.client.id,
		accountId: demo.accounts.globex,
		scope: ["keys:write"],
		rotation: "keep",
		code: {
			hash: "x" as Hash,
			expiresAt: now() + 180,
			redirectUri: "https://evil.example",
			redirectUriNamed: true,
			codeChallenge: null,
		},
	};
}
