import { createServer } from "node:http";
import { afterAll, describe, expect, test } from "vitest";
import { createOutbound } from "../../../src/operations/clients/outbound.ts";
import { isPublic } from "../../../src/server/address.ts";
import { publicFetch } from "../../../src/server/public-fetch.ts";
import { startStrangerServer } from "../../peers/stranger-server.ts";

const server = await startStrangerServer();
afterAll(() => server.close());
const { port } = new URL(server.origin);
const remote = { issuer: "https://keys.acme.com", isLocal: false };
const local = { issuer: "http://localhost:8787", isLocal: true };
const limits = { maxBytes: 1024, timeoutMs: 5000 };

/** A resolver to which names have these addresses, one set after the other. */
function resolverOf(...sets: readonly (readonly string[])[]) {
	const asked: string[] = [];
	const resolve: Parameters<typeof publicFetch>[1] = (hostname, _, callback) => {
		const set = sets[Math.min(asked.length, sets.length - 1)] ?? [];
		asked.push(hostname);
		callback(
			null,
			set.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
		);
	};
	return { resolve, asked };
}

/** Why a name with these addresses is not connected to. */
async function problemOf(...addresses: readonly string[]): Promise<string> {
	const { resolve, asked } = resolverOf(addresses);
	const init = { headers: {}, signal: AbortSignal.timeout(5000) };
	const fetched = publicFetch(remote, resolve)("https://client.example/metadata.json", init);
	const problem = await fetched.then(
		() => "It was answered",
		(error: unknown) => String(error),
	);
	expect(asked).toEqual(["client.example"]);
	return problem;
}

const notPublic = "Error: of no public host";

describe("what the server on one machine fetches for strangers", () => {
	test.each([
		"0.0.0.0",
		"10.1.2.3",
		"100.64.0.1",
		"127.0.0.1",
		"127.8.8.8",
		"169.254.169.254",
		"172.16.0.1",
		"172.31.255.255",
		"192.0.0.1",
		"192.168.1.1",
		"198.18.0.1",
		"224.0.0.1",
		"240.0.0.1",
		"255.255.255.255",
		"::",
		"::1",
		"::ffff:10.0.0.1",
		"::ffff:8.8.8.8",
		"64:ff9b::a00:1",
		"64:ff9b:1::1",
		"100::1",
		"2001::1",
		"2001:db8::1",
		"2002:a00:1::1",
		"3fff::1",
		"fc00::1",
		"fd12:3456::1",
		"fe80::1",
		"ff02::1",
	])("a name that has the address %s is of no public host", async (address) => {
		expect(await problemOf(address)).toBe(notPublic);
	});

	test("one that has none, for which the resolver brings an error and nothing beside it, is a fetch that fails", async () => {
		const url = "https://client.nowhere.example/metadata.json";
		const failed = { kind: "failed", reason: "It could not be reached" };
		expect(await createOutbound(remote, publicFetch(remote)).get(url, limits)).toEqual(failed);
		const alone = publicFetch(remote, (_, __, callback) => callback(new Error("ENOTFOUND")));
		expect(await createOutbound(remote, alone).get(url, limits)).toEqual(failed);
	});

	test("nor is one that has a public address too", async () => {
		expect(await problemOf("8.8.8.8", "10.0.0.1")).toBe(notPublic);
		expect(await problemOf("2001:db8::1", "8.8.8.8")).toBe(notPublic);
	});

	test.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "192.169.0.1", "2606:4700::1111", "2a00:1450::1"])(
		"%s is an address that everybody reaches",
		(address) => {
			expect(isPublic({ address, family: address.includes(":") ? 6 : 4 })).toBe(true);
		},
	);

	test("a name is looked up once, and what was judged is what is connected to", async () => {
		const url = server.serveJson({ public: true }).replace("127.0.0.1", "localhost");
		const { resolve, asked } = resolverOf(["127.0.0.1"], ["127.0.0.2"]);
		const fetched = await createOutbound(local, publicFetch(local, resolve)).get(url, limits);
		expect(fetched).toEqual({ kind: "ok", text: '{"public":true}', maxAge: null });
		expect(asked).toEqual(["localhost"]);
	});

	test("on a loopback issuer too, only a loopback name leads there, and to nowhere else", async () => {
		const url = `https://client.example:${port}/a.json`;
		const inside = createOutbound(local, publicFetch(local, resolverOf(["127.0.0.1"]).resolve));
		expect(await inside.get(url, limits)).toEqual({ kind: "failed", reason: "It could not be reached" });
		const outside = createOutbound(local, publicFetch(local, resolverOf(["8.8.8.8"]).resolve));
		expect(await outside.get(`http://localhost:${port}/a.json`, limits)).toMatchObject({ kind: "failed" });
		expect(server.askedFor(`${server.origin}/a.json`)).toHaveLength(0);
	});

	test("what is posted goes to what was judged, and to nothing else", async () => {
		const url = server.serve(
			(request, response) => void response.writeHead(request.method === "POST" ? 200 : 405).end(),
		);
		const here = createOutbound(local, publicFetch(local, resolverOf(["127.0.0.1"]).resolve));
		const posted = await here.post(url.replace("127.0.0.1", "localhost"), { a: "b" }, limits);
		expect(posted).toEqual({ kind: "taken", reason: "It was answered with 200" });
		const elsewhere = createOutbound(local, publicFetch(local, resolverOf(["10.0.0.1"]).resolve));
		const refused = await elsewhere.post(url.replace("127.0.0.1", "localhost"), { a: "b" }, limits);
		expect(refused).toEqual({ kind: "failed", reason: "It could not be reached" });
	});

	test("a status that is none ends nothing but the fetch", async () => {
		const strange = createServer((_, response) =>
			response.socket?.end("HTTP/1.1 999 What\r\ncontent-length: 0\r\n\r\n"),
		);
		await new Promise<void>((resolve) => strange.listen(0, "127.0.0.1", resolve));
		const address = strange.address();
		if (address === null || typeof address === "string") throw new Error("The server has no port");
		const fetched = await createOutbound(local, publicFetch(local)).get(`http://127.0.0.1:${address.port}/`, limits);
		expect(fetched.kind).toBe("failed");
		await new Promise((resolve) => strange.close(resolve));
	});
});
