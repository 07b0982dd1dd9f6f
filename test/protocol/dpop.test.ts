import { beforeAll, describe, expect, test } from "vitest";
import { deviceCodeGrant } from "../../src/domain/client.ts";
import { accessTokenType } from "../../src/domain/token-exchange.ts";
import { idJagType, idTokenType } from "../../src/domain/identity-assertion.ts";
import { dpopAlgs } from "../../src/domain/dpop-proof.ts";
import { aSigningKey } from "../support/assertions.ts";
import { aDevice, aDeviceClient, answerDevice, poll } from "../support/devices.ts";
import {
	aSenderKey,
	askWith,
	boundGrant,
	encoded,
	forItself,
	type ProofChanges,
	proofOf,
	proven,
	refreshedBy,
	type SenderKey,
	tokenRequest,
} from "../support/dpop.ts";
import { logIn } from "../support/logins.ts";
import { codeOf, decide } from "../support/people.ts";
import { aClient } from "../support/registered.ts";
import { type Answer, ask, bearer, type Fields, locationOf, postForm, refusal, times } from "../support/requests.ts";
import { advance, demo, issuer, logged, now } from "../support/target.ts";
import {
	askForToken,
	authorized,
	authorizePath,
	claimsOf,
	environments,
	exchange,
	installed,
	introspect,
	refresh,
	revoke,
	tokensOf,
} from "../support/tokens.ts";

// RFC 9449: demonstrating proof of possession.

const { webApp, nativeApp, integration } = demo;
const key = await aSenderKey();
const other = await aSenderKey();
const rsa = await aSenderKey("PS256");

const [tokenExchangeGrant, jwtBearerGrant] = ["token-exchange", "jwt-bearer"].map(
	(name) => `urn:ietf:params:oauth:grant-type:${name}`,
);

/** `200`, or the refusal. */
function outcome(answer: Answer): string {
	return answer.status === 200 ? "200" : refusal(answer);
}

/** A proof is good at the token endpoint and at a resource alike, but for what is of one of them alone. */
type Attempt = (of: SenderKey, changes: ProofChanges) => Promise<string>;
const atTokenEndpoint: Attempt = async (of, changes) => outcome(await forItself(await proven(of, changes)));
const bound = new Map<SenderKey, string>();
const atResource: Attempt = async (of, changes) => {
	const accessToken = bound.get(of) ?? (await boundGrant(of)).accessToken;
	bound.set(of, accessToken);
	const answer = await askWith(of, accessToken, "/oauth/environments", changes);
	if (answer.status !== 200) {
		const algs = dpopAlgs.join(" ");
		expect(answer.headers.get("www-authenticate")).toMatch(
			new RegExp(`^DPoP realm="latchkey", error="[a-z_]+",.*, algs="${algs}"$`),
		);
		expect(answer.headers.get("www-authenticate")).toContain(`error="${String(answer.body.error)}"`);
	}
	return outcome(answer);
};
const places = [
	["the token endpoint", atTokenEndpoint, "400 invalid_dpop_proof"],
	["a resource", atResource, "401 invalid_dpop_proof"],
] as const;

function segment(value: object): string {
	return encoded(new TextEncoder().encode(JSON.stringify(value)));
}

