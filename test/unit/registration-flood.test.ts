import { expect, test } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { startMemoryApp } from "../runners/memory-app.ts";
import { challenged } from "../support/pkce.ts";

const issuer = "http://localhost:8787";
const variables = {
	ISSUER: issuer,
	SEAL_KEYS: `1:${developmentSealKey}`,
	REGISTRATION: "open",
	REGISTRATIONS_PER_HOUR: "1000",
	UNUSED_CLIENTS: "100",
};

async function deployment() {
	const app = await startMemoryApp(variables);
	async function register(from: string): Promise<{ status: number; id: string; token: string }> {
		const headers = { "content-type": "application/json", "cf-connecting-ip": from };
		const body = JSON.stringify({ redirect_uris: ["https://a.example/cb"], token_endpoint_auth_method: "none" });
		const response = await app.fetch(new Request(`${issuer}/oauth/register`, { method: "POST", headers, body }));
		const { client_id: id = "", registration_access_token: token = "" } = JSON.parse(await response.text());
		return { status: response.status, id, token };
	}
	/** By its own look at its registration, which is a use. */
	async function isThere({ id, token }: { id: string; token: string }): Promise<boolean> {
		const headers = { authorization: `Bearer ${token}` };
		return (await app.fetch(new Request(`${issuer}/oauth/register/${id}`, { headers }))).status === 200;
	}
	/** As anybody may who knows its id. */
	async function open({ id }: { id: string }): Promise<number> {
		const query = new URLSearchParams({ client_id: id, response_type: "code", ...challenged });
		return (await app.fetch(new Request(`${issuer}/oauth/authorize?${query.toString()}`))).status;
	}
	return { register, isThere, open, advance: app.advance };
}

test("a flood pushes out no client that was used, nor who registers meanwhile; it is never refused room", async () => {
	const { register, isThere, advance } = await deployment();
	const used = await register("192.0.2.1");
	const idle = await register("192.0.2.1");
	expect(await isThere(used)).toBe(true);
	await advance(10);
	for (let each = 0; each < 150; each++) expect((await register(`192.0.2.${1 + (each % 2)}`)).status).toBe(201);
	const late = await register("198.51.100.1");
	for (let each = 0; each < 60; each++) await register(`192.0.2.${1 + (each % 2)}`);
	expect([await isThere(used), await isThere(late), await isThere(idle)]).toEqual([true, true, false]);
});

/** Addresses of networks of their own. */
const elsewhere = Array.from({ length: 110 }, (_, each) => `203.0.113.${each}`);

test.each([
	["of one network", elsewhere.map(() => "192.0.2.1")],
	["of a network each", elsewhere.slice(0, 100)],
])(
	"where every place is held by a client that was used, %s, whoever registers is there, and stays",
	async (_, from) => {
		const { register, isThere, advance } = await deployment();
		for (const address of from) expect(await isThere(await register(address))).toBe(true);
		await advance(10);
		const stranger = await register("198.51.100.1");
		const neighbour = await register(from[0] ?? "");
		expect([stranger.status, neighbour.status]).toEqual([201, 201]);
		await advance(10);
		// While they sign in the flood goes on, uses included.
		for (const address of from.slice(1, 41)) expect(await isThere(await register(address))).toBe(true);
		expect([await isThere(stranger), await isThere(neighbour)]).toEqual([true, true]);
	},
);

test("a request for authorization that nobody is signed in for keeps no client from going", async () => {
	const { register, isThere, open, advance } = await deployment();
	const used = await register("192.0.2.1");
	expect(await isThere(used)).toBe(true);
	const asked = await register("192.0.2.1");
	await advance(10);
	expect(await open(asked)).toBe(200);
	for (let each = 0; each < 110; each++) expect(await open(await register("192.0.2.1"))).toBe(200);
	expect([await isThere(used), await isThere(asked)]).toEqual([true, false]);
});

test("REGISTRATIONS_PER_HOUR is what one network may register, four times as many a /48", async () => {
	const app = await startMemoryApp({ ...variables, REGISTRATIONS_PER_HOUR: "2" });
	const status = async (from: string) => {
		const headers = { "content-type": "application/json", "cf-connecting-ip": from };
		const body = JSON.stringify({ redirect_uris: ["https://a.example/cb"] });
		return (await app.fetch(new Request(`${issuer}/oauth/register`, { method: "POST", headers, body }))).status;
	};
	const one: number[] = [];
	for (let each = 0; each < 3; each++) one.push(await status("192.0.2.7"));
	expect(one).toEqual([201, 201, 429]);
	const site: number[] = [];
	for (let each = 0; each < 10; each++) site.push(await status(`2001:db8:1:${each}::1`));
	expect(site).toEqual([201, 201, 201, 201, 201, 201, 201, 201, 429, 429]);
});
