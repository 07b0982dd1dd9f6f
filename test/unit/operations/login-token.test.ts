import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { generateSigningKey } from "../../../src/crypto/jwt.ts";
import { randomId, systemRandom } from "../../../src/crypto/random.ts";
import { sealText } from "../../../src/crypto/sealing.ts";
import type { Clear, Sealed } from "../../../src/domain/brands.ts";
import type { LoggedIn } from "../../../src/domain/ledger-verdicts.ts";
import type { SigningKeyRing } from "../../../src/domain/signing-key-ring.ts";
import type { Platform } from "../../../src/domain/ports/platform.ts";
import { readSignedToken } from "../../../src/operations/checks/check-token.ts";
import type { Services } from "../../../src/operations/services.ts";
import { login } from "../../../src/operations/tokens/login.ts";
import { keptOf } from "../../../src/operations/tokens/login-token.ts";
import { clientSubject } from "../../../src/operations/tokens/client-credentials-grant.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { type DemoData, makeDemoData } from "../../../src/operations/upkeep/demo-data.ts";
import { seedDemo } from "../../../src/operations/upkeep/seed-demo.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";
import { storedPassword } from "../../runners/stored-password.ts";

// Contract 001, whose token is the same everywhere, by signatures that differ each time: what it costs, and what was stored before.

let clock = 1_800_000_000;
let platform: Platform;
let demo: DemoData;
let calls: number;
/** Of how many logins the first call breaks after it was carried out, so that it is repeated once its session has ended. */
let broken: number;
let writeRing: (ring: SigningKeyRing) => void;