describe.each(places)("RFC 9449 §4.3: a proof at %s", (_, attempt, refused) => {
	test.each(dpopAlgs)("§4.3 (5): by %s", async (alg) => {
		expect(await attempt(alg === "PS256" ? rsa : await aSenderKey(alg), {})).toBe("200");
	});

	test.each<[string, ProofChanges]>([
		["(3): without jti", { claims: { jti: undefined } }],
		["(3): without htm", { claims: { htm: undefined } }],
		["(3): without htu", { claims: { htu: undefined } }],
		["(3): without iat", { claims: { iat: undefined } }],
		["(3): without jwk", { header: { jwk: undefined } }],
		["(3): an empty jti", { claims: { jti: "" } }],
		["(3): a jti that is no text", { claims: { jti: 1 } }],
		["(4): without typ", { header: { typ: undefined } }],
		["(4): another typ", { header: { typ: "JWT" } }],
		["(4): an access token's typ", { header: { typ: "at+jwt" } }],
		["(7): a jwk that is no object", { header: { jwk: "key" } }],
		["(7): a list for a jwk", { header: { jwk: [key.publicJwk] } }],
		["(7): a private key", { header: { jwk: key.privateJwk } }],
		["(7): a symmetric key", { header: { jwk: { kty: "oct", k: "c2VjcmV0" } } }],
		["(7): a key of another kind", { header: { jwk: rsa.publicJwk } }],
		["(7): a key that is for encryption", { header: { jwk: { ...key.publicJwk, use: "enc" } } }],
		["(7): a point that is not on the curve", { header: { jwk: { ...key.publicJwk, y: key.publicJwk.x } } }],
		["(6): signed by another key than the one in it", { signedBy: other }],
		["(6): another key than the one that signed it", { header: { jwk: other.publicJwk } }],
		["(8): another method", { claims: { htm: "PUT" } }],
		["(8): the method in small letters", { claims: { htm: "post" } }],
		["(9): another host", { claims: { htu: "https://other.example/oauth/token" } }],
		["(9): another path", { claims: { htu: `${issuer}/oauth/revoke` } }],
		["(9): a slash more", { claims: { htu: `${issuer}/oauth/environments/` } }],
		["(9): another scheme", { claims: { htu: issuer.replace(/^\w+/, "ftp") } }],
		["(9): a path alone", { claims: { htu: "/oauth/environments" } }],
		["(9): no text", { claims: { htu: [issuer] } }],
		["RFC 7515 §4.1.11: an extension that nobody knows", { header: { crit: ["new"], new: true } }],
		["RFC 7797 §7: a payload that is not encoded", { header: { b64: false, crit: ["b64"] } }],
	])("%s: refused", async (__, changes) => {
		expect(await attempt(key, changes)).toBe(refused);
	});

	test.each([
		["5 minutes ago", -300, "200"],
		["more than 5 minutes ago", -301, refused],
		["10 seconds ahead", 10, "200"],
		["11 seconds ahead", 11, refused],
		["an hour ahead", 3600, refused],
	])("§4.3 (11): made %s", async (__, age, expected) => {
		expect(await attempt(key, { claims: { iat: now() + age } })).toBe(expected);
	});

	test.each([["yesterday"], [null], [-1], [1e300]])("RFC 7519 §2: iat of %j is no time to be good at", async (iat) => {
		expect(await attempt(key, { claims: { iat } })).toBe(refused);
	});

	test("§4.2: other members say nothing, nbf and exp neither", async () => {
		const claims = { nbf: now() + 3600, exp: now() - 3600, sub: "somebody", iat: now() - 0.5 };
		expect(await attempt(key, { header: { kid: "mine", extra: true }, claims })).toBe("200");
	});

	test("§4.3 (5): none, and a MAC of the public key", async () => {
		// Whoever took the key for a secret would find these good.
		const { publicJwk } = key;
		for (const alg of ["none", "HS256"]) {
			const head = segment({ typ: "dpop+jwt", alg, jwk: publicJwk });
			const claims = { jti: alg, htm: "POST", htu: `${issuer}/oauth/token`, iat: now() };
			for (const signature of ["", "AAAA"]) {
				const answer = await forItself({ dpop: `${head}.${segment(claims)}.${signature}` });
				expect(refusal(answer)).toBe("400 invalid_dpop_proof");
			}
		}
	});

	test("§4.3 (5), FAPI 2.0 §5.4: RS256 is not among what is supported", async () => {
		const old = await aSenderKey("RS256");
		expect(await atTokenEndpoint(old, {})).toBe("400 invalid_dpop_proof");
	});

	test("§11.1: a jti of more than 256 characters is refused", async () => {
		const jti = `${_}${"x".repeat(256)}`;
		expect(await attempt(key, { claims: { jti: jti.slice(0, 256) } })).toBe("200");
		expect(await attempt(key, { claims: { jti: jti.slice(1, 258) } })).toBe(refused);
	});

	test("§11.1: a jti is good once, for its key", async () => {
		const claims = { jti: `again ${_}` };
		expect(await attempt(key, { claims })).toBe("200");
		expect(await attempt(key, { claims })).toBe(refused);
		expect(await attempt(other, { claims })).toBe("200");
	});

	test("§11.1: what is refused for something else spends no jti", async () => {
		const jti = `unspent ${_}`;
		expect(await attempt(key, { claims: { jti }, signedBy: other })).toBe(refused);
		expect(await attempt(key, { claims: { jti, htm: "PUT" } })).toBe(refused);
		expect(await attempt(key, { claims: { jti } })).toBe("200");
	});
});

