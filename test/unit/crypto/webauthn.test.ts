import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../../src/crypto/digest.ts";
import { isSignedBy, readAssertion, readRegistration } from "../../../src/crypto/webauthn.ts";
import { type Ceremony, problemOf } from "../../../src/domain/passkey.ts";
import { type Said, type SoftAlgorithm, softPasskey } from "../../support/software-authenticator.ts";

const rpId = "login.example";
const origin = "https://login.example";
const challenge = "Y2hhbGxlbmdlLWNoYWxsZW5nZQ";
const creation = { rp: { id: rpId }, user: { id: "dXNyX2FueV8x" }, challenge };
const request = { rpId, challenge };

async function ceremony(type: Ceremony["type"]): Promise<Ceremony> {
	return { type, origin, rpIdHash: await sha256(rpId) };
}

/** By ours: null where it is no registration at all. */
async function registers(text: string): Promise<boolean> {
	const made = readRegistration(text);
	const problem = made && problemOf(made.client, made.device, await ceremony("webauthn.create"));
	return problem === null && made?.client.challenge === challenge;
}

async function theyRegister(text: string) {
	const expected = { expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rpId };
	try {
		const { verified, registrationInfo } = await verifyRegistrationResponse({
			response: JSON.parse(text),
			...expected,
		});
		return verified ? registrationInfo : null;
	} catch {
		return null;
	}
}

/** Both verdicts, of one that was registered as it should be. */
async function signsIn(algorithm: SoftAlgorithm, said: Said, counter = 0): Promise<{ ours: boolean; theirs: boolean }> {
	const passkey = await softPasskey(algorithm);
	const made = await passkey.create(creation, origin);
	const key = readRegistration(made)?.key;
	const known = await theyRegister(made);
	const text = await passkey.get(request, origin, said);
	const assertion = await readAssertion(text);
	if (!key || !known || !assertion) throw new Error("not registered");
	const problem = problemOf(assertion.client, assertion.device, await ceremony("webauthn.get"));
	const { signCount } = assertion.device;
	const counts = signCount > counter || (signCount === 0 && counter === 0);
	const ours = problem === null && assertion.client.challenge === challenge && isSignedBy(key, assertion) && counts;
	const theirs = await verifyAuthenticationResponse({
		response: JSON.parse(text),
		expectedChallenge: challenge,
		expectedOrigin: origin,
		expectedRPID: rpId,
		credential: { ...known.credential, counter },
	}).then(
		({ verified }) => verified,
		() => false,
	);
	return { ours, theirs };
}

const good: Said = {};
const bad = {
	"another origin": { origin: "https://login.example.evil.example" },
	"another port": { origin: "https://login.example:8443" },
	"another challenge": { challenge: "YW5vdGhlcg" },
	"another ceremony": { type: "webauthn.unknown" },
	"another host's passkey": { rpId: "evil.example" },
	"a page in a frame": { crossOrigin: true, topOrigin: "https://evil.example" },
	"a page above it": { topOrigin: "https://evil.example" },
	"nobody there": { flags: 0x04 },
	"no PIN and no finger": { flags: 0x01 },
	"a backup of what cannot be backed up": { flags: 0x15 },
} as const satisfies Readonly<Record<string, Said>>;

