import { describe, expect, test } from "vitest";
import { ask, refusal } from "../support/requests.ts";
import { demo, logged } from "../support/target.ts";

const logo = `/integrations/${demo.integration.client.id}/logo.svg`;
const routes: [path: string, allow: string, cors: boolean][] = [
	["/", "GET, HEAD, OPTIONS", false],
	["/sign-in", "GET, POST, HEAD, OPTIONS", false],
	["/sign-out", "POST, OPTIONS", false],
	["/setup", "GET, POST, HEAD, OPTIONS", false],
	["/.well-known/oauth-authorization-server", "GET, HEAD, OPTIONS", true],
	["/.well-known/openid-configuration", "GET, HEAD, OPTIONS", true],
	["/.well-known/oauth-protected-resource", "GET, HEAD, OPTIONS", true],
	["/.well-known/oauth-protected-resource/oauth/environments", "GET, HEAD, OPTIONS", true],
	["/.well-known/jwks.json", "GET, HEAD, OPTIONS", true],
	["/openapi.json", "GET, HEAD, OPTIONS", true],
	["/healthz", "GET, HEAD, OPTIONS", true],
	["/docs", "GET, HEAD, OPTIONS", false],
	["/docs/errors/taken", "GET, HEAD, OPTIONS", false],
	[`/integrations/${demo.integration.client.id}`, "GET, POST, HEAD, OPTIONS", false],
	[logo, "GET, HEAD, OPTIONS", true],
	["/oauth/authorize", "GET, POST, HEAD, OPTIONS", false],
	["/oauth/par", "POST, OPTIONS", true],
	["/oauth/consent", "GET, POST, HEAD, OPTIONS", false],
	["/oauth/token", "POST, OPTIONS", true],
	["/oauth/userinfo", "GET, POST, HEAD, OPTIONS", true],
	["/oauth/logout", "GET, POST, HEAD, OPTIONS", false],
	["/oauth/device_authorization", "POST, OPTIONS", true],
	["/oauth/register", "POST, OPTIONS", true],
	["/oauth/revoke", "POST, OPTIONS", true],
	["/oauth/introspect", "POST, OPTIONS", true],
	["/auth/login", "POST, OPTIONS", true],
	["/auth/sessions", "GET, HEAD, OPTIONS", true],
	["/auth/sessions/abc", "DELETE, OPTIONS", true],
	["/v1/keys/verify", "POST, OPTIONS", true],
	["/oauth/environments", "GET, HEAD, OPTIONS", true],
	["/v1/events", "POST, OPTIONS", true],
];
const fromElsewhere = { origin: "https://app.example" };

describe.each(routes)("%s", (path, allow, cors) => {
	const origin = cors ? "*" : null;

	test("RFC 9110 §15.5.6: another method is 405, with Allow", async () => {
		for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
			if (allow.includes(method)) continue;
			const answer = await ask(path, { method, headers: fromElsewhere });
			expect([method, refusal(answer)]).toEqual([method, "405 Method Not Allowed"]);
			expect(answer.headers.get("allow")).toBe(allow);
			expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
		}
	});

	test("a browser's preflight is answered by who may call from elsewhere", async () => {
		const headers = { ...fromElsewhere, "access-control-request-method": "POST" };
		const answer = await ask(path, { method: "OPTIONS", headers });
		expect([answer.status, answer.text, answer.headers.get("allow")]).toEqual([204, "", allow]);
		expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
		expect(answer.headers.has("access-control-allow-methods")).toBe(cors);
		expect(answer.headers.has("access-control-allow-headers")).toBe(cors);
		expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
	});

	test("every answer, a refusal too, says who may read it", async () => {
		const method = allow.split(",")[0] ?? "";
		const answer = await ask(path, { method, headers: fromElsewhere });
		expect(answer.status).not.toBe(405);
		expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
		expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
		expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
	});
});

// What only leads on has no content.
const pages = routes
	.filter(([path, allow]) => allow.startsWith("GET") && path !== "/oauth/consent")
	.map(([path]) => path);
test.each(pages)("RFC 9110 §9.3.2: HEAD %s is GET without the content", async (path) => {
	const get = await ask(path);
	const head = await ask(path, { method: "HEAD" });
	expect([head.status, head.text]).toEqual([get.status, ""]);
	expect(get.text).not.toBe("");
	for (const name of ["content-type", "cache-control", "content-security-policy"]) {
		expect(head.headers.get(name)).toBe(get.headers.get(name));
	}
});

test.each([
	"/nothing",
	"/oauth",
	"/oauth/token/x",
	"/OAuth/Token",
	"/oauth/token/",
	"/oauth/token//",
	"//oauth/token",
	"/oauth//token",
	"/.well-known/oauth-authorization-server/",
	"/.well-known/oauth-authorization-server/x",
	"/.well-known/openid-configuration/x",
	"/integrations",
	"/auth/sessions/a/b",
])("there is nothing at %s", async (path) => {
	for (const method of ["GET", "POST", "OPTIONS"]) {
		expect([path, method, refusal(await ask(path, { method }))]).toEqual([path, method, "404 Not Found"]);
	}
	expect((await ask(path, { method: "HEAD" })).status).toBe(404);
});

test("a client's logo is served where it can do nothing", async () => {
	const answer = await ask(logo);
	expect(answer.status).toBe(200);
	expect(answer.headers.get("content-type")).toBe("image/svg+xml");
	expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'; style-src 'unsafe-inline'; sandbox");
	expect(answer.text).toMatch(/^<svg/);
	expect(refusal(await ask(`/integrations/${demo.webApp.client.id}/logo.svg`))).toBe("404 Not Found");
	expect(refusal(await ask("/integrations/nobody/logo.svg"))).toBe("404 Not Found");
});

test("none of this failed on our side", async () => {
	expect((await logged()).filter((line) => line.includes("failed"))).toEqual([]);
});