describe("RFC 9449 §4.3 (9): the URI of the request", () => {
	const { host, protocol } = new URL(issuer);
	const path = "/oauth/token";
	test.each([
		["as it is published", `${issuer}${path}`, true],
		["with a query", `${issuer}${path}?a=b`, true],
		["with a fragment", `${issuer}${path}#a`, true],
		["RFC 3986 §6.2.2.1: scheme and host in capitals", `${protocol.toUpperCase()}//${host.toUpperCase()}${path}`, true],
		["RFC 3986 §6.2.2.2: a letter that is encoded", `${issuer}/oauth/%74oken`, true],
		["RFC 3986 §6.2.2.3: segments of dots", `${issuer}/x/../oauth/./token`, true],
		["the path in capitals", `${issuer}/OAUTH/TOKEN`, false],
		["a slash that is encoded", `${issuer}/oauth%2Ftoken`, false],
		["another port", `${protocol}//${new URL(issuer).hostname}:1${path}`, false],
		["with somebody's name", `${protocol}//somebody@${host}${path}`, false],
		["backslashes", `${protocol}\\\\${host}\\oauth\\token`, false],
		["white space before it", ` ${issuer}${path}`, false],
		["nothing", "", false],
	])("%s", async (_, htu, isGood) => {
		expect(await atTokenEndpoint(key, { claims: { htu } })).toBe(isGood ? "200" : "400 invalid_dpop_proof");
	});

	test("a resource's query is no part of it", async () => {
		const { accessToken } = await boundGrant(key);
		expect(outcome(await askWith(key, accessToken, "/oauth/environments?a=b"))).toBe("200");
	});
});

describe("RFC 9449 §4.3 (1), (2): one header, one JWT", () => {
	test.each([
		["two proofs", async () => `${(await proven(key)).dpop}, ${(await proven(key)).dpop}`],
		[
			"the same twice",
			async () =>
				Array.from({ length: 2 })
					.fill((await proven(key)).dpop)
					.join(", "),
		],
		["nothing", async () => ""],
		["no JWT", async () => "proof"],
		["four parts", async () => `${(await proven(key)).dpop}.AAAA`],
		["a stray bit", async () => (await proven(key)).dpop.replace(/.$/, "B")],
		["8193 characters", async () => (await proven(key, { claims: { padding: "x".repeat(8192) } })).dpop],
		["an access token", async () => tokensOf(await forItself({})).accessToken],
	])("%s", async (_, header) => {
		const dpop = await header();
		expect(refusal(await forItself({ dpop }))).toBe("400 invalid_dpop_proof");
		const { accessToken } = await boundGrant(key);
		const headers = { authorization: `DPoP ${accessToken}`, dpop };
		expect(refusal(await ask("/oauth/environments", { headers }))).toBe("401 invalid_dpop_proof");
	});
});

