import { describe, expect, test } from "vitest";
import { pageRoutes } from "../support/route-table.ts";
import { documentedOperations, forPeople } from "../support/documented.ts";
import { ada, signedIn } from "../support/people.ts";
import { type Answer, ask, refusal, saidIn } from "../support/requests.ts";

// An MCP inspector, a single-page application, a dashboard: JavaScript on a page of another origin, by fetch(). The MCP Inspector
// registers itself from its page (modelcontextprotocol/inspector issue 571), and MCP clients send `mcp-protocol-version`.
const page = { origin: "https://app.example" };
/** Of OpenTelemetry, Sentry, the MCP SDK, Stainless' and Microsoft's clients. */
const libraries =
	"authorization,baggage,content-type,dpop,mcp-protocol-version,sentry-trace,traceparent,x-ms-client-sku";

const open = documentedOperations.filter(({ path }) => !forPeople.includes(path));
const closed = [
	...documentedOperations.filter(({ path }) => forPeople.includes(path)).map(({ path }) => path),
	...pageRoutes().map(({ path }) => path),
];

function addressOf(path: string): string {
	return path.replaceAll(/\{\w+\}|:\w+/g, "x").replace("*", "x");
}

function manyNames(count: number): string {
	return Array.from({ length: count }, (_, index) => `x-${index}`).join();
}

function preflight(path: string, method: string, names: string, origin = page.origin): Promise<Answer> {
	const headers = {
		origin,
		"access-control-request-method": method,
		...(names !== "" && { "access-control-request-headers": names }),
	};
	return ask(addressOf(path), { method: "OPTIONS", headers });
}

/** What a browser would let the page read of it. */
function readable({ headers }: Answer): readonly string[] {
	expect(headers.get("access-control-allow-origin")).toBe("*");
	expect(headers.has("access-control-allow-credentials")).toBe(false);
	return (headers.get("access-control-expose-headers") ?? "").split(", ");
}

describe.each(open)("CORS: $name, from a page of another origin", ({ method, path }) => {
	test("a preflight gets the method, and whatever headers it names", async () => {
		const told = await preflight(path, method, libraries);
		expect([told.status, told.text]).toEqual([204, ""]);
		readable(told);
		expect(told.headers.get("access-control-allow-methods")?.split(", ")).toContain(method);
		expect(told.headers.get("access-control-allow-headers")).toBe(libraries);
		expect(told.headers.get("access-control-max-age")).toBe("86400");
		expect(told.headers.get("vary")).toContain("access-control-request-headers");
	});

	test("a person's cookie changes nothing: it is no credential here", async () => {
		const init = { method, headers: { ...page, "content-type": "application/json" } };
		const cookie = await signedIn(ada);
		const without = await ask(addressOf(path), init);
		const beside = await ask(addressOf(path), { method, headers: { ...init.headers, cookie } });
		expect([beside.status, saidIn(beside)]).toEqual([without.status, saidIn(without)]);
		readable(beside);
	});
});

