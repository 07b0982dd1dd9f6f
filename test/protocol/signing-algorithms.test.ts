import {
	createLocalJWKSet,
	decodeProtectedHeader,
	exportSPKI,
	importJWK,
	type JSONWebKeySet,
	type JWK,
	jwtVerify,
	SignJWT,
} from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { randomId, systemRandom } from "../../src/crypto/random.ts";
import { ringAlgorithms } from "../../src/domain/signing-key-ring.ts";
import { anIntegration, change, create, read } from "../support/integrations.ts";
import { aClientSignedBy, awaitedKeys } from "../support/key-set.ts";
import { loggedIn } from "../support/logins.ts";
import { signedInTo, userinfo } from "../support/openid.ts";
import { generated } from "../support/pairs.ts";
import { aClient } from "../support/registered.ts";
import { ask, refusal } from "../support/requests.ts";
import { registerClient } from "../support/self-registered.ts";
import { ourKey, signedByUs } from "../support/signed-by-us.ts";
import { advance, demo, issuer, now } from "../support/target.ts";
import {
	askForToken,
	claimsOf,
	environments,
	granted,
	introspect,
	refresh,
	type Registered,
	revoke,
	tokensOf,
} from "../support/tokens.ts";

const { webApp } = demo;

async function keySet(): Promise<JSONWebKeySet> {
	return JSON.parse((await ask("/.well-known/jwks.json")).text);
}

/** RFC 9068 §4, by a resource server that has fetched the key set at some time. */
async function verifiedBy(keys: JSONWebKeySet, token: string): Promise<string> {
	const { protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys), {
		issuer,
		audience: issuer,
		typ: "at+jwt",
		currentDate: new Date(now() * 1000),
	});
	return protectedHeader.alg;
}

function algorithmOf(token: string): string {
	return String(decodeProtectedHeader(token).alg);
}

/** By every grant type that the demonstration's application has. */
async function allTokens(client: Registered): Promise<readonly string[]> {
	const first = await granted(client);
	const next = tokensOf(await refresh(first.refreshToken, { client }));
	const own = tokensOf(await askForToken({ client }, { grant_type: "client_credentials" }));
	return [first.accessToken, next.accessToken, own.accessToken];
}

/** What comes of presenting a token of the demonstration's application. */
async function presented(token: string) {
	const { active } = await introspect(token, webApp);
	return { resource: (await environments(token)).status, userinfo: (await userinfo(token)).status, active };
}

const good = { resource: 200, userinfo: 403, active: true };
const refused = { resource: 401, userinfo: 401, active: false };

describe("RFC 9068 §2.1: ES256 where nobody chose", () => {
	// Spring Security 7.1.2 (by issuer-uri), axioms-fastapi 0.0.13, joserfc 1.8.0 and Debian's mod_oauth2 3.3.1 verify by the key set and
	// take no EdDSA, or not unless told.
	test("whatever is issued, login tokens and token pairs too, is verified by the key set", async () => {
		const keys = await keySet();
		const tokens = [...(await allTokens(webApp)), await loggedIn(ofDemo), (await generated()).read.access];
		for (const token of tokens) expect(await verifiedBy(keys, token)).toBe("ES256");
	});

	test("the key set has RSA before EC, and nothing that nobody chose: a verifier may give up at what it does not know", async () => {
		const { keys } = await keySet();
		expect(keys.map(({ kty, alg }) => `${kty} ${alg}`)).toEqual(["RSA RS256", "RSA RS256", "EC ES256", "EC ES256"]);
		// Neither does whoever names one.
		for (const alg of ["EdDSA", "PS256"]) {
			const header = btoa(JSON.stringify({ alg, kid: "unknown", typ: "at+jwt" })).replaceAll("=", "");
			expect(refusal(await environments(`${header}.e30.AAAA`))).toBe("401 invalid_token");
		}
		expect(await keySet()).toEqual({ keys });
	});
});