describe("RFC 9449 §5: at the token endpoint", () => {
	test("§5, §6.1: the token is bound to the key, and says so", async () => {
		const answer = await forItself(await proven(key));
		expect(answer.body).toMatchObject({ token_type: "DPoP" });
		expect(claimsOf(tokensOf(answer).accessToken)).toMatchObject({ cnf: { jkt: key.thumbprint } });
	});

	test("§5: without a proof it is a bearer token, as ever", async () => {
		const answer = await forItself({});
		expect(answer.body).toMatchObject({ token_type: "Bearer" });
		expect(claimsOf(tokensOf(answer).accessToken)).not.toHaveProperty("cnf");
	});

	test("contract 000: its dialect says it too", async () => {
		const request = { client: integration, dialect: "camel", headers: await proven(key) } as const;
		expect((await exchange(await installed(), request)).body).toMatchObject({ tokenType: "DPoP" });
	});

	test("§11.1: of a hundred requests with one proof one gets a token", async () => {
		const headers = await proven(key);
		const answers = await Promise.all(times(100, () => forItself(headers)));
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
		expect(new Set(answers.filter(({ status }) => status !== 200).map(refusal))).toEqual(
			new Set(["400 invalid_dpop_proof"]),
		);
	});

	test("RFC 6749 §2.3: who the client is comes first, and costs no proof", async () => {
		const headers = await proven(key);
		const wrong = { ...webApp, secret: integration.secret };
		expect(refusal(await forItself(headers, wrong))).toBe("401 invalid_client");
		expect(outcome(await forItself(headers))).toBe("200");
	});

	test("§5: a refusal is logged with its reason, and without the proof", async () => {
		const { dpop } = await proven(key, { claims: { htm: "GET" } });
		expect(refusal(await forItself({ dpop }))).toBe("400 invalid_dpop_proof");
		const lines = (await logged()).map((line) => JSON.stringify(line));
		expect(lines.some((line) => line.includes("dpop.refused") && line.includes("htm"))).toBe(true);
		expect(lines.some((line) => line.includes(dpop))).toBe(false);
	});

	test("a code is redeemed with a proof, and the refresh token of a client with a secret is bound to no key", async () => {
		const { refreshToken } = await boundGrant(key);
		// RFC 9449 §5: so that it can change its key.
		const changed = await refreshedBy(other, refreshToken, { client: webApp });
		expect(changed.body).toMatchObject({ token_type: "DPoP" });
		expect(claimsOf(tokensOf(changed).accessToken)).toMatchObject({ cnf: { jkt: other.thumbprint } });
	});

	test("§11.1: what its grant type refuses spends no proof", async () => {
		const everything = await aClient(webApp, {
			grantTypes: [...webApp.client.grantTypes, deviceCodeGrant],
			options: {
				tokenExchangeApis: ["https://orders.example"],
				identityAssertions: ["https://elsewhere.example agent chat:read"],
			},
		});
		const headers = await proven(key);
		const askFor = (fields: Fields) => askForToken({ client: everything, headers }, fields).then(outcome);
		const code = await authorized(webApp);
		const { refreshToken, accessToken } = await boundGrant(other);
		const exchanged = { grant_type: tokenExchangeGrant, subject_token_type: accessTokenType };
		const asserted = { ...exchanged, subject_token_type: idTokenType, requested_token_type: idJagType };
		const refusals = [
			{ grant_type: "authorization_code" },
			{ grant_type: "authorization_code", code: "garbage" },
			{ grant_type: "authorization_code", code },
			{ grant_type: "refresh_token" },
			{ grant_type: "refresh_token", refresh_token: "garbage" },
			{ grant_type: "refresh_token", refresh_token: refreshToken, resource: "#" },
			{ grant_type: "client_credentials", scope: '"' },
			{ grant_type: "client_credentials", resource: "#" },
			{ grant_type: deviceCodeGrant },
			{ grant_type: deviceCodeGrant, device_code: "garbage" },
			exchanged,
			{ ...exchanged, subject_token: "garbage" },
			{ ...exchanged, subject_token: accessToken },
			asserted,
			{ ...asserted, subject_token: "garbage", audience: "https://elsewhere.example" },
			{ grant_type: jwtBearerGrant },
			{ grant_type: jwtBearerGrant, assertion: "garbage" },
		];
		for (const fields of refusals) {
			const answer = await askFor(fields);
			expect({ fields, answer }).toEqual({
				fields,
				answer: expect.stringMatching(/^400 invalid_(request|grant|scope|target)$/),
			});
		}
		expect(await askFor({ grant_type: "client_credentials" })).toBe("200");
		expect(await askFor({ grant_type: "client_credentials" })).toBe("400 invalid_dpop_proof");
	});

	test("§11.1: a request that comes twice, proof and all, does not end what its code gave", async () => {
		const code = await authorized(webApp);
		const request = { client: webApp, headers: await proven(key) };
		const { refreshToken } = tokensOf(await exchange(code, request));
		expect(refusal(await exchange(code, request))).toBe("400 invalid_dpop_proof");
		expect((await refreshedBy(key, refreshToken ?? "", { client: webApp })).status).toBe(200);
	});

	test("what is wrong with the proof burns neither code nor refresh token", async () => {
		const code = await authorized(webApp);
		const bad = await proven(key, { claims: { htm: "GET" } });
		expect(refusal(await exchange(code, { client: webApp, headers: bad }))).toBe("400 invalid_dpop_proof");
		const { refreshToken } = tokensOf(await exchange(code, { client: webApp, headers: await proven(key) }));
		const again = await refresh(refreshToken ?? "", { client: webApp, headers: bad });
		expect(refusal(again)).toBe("400 invalid_dpop_proof");
		expect((await refreshedBy(key, refreshToken ?? "", { client: webApp })).status).toBe(200);
	});
});

