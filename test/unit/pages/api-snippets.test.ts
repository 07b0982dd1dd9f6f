import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { type Snippet, snippetsFor } from "../../../src/pages/apis/snippets.ts";

// The programs of an API's page, as they stand there, with tokens of a key that is published here. Those in Python and Go are run by
// interop/python/test_api_snippets.py and interop/go/api_snippets_test.go, from docs/verifying.md.

const audience = "https://orders.example.com/v1";
const permissions = [
	{ name: "orders:read", title: "See orders", description: "", members: true, selfRegistered: false },
];
const keys = new Map<string, CryptoKey>();
const published: object[] = [];
const server = createServer((_, response) => response.end(JSON.stringify({ keys: published })));
let issuer: string;
let folder: string;

beforeAll(async () => {
	for (const alg of ["ES256", "RS256"]) {
		const { publicKey, privateKey } = await generateKeyPair(alg);
		published.push({ ...(await exportJWK(publicKey)), kid: alg, alg, use: "sig" });
		keys.set(alg, privateKey);
	}
	keys.set("another", (await generateKeyPair("ES256")).privateKey);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	// Beside node_modules, where the package is that they import.
	await mkdir("dist", { recursive: true });
	folder = await mkdtemp(resolve("dist/snippets-"));
});
afterAll(async () => {
	server.close();
	await rm(folder, { recursive: true, force: true });
});

const second = () => Math.floor(Date.now() / 1000);

async function token(
	claims: Readonly<Record<string, unknown>> = {},
	{ typ = "at+jwt", alg = "ES256", key = alg }: { typ?: string; alg?: string; key?: string } = {},
): Promise<string> {
	const usual = {
		iss: issuer,
		aud: audience,
		sub: "usr_x",
		client_id: "lkid_x",
		scope: "orders:read",
		exp: second() + 60,
	};
	const signing = keys.get(key);
	if (!signing) throw new Error("no key");
	return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg, typ, kid: alg }).sign(signing);
}

/** What is wrong with each token, but for the permission. */
const wrong: Readonly<Record<string, () => Promise<string>>> = {
	"of another issuer": () => token({ iss: "https://evil.example" }),
	"for another API": () => token({ aud: "https://other.example.com/v1" }),
	"that has ended": () => token({ exp: second() - 1 }),
	"without an end": async () => token({ exp: undefined }),
	"that is an id_token": () => token({}, { typ: "JWT" }),
	"of an algorithm that is not expected": () => token({}, { alg: "RS256" }),
	"of somebody else's key": () => token({}, { key: "another" }),
	"that is none": async () => "x.y.z",
};

async function load<Program>(id: Snippet["id"]): Promise<Program> {
	const snippet = snippetsFor({ identifier: audience, permissions, algorithm: null }, issuer).find(
		(each) => each.id === id,
	);
	const file = join(folder, `${id}.mjs`);
	await writeFile(file, snippet?.text ?? "");
	return import(/* @vite-ignore */ pathToFileURL(file).href) as Promise<Program>;
}

describe("RFC 9068 §4: in Node", () => {
	type Program = { verify: (token: string, ...needed: string[]) => Promise<JWTPayload> };

	test("a good token is told of, with what it permits", async () => {
		const { verify } = await load<Program>("node");
		expect(await verify(await token())).toMatchObject({ sub: "usr_x" });
		expect(await verify(await token(), "orders:read")).toMatchObject({ scope: "orders:read" });
		await expect(verify(await token(), "orders:write")).rejects.toThrow("insufficient_scope");
		await expect(verify(await token({ scope: undefined }), "orders:read")).rejects.toThrow("insufficient_scope");
		await expect(verify(await token({ scope: "orders:readers" }), "orders:read")).rejects.toThrow("insufficient_scope");
	});

	test.each(Object.entries(wrong))("one %s is refused", async (_, make) => {
		const { verify } = await load<Program>("node");
		await expect(verify(await make())).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_J/) });
	});
});

const challengeOf = ({ headers }: Response) => headers.get("www-authenticate");

