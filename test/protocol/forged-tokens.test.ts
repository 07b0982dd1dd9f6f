import { CompactSign, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { randomId, systemRandom } from "../../src/crypto/random.ts";
import { loggedIn, opens } from "../support/logins.ts";
import { userinfo } from "../support/openid.ts";
import { ask, bearer, refusal } from "../support/requests.ts";
import { respelled } from "../support/respelled.ts";
import { signedByUs } from "../support/signed-by-us.ts";
import { demo, issuer, now } from "../support/target.ts";
import { claimsOf, environments, granted, introspect, revoke } from "../support/tokens.ts";

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

// RFC 8725 and RFC 9068 §4: whoever may present anything presents these.
let good: string;
let claims: Record<string, unknown>;
let header: { alg: string; kid: string; typ: string };
let published: JWK;
let stranger: KeyPair;

beforeAll(async () => {
	good = (await granted()).accessToken;
	claims = claimsOf(good);
	header = JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(good.split(".")[0]!, { alphabet: "base64url" })));
	const { keys }: { keys: JWK[] } = JSON.parse((await ask("/.well-known/jwks.json")).text);
	published = keys.find(({ kid }) => kid === header.kid)!;
	stranger = await generateKeyPair("ES256", { extractable: true });
});

function encode(value: unknown): string {
	const bytes = new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
	return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

function resign(changes: Record<string, unknown>, headerChanges: Record<string, unknown> = {}): Promise<string> {
	const { alg, kid, typ } = { ...header, ...headerChanges };
	return new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg, kid, typ }).sign(stranger.privateKey);
}

/** What comes of presenting a token everywhere; that it revokes nothing, though it names a token that it could. */
async function presented(token: string) {
	return {
		resource: refusal(await environments(token)),
		introspection: await introspect(token),
		sessions: refusal(await ask("/auth/sessions", { headers: bearer(token) })),
		revocation: (await revoke(token)).status,
		goodOne: (await environments(good)).status,
	};
}

const refused = {
	resource: "401 invalid_token",
	introspection: { active: false },
	sessions: "401 Unauthorized",
	revocation: 200,
	goodOne: 200,
};

describe("a token that we did not sign is refused", () => {
	test.each(["none", "None", "NONE"])("RFC 8725 §2.1: `alg` %s", async (alg) => {
		const body = `${encode({ ...header, alg })}.${encode(claims)}`;
		expect(await presented(`${body}.`)).toEqual(refused);
		expect(await presented(`${body}.${good.split(".")[2]}`)).toEqual(refused);
	});

	test("RFC 8725 §2.1: HS256 with our public key as secret", async () => {
		const { x = "" } = published;
		const secrets = [
			Uint8Array.fromBase64(x, { alphabet: "base64url" }),
			new TextEncoder().encode(JSON.stringify(published)),
		];
		for (const secret of secrets) {
			const token = await new SignJWT(claims)
				.setProtectedHeader({ alg: "HS256", kid: header.kid, typ: "at+jwt" })
				.sign(secret);
			expect(await presented(token)).toEqual(refused);
		}
	});

	test("a stranger's key under our kid", async () => {
		expect(await presented(await resign({}))).toEqual(refused);
	});

	test("a stranger's key that the header brings along (`jwk`, `jku`, `x5u`)", async () => {
		const jwk = await exportJWK(stranger.publicKey);
		const payload = new TextEncoder().encode(JSON.stringify(claims));
		for (const extra of [{ jwk }, { jku: "https://evil.example/jwks" }, { x5u: "https://evil.example/x5" }]) {
			for (const kid of [header.kid, "mine"]) {
				const sign = new CompactSign(payload).setProtectedHeader({ alg: "ES256", kid, typ: "at+jwt", ...extra });
				expect(await presented(await sign.sign(stranger.privateKey))).toEqual(refused);
			}
		}
	});

	test("an unknown, missing or strange kid", async () => {
		for (const kid of ["unknown", "", "__proto__", "constructor", "../../key", "x".repeat(5000)]) {
			expect(await presented(await resign({}, { kid }))).toEqual(refused);
		}
		const noKid = await new SignJWT(claims)
			.setProtectedHeader({ alg: "ES256", typ: "at+jwt" })
			.sign(stranger.privateKey);
		expect(await presented(noKid)).toEqual(refused);
	});

	test("claims that were changed under a true signature", async () => {
		const [head = "", , signature = ""] = good.split(".");
		for (const changes of [{ scope: "keys:write" }, { exp: now() + 10 ** 6 }, { account_id: demo.accounts.globex }]) {
			expect(await presented(`${head}.${encode({ ...claims, ...changes })}.${signature}`)).toEqual(refused);
		}
		expect(await presented(`${encode({ ...header, typ: "JWT" })}.${good.split(".")[1]}.${signature}`)).toEqual(refused);
	});

	test("a signature that is cut, lengthened or turned", async () => {
		const [head = "", payload = "", signature = ""] = good.split(".");
		const turned = signature.replace(/^./, (first) => (first === "A" ? "B" : "A"));
		for (const each of ["", signature.slice(0, -2), `${signature}AA`, turned])
			expect(await presented(`${head}.${payload}.${each}`)).toEqual(refused);
	});

	test("RFC 4648 §3.5: a true signature in another spelling", async () => {
		const [head = "", payload = "", signature = ""] = good.split(".");
		// With white space the header would be malformed before that.
		for (const each of respelled(signature).filter((other) => !/\s/.test(other))) {
			const forged = `${head}.${payload}.${each}`;
			expect([each, await presented(forged)]).toEqual([each, refused]);
			expect(refusal(await userinfo(forged))).toBe("401 invalid_token");
		}
	});

	test("what has not the shape of a token", async () => {
		for (const token of ["a", "a.b", "a.b.c", "..", "a.b.c.d.e", encode({}), `${good}.x`, "x".repeat(9000)]) {
			expect(await presented(token)).toEqual(refused);
		}
	});
});