describe.each([...new Set(closed)])("%s is for people, whose cookies it sees", (path) => {
	test("so no page of another origin may call it, or read what it says", async () => {
		const cookie = await signedIn(ada);
		const answers = [
			await preflight(path, "GET", libraries),
			await preflight(path, "POST", ""),
			await ask(addressOf(path), { headers: { ...page, cookie } }),
			await ask(addressOf(path), { method: "PUT", headers: { ...page, cookie } }),
		];
		for (const { headers } of answers) {
			expect([...headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
		}
	});
});

describe("CORS: a page of another origin reads why it was refused", () => {
	const said = ["www-authenticate", "request-id", "retry-after", "ratelimit", "ratelimit-policy", "etag", "location"];
	test.each([
		["401", "/v1/keys", { method: "GET" }, "401 Unauthorized"],
		["415 of a client's request", "/oauth/introspect", { method: "POST" }, "415 invalid_request"],
		["405, with what there is", "/oauth/register", { method: "GET" }, "405 Method Not Allowed"],
		["405 of a method that needs a preflight", "/v1/keys", { method: "PUT" }, "405 Method Not Allowed"],
		[
			"404, as of metadata that is looked for",
			"/.well-known/oauth-authorization-server/mcp",
			{ method: "GET" },
			"404 Not Found",
		],
		["404 of an API", "/v1/nothing", { method: "PATCH" }, "404 Not Found"],
		["404 of one character too many", "/oauth/token/", { method: "POST" }, "404 Not Found"],
	])("%s", async (_, path, init, expected) => {
		const asked = await preflight(path, init.method, libraries);
		expect(asked.status).toBe(204);
		readable(asked);
		expect(asked.headers.get("access-control-allow-methods")?.split(", ")).toContain(init.method);
		expect(asked.headers.get("access-control-allow-headers")).toBe(libraries);
		const refused = await ask(path, { ...init, headers: page });
		expect(refusal(refused)).toBe(expected);
		expect(readable(refused)).toEqual(expect.arrayContaining(said));
	});

	test("whatever header of ours an answer has, the page may read", async () => {
		// Fetch §2.2.5 lets every page see these; the others are for the browser itself, or for what stands between.
		const known =
			"cache-control content-language content-length content-type expires last-modified pragma " +
			"connection date keep-alive transfer-encoding vary content-security-policy cross-origin-opener-policy " +
			"permissions-policy referrer-policy strict-transport-security x-content-type-options x-frame-options";
		const unread = new Set<string>();
		for (const { method, path } of open) {
			const answer = await ask(addressOf(path), { method, headers: page });
			const names = [...answer.headers.keys()].filter((name) => !name.startsWith("access-control-"));
			const exposed = readable(answer);
			for (const name of names) if (!known.split(" ").includes(name) && !exposed.includes(name)) unread.add(name);
		}
		expect([...unread]).toEqual([]);
	});
});

describe("CORS: what a preflight names comes back, and nothing else can", () => {
	const common = "authorization, *";
	test.each([
		["none", "", common],
		["as Firefox and Chromium write it", "content-type,traceparent", "content-type,traceparent"],
		["with a space after each comma, as curl users do", "Authorization, X-Trace", "Authorization, X-Trace"],
		["a thousand of them", manyNames(1000), common],
		["one that is very long", "x".repeat(5000), common],
		["an answer's own header after it", "x, y: 1", common],
		["a header after a folded line", "x\t y", common],
		["what no name may have in it", 'x"<script>', common],
		["letters that are not ASCII", "tracé", common],
		["an empty one", "x,,y", common],
	])("%s", async (_, names, expected) => {
		const told = await preflight("/oauth/token", "POST", names);
		expect(told.status).toBe(204);
		expect(told.headers.get("access-control-allow-headers")).toBe(expected);
	});

	test("ten thousand names, wherever they are refused, come back to nobody", async () => {
		const told = await preflight("/oauth/token", "POST", manyNames(10_000));
		const answered = JSON.stringify([told.status, ...told.headers, told.text]);
		expect([answered.length < 2000, answered.includes("x-9999")]).toEqual([true, false]);
	});

	test.each(["null", "https://attacker.example", "not an origin"])(
		"Origin: %s is nobody in particular: it gets what everybody does, and no word of cookies",
		async (origin) => {
			const told = await preflight("/v1/keys", "GET", "authorization", origin);
			readable(told);
			const cookie = await signedIn(ada);
			const answer = await ask("/v1/keys", { headers: { origin, cookie } });
			expect(refusal(answer)).toBe("401 Unauthorized");
			readable(answer);
			// The answer is the same for every origin, so that no cache can hand one origin's to another.
			expect(answer.headers.get("vary") ?? "").not.toMatch(/origin/i);
		},
	);

	test("RFC 9110 §9.3.7: OPTIONS that is no preflight finds nothing where there is nothing", async () => {
		expect(refusal(await ask("/v1/nothing", { method: "OPTIONS", headers: page }))).toBe("404 Not Found");
	});
});
