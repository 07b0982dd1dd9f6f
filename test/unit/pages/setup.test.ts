import { beforeEach, describe, expect, test } from "vitest";
import { base64url } from "../../../src/crypto/encoding.ts";
import { softPasskey } from "../../support/software-authenticator.ts";
import { type MemoryApp, startMemoryApp } from "../../runners/memory-app.ts";

const issuer = "https://keys.example";
const secret = "the setup secret of this deployment";
const variables = { ISSUER: issuer, SEAL_KEYS: `1:${base64url(new Uint8Array(32).fill(7))}` };
const good = {
	secret,
	account: "Initech & Sons",
	slug: "initech",
	name: "Bill Lumbergh",
	username: "bill",
	password: "a long and winding road",
};

let app: MemoryApp;

beforeEach(async () => {
	app = await startMemoryApp({ ...variables, SETUP_SECRET: secret });
});

async function show(of = app): Promise<{ status: number; text: string }> {
	const response = await of.fetch(new Request(`${issuer}/setup`));
	return { status: response.status, text: await response.text() };
}

async function setUp(changes: Readonly<Record<string, string>> = {}, headers: Record<string, string> = {}, of = app) {
	const body = new URLSearchParams({ ...good, ...changes });
	const response = await of.fetch(new Request(`${issuer}/setup`, { method: "POST", body, headers }));
	return { status: response.status, text: await response.text(), headers: response.headers };
}

async function logIn(): Promise<number> {
	const { username, password } = good;
	const headers = { "content-type": "application/json" };
	const body = JSON.stringify({ username, password });
	return (await app.fetch(new Request(`${issuer}/auth/login`, { method: "POST", body, headers }))).status;
}

describe("setting a deployment up", () => {
	test("it can be done once: then the administrator logs in, and the page is gone", async () => {
		expect((await show()).status).toBe(200);
		expect(await logIn()).toBe(401);
		const done = await setUp();
		expect([done.status, done.headers.get("cache-control")]).toEqual([200, "no-store"]);
		expect(done.text).toContain("latchkey is set up");
		expect(await logIn()).toBe(200);
		expect((await show()).status).toBe(404);
		expect((await setUp({ username: "mallory", slug: "evil" })).status).toBe(404);
	});

	test("by a passkey, with no password: the secret is asked for once, and holds in the browser that gave it", async () => {
		const first = { ...good, password: "", with: "passkey" };
		expect((await setUp({ ...first, secret: "another" })).status).toBe(403);
		const step = await setUp(first);
		expect([step.status, step.text.includes(secret)]).toEqual([200, false]);
		const cookie = step.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
		const hidden = Object.fromEntries(
			[...step.text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
		);
		const [, options = ""] = /data-options="([^"]*)"/.exec(step.text) ?? [];
		const device = await softPasskey();
		const passkey = await device.create(JSON.parse(options.replaceAll("&quot;", '"')), issuer);
		const sent = { ...good, ...hidden, account: good.account, secret: "", new_passkey: passkey };
		expect((await setUp(sent)).status).toBe(403);
		expect((await setUp({ ...sent, seen: "A".repeat(43) }, { cookie })).status).toBe(403);
		const done = await setUp(sent, { cookie });
		expect([done.status, done.text.includes("latchkey is set up")]).toEqual([200, true]);
		expect(await logIn()).toBe(401);
	});

	test("white space around a user name and a slug is none of them", async () => {
		expect((await setUp({ username: ` ${good.username} `, slug: `${good.slug}\t` })).status).toBe(200);
		expect(await logIn()).toBe(200);
	});

	test("of ten at once one is done", async () => {
		const answers = await Promise.all(
			Array.from({ length: 10 }, (_, index) => setUp({ username: `user${index}`, slug: `slug${index}` })),
		);
		expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
		expect(answers.every(({ status }) => [200, 404, 503].includes(status))).toBe(true);
	});

	test("without a setup secret there is nothing to set up", async () => {
		const closed = await startMemoryApp(variables);
		expect((await show(closed)).status).toBe(404);
		expect((await setUp({}, {}, closed)).status).toBe(404);
		expect((await setUp({ secret: "" }, {}, closed)).status).toBe(404);
	});

	test("a wrong secret is refused, and what was typed comes back but for the secrets", async () => {
		const answer = await setUp({ secret: "a guess" });
		expect(answer.status).toBe(403);
		expect(answer.text).toContain("Initech &amp; Sons");
		for (const typed of ["a guess", good.password]) expect(answer.text).not.toContain(typed);
		expect((await setUp()).status).toBe(200);
	});

	test("strangers' guesses do not shut out whoever has the secret", async () => {
		for (let guess = 0; guess < 50; guess++) expect((await setUp({ secret: `guess ${guess}` })).status).toBe(403);
		expect((await setUp()).status).toBe(200);
	});

	test("another site's form sets nothing up", async () => {
		for (const headers of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
			expect((await setUp({}, headers)).status).toBe(404);
		}
		expect((await show()).status).toBe(200);
	});

	test.each([
		["secret", ""],
		["account", ""],
		["account", "x".repeat(101)],
		["account", "a\u202eb"],
		["slug", "Initech"],
		["slug", "-initech"],
		["slug", "a b"],
		["slug", "x".repeat(41)],
		["name", ""],
		["username", "ab"],
		["username", "with space"],
		["password", "short"],
		["password", "x".repeat(1025)],
		["password", "qwerty123456"],
		["password", "Initech-2026"],
		["password", "keys.example"],
	])("%s %j is refused beside its field, and nothing is made", async (field, value) => {
		const answer = await setUp({ [field]: value });
		expect(answer.status).toBe(400);
		expect(answer.text).toMatch(new RegExp(`name="${field}"[^>]*aria-invalid|aria-invalid[^>]*name="${field}"`));
		expect((await show()).status).toBe(200);
	});

	test("a form that gives a field twice is refused", async () => {
		const body = `${new URLSearchParams(good).toString()}&slug=other`;
		const headers = { "content-type": "application/x-www-form-urlencoded" };
		const response = await app.fetch(new Request(`${issuer}/setup`, { method: "POST", body, headers }));
		expect(response.status).toBe(400);
	});
});