describe("a token that we might have signed for something else is refused", () => {
	test("the same claims under the same key are good: the other tests fail for what they say", async () => {
		expect((await environments(await withOurKey({}))).status).toBe(200);
		expect((await environments(await withOurKey({}, "application/at+jwt"))).status).toBe(200);
	});

	test.each(["JWT", "", "logout+jwt", "secevent+jwt", "at+jwt2"])("RFC 9068 §4: `typ` %j", async (typ) => {
		expect(await presented(await withOurKey({}, typ))).toEqual(refused);
	});

	test.each([
		["another issuer", { iss: "https://evil.example" }],
		["our issuer with a slash", { iss: `${issuer}/` }],
		["no issuer", { iss: undefined }],
		["no audience", { aud: undefined }],
		["no end", { exp: undefined }],
		["an end that is text", { exp: "tomorrow" }],
		["no subject", { sub: undefined }],
		["a subject of no kind", { sub: "root" }],
		["a subject of another form", { sub: "usr_mars_AAAAAAAAAAAAAAAAAAAAAA" }],
		["no client", { client_id: undefined }],
		["a client that is unknown", { client_id: "nobody" }],
		["no account", { account_id: undefined }],
		["an account that is unknown", { account_id: "nothing" }],
		["a scope that is a list", { scope: ["environments:read"] }],
		["no scope at all, by a null", { scope: null }],
		["a malformed scope", { scope: "a  b" }],
		["no id", { jti: undefined }],
		["neither grant nor session", { grant_id: undefined }],
		["a grant that does not exist", { grant_id: "AAAAAAAAAAAAAAAAAAAAAA" }],
		["a session that does not exist", { grant_id: undefined, sid: "AAAAAAAAAAAAAAAAAAAAAA" }],
	])("RFC 9068 §4: %s", async (_, changes) => {
		expect(await presented(await withOurKey(changes))).toEqual(refused);
	});

	test("RFC 6749 App. A.4: one without a scope is good, and opens nothing", async () => {
		for (const scope of [undefined, ""]) {
			expect(refusal(await environments(await withOurKey({ scope })))).toBe("403 insufficient_scope");
		}
	});

	test.each([
		["another resource", "https://api.example"],
		["our name under another scheme", issuer.replace("http:", "https:")],
		["a name that begins as ours does", `${issuer}.evil.example`],
		["nobody", []],
	])("RFC 8707: for %s it opens nothing here, and its own client is told what it is", async (_, aud) => {
		const told = { active: true, client_id: demo.integration.client.id, aud: [aud].flat() };
		const token = await withOurKey({ aud });
		const { introspection, ...rest } = await presented(token);
		expect(introspection).toMatchObject(told);
		expect(rest).toEqual({ resource: refused.resource, sessions: refused.sessions, revocation: 200, goodOne: 200 });
		expect(refusal(await userinfo(token))).toBe("401 invalid_token");
		// RFC 7009: its own client may end it all the same.
		expect(await introspect(token)).toEqual({ active: false });
	});

	test("RFC 7519 §4.1.4: one that has expired, or is not good yet", async () => {
		expect(await presented(await withOurKey({ exp: now() }))).toEqual(refused);
		expect(await presented(await withOurKey({ nbf: now() + 60 }))).toEqual(refused);
	});

	test("somebody else's grant under another subject", async () => {
		expect(await presented(await withOurKey({ sub: demo.people[1]?.id, account_id: demo.accounts.acme }))).toEqual(
			refused,
		);
	});
});

test("a login token and a grant's token are not taken for one another", async () => {
	const login = await loggedIn({ api_key: demo.apiKey.accessCode });
	expect(await opens(login)).toBe(200);
	expect(refusal(await ask("/auth/sessions", { headers: bearer(good) }))).toBe("401 Unauthorized");
});

/** The claims of the good one, but for what is said, under the key that signed it. */
function withOurKey(changes: Record<string, unknown>, typ?: string): Promise<string> {
	// An id of its own, or revoking it would end the good one.
	return signedByUs({ ...claims, jti: randomId(systemRandom), ...changes }, typ === undefined ? {} : { typ });
}
