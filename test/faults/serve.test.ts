import { once } from "node:events";
import { rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../runners/free-port.ts";
import type { RunningServer } from "../runners/running-server.ts";
import { startOnDeno, startOnNode } from "../runners/start-serve.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { demo } from "../support/demo-world.ts";
import { createApi } from "./api.ts";
import { createPeople } from "./traffic.ts";

const platforms = [
	["Node", startOnNode],
	["Deno", startOnDeno],
] as const;

describe.for(platforms)("the server on %s", ([, start]) => {
	let server: RunningServer;
	beforeAll(async () => {
		const port = await freePort();
		server = await start({ port, variables: { ISSUER: `http://localhost:${port}/auth` } });
	});
	afterAll(() => server.stop());

	test("an issuer with a path: everything lies under it, bodies and static files included", async () => {
		const { status, body } = await logIn(server, "/auth");
		expect(status).toBe(200);
		expect(body).toHaveProperty("access_token");
		const css = await fetch(`${server.origin}/auth/static/latchkey.css`);
		expect(css.status).toBe(200);
		expect(css.headers.get("content-security-policy")).toContain("sandbox");
		const again = { headers: { "if-none-match": css.headers.get("etag") ?? "" } };
		expect((await fetch(`${server.origin}/auth/static/latchkey.css`, again)).status).toBe(304);
		expect((await fetch(`${server.origin}/static/latchkey.css`)).status).toBe(404);
		expect((await fetch(`${server.origin}/auth/static/../static/none`)).status).toBe(404);
	});

	test("a body that is too large is refused, whether it says so or goes on and on", async () => {
		const headers = { "content-type": "application/json" };
		const large = "x".repeat(20_000);
		const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new TextEncoder().encode(large)) });
		for (const body of [large, endless]) {
			const init = { method: "POST", headers, body, duplex: "half" } as RequestInit;
			expect((await fetch(`${server.origin}/auth/auth/login`, init)).status).toBe(413);
		}
	});

	test("a client document at a host that has no address is one that cannot be fetched, and the server goes on", async () => {
		const nowhere = encodeURIComponent("https://client.nowhere.example/metadata.json");
		const asked = await fetch(`${server.origin}/auth/oauth/authorize?client_id=${nowhere}`);
		expect(asked.status).toBe(400);
		expect((await logIn(server, "/auth")).status).toBe(200);
	});

	test("RFC 9110 §9.3.2: HEAD has the headers of GET and no content", async () => {
		const socket = await open(server);
		socket.write(`HEAD /auth/.well-known/jwks.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
		const answer = await readAll(socket);
		expect(answer).toMatch(/^HTTP\/1.1 200 /);
		expect(answer).toMatch(/^content-type: application\/jwk-set\+json/im);
		expect(answer.split("\r\n\r\n")[1]).toBe("");
	});

	test.for([
		["a Host that is none", "GET / HTTP/1.1\r\nHost: localhost:99999\r\n", 400],
		["a Host that is not this machine, where the issuer is", "GET / HTTP/1.1\r\nHost: auth.example.com\r\n", 503],
		[
			"two Hosts, of which a proxy may have read the other",
			"GET /auth/ HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n",
			400,
		],
		[
			"a transfer coding in HTTP/1.0, which has none",
			"POST /auth/auth/login HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n",
			400,
		],
		["a method that nothing takes", "TRACE /auth/auth/login HTTP/1.1\r\nHost: localhost\r\n", 405],
		["a header without end", `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(500_000)}\r\n`, "(?:431|400)"], // hyper, which Deno.serve is on, has no code for it
		[
			"two lengths",
			"POST /auth/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
			400,
		],
	] as const)("refuses %s", async ([, head, status]) => {
		const socket = await open(server);
		socket.on("error", () => {}); // it may close before it has heard all
		socket.write(`${head}Connection: close\r\n\r\n`);
		expect(await readAll(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
	});

	test("what a client asked for is done though it does not stay for the answer", async () => {
		const { body } = await logIn(server, "/auth");
		const headers = { authorization: `Bearer ${String(body.access_token)}` };
		const id = `gone ${crypto.randomUUID()}`;
		const content = JSON.stringify({ api_key: demo.accessCode, session_id: id });
		const socket = await open(server);
		const head = "POST /auth/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
		socket.write(`${head}Content-Length: ${content.length}\r\n\r\n${content}`);
		await pause(2);
		socket.destroy();
		await expect
			.poll(async () => (await fetch(`${server.origin}/auth/auth/sessions`, { headers })).text(), { timeout: 10_000 })
			.toContain(id);
	});

	test("a line of log for each request, without its query and without credentials", async () => {
		await fetch(`${server.origin}/auth/v1/keys?apiKey=${demo.accessCode}`);
		await fetch(`${server.origin}/auth/v1/keys/${demo.accessCode}`);
		await fetch(`${server.origin}/auth/v1/keys/${demo.webApp.secret}`);
		const lines = server.output().trim().split("\n");
		const parsed = lines.map((line): unknown => JSON.parse(line));
		const request = {
			event: "request",
			request: expect.any(String) as string,
			method: "GET",
			status: expect.any(Number) as number,
			ms: expect.any(Number) as number,
		};
		expect(parsed).toContainEqual({ ...request, at: expect.any(String) as string, route: "/v1/keys" });
		expect(parsed).toContainEqual({ ...request, at: expect.any(String) as string, route: "/v1/keys/:id" });
		for (const secret of [demo.accessCode, demo.webApp.secret]) expect(server.output()).not.toContain(secret);
	});
});

describe.for(platforms)("a stop on %s", ([, start]) => {
	test("finishes what is under way, takes nothing more, and ends with 0", async () => {
		const server = await start();
		const content = JSON.stringify({ api_key: demo.accessCode });
		const [idle, busy] = await Promise.all([open(server), open(server)]);
		const head = "POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
		busy.write(`${head}Content-Length: ${content.length}\r\n\r\n${content.slice(0, 10)}`);
		const answer = readAll(busy);
		await pause(100);
		const stopped = Promise.all([server.stop(), server.stop()]); // a terminal and npm both tell it
		await expect
			.poll(() =>
				open(server)
					.then((socket) => socket.destroy())
					.catch(() => "refused"),
			)
			.toBe("refused");
		busy.write(content.slice(10));
		expect(await answer).toMatch(/^HTTP\/1.1 200 [^]*^connection: close[^]*"access_token"/im);
		await stopped;
		idle.destroy();
		expect(server.output()).toContain('"event":"server.stopped"');
	});

	test("waits for no client that says nothing more", async () => {
		const server = await start();
		const socket = await open(server);
		socket.on("error", () => {});
		socket.write("POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n");
		await pause(100);
		const before = performance.now();
		await server.stop();
		expect(performance.now() - before).toBeLessThan(20_000);
	});
});

test("two servers on one folder are one: a code works once, and a session has one token", async () => {
	const state = await temporaryFolder();
	const first = await startOnNode({ state });
	const second = await startOnNode({ state, variables: { ISSUER: first.origin } });
	const apis = [first, second, first, second].map(({ origin }) => createApi(origin));
	const people = createPeople(first.origin);
	await people.signIn();
	for (let times = 0; times < 20; times++) {
		const code = await people.install(demo.webApp);
		const session = crypto.randomUUID();
		const [exchanges, logins] = await Promise.all([
			Promise.all(apis.map((api) => api.exchange(demo.webApp, code))),
			Promise.all(apis.map((api) => api.logIn(session))),
		]);
		expect(exchanges.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400, 400, 400]);
		expect(new Set(logins.map(({ body }) => body.access_token)).size).toBe(1);
	}
	// One that has signed in at the first is signed in at the second, and what ends there has ended here.
	const [here, there] = [createApi(first.origin), createApi(second.origin)];
	const { body } = await here.logIn("ends");
	const token = String(body.access_token);
	expect(await there.endSession(token)).toMatchObject({ status: 204 });
	expect(await here.listSessions(token)).toMatchObject({ status: 401 });
	await Promise.all([first.stop(), second.stop()]);
	await rm(state, { recursive: true });
});

async function logIn({ origin }: RunningServer, base = ""): Promise<{ status: number; body: Record<string, unknown> }> {
	const response = await fetch(`${origin}${base}/auth/login`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ api_key: demo.accessCode }),
	});
	return { status: response.status, body: JSON.parse(await response.text()) as Record<string, unknown> };
}

async function open({ port }: RunningServer): Promise<Socket> {
	const socket = connect(port, "127.0.0.1");
	await once(socket, "connect");
	return socket;
}

/** Until the server closes. */
function readAll(socket: Socket): Promise<string> {
	let text = "";
	socket.setEncoding("utf8").on("data", (chunk) => (text += String(chunk)));
	return new Promise((done) => socket.once("close", () => done(text)));
}
