import { CompactSign, createLocalJWKSet, jwtVerify, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { base64url, utf8 } from "../../../src/crypto/encoding.ts";
import {
	claimedKey,
	generateSigningKey,
	importSigningKey,
	isSignedBy,
	readUnverified,
	signPayload,
	verifyAccessToken,
	verifyIdToken,
} from "../../../src/crypto/jwt.ts";
import { respelled } from "../../support/respelled.ts";

const now = 1_800_000_000;
const claims = { iss: "https://a", aud: "https://a", sub: "s", client_id: "c", jti: "j", iat: now, exp: now + 60 };
const expected = { algorithm: "EdDSA", issuer: "https://a", audience: "https://a", now } as const;

async function aKey() {
	const made = await generateSigningKey("EdDSA");
	const [privateKey, publicKey] = await Promise.all([
		importSigningKey(JSON.parse(made.privateJwk), "EdDSA"),
		importSigningKey(made.publicJwk, "EdDSA"),
	]);
	const sign = (payload: object) =>
		signPayload(JSON.stringify(payload), { alg: "EdDSA", kid: made.kid, typ: "at+jwt" }, privateKey);
	return { ...made, privateKey, publicKey, sign };
}

describe("signing", () => {
	test("the public part holds nothing private, and the kid is its thumbprint (RFC 7638)", async () => {
		const { publicJwk, kid } = await aKey();
		expect(Object.keys(publicJwk).toSorted()).toEqual(["crv", "kty", "x"]);
		const text = `{"crv":"Ed25519","kty":"OKP","x":"${publicJwk.x}"}`;
		const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
		expect(kid).toBe(Buffer.from(digest).toString("base64url"));
	});

	test("contract 001: the same payload under the same key is the same token, byte for byte", async () => {
		const { privateKey, kid } = await aKey();
		const sign = (header: { alg: "EdDSA"; kid: string; typ: "at+jwt" }) => signPayload('{"a":1}', header, privateKey);
		const token = await sign({ alg: "EdDSA", kid, typ: "at+jwt" });
		expect(await sign({ typ: "at+jwt", kid, alg: "EdDSA" })).toBe(token);
		expect(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).toBe('{"a":1}');
	});

	test.each(["EdDSA", "RS256"] as const)(
		"%s, which signs the same way each time: byte for byte what jose writes",
		async (alg) => {
			const { kid, privateJwk } = await generateSigningKey(alg);
			const key = await importSigningKey(JSON.parse(privateJwk), alg);
			const header = { alg, kid, typ: "at+jwt" } as const;
			const theirs = new CompactSign(utf8('{"é":"𝄞"}')).setProtectedHeader(header);
			expect(await signPayload('{"é":"𝄞"}', header, key)).toBe(await theirs.sign(key));
		},
	);

	test("whoever has the JWKS verifies it", async () => {
		const { sign, publicJwk, kid } = await aKey();
		const set = createLocalJWKSet({ keys: [{ ...publicJwk, kid, use: "sig", alg: "EdDSA" }] });
		const { payload } = await jwtVerify(await sign(claims), set, { typ: "at+jwt", currentDate: new Date(now * 1000) });
		expect(payload).toEqual(claims);
	});
});

describe("verifying", () => {
	test("valid, expired and invalid are told apart", async () => {
		const { sign, publicKey } = await aKey();
		const token = await sign(claims);
		expect(await verifyAccessToken(token, publicKey, expected)).toEqual({ kind: "valid", claims });
		expect((await verifyAccessToken(token, publicKey, { ...expected, now: now + 59 })).kind).toBe("valid");
		expect(await verifyAccessToken(token, publicKey, { ...expected, now: now + 60 })).toEqual({
			kind: "expired",
			claims,
		});
		const other = await aKey();
		expect(await verifyAccessToken(token, other.publicKey, expected)).toEqual({ kind: "invalid" });
		// Of a stranger's token nobody is told that it has expired.
		const late = { ...expected, now: now + 60 };
		expect(await verifyAccessToken(token, other.publicKey, late)).toEqual({ kind: "invalid" });
		expect(await verifyAccessToken("nonsense", publicKey, expected)).toEqual({ kind: "invalid" });
	});

	test.each(["iss", "aud", "sub", "client_id", "jti", "iat", "exp"])(
		"RFC 9068 §2.2: without %s it is none",
		async (name) => {
			const { sign, publicKey } = await aKey();
			const token = await sign({ ...claims, [name]: undefined });
			expect(await verifyAccessToken(token, publicKey, expected)).toEqual({ kind: "invalid" });
		},
	);

	test("RFC 9068 §4: another typ or issuer is none", async () => {
		const { sign, privateKey, publicKey, kid } = await aKey();
		const jwt = await new SignJWT(claims).setProtectedHeader({ alg: "EdDSA", kid, typ: "JWT" }).sign(privateKey);
		for (const token of [jwt, await sign({ ...claims, iss: "https://b" })]) {
			expect(await verifyAccessToken(token, publicKey, expected)).toEqual({ kind: "invalid" });
		}
	});

	test("a key that verifies nothing is a mistake of ours, not of the token", async () => {
		const { sign, privateKey } = await aKey();
		await expect(verifyAccessToken(await sign(claims), privateKey, expected)).rejects.toThrow(TypeError);
	});

	test.each(["EdDSA", "RS256", "PS256", "ES256"] as const)(
		"RFC 8725 §3.1: a key that is not public, or of another kind, has signed nothing (%s)",
		async (algorithm) => {
			const { publicJwk, privateJwk, kid } = await generateSigningKey(algorithm);
			const privateKey = await importSigningKey(JSON.parse(privateJwk), algorithm);
			const token = await signPayload("{}", { alg: algorithm, kid, typ: "JWT" }, privateKey);
			expect(await isSignedBy(token, publicJwk, algorithm)).toBe(true);
			const secret = utf8(JSON.stringify(publicJwk));
			const mac = await new SignJWT({}).setProtectedHeader({ alg: "HS256", kid }).sign(secret);
			const symmetric = { kty: "oct", k: base64url(secret) };
			const other = await generateSigningKey(algorithm === "ES256" ? "EdDSA" : "ES256");
			for (const key of [JSON.parse(privateJwk), symmetric, { ...symmetric, alg: "HS256" }, other.publicJwk, {}]) {
				for (const each of [token, mac]) expect([key, await isSignedBy(each, key, algorithm)]).toEqual([key, false]);
			}
		},
	);

	test("the key that is named by whatever is presented", async () => {
		const { sign, kid } = await aKey();
		expect(claimedKey(await sign(claims))).toEqual({ alg: "EdDSA", kid });
		expect(claimedKey("e30.e30.")).toEqual({ alg: undefined, kid: null });
		for (const text of ["", "a", "a.b.c", ".."]) expect(claimedKey(text)).toBeNull();
	});
});

/** Signed as it is written, whatever is wrong with it. */
async function signed(header: string, payload: string, key: CryptoKey): Promise<string> {
	const bytes = await crypto.subtle.sign("Ed25519", key, utf8(`${header}.${payload}`));
	return base64url(new Uint8Array(bytes));
}

describe("RFC 7515 §2, RFC 4648 §3.5: each part has one spelling", () => {
	// Each length leaves another number of stray bits.
	test.each(["", "x", "xx"])("and every other one is no token, by whoever it was signed (%j)", async (more) => {
		const { privateKey, publicKey, publicJwk, kid } = await aKey();
		const readings = async (token: string, typ: string) => {
			const hint = await verifyIdToken(token, publicKey, expected);
			const { kind } = await verifyAccessToken(token, publicKey, expected);
			return {
				kid: claimedKey(token)?.kid ?? null,
				claims: readUnverified(token)?.claims ?? null,
				isSigned: await isSignedBy(token, publicJwk, "EdDSA"),
				verified: typ === "JWT" ? hint : kind,
			};
		};
		for (const typ of ["JWT", "at+jwt"]) {
			const said = { ...claims, more };
			const header = base64url(utf8(JSON.stringify({ alg: "EdDSA", kid, typ, more })));
			const payload = base64url(utf8(JSON.stringify(said)));
			const signature = await signed(header, payload, privateKey);
			const good = { kid, claims: said, isSigned: true, verified: typ === "JWT" ? said : "valid" };
			expect(await readings(`${header}.${payload}.${signature}`, typ)).toEqual(good);
			const others = [
				...respelled(header).map(async (other) => `${other}.${payload}.${await signed(other, payload, privateKey)}`),
				...respelled(payload).map(async (other) => `${header}.${other}.${await signed(header, other, privateKey)}`),
				...respelled(signature).map(async (other) => `${header}.${payload}.${other}`),
			];
			const none = { kid: null, claims: null, isSigned: false, verified: typ === "JWT" ? null : "invalid" };
			for (const other of await Promise.all(others)) expect([other, await readings(other, typ)]).toEqual([other, none]);
		}
	});
});
