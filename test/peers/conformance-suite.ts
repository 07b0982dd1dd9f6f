import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import tls from "node:tls";
import { createRemoteJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from "jose";
import { expect } from "vitest";
import { makeCertificates } from "./certificates.ts";
import { createPerson, type Page, type Person } from "../support/person.ts";
import { runProvision } from "../runners/run-provision.ts";
import { setupSecret } from "../support/setup-secret.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";

/** The steps of the OpenID Foundation's conformance suite, and what it holds every answer to. */

const example = "test/interop/conformance-suite.json";
export const plan = JSON.parse(readFileSync(example, "utf8"));
export const [callback] = plan.clients[0].redirect_urls as [string];
export const [afterLogout] = plan.clients[0].post_logout_redirect_urls as [string];

export interface StaticClient {
	readonly id: string;
	readonly secret: string;
}

export type Fields = Readonly<Record<string, string | undefined>>;
type Json = Record<string, unknown>;

/** A deployment behind https, with the clients and the person of the example file. */
export interface Suite {
	readonly issuer: string;
	readonly clients: readonly [StaticClient, StaticClient];
	readonly metadata: Json;
	stop(): Promise<void>;
}

export async function startSuite(): Promise<Suite> {
	const folder = await temporaryFolder();
	const certificates = await makeCertificates(folder);
	tls.setDefaultCACertificates([...tls.getCACertificates(), certificates.ca]);
	const worker: RunningWorker = await startWorker({
		certificates,
		variables: { DEMO_DATA: null, SETUP_SECRET: setupSecret },
	});
	const stop = async () => {
		await worker.stop();
		await rm(folder, { recursive: true, force: true });
	};
	try {
		const { said, done } = await runProvision(example, { at: worker.origin, certificates });
		const [one, two] = done.clients.map((each) => ({ id: each.client_id, secret: each.client_secret ?? "" }));
		if (!one || !two) throw new Error(`Not provisioned: ${said}`);
		const metadata = await json(await fetch(`${worker.origin}/.well-known/openid-configuration`));
		return { issuer: worker.origin, clients: [one, two], metadata, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

export function authorizeUrl(suite: Suite, query: Fields = {}): string {
	const standard = { client_id: suite.clients[0].id, redirect_uri: callback, response_type: "code", scope: "openid" };
	return `${String(suite.metadata.authorization_endpoint)}?${given({ ...standard, state: "state", ...query }).toString()}`;
}

/** What the callback is told of a request that a person signs in for, or is signed in for, and allows. */
export async function authorize(suite: Suite, query: Fields = {}, person = aPerson(suite)): Promise<URLSearchParams> {
	const answer = await answerAt(suite, authorizeUrl(suite, query), query, person);
	expectAnswered(suite, answer, query);
	return answer;
}

/** The same of a link. */
export async function answerAt(
	suite: Suite,
	link: string,
	how: Fields,
	person = aPerson(suite),
): Promise<URLSearchParams> {
	let page = await person.open(link);
	if (page.html.includes('name="password"')) page = await person.submit(page, "Sign in", plan.person);
	if (page.html.includes('name="decision"')) page = await person.submit(page, "Allow");
	return toldTo(page, how);
}

/** What the callback is told of a request that nobody is asked about. */
export async function answerOf(
	suite: Suite,
	query: Fields,
	person: Person,
	how: Fields = query,
): Promise<URLSearchParams> {
	return toldTo(await person.open(authorizeUrl(suite, query)), how);
}

/** The same of one that is refused. */
export async function refused(suite: Suite, query: Fields): Promise<URLSearchParams> {
	const answer = await answerOf(suite, query, aPerson(suite));
	expectAnswered(suite, answer, query);
	// RFC 6749 §4.1.2.1, and nothing else than it, `iss` and `state`.
	expect([...answer.keys()].toSorted()).toEqual(["error", "error_description", "iss", "state"]);
	expect(answer.get("error_description")).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
	return answer;
}

/** By the query of a redirect, or by the form that the page's script submits. */
function toldTo({ left, html, status }: Page, { response_mode, redirect_uri = callback }: Fields): URLSearchParams {
	if (response_mode !== "form_post") {
		if (!left) throw new Error(`No redirect: ${status} ${html}`);
		expect([`${left.origin}${left.pathname}`, left.hash]).toEqual([redirect_uri, ""]);
		return left.searchParams;
	}
	const [, attributes = "", content = ""] = /<form([^>]*)>(.*?)<\/form>/s.exec(html) ?? [];
	expect([left, status]).toEqual([null, 200]);
	expect(attributes).toContain(`method="post" action="${redirect_uri}"`);
	expect(html).toContain('<script src="/static/latchkey.js"');
	const inputs = [...content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g)];
	return new URLSearchParams(inputs.map(([, name = "", value = ""]): [string, string] => [name, value]));
}

function expectAnswered({ issuer }: Suite, params: URLSearchParams, query: Fields): void {
	expect(params.get("state")).toBe("state" in query ? (query.state ?? null) : "state");
	expect(params.get("iss")).toBe(issuer);
}

export function aPerson(suite: Suite): Person {
	return createPerson(suite.issuer);
}

type Method = "basic" | "post";

export async function tokenRequest(
	{ metadata }: Suite,
	fields: Fields,
	{ id, secret }: StaticClient,
	method: Method = "basic",
): Promise<Response> {
	const body = given(method === "basic" ? fields : { ...fields, client_id: id, client_secret: secret });
	const authorization = `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`;
	const headers = method === "basic" ? { authorization } : {};
	return fetch(String(metadata.token_endpoint), { method: "POST", headers, body });
}

interface Tokens {
	readonly accessToken: string;
	readonly refreshToken: string;
	readonly idToken: string;
	readonly claims: JWTPayload;
}

/** The tokens of a good answer of the token endpoint, which is held to all that the suite holds it to. */
export async function tokensOf(suite: Suite, response: Response, client: StaticClient): Promise<Tokens> {
	expect(response.status).toBe(200);
	expect(response.headers.get("cache-control")).toContain("no-store");
	const body = await json(response);
	const { access_token, refresh_token, id_token, token_type, expires_in } = body;
	expect(String(token_type).toLowerCase()).toBe("bearer");
	expect(expires_in).toBeTypeOf("number");
	expect(String(access_token)).toMatch(/^[\x20-\x7e]+$/);
	expect(String(refresh_token)).toMatch(/^[\x20-\x7e]+$/);
	const claims = await idTokenClaims(suite, String(id_token), client);
	// OIDC Core §3.1.3.6
	const half = createHash("sha256").update(String(access_token)).digest().subarray(0, 16);
	expect(claims.at_hash).toBe(half.toString("base64url"));
	return {
		accessToken: String(access_token),
		refreshToken: String(refresh_token),
		idToken: String(id_token),
		claims,
	};
}

async function idTokenClaims({ issuer, metadata }: Suite, token: string, client: StaticClient): Promise<JWTPayload> {
	const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(String(metadata.jwks_uri))), {
		issuer,
		audience: client.id,
		algorithms: ["RS256"],
		requiredClaims: ["exp", "iat", "sub"],
	});
	expect(decodeProtectedHeader(token)).toEqual({ alg: "RS256", typ: "JWT", kid: expect.any(String) });
	expect(payload.aud).toBe(client.id);
	expect([undefined, client.id]).toContain(payload.azp);
	const now = Date.now() / 1000;
	expect(Math.abs(Number(payload.iat) - now)).toBeLessThan(60);
	expect(payload.exp).toBeGreaterThan(now);
	expect(String(payload.sub)).toMatch(/^[\x21-\x7e]{1,255}$/);
	return payload;
}

interface By {
	readonly person: Person;
	readonly client: StaticClient;
	readonly method: Method;
}

/** A whole code flow. The nonce of a request that gives one comes back. */
export async function signIn(
	suite: Suite,
	query: Fields = {},
	{ person = aPerson(suite), client = suite.clients[0], method = "basic" }: Partial<By> = {},
): Promise<Tokens> {
	const nonce = "nonce" in query ? query.nonce : randomUUID();
	const sent = { client_id: client.id, ...query, nonce };
	const code = (await authorize(suite, sent, person)).get("code") ?? undefined;
	const response = await tokenRequest(suite, codeGrant(code, query), client, method);
	const tokens = await tokensOf(suite, response, client);
	expect(tokens.claims.nonce).toBe(nonce);
	return tokens;
}

export function codeGrant(code: string | undefined, { redirect_uri = callback }: Fields = {}): Fields {
	return { grant_type: "authorization_code", code, redirect_uri };
}

export type Presented = "GET" | "POST with a header" | "POST with a body";

export function userinfo({ metadata }: Suite, token: string, how: Presented = "GET"): Promise<Response> {
	const url = String(metadata.userinfo_endpoint);
	const headers = { authorization: `Bearer ${token}` };
	if (how === "POST with a body") return fetch(url, { method: "POST", body: given({ access_token: token }) });
	return fetch(url, { method: how === "GET" ? "GET" : "POST", headers });
}

/** What UserInfo tells, which is JSON by its type and about the person of the id_token. */
export async function told(suite: Suite, { accessToken, claims }: Tokens, how: Presented = "GET"): Promise<Json> {
	const response = await userinfo(suite, accessToken, how);
	expect(response.status).toBe(200);
	const body = await json(response);
	expect(body.sub).toBe(claims.sub);
	return body;
}

/** OIDC Core §6.1: a request object without a signature. An id_token that was changed to `alg: none` looks like that, too. */
export function unsigned(claims: Fields): string {
	return `${jwtPart({ alg: "none" })}.${jwtPart(claims)}.`;
}

function jwtPart(value: object): string {
	return Buffer.from(JSON.stringify(value)).toString("base64url");
}

export async function json(response: Response): Promise<Json> {
	expect(response.headers.get("content-type")).toMatch(/^application\/json(;|$)/);
	return (await response.json()) as Json;
}

function given(fields: Fields): URLSearchParams {
	return new URLSearchParams(
		Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
	);
}
