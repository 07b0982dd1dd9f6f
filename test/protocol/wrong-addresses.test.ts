import { describe, expect, test } from "vitest";
import { ask, refusal, saidIn } from "../support/requests.ts";

// RFC 9110 §12.5.1: who goes to a wrong address in a browser is shown a page, and a program is told a problem (RFC 9457).

/** What Chromium 142, Firefox 145 and Safari 26 send when somebody goes to an address. */
const browsers = [
	"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
	"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
	"text/html",
	"TEXT/HTML;q=0.9, */*;q=0.1",
];
/** curl and most libraries, fetch, axios 1.13, an MCP client (Streamable HTTP), and those who take a page only after JSON. */
const programs = [
	undefined,
	"",
	"*/*",
	"application/json",
	"application/json, text/plain, */*",
	"application/json, text/event-stream",
	"application/problem+json, text/html;q=0.5",
	"text/html;q=0, */*",
	"image/avif,image/webp,*/*",
	"text/html-but-not-quite",
];
/** Of 9 KB: Node ends a request with headers of more than 16. */
const long = `${"text/htm,".repeat(1000)}*/*`;
const wrong: readonly (readonly [what: string, path: string, status: number, method: string])[] = [
	["nothing there", "/nothing/here", 404, "GET"],
	["nothing there, of the API", "/v1/nothing", 404, "GET"],
	["a slash more", "/oauth/token/", 404, "GET"],
	["metadata that there is none of", "/.well-known/nothing", 404, "GET"],
	["where only programs post to", "/oauth/token", 405, "GET"],
	["where a form is sent to", "/sign-out", 405, "GET"],
	["a method that is no page's", "/sign-in", 405, "DELETE"],
];

describe.each(wrong)("%s", (_, path, status, method) => {
	test.each(browsers)("a page for a browser: %s", async (accept) => {
		const answer = await ask(path, { method, headers: { accept } });
		expect(answer.status).toBe(status);
		expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
		expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
		expect(answer.headers.get("cache-control")).toBe("no-store");
		expect(saidIn(answer)).toContain("What you can do");
		expect(answer.headers.has("allow")).toBe(status === 405);
		expect(answer.text).not.toContain("nothing/here");
	});

	test.each(programs)("a problem for a program: %s", async (accept) => {
		const answer = await ask(path, { method, ...(accept !== undefined && { headers: { accept } }) });
		expect(answer.headers.get("content-type")).toBe("application/problem+json");
		expect(refusal(answer)).toMatch(new RegExp(`^${status} (?:Not Found|Method Not Allowed)$`));
	});

	test("a problem for a program that takes a thousand types", async () => {
		const answer = await ask(path, { method, headers: { accept: long } });
		expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
	});

	test("each is told with the same headers whether other origins may read it", async () => {
		const [page, told] = await Promise.all(
			["text/html", "application/json"].map((accept) =>
				ask(path, { method, headers: { accept, origin: "https://app.example" } }),
			),
		);
		for (const name of ["access-control-allow-origin", "access-control-allow-credentials", "allow"]) {
			expect(page?.headers.get(name)).toBe(told?.headers.get(name));
		}
	});
});

test("what is there answers as ever, whatever is accepted", async () => {
	const metadata = await ask("/.well-known/openid-configuration", { headers: { accept: "text/html" } });
	expect(metadata.headers.get("content-type")).toBe("application/json");
	const refused = await ask("/v1/keys", { headers: { accept: "text/html" } });
	expect([refused.status, refused.headers.get("content-type")]).toEqual([401, "application/problem+json"]);
});
