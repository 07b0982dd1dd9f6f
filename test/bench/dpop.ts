import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { DemoClient } from "../../src/operations/upkeep/demo-data.ts";
import type { Send } from "./load.ts";
import type { Operation } from "./operation.ts";
import { basic } from "./people.ts";
import { form } from "./requests.ts";

const issuer = "http://localhost:8787";

/** What a proof (RFC 9449) adds: a signature to verify, and one call that takes its `jti`. A build of before has no such operations. */
export async function dpopOperations(
	send: Send,
	client: DemoClient,
	redeem: (headers: Readonly<Record<string, string>>) => Promise<{ readonly access_token: string }>,
): Promise<readonly Operation[]> {
	const forItself = (proof: string) =>
		form("/oauth/token", { grant_type: "client_credentials" }, { ...basic(client), dpop: proof });
	const { body } = await send(forItself(proofOf("POST", "/oauth/token")));
	if (!body.includes('"DPoP"')) return [];
	const { access_token: token } = await redeem({ dpop: proofOf("POST", "/oauth/token") });
	const path = "/oauth/userinfo";
	let proofs: string[] = [];
	return [
		{
			name: "client credentials, DPoP",
			goal: 8,
			budget: { other: 1 },
			prepare: async (requests) => {
				proofs = Array.from({ length: requests }, () => proofOf("POST", "/oauth/token"));
			},
			next: () => {
				const proof = proofs.pop();
				return proof === undefined ? null : forItself(proof);
			},
		},
		{
			name: "UserInfo, DPoP",
			goal: 9,
			budget: { ledger: 1, other: 1 },
			prepare: async (requests) => {
				proofs = Array.from({ length: requests }, () => proofOf("GET", path, token));
			},
			next: () => {
				const dpop = proofs.pop();
				return dpop === undefined ? null : { method: "GET", path, headers: { authorization: `DPoP ${token}`, dpop } };
			},
		},
	];
}

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const { kty, crv, x, y } = publicKey.export({ format: "jwk" });
const header = encoded({ typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } });

function proofOf(htm: string, path: string, token?: string): string {
	const ath = token === undefined ? {} : { ath: createHash("sha256").update(token).digest("base64url") };
	const iat = Math.floor(Date.now() / 1000);
	const signed = `${header}.${encoded({ jti: crypto.randomUUID(), htm, htu: issuer + path, iat, ...ath })}`;
	const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
	return `${signed}.${signature.toString("base64url")}`;
}

function encoded(value: object): string {
	return Buffer.from(JSON.stringify(value)).toString("base64url");
}
