import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { type DnsResolver, startDnsResolver } from "../peers/dns-resolver.ts";
import { demo } from "../support/demo-world.ts";
import { issuer } from "../support/issuer.ts";
import { startMemoryApp } from "../runners/memory-app.ts";

// Whose a domain is, as DNS says it: by a resolver that speaks it, and by what that answers when it does not.

describe("a domain is shown by a TXT record", () => {
	let resolver: DnsResolver;
	let send: (method: string, path: string, body?: object, token?: string) => Promise<Answer>;
	let acme: string;
	let globex: string;
	let made = 0;

	interface Answer {
		readonly status: number;
		readonly body: Readonly<Record<string, unknown>>;
	}

	beforeAll(async () => {
		resolver = await startDnsResolver();
		const app = await startMemoryApp({
			ISSUER: issuer,
			SEAL_KEYS: `1:${developmentSealKey}`,
			DEMO_DATA: "on",
			DNS_RESOLVER: resolver.url,
		});
		send = async (method, path, body, token) => {
			const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
			const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
			const answer = await app.fetch(new Request(issuer + path, init));
			const text = await answer.text();
			return { status: answer.status, body: text === "" ? {} : JSON.parse(text) };
		};
		const login = async (who: object) => String((await send("POST", "/auth/login", who)).body.access_token);
		acme = await login({ username: "ada", password: "ada-demo-password", account: "acme" });
		globex = await login({ ...demo.grace, account: "globex" });
	});
	afterAll(() => resolver.close());
	beforeEach(() => {
		resolver.instead = null;
	});

	/** One that is named, and what DNS has to say. */
	async function named(token = acme, domain = `people-${++made}.example`) {
		const { body } = await send("PUT", `/v1/domains/${domain}`, {}, token);
		const { name, value } = body.record as { name: string; value: string };
		return { domain, name, value, verify: () => send("POST", `/v1/domains/${domain}/verify`, undefined, token) };
	}

	test("RFC 8484 §4.1: it is asked by GET, and the domain counts once DNS says so, among what else it says", async () => {
		const { name, value, verify } = await named();
		expect((await verify()).status).toBe(409);
		expect(resolver.asked.at(-1)).toBe(`GET application/dns-message TXT ${name}`);
		resolver.texts.set(name, ["v=spf1 -all", value]);
		expect(await verify()).toMatchObject({ status: 200, body: { verified_by: "dns" } });
		// From then on it does, whatever DNS says.
		resolver.texts.clear();
		const before = resolver.asked.length;
		expect((await verify()).status).toBe(200);
		expect(resolver.asked).toHaveLength(before);
	});

	test("what DNS says of another account, or nearly, or of another name, shows nothing", async () => {
		const one = await named();
		const other = await named(globex, one.domain);
		resolver.texts.set(one.name, [other.value, `${one.value}x`, one.value.toUpperCase(), ` ${one.value}`]);
		resolver.texts.set(one.domain, [one.value]);
		expect((await one.verify()).status).toBe(409);
		expect((await other.verify()).status).toBe(200);
		resolver.texts.set(one.name, [one.value]);
		const refused = await one.verify();
		expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining("another account")]);
	});

	test("a resolver that fails, answers no DNS or too much of it: 503, and the domain counts for nothing", async () => {
		const { name, value, verify } = await named();
		resolver.texts.set(name, [value]);
		const message = new TextEncoder().encode("<html>");
		for (const instead of [
			{ status: 500, body: message },
			{ status: 302, body: message },
			{ status: 200, body: message },
			{ status: 200, body: new Uint8Array(70_000) },
		]) {
			resolver.instead = instead;
			expect((await verify()).status).toBe(503);
		}
		resolver.instead = null;
		expect((await verify()).status).toBe(200);
	});

	test("an account has it asked thirty times in an hour, and others go on", async () => {
		const [mine, theirs] = [await named(), await named(globex)];
		const statuses = [];
		for (let round = 0; round < 31; round++) statuses.push((await mine.verify()).status);
		expect(statuses.filter((status) => status === 409).length).toBeLessThanOrEqual(30);
		const asked = resolver.asked.length;
		expect([(await mine.verify()).status, resolver.asked.length]).toEqual([429, asked]);
		expect((await theirs.verify()).status).toBe(409);
	});
});