describe("RFC 9449 §5: the refresh token of a public client is bound to its key", () => {
	const client = { client: nativeApp };

	test("it refreshes with that key, and with no other, and not without", async () => {
		const { refreshToken } = await boundGrant(key, nativeApp);
		expect(refusal(await refreshedBy(other, refreshToken, client))).toBe("400 invalid_grant");
		expect(refusal(await refresh(refreshToken, client))).toBe("400 invalid_grant");
		const next = await refreshedBy(key, refreshToken, client);
		expect(next.body).toMatchObject({ token_type: "DPoP" });
		const successor = tokensOf(next).refreshToken ?? "";
		expect(refusal(await refreshedBy(other, successor, client))).toBe("400 invalid_grant");
		expect((await refreshedBy(key, successor, client)).status).toBe(200);
	});

	test("RFC 9700 §4.14.2: whoever has an old one and not the key does not end the family", async () => {
		const { refreshToken } = await boundGrant(key, nativeApp);
		const second = tokensOf(await refreshedBy(key, refreshToken, client)).refreshToken ?? "";
		const third = tokensOf(await refreshedBy(key, second, client)).refreshToken ?? "";
		expect(refusal(await refresh(refreshToken, client))).toBe("400 invalid_grant");
		expect(refusal(await refreshedBy(other, refreshToken, client))).toBe("400 invalid_grant");
		expect((await refreshedBy(key, third, client)).status).toBe(200);
	});

	test("RFC 9700 §4.14.2: an old one with the key ends the family", async () => {
		const { refreshToken } = await boundGrant(key, nativeApp);
		const second = tokensOf(await refreshedBy(key, refreshToken, client)).refreshToken ?? "";
		const third = tokensOf(await refreshedBy(key, second, client)).refreshToken ?? "";
		expect(refusal(await refreshedBy(key, refreshToken, client))).toBe("400 invalid_grant");
		expect(refusal(await refreshedBy(key, third, client))).toBe("400 invalid_grant");
	});

	test("DESIGN §4.3: by its key the client proves itself, so that a lost answer is found out late", async () => {
		const { refreshToken } = await boundGrant(key, nativeApp);
		const lost = tokensOf(await refreshedBy(key, refreshToken, client)).refreshToken;
		await advance(3600);
		expect(tokensOf(await refreshedBy(key, refreshToken, client)).refreshToken).toBe(lost);
	});

	test("§5: one that came without a proof is bound by the first refresh with one", async () => {
		const first = await unbound();
		const next = await refreshedBy(key, first, client);
		expect(next.body).toMatchObject({ token_type: "DPoP" });
		const successor = tokensOf(next).refreshToken ?? "";
		expect(refusal(await refresh(successor, client))).toBe("400 invalid_grant");
		expect(refusal(await refreshedBy(other, successor, client))).toBe("400 invalid_grant");
		expect(tokensOf(await refreshedBy(key, first, client)).refreshToken).toBe(successor);
		expect((await refreshedBy(key, successor, client)).body).toMatchObject({ token_type: "DPoP" });
	});

	test("RFC 9700 §4.14.2: whoever had it unbound, and not the key, ends the family that a thief bound", async () => {
		const stolen = await unbound();
		const successor = tokensOf(await refreshedBy(other, stolen, client)).refreshToken ?? "";
		expect(refusal(await refresh(stolen, client))).toBe("400 invalid_grant");
		expect(refusal(await refreshedBy(other, successor, client))).toBe("400 invalid_grant");
	});

	async function unbound(): Promise<string> {
		return tokensOf(await exchange(await authorized(nativeApp), client)).refreshToken ?? "";
	}
});

test("RFC 8628 §3.4: a device proves its key when it asks, and its tokens are bound to that", async () => {
	const client = await aDeviceClient();
	const codes = await aDevice(client);
	await answerDevice(codes);
	const answer = await poll(codes, { headers: await proven(key) });
	expect(answer.body).toMatchObject({ token_type: "DPoP" });
	const { refreshToken } = tokensOf(answer);
	expect(refusal(await refresh(refreshToken ?? "", { client }))).toBe("400 invalid_grant");
	expect((await refreshedBy(key, refreshToken ?? "", { client })).status).toBe(200);
});