/** One of many isolates of a deployment: what it remembers, the others do not know. */
function anIsolate(): Services {
	const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` });
	return createServices(config, platform, { now: () => clock, random: systemRandom, log: () => {} });
}

beforeEach(async () => {
	clock = 1_800_000_000;
	calls = 0;
	broken = 0;
	const { platform: opened, files } = openPlatform(":memory:", { now: () => clock });
	writeRing = (ring) =>
		void files.ledgers.exec("INSERT INTO key_rings VALUES (?, ?)", ring.current.algorithm, JSON.stringify(ring));
	platform = {
		...opened,
		ledgers: {
			...opened.ledgers,
			of(subject) {
				return new Proxy(opened.ledgers.of(subject), {
					get(ledger, verb) {
						if (verb === "login") calls += 1;
						if (verb !== "login" || broken === 0) return Reflect.get(ledger, verb);
						broken -= 1;
						return async (...asked: Parameters<typeof ledger.login>) => {
							const lost = await ledger.login(...asked);
							if ("payload" in lost) await ledger.revokeSession(lost.sid, null);
							return ledger.login(...asked);
						};
					},
				});
			},
		},
	};
	const services = anIsolate();
	demo = await makeDemoData(services.serverKeys);
	await seedDemo({ ...services, passwords: { ...services.passwords, hash: storedPassword } });
});
afterEach(() => vi.restoreAllMocks());

async function tokenIn(services: Services, minTtl = 0): Promise<string> {
	const { client, secret } = demo.webApp;
	const credentials = {
		method: "client_secret_post",
		methods: ["client_secret_post"],
		id: client.id,
		secret: secret ?? "",
	} as const;
	const request = { account: null, resource: null, sessionId: "s", minTtl, address: null };
	const verdict = await login({ ...request, credential: { kind: "client", credentials } }, services);
	if (verdict.kind !== "logged_in") throw new Error(`Not logged in: ${verdict.kind}`);
	return verdict.token;
}

/** How many tokens are signed meanwhile, and how often the ledger is asked. */
async function costOf(work: () => Promise<unknown>): Promise<{ signatures: number; calls: number }> {
	calls = 0;
	const sign = vi.spyOn(crypto.subtle, "sign");
	await work();
	const signatures = sign.mock.calls.filter(([how]) => typeof how === "object" && how.name !== "HMAC").length;
	sign.mockRestore();
	return { signatures, calls };
}

describe("a login that is repeated because its call broke", () => {
	test("opens another session where the first has ended meanwhile, whose token stays refused", async () => {
		broken = 1;
		const services = anIsolate();
		const token = await tokenIn(services);
		expect(calls).toBe(2);
		expect(await tokenIn(anIsolate())).toBe(token);
		const subject = await clientSubject(demo.webApp.client.id);
		const live = await platform.ledgers.of(subject).listSessions({ all: true, after: "", limit: 10 });
		expect(live.map(({ sid }) => sid)).toEqual([decodeJwt(token)["sid"]]);
	});

	test("is given up where each that it opens is ended", async () => {
		broken = 3;
		await expect(tokenIn(anIsolate())).rejects.toThrow("Three sessions ended");
		expect(calls).toBe(3);
	});
});

test("what an isolate remembers of five thousand sessions has room in it: no long tokens, nor any that nobody kept", () => {
	const sealed = "sealed" as Sealed;
	const [short, long] = [4000, 4001].map((length) => "t".repeat(length) as Clear);
	expect(keptOf(sealed, short!)).toEqual({ sealed, token: short });
	expect(keptOf(sealed, long!)).toBeNull();
	expect(keptOf(undefined, short!)).toBeNull();
});

describe("a login token by ES256", () => {
	test("contract 001: another isolate gives the same bytes, at once or later, and so do logins at the same time", async () => {
		const [one, two, three] = [anIsolate(), anIsolate(), anIsolate()];
		const first = await Promise.all([tokenIn(one), tokenIn(two), tokenIn(one), tokenIn(two)]);
		clock += 7000;
		const tokens = [...first, await tokenIn(one), await tokenIn(three)];
		expect(new Set(tokens).size).toBe(1);
		expect(decodeProtectedHeader(tokens[0]!).alg).toBe("ES256");
		expect((await readSignedToken(tokens[0]!, three)).kind).toBe("valid");
	});

	test("DESIGN §3.9: a new one costs one signature and one call, a live one no signature, a renewed one no more than a new one", async () => {
		const services = anIsolate();
		expect(await costOf(() => tokenIn(services))).toEqual({ signatures: 1, calls: 1 });
		expect(await costOf(() => tokenIn(services))).toEqual({ signatures: 0, calls: 1 });
		clock += 4000;
		expect(await costOf(() => tokenIn(services))).toEqual({ signatures: 0, calls: 1 });
		expect(await costOf(() => tokenIn(services, 3600))).toEqual({ signatures: 1, calls: 1 });
		// Where nothing is known of it, a token is brought in vain; a session that ended meanwhile is asked for twice.
		expect(await costOf(() => tokenIn(anIsolate()))).toEqual({ signatures: 1, calls: 1 });
		const facts = await readSignedToken(await tokenIn(services), services);
		if (facts.kind !== "valid" || facts.facts.origin === "client" || !("sid" in facts.facts.origin)) throw new Error();
		await platform.ledgers.of(facts.facts.subject).revokeSession(facts.facts.origin.sid, null);
		expect(await costOf(() => tokenIn(services))).toEqual({ signatures: 1, calls: 2 });
	});

	test("an isolate that gave it opens no seal to give it again", async () => {
		const services = anIsolate();
		const token = await tokenIn(services);
		const decrypt = vi.spyOn(crypto.subtle, "decrypt");
		expect(await tokenIn(services)).toBe(token);
		expect(decrypt).not.toHaveBeenCalled();
		expect(await tokenIn(anIsolate())).toBe(token);
		expect(decrypt).toHaveBeenCalled();
	});

	test("§4.9: an isolate that remembers a token gives it no more once its session was ended or taken over elsewhere", async () => {
		const [one, other] = [anIsolate(), anIsolate()];
		const first = await tokenIn(one);
		clock += 4000;
		const renewed = await tokenIn(other, 3600);
		expect(renewed).not.toBe(first);
		expect(await tokenIn(one)).toBe(renewed);
		await platform.ledgers.of(await clientSubject(demo.webApp.client.id)).revokeSession((await stored()).sid, null);
		const second = await tokenIn(other);
		expect([first, renewed]).not.toContain(second);
		expect(await tokenIn(one)).toBe(second);
		const { kid } = await one.signingKeys.forAccessToken(null);
		expect(await one.signingKeys.withdraw(kid)).toBe(true);
		const third = await tokenIn(one);
		expect([first, renewed, second]).not.toContain(third);
		clock += 30;
		expect(await tokenIn(other)).toBe(third);
	});

	test("DESIGN §4.6: the ledger keeps no signature in the clear", async () => {
		const token = await tokenIn(anIsolate());
		const session = await stored();
		expect(session.payload).toContain(`"jti"`);
		expect(JSON.stringify(session)).not.toContain(token.split(".")[2]);
	});
});

describe("what a session cannot give again, or gave before", () => {
	test("a signature that cannot be opened any more: another session takes its place", async () => {
		const services = anIsolate();
		const { kid } = await services.signingKeys.forAccessToken(null);
		await plant({ kid, signature: "AQ" as Sealed });
		const token = await tokenIn(services);
		expect(await tokenIn(anIsolate())).toBe(token);
		expect(decodeProtectedHeader(token).alg).toBe("ES256");
	});

	test("one from before signatures were kept is signed again by Ed25519, the same everywhere, until its key is withdrawn", async () => {
		const kid = await anOldRing();
		await plant({ kid });
		const token = await tokenIn(anIsolate());
		expect(decodeProtectedHeader(token)).toEqual({ alg: "EdDSA", kid, typ: "at+jwt" });
		const services = anIsolate();
		expect(await tokenIn(services)).toBe(token);
		expect((await readSignedToken(token, services)).kind).toBe("valid");
		expect(await services.signingKeys.withdraw(kid)).toBe(true);
		expect(decodeProtectedHeader(await tokenIn(services)).alg).toBe("ES256");
	});

	test("a ring from before, which nobody chose, verifies what it signed, and ends a day after it would have changed", async () => {
		const kid = await anOldRing();
		const services = anIsolate();
		const published = async () => (await services.signingKeys.publicKeys()).map((key) => key.kid);
		expect(await published()).toContain(kid);
		clock += 30 * 86_400;
		await services.signingKeys.rotate();
		clock += 86_400;
		await services.signingKeys.rotate();
		expect(await published()).toContain(kid);
		clock += 3600;
		await services.signingKeys.rotate();
		expect(await published()).not.toContain(kid);
		expect(await platform.keyRings.published("EdDSA")).toBeNull();
	});
});

async function stored() {
	const ledger = platform.ledgers.of(await clientSubject(demo.webApp.client.id));
	const [session] = await ledger.listSessions({ all: true, after: "", limit: 1 });
	if (!session) throw new Error("There is no session");
	return session;
}

/** The session that {@link tokenIn} will ask for, as something else left it. */
async function plant({ kid, signature }: { kid: string; signature?: Sealed }): Promise<LoggedIn> {
	await tokenIn(anIsolate());
	const { sid: before, scope, payload, credential, accountId, sessionId } = await stored();
	const subject = await clientSubject(demo.webApp.client.id);
	await platform.ledgers.of(subject).revokeSession(before, null);
	const sid = randomId(systemRandom);
	return platform.ledgers.of(subject).login(
		{ kind: "proved", credential: credential as "client_secret", accountId },
		{
			sessionId,
			minTtl: 0,
			kids: [kid],
			notBefore: 0,
			isFresh: true,
			policies: null,
			offer: {
				scope,
				claims: JSON.parse(payload),
				kid,
				sid,
				issuedAt: clock,
				expiresAt: clock + 7200,
				...(signature && { signature: { sid, sealed: signature } }),
			},
		},
	);
}

/** As it was when Ed25519 signed access tokens. */
async function anOldRing(): Promise<string> {
	const { serverKeys } = anIsolate();
	const make = async () => {
		const { privateJwk, ...key } = await generateSigningKey("EdDSA");
		const sealed = await sealText(serverKeys, "signing key", key.kid, privateJwk);
		return { ...key, algorithm: "EdDSA", privateJwk: sealed, createdAt: clock } as const;
	};
	const [current, next] = [await make(), await make()];
	writeRing({ current, next, currentSince: clock, previous: [] });
	return current.kid;
}
