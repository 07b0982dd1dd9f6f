import { CompactSign } from "jose";
import { staleness } from "../../src/operations/lookups.ts";
import { aSigningKey, type SigningKey } from "./assertions.ts";
import { loggedIn } from "./logins.ts";
import { ada } from "./people.ts";
import { type Answer, ask, bearer, type Fields, post } from "./requests.ts";
import { advance, demo, issuer, now } from "./target.ts";
import { askForToken, type Registered } from "./tokens.ts";

// RFC 7523 §2.1: issuers that Acme trusts, and what they sign.

const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";

export interface Trusted {
	readonly id: string;
	readonly iss: string;
	readonly key: SigningKey;
}

let made = 0;

/** `administrator` is whose login token does it. */
export async function asAdministrator(path: string, method: string, body?: object, headers: object = {}) {
	const { username, password } = ada;
	const token = await loggedIn({ username, password, account: "acme" });
	const sent = { ...bearer(token), ...headers };
	if (body === undefined) return ask(path, { method, headers: sent });
	const init = { method, headers: { ...sent, "content-type": "application/json" }, body: JSON.stringify(body) };
	return ask(path, init);
}

/** What the API takes, with a key of its own. */
export async function anIssuerDraft(changes: object = {}, key?: SigningKey) {
	made += 1;
	const own = key ?? (await aSigningKey());
	const said = { kind: "identity_provider", name: `Issuer ${made}`, issuer: `https://idp-${made}.example` };
	return { key: own, draft: { ...said, jwks: { keys: [own.publicJwk] }, algorithms: ["ES256"], ...changes } };
}

export async function aTrustedIssuer(changes: object = {}, key?: SigningKey): Promise<Trusted> {
	await makeRoom();
	const { key: own, draft } = await anIssuerDraft(changes, key);
	const answer = await asAdministrator("/v1/trusted-issuers", "POST", draft);
	if (answer.status !== 201) throw new Error(`Not trusted: ${answer.status} ${answer.text}`);
	await advance(staleness + 1);
	return { id: String(answer.body.id), iss: String(answer.body.issuer), key: own };
}

interface How {
	readonly header?: object;
	readonly signedBy?: SigningKey;
}

/** Signed as it should be, but for what is said; undefined leaves a member out. */
export async function signedBy(
	{ iss, key }: Trusted,
	claims: object,
	{ header = {}, signedBy: signer = key }: How = {},
): Promise<string> {
	const said = { iss, aud: issuer, jti: `jti-${++made}`, iat: now(), exp: now() + 300, ...claims };
	return new CompactSign(new TextEncoder().encode(JSON.stringify(said)))
		.setProtectedHeader(JSON.parse(JSON.stringify({ alg: signer.alg, kid: signer.kid, ...header })))
		.sign(signer.privateKey);
}

/** As a client that authenticates. */
export function presentAs(client: Registered, assertion: string, fields: Fields = {}): Promise<Answer> {
	return askForToken({ client }, { grant_type: grantType, assertion, ...fields });
}

/** As a program that has nothing else. */
export function showAlone(
	clientId: string | undefined,
	assertion: string,
	fields: Record<string, string> = {},
	headers: Record<string, string> = {},
) {
	const form = new URLSearchParams({ grant_type: grantType, assertion, ...fields });
	if (clientId !== undefined) form.append("client_id", clientId);
	return post("/oauth/token", form.toString(), { "content-type": "application/x-www-form-urlencoded", ...headers });
}

/** An account has few of them, and a file of tests many. */
export async function makeRoom(): Promise<void> {
	const { body } = await asAdministrator("/v1/trusted-issuers", "GET");
	const there = (body.trusted_issuers ?? []) as readonly { readonly id: string }[];
	if (there.length < 45) return;
	for (const { id } of there) await asAdministrator(`/v1/trusted-issuers/${id}`, "DELETE");
}

/** One that is only there, by the API. */
export async function newIssuer(): Promise<{ readonly id: string; readonly issuer: string }> {
	await makeRoom();
	made += 1;
	const said = { kind: "identity_provider", name: `Issuer ${made}`, issuer: `https://idp-${made}.example` };
	const body = { ...said, jwks_uri: `${said.issuer}/keys`, clients: [demo.webApp.client.id] };
	const answer = await asAdministrator("/v1/trusted-issuers", "POST", body);
	if (answer.status !== 201) throw new Error(`Not trusted: ${answer.status} ${answer.text}`);
	return { id: String(answer.body.id), issuer: said.issuer };
}