describe("RFC 9449 §5.2: a client whose tokens are always bound", async () => {
	const strict = await aClient(webApp, { options: { dpopBoundAccessTokens: true } });

	test("each of its token requests needs a proof, and none burns anything without", async () => {
		expect(refusal(await forItself({}, strict))).toBe("400 invalid_dpop_proof");
		expect((await forItself(await proven(key), strict)).body).toMatchObject({ token_type: "DPoP" });
		const code = await authorized(strict);
		expect(refusal(await exchange(code, { client: strict }))).toBe("400 invalid_dpop_proof");
		const { refreshToken } = tokensOf(await exchange(code, { client: strict, headers: await proven(key) }));
		expect(refusal(await refresh(refreshToken ?? "", { client: strict }))).toBe("400 invalid_dpop_proof");
		expect((await refreshedBy(key, refreshToken ?? "", { client: strict })).status).toBe(200);
	});

	test("contract 001: it gets no bearer token by logging in", async () => {
		const credentials = { client_id: strict.client.id, client_secret: strict.secret };
		expect(refusal(await logIn(credentials))).toBe("403 Forbidden");
	});

	test("it introspects and revokes without", async () => {
		const { accessToken } = await boundGrant(key, strict);
		expect(await introspect(accessToken, strict)).toMatchObject({ active: true });
		expect((await revoke(accessToken, strict)).status).toBe(200);
		expect(await introspect(accessToken, strict)).toEqual({ active: false });
	});
});

describe("RFC 9449 §10: a code that is bound to a key", () => {
	const query = { dpop_jkt: key.thumbprint };

	test.each([
		["the right key", key, "200"],
		["another key", other, "400 invalid_grant"],
		["none", null, "400 invalid_grant"],
	] as const)("by %s", async (_, by, expected) => {
		const code = await authorized(webApp, query);
		const headers = by ? await proven(by) : {};
		expect(outcome(await exchange(code, { client: webApp, headers }))).toBe(expected);
		// Nobody without the key has burnt it.
		if (by === key) return;
		expect((await exchange(code, { client: webApp, headers: await proven(key) })).status).toBe(200);
	});

	test.each([["x"], ["x".repeat(42)], ["x".repeat(44)], [`${"x".repeat(42)}=`]])(
		"RFC 7638 §3: %s is no thumbprint",
		async (thumbprint) => {
			const { searchParams } = locationOf(await ask(authorizePath(webApp, { dpop_jkt: thumbprint })));
			expect(searchParams.get("error")).toBe("invalid_request");
			expect(searchParams.get("error_description")).toContain("dpop_jkt");
		},
	);

	test("§10: with PKCE, of which each is checked", async () => {
		const code = codeOf(await decide(authorizePath(nativeApp, query)));
		const wrong = { client: nativeApp, fields: { code_verifier: "x".repeat(43) } };
		expect(refusal(await exchange(code, { ...wrong, headers: await proven(key) }))).toBe("400 invalid_grant");
		expect((await exchange(code, { client: nativeApp, headers: await proven(key) })).status).toBe(200);
	});
});

