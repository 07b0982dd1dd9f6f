import { afterAll, describe, expect, test } from "vitest";
import { createOutbound } from "../../../src/operations/clients/outbound.ts";
import { startStrangerServer } from "../../peers/stranger-server.ts";

const server = await startStrangerServer();
afterAll(() => server.close());
const limits = { maxBytes: 1024, timeoutMs: 5000 };

describe("what is fetched for strangers", () => {
	test("a server that is not on this machine asks nobody on it: Client ID Metadata Document §8.6", async () => {
		const outbound = createOutbound({ issuer: "https://keys.acme.com", isLocal: false });
		const url = server.serveJson({ secret: true });
		const { port } = new URL(url);
		for (const host of ["127.0.0.1", "localhost", "[::1]", "127.1", "0x7f000001", "localhost."]) {
			for (const scheme of ["http", "https"]) {
				const fetched = await outbound.get(`${scheme}://${host}:${port}${new URL(url).pathname}`, limits);
				expect(fetched).toEqual({ kind: "failed", reason: expect.stringMatching(/^The URL (is|must|has) /) });
			}
		}
		expect(server.askedFor(url)).toHaveLength(0);
	});

	test("one that is on it does, and is answered", async () => {
		const outbound = createOutbound({ issuer: "http://localhost:8787", isLocal: true });
		const url = server.serveJson({ public: true }, { "cache-control": "max-age=60" });
		expect(await outbound.get(url, limits)).toEqual({ kind: "ok", text: '{"public":true}', maxAge: 60 });
	});

	test("what failed is said in words of ours: nothing of what was answered, nor of the network", async () => {
		const outbound = createOutbound({ issuer: "http://localhost:8787", isLocal: true });
		const served = [
			server.serveJson({}, { "content-type": "text/html; inside" }),
			server.serve((_, response) => void response.writeHead(302, { location: "http://inside/" }).end("inside")),
			server.serve(
				(_, response) => void response.writeHead(200, { "content-type": "application/json" }).end(Buffer.from([0xff])),
			),
			server.serve((_, response) => void response.destroy()),
			"http://127.0.0.1:1/",
			"https://127.0.0.1:1/",
		];
		for (const url of served) {
			const fetched = await outbound.get(url, limits);
			const reason = fetched.kind === "failed" ? fetched.reason : "it was not refused";
			expect(reason).toMatch(/^It (is|was|could) [a-zA-Z0-9 ,-]+$/);
			expect(reason).not.toMatch(/inside|ECONN|refused|127/);
		}
	});

	test("Back-Channel Logout §2.5: a form is posted; of the answer its status alone counts", async () => {
		const outbound = createOutbound({ issuer: "http://localhost:8787", isLocal: true });
		const answers: readonly [number, string][] = [
			[200, "taken"],
			[204, "taken"],
			[201, "refused"],
			[302, "refused"],
			[307, "refused"],
			[400, "refused"],
			[404, "refused"],
			[408, "failed"],
			[429, "failed"],
			[500, "failed"],
			[501, "failed"],
			[504, "failed"],
		];
		for (const [status, kind] of answers) {
			const url = server.serve(
				(_, response) => void response.writeHead(status, { location: "http://inside/" }).end("in"),
			);
			const posted = await outbound.post(url, { a: "b" }, limits);
			expect(posted).toEqual({ kind, reason: `It was answered with ${status}` });
		}
	});

	test("one that never answers is given up, and may answer later", async () => {
		const outbound = createOutbound({ issuer: "http://localhost:8787", isLocal: true });
		const url = server.serve(() => {});
		expect(await outbound.post(url, {}, { timeoutMs: 20 })).toEqual({ kind: "failed", reason: "It took too long" });
		const gone = await outbound.post("http://127.0.0.1:1/", {}, limits);
		expect(gone).toEqual({ kind: "failed", reason: "It could not be reached" });
	});

	test("nothing is posted to a private address, whatever is at it", async () => {
		const outbound = createOutbound({ issuer: "https://keys.acme.com", isLocal: false });
		const url = server.serve((_, response) => void response.end());
		expect(await outbound.post(url, {}, limits)).toMatchObject({ kind: "refused" });
		expect(server.askedFor(url)).toHaveLength(0);
	});
});