describe("RFC 9068 §4: in a Worker", () => {
	type Program = { default: { fetch: (request: Request) => Promise<Response> } };

	async function ask(authorization?: string): Promise<Response> {
		const { default: worker } = await load<Program>("worker");
		return worker.fetch(new Request(audience, { headers: { ...(authorization !== undefined && { authorization }) } }));
	}
	const metadata = 'resource_metadata="https://orders.example.com/.well-known/oauth-protected-resource/v1"';

	test("a good token is let in; none is told where to get one, and one without the permission which it needs", async () => {
		const good = await ask(`Bearer ${await token()}`);
		expect([good.status, await good.json()]).toEqual([200, { hello: "usr_x" }]);
		const none = await ask();
		expect([none.status, challengeOf(none)]).toEqual([401, `Bearer scope="orders:read", ${metadata}`]);
		const narrow = await ask(`Bearer ${await token({ scope: "orders:write" })}`);
		expect([narrow.status, challengeOf(narrow)]).toEqual([
			403,
			`Bearer scope="orders:read", ${metadata}, error="insufficient_scope"`,
		]);
	});

	test.each(Object.entries(wrong))("one %s is refused", async (_, make) => {
		const answer = await ask(`Bearer ${await make()}`);
		expect([answer.status, challengeOf(answer)]).toEqual([401, expect.stringContaining('error="invalid_token"')]);
	});
});

test("RFC 9449 §7.2: nor does the program in Node", async () => {
	const { verify } = await load<{ verify: (token: string) => Promise<JWTPayload> }>("node");
	await expect(verify(await token({ cnf: { jkt: "thumbprint" } }))).rejects.toThrow("invalid_token");
});

test("RFC 9449 §7.2: the Worker takes no token that is bound to a key for a bearer token", async () => {
	const { default: worker } = await load<{ default: { fetch: (request: Request) => Promise<Response> } }>("worker");
	const authorization = `Bearer ${await token({ cnf: { jkt: "thumbprint" } })}`;
	const answer = await worker.fetch(new Request(audience, { headers: { authorization } }));
	expect([answer.status, challengeOf(answer)]).toEqual([401, expect.stringContaining('error="invalid_token"')]);
});

test("docs/verifying.md has the programs as the page of an API has them", () => {
	const page = readFileSync("docs/verifying.md", "utf8");
	for (const { text } of snippetsFor(
		{ identifier: audience, permissions, algorithm: null },
		"https://auth.example.com",
	)) {
		expect(page).toContain(`\n${text}\`\`\`\n`);
	}
});

test("what a permission is called ends no comment of a program that others take as it is", async () => {
	const odd = permissions.map((each) => ({ ...each, name: "*/globalThis.taken=1;/*" }));
	const [node, python, go, worker] = snippetsFor({ identifier: audience, permissions: odd, algorithm: null }, issuer);
	for (const [index, snippet] of [node, worker].entries()) {
		const file = join(folder, `called-${index}.mjs`);
		await writeFile(file, snippet?.text ?? "");
		await import(/* @vite-ignore */ pathToFileURL(file).href);
	}
	expect(globalThis).not.toHaveProperty("taken");
	for (const line of go?.text.split("\n").filter((each) => each.includes("taken")) ?? []) expect(line).toMatch(/^\/\//);
	for (const line of python?.text.split("\n").filter((each) => each.includes("taken")) ?? [])
		expect(line).toMatch(/^ {4}"""[^]*"""$/);
});

test("what an identifier has in it ends no text of a program", async () => {
	const odd = { identifier: "https://orders.example/a\"$`{}'+b", permissions, algorithm: null } as const;
	const [node, , , worker] = snippetsFor(odd, issuer);
	for (const [index, snippet] of [node, worker].entries()) {
		const file = join(folder, `odd-${index}.mjs`);
		await writeFile(file, `${snippet?.text}\nexport const told = audience;\n`);
		expect(((await import(/* @vite-ignore */ pathToFileURL(file).href)) as { told: string }).told).toBe(odd.identifier);
	}
});
