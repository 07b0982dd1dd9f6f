import { beforeEach, describe, expect, test } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { base64url, utf8 } from "../../../src/crypto/encoding.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { RingAlgorithm } from "../../../src/domain/signing-key-ring.ts";
import { subjectId } from "../../../src/domain/subject.ts";
import { signAccessToken } from "../../../src/operations/signing/access-token.ts";
import { readSignedToken } from "../../../src/operations/checks/check-token.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { type Services } from "../../../src/operations/services.ts";
import { respelled } from "../../support/respelled.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";

let clock = 1_800_000_000;
const now = () => clock;
let services: Services;
/** The rings that were read, by their algorithms. */
let read: RingAlgorithm[];

beforeEach(() => {
	clock = 1_800_000_000;
	read = [];
	const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` });
	const { platform } = openPlatform(":memory:", { now });
	const { keyRings } = platform;
	const published = (algorithm: RingAlgorithm) => {
		read.push(algorithm);
		return keyRings.published(algorithm);
	};
	services = createServices(
		config,
		{ ...platform, keyRings: { ...keyRings, published } },
		{ now, random: systemRandom, log: () => {} },
	);
});

async function aToken(ttl: number): Promise<string> {
	const id = "A".repeat(22);
	const subject = subjectId({ kind: "person", home: "any", id });
	const facts = { subject, accountId: id, clientId: "client", scope: ["events:read"], grantId: id, senderKey: null };
	const signer = await services.signingKeys.forAccessToken(null);
	return (await signAccessToken({ ...facts, ttl, notAfter: clock + ttl }, signer, services)).token;
}

describe("a token that was read a moment ago", () => {
	test("RFC 7519 §4.1.4: expires at its own time, remembered or not", async () => {
		const token = await aToken(20);
		clock += 19;
		expect(await readSignedToken(token, services)).toMatchObject({ kind: "valid", facts: { scope: ["events:read"] } });
		clock += 1;
		expect(await readSignedToken(token, services)).toMatchObject({
			kind: "expired",
			facts: { scope: ["events:read"] },
		});
	});

	test("vouches for no other: one changed character is another token", async () => {
		const token = await aToken(20);
		await readSignedToken(token, services);
		const changed = token.split("").map((character, at) => {
			const other = character === "A" ? "B" : "A";
			return token.slice(0, at) + other + token.slice(at + 1);
		});
		for (const forged of [...changed, token.slice(0, token.lastIndexOf(".")), `${token}.`, ""]) {
			expect(await readSignedToken(forged, services)).toEqual({ kind: "invalid" });
		}
	});

	test("RFC 4648 §3.5: nor is another spelling of its bytes the same token", async () => {
		const token = await aToken(20);
		await readSignedToken(token, services);
		const start = token.lastIndexOf(".") + 1;
		for (const signature of respelled(token.slice(start))) {
			expect(await readSignedToken(token.slice(0, start) + signature, services)).toEqual({ kind: "invalid" });
		}
	});
});

test("what a token names as its algorithm says which ring is read, and no other is", async () => {
	const token = await aToken(120);
	read = [];
	clock += 60;
	expect(await readSignedToken(token, services)).toMatchObject({ kind: "valid" });
	expect(read).toEqual(["ES256"]);

	read = [];
	const [, payload, signature] = token.split(".");
	const kid = (await services.signingKeys.forAccessToken(null)).kid;
	for (const alg of ["none", "HS256", "constructor", 1, null, undefined]) {
		const header = base64url(utf8(JSON.stringify({ alg, kid, typ: "at+jwt" })));
		expect(await readSignedToken(`${header}.${payload}.${signature}`, services)).toEqual({ kind: "invalid" });
	}
	expect(read).toEqual([]);
});