describe("access_token_signed_response_alg", () => {
	test("a choice that is new signs once no cached key set can be without its keys; all that was before is verified by an old one", async () => {
		const cached = await keySet();
		const client = await anIntegration({ ...application, ...chosen("EdDSA") });
		const published = await awaitedKeys("EdDSA");
		expect(await verifiedBy(cached, (await granted(client)).accessToken)).toBe("ES256");
		await advance(599);
		const grant = await granted(client);
		expect(await verifiedBy(cached, grant.accessToken)).toBe("ES256");
		await advance(1);
		const { accessToken } = tokensOf(await refresh(grant.refreshToken, { client }));
		expect(decodeProtectedHeader(accessToken)).toEqual({ alg: "EdDSA", kid: published[0]?.kid, typ: "at+jwt" });
		// What a resource server cached for five minutes, it had fetched after the keys were there.
		expect(await verifiedBy(await keySet(), accessToken)).toBe("EdDSA");
		expect((await keySet()).keys.map(({ kty }) => kty)).toEqual(["RSA", "RSA", "EC", "EC", "OKP", "OKP"]);
	});

	// axa-fr-oidc 2.2.0 reads RSA keys alone, fastmcp 4.2.3 takes RS256 unless told.
	test.each(ringAlgorithms)(
		"RFC 9068 §2.1: RS256, which has to be supported, and each other is signed with for every grant type, verified by the key set, and opens the same: %s",
		async (alg) => {
			const client = await aClientSignedBy(alg);
			for (const token of await allTokens(client)) {
				expect(await verifiedBy(await keySet(), token)).toBe(alg);
				expect((await environments(token)).status).toBe(200);
				expect(await introspect(token, client)).toMatchObject({ active: true });
			}
			const { accessToken } = await signedInTo(client);
			expect([algorithmOf(accessToken), (await userinfo(accessToken)).status]).toEqual([alg, 200]);
			await revoke(accessToken, client);
			expect((await userinfo(accessToken)).status).toBe(401);
		},
	);

	test("it says nothing of id_tokens, nor id_token_signed_response_alg of access tokens", async () => {
		const client = await aClient(webApp, { options: { accessTokenAlg: "RS256", idTokenAlg: "ES256" } });
		const { accessToken, idToken } = await signedInTo(client);
		expect([accessToken, idToken].map(algorithmOf)).toEqual(["RS256", "ES256"]);
	});

	test("the API takes it, shows it, changes it and takes it away; what is none is refused", async () => {
		const made = await anIntegration({ ...application, ...chosen("RS256") });
		expect((await read(made)).body).toMatchObject(chosen("RS256"));
		expect((await change(made, chosen("PS256"))).body).toMatchObject(chosen("PS256"));
		expect((await change(made, chosen("ES256"))).body).toMatchObject(chosen("ES256"));
		for (const alg of ["HS256", "none", "Ed25519", "es256", "", 5]) {
			expect([alg, (await create({ ...application, ...chosen(alg) })).status]).toEqual([alg, 400]);
		}
	});

	test("RFC 7591 §3.2.1: software gets what it chose, and in the place of what is not supported what is preset, and is shown it", async () => {
		for (const alg of ringAlgorithms) expect((await registerClient(chosen(alg))).body).toMatchObject(chosen(alg));
		for (const alg of ["HS256", "none", "ES512", "Ed25519"]) {
			expect((await registerClient(chosen(alg))).body).toMatchObject(chosen("ES256"));
		}
	});
});

