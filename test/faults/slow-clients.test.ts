import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { bodyPatience } from "../../src/http/body.ts";
import { type RunningServer, startServer } from "../../src/server/start-server.ts";
import { fastFolder } from "../runners/temporary-folder.ts";

// The server on Node, in this process, so that it can be given less patience than it has.

let folder: string;
let hasty: RunningServer;
let usual: RunningServer;
beforeAll(async () => {
	folder = await fastFolder();
	[hasty, usual] = await Promise.all([
		start("hasty", {
			keepAliveTimeout: 1000,
			headersTimeout: 1000,
			requestTimeout: 2000,
			connectionsCheckingInterval: 100,
		}),
		start("usual"),
	]);
});
afterEach(() => void vi.useRealTimers());
afterAll(async () => {
	await Promise.all([hasty.stop(), usual.stop()]);
	await rm(folder, { recursive: true });
});

const headers = "GET / HTTP/1.1\r\nHost: localhost\r\n";
const readBody = post("/auth/login", "Content-Length: 5000", '{"a":"');
const inChunks = post("/oauth/token", "Transfer-Encoding: chunked", "");
const unreadBody = post("/nowhere", "Content-Length: 5000", '{"a":"');

test("headers and bodies that drip end in 408, read or not, and others are served meanwhile", async () => {
	const slow = [
		drip(hasty, headers, "X-A: b\r\n"),
		drip(hasty, readBody, "x"),
		drip(hasty, inChunks, "1\r\na\r\n"),
		drip(hasty, unreadBody, "x"),
		// It was served, and says no more.
		drip(hasty, `${headers}\r\n`, ""),
	];
	for (let served = 0; served < 5; served += 1) {
		expect((await fetch(`http://127.0.0.1:${hasty.port}/.well-known/jwks.json`)).status).toBe(200);
	}
	const ended = await Promise.all(slow);
	expect(ended.map(statusesOf)).toEqual([["408"], ["408"], ["408"], ["404", "408"], [expect.stringMatching(/^[23]/)]]);
});

test.each([
	["of a length", readBody, "x", "application/problem+json"],
	["in chunks", inChunks, "1\r\na\r\n", "application/json"],
])(
	"RFC 9110 §15.5.9: a body %s is given up by whoever reads it, with 408 and the connection's end",
	async (...sent) => {
		const [, head, more, type] = sent;
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
		const ended = drip(usual, head, more);
		await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0), 10_000);
		vi.advanceTimersByTime(bodyPatience);
		const answer = await ended;
		expect(statusesOf(answer)).toEqual(["408"]);
		expect(answer.toLowerCase()).toContain("connection: close");
		expect(answer).toContain(`content-type: ${type}`);
		expect(answer).toContain("longer than 50 seconds");
	},
);

function post(path: string, framing: string, begun: string): string {
	const type = path === "/oauth/token" ? "application/x-www-form-urlencoded" : "application/json";
	return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\n${framing}\r\n\r\n${begun}`;
}

/** What came until the server closed the connection, while a little more was sent again and again. */
async function drip({ port }: RunningServer, begin: string, more: string): Promise<string> {
	const socket = connect(port, "127.0.0.1");
	let text = "";
	socket.setEncoding("utf8").on("data", (chunk) => (text += String(chunk)));
	// It is closed while something is on its way to it.
	socket.on("error", () => {});
	socket.write(begin);
	const drops = setInterval(() => socket.writable && more !== "" && socket.write(more), 100);
	await new Promise((done) => socket.once("close", done));
	clearInterval(drops);
	return text;
}

function statusesOf(answers: string): readonly (string | undefined)[] {
	return [...answers.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map((found) => found[1]);
}

function start(name: string, times?: Parameters<typeof startServer>[0]["times"]): Promise<RunningServer> {
	return startServer({
		variables: {
			ISSUER: "http://localhost:8787",
			SEAL_KEYS: `1:${developmentSealKey}`,
			DEMO_DATA: "off",
			DATA_FOLDER: `${folder}/${name}`,
			PORT: "0",
		},
		folders: {
			public: pathToFileURL(`${resolve("src/ui/public")}/`),
			migrations: pathToFileURL(`${resolve("src/platform/sql/migrations")}/`),
		},
		now: () => Math.floor(Date.now() / 1000),
		log: () => {},
		...(times && { times }),
	});
}
