import { generateKeyPairSync, sign } from "node:crypto";
import type { DemoData } from "../../src/operations/upkeep/demo-data.ts";
import type { Send } from "./load.ts";
import type { Operation } from "./operation.ts";
import { credentialsOf, made, type Registered } from "./own-api.ts";
import { form, json } from "./requests.ts";

const issuer = "http://localhost:8787";
const identifier = "https://stock.acme.example/v1";
const grantOf = (name: string) => `urn:ietf:params:oauth:grant-type:${name}`;

/** An exchange (RFC 8693), a workload (RFC 7523), a device that waits (RFC 8628). A build of before has no such operations. */
export async function profileOperations(send: Send, [ada]: DemoData["people"]): Promise<readonly Operation[]> {
	const { username = "", password = "" } = ada ?? {};
	const { access_token: admin } = await made<{ access_token: string }>(
		send(json("/auth/login", { username, password, account: "acme" })),
	);
	const register = (path: string, body: object) => send(json(path, body, { authorization: `Bearer ${admin}` }));
	const permissions = [{ name: "stock:read", title: "See the stock" }];
	await made(register("/v1/apis", { identifier, name: "Stock", permissions }));
	const of = { kind: "application", redirect_urls: [], scopes: ["stock:read"], acts_for_itself: true };
	const served = { resources: [identifier], token_exchange_apis: [identifier] };
	const front = await register("/v1/integrations", { ...of, ...served, name: "Stock front" });
	if (front.status !== 201) return [];
	const server = credentialsOf(await made<Registered>(front));
	const caller = await made<Registered>(register("/v1/integrations", { ...of, name: "Stock caller" }));
	const workload = await trusted(caller.client_id, register);
	const subject = form(
		"/oauth/token",
		{ grant_type: "client_credentials", resource: identifier },
		credentialsOf(caller),
	);
	const { access_token: token } = await made<{ access_token: string }>(send(subject));
	const device = await waiting(send, register);
	let assertions: string[] = [];
	return [
		{
			name: "token exchange",
			goal: 10,
			budget: { ledger: 1 },
			next: () =>
				form(
					"/oauth/token",
					{
						grant_type: grantOf("token-exchange"),
						subject_token: token,
						subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
						resource: identifier,
					},
					server,
				),
		},
		{
			name: "workload's grant",
			goal: 13,
			budget: { other: 1 },
			prepare: async (requests) => {
				assertions = Array.from({ length: requests }, workload);
			},
			next: () => {
				const assertion = assertions.pop();
				if (assertion === undefined) return null;
				const fields = { grant_type: grantOf("jwt-bearer"), client_id: caller.client_id, resource: identifier };
				return form("/oauth/token", { ...fields, assertion });
			},
		},
		{
			name: "device that waits",
			goal: 11,
			status: 400,
			budget: { other: 1 },
			next: () => form("/oauth/token", { grant_type: grantOf("device_code"), ...device }),
		},
	];
}

type Register = (path: string, body: object) => ReturnType<Send>;

/** Makes what a CI system of the account's signs for the client. */
async function trusted(clientId: string, register: Register): Promise<() => string> {
	const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const jwks = { keys: [publicKey.export({ format: "jwk" })] };
	const iss = "https://ci.acme.example";
	const rules = [{ client_id: clientId, claims: { sub: "job" } }];
	await made(register("/v1/trusted-issuers", { kind: "workload", name: "CI", issuer: iss, jwks, rules }));
	return () => {
		const iat = Math.floor(Date.now() / 1000);
		const claims = { iss, sub: "job", aud: issuer, jti: crypto.randomUUID(), iat, exp: iat + 300 };
		const signed = `${encoded({ alg: "ES256", typ: "JWT" })}.${encoded(claims)}`;
		const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
		return `${signed}.${signature.toString("base64url")}`;
	};
}

/** What a device asks with that nobody has answered. */
async function waiting(send: Send, register: Register) {
	const draft = { kind: "application", client_type: "public", device_authorization: true, redirect_urls: [] };
	const client = await made<Registered>(
		register("/v1/integrations", { ...draft, name: "Stock counter", scopes: ["openid"] }),
	);
	const asked = form("/oauth/device_authorization", { client_id: client.client_id, scope: "openid" });
	const { device_code } = await made<{ device_code: string }>(send(asked));
	return { client_id: client.client_id, device_code };
}

function encoded(value: object): string {
	return Buffer.from(JSON.stringify(value)).toString("base64url");
}