describe("RFC 8725 §2.1, §3.1: a key is good for its own algorithm, and no other key for it", () => {
	let claims: Record<string, unknown>;
	beforeAll(async () => {
		for (const alg of ringAlgorithms) await aClientSignedBy(alg);
		claims = claimsOf((await granted(webApp)).accessToken);
	});
	/** With an id of its own, since one that is refused might be revoked. */
	const fresh = () => ({ ...claims, jti: randomId(systemRandom) });

	test("under each ring's own key and algorithm it is good: what follows fails for what it is", async () => {
		for (const alg of ringAlgorithms) expect(await presented(await signedByUs(fresh(), { alg }))).toEqual(good);
	});

	test("signed by one ring's key, under another's kid", async () => {
		for (const alg of ringAlgorithms) {
			for (const other of ringAlgorithms.filter((each) => each !== alg)) {
				expect(
					await presented(await signedByUs(fresh(), { alg, claimed: { kid: (await ourKey(other)).kid } })),
				).toEqual(refused);
			}
		}
	});

	test("RFC 7518 §3.5: an RSA key of ours by the other RSA algorithm", async () => {
		expect(await presented(await signedByUs(fresh(), { alg: "RS256", claimed: { alg: "PS256" } }))).toEqual(refused);
		expect(await presented(await signedByUs(fresh(), { alg: "PS256", claimed: { alg: "RS256" } }))).toEqual(refused);
	});

	test("a true signature, and an `alg` that is not its key's", async () => {
		for (const alg of ringAlgorithms) {
			const token = await signedByUs(fresh(), { alg });
			const [, payload, signature] = token.split(".");
			for (const other of [...ringAlgorithms, "none", "HS256", "ES384", "Ed25519"].filter((each) => each !== alg)) {
				expect(
					await presented(`${encoded({ ...decodeProtectedHeader(token), alg: other })}.${payload}.${signature}`),
				).toEqual(refused);
			}
		}
	});

	test("HS256 by what is published of a key, in each of its forms", async () => {
		for (const jwk of (await keySet()).keys) {
			for (const secret of await publishedForms(jwk)) {
				const header = { alg: "HS256", kid: String(jwk.kid), typ: "at+jwt" };
				expect(
					await presented(await new SignJWT(fresh()).setProtectedHeader(header).sign(Buffer.from(secret))),
				).toEqual(refused);
			}
		}
	});

	test("RFC 7518 §3.4: an ES256 signature in DER, or of another length", async () => {
		const token = await signedByUs(fresh());
		const start = token.lastIndexOf(".") + 1;
		const signature = Buffer.from(token.slice(start), "base64url");
		const forms = [
			derOf(signature),
			signature.subarray(0, 63),
			Buffer.concat([signature, Buffer.alloc(1)]),
			Buffer.alloc(64),
		];
		for (const form of forms)
			expect(await presented(token.slice(0, start) + form.toString("base64url"))).toEqual(refused);
		expect(await presented(token)).toEqual(good);
	});

	test("an ES256 signature (r, n - s), which anybody can make of (r, s): one token has one text", async () => {
		for (const token of [await signedByUs(fresh()), (await granted(webApp)).accessToken, await loggedIn(ofDemo)]) {
			const start = token.lastIndexOf(".") + 1;
			const signature = Buffer.from(token.slice(start), "base64url");
			const s = BigInt(`0x${signature.subarray(32).toString("hex")}`);
			const other = Buffer.from((orderOfP256 - s).toString(16).padStart(64, "0"), "hex");
			const twin = token.slice(0, start) + Buffer.concat([signature.subarray(0, 32), other]).toString("base64url");
			// Elsewhere it verifies.
			expect(await verifiedBy(await keySet(), twin)).toBe("ES256");
			expect(await presented(twin)).toEqual(refused);
		}
	});
});

const application = {
	kind: "application",
	redirect_urls: ["https://radar.example/done"],
	scopes: ["environments:read"],
	acts_for_itself: true,
};
const ofDemo = { api_key: demo.apiKey.accessCode };
const orderOfP256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function chosen(alg: unknown) {
	return { access_token_signed_response_alg: alg };
}

function encoded(part: object): string {
	return Buffer.from(JSON.stringify(part)).toString("base64url");
}

async function publishedForms(jwk: JWK): Promise<readonly (string | Buffer)[]> {
	const key = await importJWK(jwk);
	if (key instanceof Uint8Array) throw new TypeError("A public key is not symmetric");
	const pem = await exportSPKI(key);
	const der = Buffer.from(pem.replaceAll(/-----[^-]*-----|\s/g, ""), "base64");
	const { x = "", n = x } = jwk;
	return [pem, `${pem}\n`, der, JSON.stringify(jwk), n, Buffer.from(n, "base64url")];
}

/** RFC 3279 §2.2.3 */
function derOf(signature: Buffer): Buffer {
	const body = Buffer.concat([derInteger(signature.subarray(0, 32)), derInteger(signature.subarray(32))]);
	return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

function derInteger(bytes: Buffer): Buffer {
	const trimmed = Buffer.from(bytes.toString("hex").replace(/^(00)+/, ""), "hex");
	const value = trimmed[0]! & 0x80 ? Buffer.concat([Buffer.alloc(1), trimmed]) : trimmed;
	return Buffer.concat([Buffer.of(2, value.length), value]);
}
