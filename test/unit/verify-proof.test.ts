import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

// The program of docs/verifying.md that checks the proof of a bound token, as it stands there.

type VerifyProof = (
	request: Request,
	token: string,
	claims: object,
	seen: (name: string) => Promise<boolean>,
) => Promise<void>;

let folder: string;
let verifyProof: VerifyProof;
beforeAll(async () => {
	const page = await readFile("docs/verifying.md", "utf8");
	const [, program = ""] = /```js\n((?:(?!```).)*verifyProof.*?)```/s.exec(page) ?? [];
	// Beside node_modules, where the package is that it imports.
	await mkdir("dist", { recursive: true });
	folder = await mkdtemp(resolve("dist/verify-proof-"));
	const file = join(folder, "verify-proof.mjs");
	await writeFile(file, program);
	({ verifyProof } = (await import(pathToFileURL(file).href)) as { verifyProof: VerifyProof });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const url = "https://orders.example.com/v1/orders";
const token = "header.payload.signature";
const { privateKey, publicKey } = await generateKeyPair("ES256");
const jwk = await exportJWK(publicKey);
const claims = { cnf: { jkt: await calculateJwkThumbprint(jwk) } };
const other = await generateKeyPair("ES256");
const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
const ath = hash.toBase64({ alphabet: "base64url", omitPadding: true });

function proof(changes: object = {}, header: object = {}, key: CryptoKey = privateKey): Promise<string> {
	const said = { jti: crypto.randomUUID(), htm: "GET", htu: url, ath, iat: Math.floor(Date.now() / 1000) };
	return new SignJWT({ ...said, ...changes })
		.setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk, ...header })
		.sign(key);
}

interface Shown {
	readonly scheme?: string;
	readonly of?: object;
}

const taken = new Set<string>();
async function seen(name: string): Promise<boolean> {
	return !taken.has(name) && taken.add(name).has(name);
}

async function verdict(dpop: string | null, { scheme = "DPoP", of = claims }: Shown = {}): Promise<string> {
	const headers = { authorization: `${scheme} ${token}`, ...(dpop !== null && { dpop }) };
	return verifyProof(new Request(`${url}?page=2`, { headers }), token, of, seen).then(
		() => "good",
		() => "refused",
	);
}

test("RFC 9449 §4.3, §7.1: a good proof, once, and a token that is bound to no key", async () => {
	const good = await proof();
	expect(await verdict(good)).toBe("good");
	expect(await verdict(good)).toBe("refused");
	expect(await verdict(await proof({ htu: `${url}?a#b` }))).toBe("good");
	expect(await verdict(null, { scheme: "Bearer", of: {} })).toBe("good");
});

test.each<[string, () => Promise<string> | null, Parameters<typeof verdict>[1]?]>([
	["none", () => null],
	["a bound token as a bearer token", () => proof(), { scheme: "Bearer" }],
	["a token that is bound to no key", () => proof(), { of: {} }],
	["another method", () => proof({ htm: "POST" })],
	["another address", () => proof({ htu: "https://orders.example.com/v1/other" })],
	["another host", () => proof({ htu: url.replace("orders", "other") })],
	["another token", () => proof({ ath: ath.replace(/^./, "x") })],
	["no hash of a token", () => proof({ ath: undefined })],
	["no jti", () => proof({ jti: undefined })],
	["an old one", () => proof({ iat: Math.floor(Date.now() / 1000) - 400 })],
	["one of later", () => proof({ iat: Math.floor(Date.now() / 1000) + 60 })],
	["another typ", () => proof({}, { typ: "JWT" })],
	["signed by another key", () => proof({}, {}, other.privateKey)],
	["of another key", async () => proof({}, { jwk: await exportJWK(other.publicKey) }, other.privateKey)],
])("RFC 9449 §4.3: refused: %s", async (_, dpop, more) => {
	expect(await verdict((await dpop()) ?? null, more)).toBe("refused");
});

test("RFC 9449 §11.1: who keeps a jti for as long as the page says takes no proof twice", async () => {
	const page = await readFile("docs/verifying.md", "utf8");
	const [, said = ""] = /`seen` takes a text once for (\w+) minutes/.exec(page) ?? [];
	const minutes = ["one", "two", "three", "four", "five", "six"].indexOf(said) + 1;
	const early = await proof({ iat: Math.floor(Date.now() / 1000) + 9 });
	expect(await verdict(early)).toBe("good");
	vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + minutes * 60_000 });
	taken.clear();
	expect(await verdict(early)).toBe("refused");
	vi.useRealTimers();
});