describe("what a passkey's device says", () => {
	test.each(["ES256", "EdDSA", "RS256"] as const)(
		"WebAuthn §7.1, §7.2: a key of %s is registered, and signs, as for SimpleWebAuthn",
		async (algorithm) => {
			expect(await signsIn(algorithm, good)).toEqual({ ours: true, theirs: true });
			expect(await signsIn(algorithm, { isForged: true })).toEqual({ ours: false, theirs: false });
			expect(await signsIn(algorithm, { signCount: 4 }, 3)).toEqual({ ours: true, theirs: true });
			expect(await signsIn(algorithm, { signCount: 3 }, 3)).toEqual({ ours: false, theirs: false });
			expect(await signsIn(algorithm, { signCount: 0 }, 3)).toEqual({ ours: false, theirs: false });
		},
	);

	test.each(Object.entries(bad))("WebAuthn §7.2: %s signs nobody in, nor for SimpleWebAuthn", async (_, said) => {
		expect(await signsIn("ES256", said)).toEqual({ ours: false, theirs: false });
	});

	const atRegistration = Object.entries(bad).filter(([, said]) => !("topOrigin" in said));
	test.each(atRegistration)("WebAuthn §7.1: %s registers nothing, nor for SimpleWebAuthn", async (_, said) => {
		const passkey = await softPasskey();
		const text = await passkey.create(creation, origin, said);
		expect([await registers(text), await theyRegister(text)]).toEqual([false, null]);
		const asItShould = await passkey.create(creation, origin);
		expect([await registers(asItShould), (await theyRegister(asItShould))?.credential.id]).toEqual([true, passkey.id]);
	});

	test("WebAuthn §7.1 (10), §7.2 (13): a frame of another site is refused, whether or not its browser says whose", async () => {
		// SimpleWebAuthn asks for the site above, which not every browser says.
		expect(await signsIn("ES256", { crossOrigin: true })).toMatchObject({ ours: false });
		const text = await (await softPasskey()).create(creation, origin, { crossOrigin: true });
		expect(await registers(text)).toBe(false);
	});

	test("every signature in DER is read, short ones too", async () => {
		const passkey = await softPasskey();
		const key = readRegistration(await passkey.create(creation, origin))?.key;
		// One in 128 has an integer of fewer bytes than the others.
		for (let each = 0; each < 300; each++) {
			const assertion = await readAssertion(await passkey.get(request, origin));
			expect(assertion && key && isSignedBy(key, assertion)).toBe(true);
		}
	});

	test("text that is no response is none, whatever of it is missing", async () => {
		const passkey = await softPasskey();
		const made = await passkey.create(creation, origin);
		const signed = await passkey.get(request, origin);
		for (const [text, read] of [
			[made, readRegistration],
			[signed, readAssertion],
		] as const) {
			const whole = JSON.parse(text) as Record<string, unknown> & { response: Record<string, unknown> };
			const parts = Object.keys(whole.response).filter((each) => each !== "transports" && each !== "userHandle");
			const spoilt = [
				"",
				"null",
				"[]",
				"{",
				"[".repeat(200),
				JSON.stringify({ ...whole, type: "password" }),
				JSON.stringify({ ...whole, id: 7 }),
				JSON.stringify({ ...whole, response: null }),
				...parts.flatMap((part) =>
					[undefined, 7, "", "e30", "bnVsbA", "!"].map((value) =>
						JSON.stringify({ ...whole, response: { ...whole.response, [part]: value } }),
					),
				),
			];
			for (const each of spoilt) {
				const found = await read(each);
				// What is JSON with nothing in it is refused by the rules.
				const problem = found && problemOf(found.client, found.device, await ceremony("webauthn.get"));
				const isGood = found !== null && problem === null;
				expect([each, isGood && "signature" in found && found.signature.length > 20]).toEqual([each, false]);
			}
		}
	});

	test("WebAuthn §6.5.1: a credential that says it is another, is cut off, or has a key that we did not ask for is none", async () => {
		const passkey = await softPasskey();
		expect(readRegistration(await passkey.create(creation, origin, { id: "YW5vdGhlcg" }))).toBeNull();
		const whole = JSON.parse(await passkey.create(creation, origin)) as {
			response: { attestationObject: string };
		};
		const bytes = Buffer.from(whole.response.attestationObject, "base64url");
		const at = (change: (copy: Buffer) => Buffer) => {
			const attestationObject = change(Buffer.from(bytes)).toString("base64url");
			return readRegistration(JSON.stringify({ ...whole, response: { ...whole.response, attestationObject } }));
		};
		expect(at((copy) => copy)).not.toBeNull();
		for (let length = 0; length < bytes.length; length += 7) expect(at((copy) => copy.subarray(0, length))).toBeNull();
		// The last 32 bytes are y: with another one it is no point of the curve.
		expect(at((copy) => copy.fill(1, copy.length - 32))).toBeNull();
		// A point of P-256 that says it is for EdDSA (-8, 0x27).
		const alg = bytes.lastIndexOf(Buffer.from([0x03, 0x26]));
		expect(at((copy) => Buffer.from(copy.fill(0x27, alg + 1, alg + 2)))).toBeNull();
	});
});