describe("RFC 9449 §7: at resources", () => {
	let [accessToken, refreshToken] = ["", ""];
	beforeAll(async () => {
		const scope = "openid environments:read integrations:read";
		({ accessToken, refreshToken } = await boundGrant(key, webApp, { scope }));
	});
	const resources = [
		["/oauth/environments", {}],
		["/oauth/userinfo", {}],
		["/oauth/userinfo", { method: "POST" }],
		["/v1/integrations", {}],
	] as const;

	test.each(resources)("§7.1: %s takes it with a proof, by any spelling of the scheme", async (path, init) => {
		for (const scheme of ["DPoP", "dpop", "DPOP"]) {
			expect((await askWith(key, accessToken, path, { init, scheme })).status).toBe(200);
		}
	});

	test.each(resources)("§7.2: %s refuses it as a bearer token", async (path, init) => {
		const answer = await ask(path, { ...init, headers: bearer(accessToken) });
		expect(answer.status).toBe(401);
		const challenge = answer.headers.get("www-authenticate");
		expect(challenge).toMatch(/^Bearer realm="latchkey", error="invalid_token",.*, DPoP algs="ES256 [^"]+"$/);
		// With a proof beside it, too: the scheme says how it is meant.
		const [proof, last9] = [{ scheme: "Bearer", init }, { "x-last9-api-token": `Bearer ${accessToken}` }];
		expect((await askWith(key, accessToken, path, proof)).status).toBe(401);
		expect((await ask(path, { ...init, headers: last9 })).status).toBe(401);
	});

	test.each(resources)("§7.1: %s wants a proof of this token, by its key", async (path, init) => {
		const another = (await boundGrant(key)).accessToken;
		const claimed = async (headers: Record<string, string>) =>
			(await ask(path, { ...init, headers: { authorization: `DPoP ${accessToken}`, ...headers } })).status;
		expect(await claimed({})).toBe(401);
		const method = "method" in init ? init.method : "GET";
		for (const dpop of [
			await proofOf(key, { method, path }),
			await proofOf(key, { method, path, token: another }),
			await proofOf(other, { method, path, token: accessToken }),
			await proofOf(key, { method: "DELETE", path, token: accessToken }),
			await proofOf(key, { method, path: "/oauth/elsewhere", token: accessToken }),
		]) {
			expect(await claimed({ dpop })).toBe(401);
		}
		expect(await claimed({ dpop: await proofOf(key, { method, path, token: accessToken }) })).toBe(200);
	});

	test("§7.1: a token request's proof opens no resource, and the other way round", async () => {
		const { dpop } = await proven(key);
		const headers = { authorization: `DPoP ${accessToken}`, dpop };
		expect(refusal(await ask("/oauth/environments", { headers }))).toBe("401 invalid_dpop_proof");
		const back = await proofOf(key, { method: "GET", path: "/oauth/environments", token: accessToken });
		expect(refusal(await forItself({ dpop: back }))).toBe("400 invalid_dpop_proof");
	});

	test("§6: by a proof of another key the token is not valid, and is told so", async () => {
		const answer = await askWith(key, accessToken, "/oauth/environments", {
			header: { jwk: other.publicJwk },
			signedBy: other,
		});
		expect(refusal(answer)).toBe("401 invalid_token");
		expect(answer.headers.get("www-authenticate")).toMatch(/^DPoP .*error="invalid_token",.*algs=/);
	});

	test.each<[string, () => Promise<string>]>([
		["a bearer token", async () => tokensOf(await forItself({})).accessToken],
		["an access code", async () => demo.apiKey.accessCode],
		["nothing that we know", async () => "garbage"],
	])("what is bound to no key opens nothing in the scheme DPoP: %s", async (_, credential) => {
		const token = await credential();
		expect((await askWith(key, token)).status).toBe(401);
		expect((await askWith(key, token, "/v1/integrations")).status).toBe(401);
	});

	test("§7.1: what else is wrong is said in the scheme that it came in", async () => {
		const { accessToken: narrow } = await boundGrant(key, webApp, { scope: "events:read" });
		const answer = await askWith(key, narrow);
		expect(refusal(answer)).toBe("403 insufficient_scope");
		expect(answer.headers.get("www-authenticate")).toMatch(/^DPoP .*error="insufficient_scope",.*algs=/);
	});

	test("§11.1: of a hundred requests with one proof one is answered", async () => {
		const dpop = await proofOf(key, { method: "GET", path: "/oauth/environments", token: accessToken });
		const headers = { authorization: `DPoP ${accessToken}`, dpop };
		const answers = await Promise.all(times(100, () => ask("/oauth/environments", { headers })));
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
		const others = answers.filter(({ status }) => status !== 200);
		expect(new Set(others.map(refusal))).toEqual(new Set(["401 invalid_dpop_proof"]));
	});

	test("DESIGN §1: one token in two schemes, or two tokens, are two credentials", async () => {
		const dpop = await proofOf(key, { method: "GET", path: "/oauth/environments", token: accessToken });
		const authorization = `DPoP ${accessToken}`;
		const beside = { "x-last9-api-token": `Bearer ${accessToken}` };
		const answer = await ask("/oauth/environments", { headers: { authorization, dpop, ...beside } });
		expect(refusal(answer)).toBe("400 invalid_request");
		const twice = await ask("/oauth/environments", {
			headers: { authorization: `Bearer ${accessToken}, ${authorization}`, dpop },
		});
		expect(twice.status).toBe(401);
		const form = await postForm("/oauth/userinfo", { access_token: accessToken }, { authorization, dpop });
		expect(refusal(form)).toBe("400 invalid_request");
		const asClient = await forItself({ authorization, dpop });
		expect(refusal(asClient)).toBe("400 invalid_request");
	});

	test("RFC 6750 §2.2: in a form it is a bearer token", async () => {
		const path = "/oauth/userinfo";
		const dpop = await proofOf(key, { method: "POST", path, token: accessToken });
		expect(refusal(await postForm(path, { access_token: accessToken }, { dpop }))).toBe("401 invalid_token");
	});

	test("RFC 9110 §9.3.2: by HEAD, whose proof is for HEAD", async () => {
		expect((await askWith(key, accessToken, "/oauth/environments", { init: { method: "HEAD" } })).status).toBe(200);
		const claims = { htm: "GET" };
		const head = await askWith(key, accessToken, "/oauth/environments", { init: { method: "HEAD" }, claims });
		expect(head.status).toBe(401);
	});

	test("RFC 7591 §3: it registers a client for its account", async () => {
		const { accessToken: initial } = await boundGrant(key, webApp, { scope: "integrations:write" });
		const metadata = { redirect_uris: ["https://new.example/callback"], dpop_bound_access_tokens: true };
		const body = JSON.stringify(metadata);
		const init = { method: "POST", body, headers: { "content-type": "application/json" } };
		const asBearer = await ask("/oauth/register", { ...init, headers: { ...init.headers, ...bearer(initial) } });
		expect(refusal(asBearer)).toBe("401 invalid_token");
		const answer = await askWith(key, initial, "/oauth/register", { init });
		expect([answer.status, answer.body.dpop_bound_access_tokens]).toEqual([201, true]);
	});

	test("§6.2: introspection tells the key, for whoever checks the proof themselves", async () => {
		expect(await introspect(accessToken, webApp)).toMatchObject({
			active: true,
			token_type: "DPoP",
			cnf: { jkt: key.thumbprint },
		});
		expect(await introspect(refreshToken, webApp)).not.toHaveProperty("cnf");
		expect(await introspect(tokensOf(await forItself({})).accessToken, webApp)).not.toHaveProperty("cnf");
	});

	test("RFC 7009 §2.1: it is revoked as any other, without a proof", async () => {
		const { accessToken: gone } = await boundGrant(key);
		expect((await revoke(gone, webApp)).status).toBe(200);
		expect(refusal(await askWith(key, gone))).toBe("401 invalid_token");
	});
});

