import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { authorizeLink, stage } from "./stage.ts";

const on = stage();

interface Asked {
	readonly method?: string;
	readonly headers?: Record<string, string>;
	readonly body?: string;
	readonly credentials?: "include" | "omit";
}

interface Read {
	readonly status: number;
	readonly body: string;
	readonly challenge: string | null;
	readonly requestId: string | null;
}

/** What JavaScript on the integrator's page gets to see; null where the browser keeps it away. */
function fetchFrom(page: Page, path: string, init: Asked = {}): Promise<Read | null> {
	return page.evaluate(
		async ({ url, asked }) => {
			const answer = await fetch(url, asked).catch(() => null);
			if (!answer) return null;
			const { status, headers } = answer;
			const body = await answer.text();
			return { status, body, challenge: headers.get("www-authenticate"), requestId: headers.get("request-id") };
		},
		{ url: path.startsWith("http") ? path : on.origin + path, asked: init },
	);
}

/** Ports do not count for cookies: its requests to us are of the same site, so that a browser would send the cookie along. */
async function integratorsPage(): Promise<Page> {
	const { page } = await on.openSignedIn(demo.ada);
	await page.goto("http://localhost:8788/portal");
	return page;
}

const traced = {
	authorization: "Bearer nothing",
	"mcp-protocol-version": "2025-11-25",
	traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
};

test("CORS: with the headers of a tracing library, a page of another origin calls and reads each refusal", async () => {
	const page = await integratorsPage();
	const { authorization: _, ...anonymous } = traced;
	const json = { ...anonymous, "content-type": "application/json" };
	const asked = [
		await fetchFrom(page, "/v1/keys", { headers: traced }),
		await fetchFrom(page, "/oauth/register", { method: "POST", headers: json, body: "{}" }),
		await fetchFrom(page, "/v1/keys", { method: "PUT", headers: json, body: "{}" }),
		await fetchFrom(page, "/.well-known/oauth-authorization-server/mcp", { headers: traced }),
	];
	expect(asked.map((each) => each?.status)).toEqual([401, 400, 405, 404]);
	for (const read of asked) expect(read?.requestId).toMatch(/^[\da-f-]{36}$/);
	expect(asked[0]?.challenge).toContain('error="invalid_token"');
	expect(asked[1]?.body).toContain("invalid_redirect_uri");
});

test("CORS: an application in a browser registers itself, and asks for the metadata first", async () => {
	const page = await integratorsPage();
	const found = await fetchFrom(page, "/.well-known/oauth-authorization-server", { headers: traced });
	const { registration_endpoint: endpoint } = JSON.parse(found?.body ?? "{}") as Record<string, string>;
	const body = JSON.stringify({ redirect_uris: ["https://app.example/cb"], token_endpoint_auth_method: "none" });
	const headers = { traceparent: traced.traceparent, "content-type": "application/json" };
	const registered = await fetchFrom(page, endpoint ?? "", { method: "POST", headers, body });
	expect([registered?.status, registered?.body]).toEqual([201, expect.stringContaining("client_id")]);
});

test("a page of another origin that wants the person's cookie to count reads nothing at all", async () => {
	const page = await integratorsPage();
	for (const path of ["/v1/keys", "/oauth/userinfo", "/auth/sessions", "/openapi.json"]) {
		expect([path, await fetchFrom(page, path, { credentials: "include" })]).toEqual([path, null]);
	}
	// What the cookie does open: pages. Neither with it nor without is any of them to be read.
	for (const path of ["/", "/console", "/console/acme/keys", authorizeLink(on.origin)]) {
		for (const credentials of ["include", "omit"] as const) {
			expect([path, await fetchFrom(page, path, { credentials })]).toEqual([path, null]);
		}
	}
});