describe("RFC 9449 §5.1, §5.2: what is told of it", () => {
	test("the metadata has the algorithms", async () => {
		for (const path of ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]) {
			expect((await ask(path)).body.dpop_signing_alg_values_supported).toEqual(dpopAlgs);
		}
		const resource = (await ask("/.well-known/oauth-protected-resource/v1/integrations")).body;
		expect(resource).toMatchObject({
			dpop_signing_alg_values_supported: dpopAlgs,
			dpop_bound_access_tokens_required: false,
		});
	});

	test("§7.1, §8: a page of any origin may send a proof, and reads what is said of it", async () => {
		const headers = { origin: "https://app.example", "access-control-request-method": "GET" };
		const asked = { ...headers, "access-control-request-headers": "authorization,dpop" };
		const preflight = await ask("/oauth/userinfo", { method: "OPTIONS", headers: asked });
		expect(preflight.headers.get("access-control-allow-headers")).toBe("authorization,dpop");
		const exposed = (await ask("/oauth/userinfo", { headers })).headers.get("access-control-expose-headers");
		expect(exposed?.split(", ")).toEqual(expect.arrayContaining(["dpop-nonce", "www-authenticate"]));
	});
});

test("RFC 9449 §8: where no nonce was given out, one in a proof says nothing", async () => {
	const answer = await forItself(await proven(key, { claims: { nonce: "of somebody else" } }));
	expect(answer.status).toBe(200);
	expect(answer.headers.has("dpop-nonce")).toBe(false);
	expect((await environments(tokensOf(await forItself({})).accessToken)).headers.has("dpop-nonce")).toBe(false);
});

test("RFC 7523 §2.2: a client's assertion key may be its key for DPoP, and one is no proof of the other", async () => {
	const { privateKey, publicJwk } = await aSigningKey();
	const both = { ...key, privateKey, publicJwk };
	expect(tokenRequest.path).toBe("/oauth/token");
	expect((await forItself(await proven(both))).status).toBe(200);
	const fields = { client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" };
	const proof = (await proven(both)).dpop;
	const asked = { grant_type: "client_credentials", client_assertion: proof, ...fields };
	expect(refusal(await postForm("/oauth/token", asked))).toBe("401 invalid_client");
});
