import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, test, vi } from "vitest";
import { pageRoutes } from "../support/route-table.ts";
import { developmentSealKey } from "../../src/config.ts";
import { demo } from "../support/demo-world.ts";
import { startMemoryApp } from "../runners/memory-app.ts";
import { answerConsent, createPerson } from "../support/person.ts";
import { challenged, verified } from "../support/pkce.ts";

const origin = "http://localhost:8787";
const base = "/tenants/acme";
const issuer = origin + base;
const app = await startMemoryApp({ ISSUER: issuer, SEAL_KEYS: `1:${developmentSealKey}`, DEMO_DATA: "on" });
const { webApp, ada } = demo;

vi.setConfig({ testTimeout: 60_000 }); // each password costs a tenth of a second and more

function send(path: string, init: RequestInit = {}): Promise<Response> {
	return app.fetch(new Request(new URL(path, origin), init));
}

async function jsonAt(path: string): Promise<Record<string, unknown>> {
	const answer = await send(path);
	if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
	return (await answer.json()) as Record<string, unknown>;
}

/** A person who remembers every page and redirect that they met. */
function observer() {
	const pages: { readonly url: string; readonly html: string }[] = [];
	const locations: string[] = [];
	const person = createPerson(origin, async (url, init) => {
		const answer = await send(url, init);
		const location = answer.headers.get("location");
		if (location !== null) locations.push(location);
		if ((answer.headers.get("content-type") ?? "").startsWith("text/html")) {
			pages.push({ url, html: await answer.clone().text() });
		}
		return answer;
	});
	return { person, pages, locations };
}

function authorizeUrl(query: Record<string, string> = {}): string {
	const search = new URLSearchParams({
		response_type: "code",
		client_id: webApp.id,
		redirect_uri: webApp.redirectUri,
		scope: "openid environments:read",
		...challenged,
		state: "s",
		...query,
	});
	return `${issuer}/oauth/authorize?${search.toString()}`;
}

async function tokens(code: string): Promise<Record<string, unknown>> {
	const answer = await send(`${base}/oauth/token`, {
		method: "POST",
		headers: { authorization: `Basic ${btoa(`${webApp.id}:${webApp.secret}`)}` },
		body: new URLSearchParams({
			grant_type: "authorization_code",
			code,
			redirect_uri: webApp.redirectUri,
			...verified,
		}),
	});
	if (answer.status !== 200) throw new Error(await answer.text());
	return (await answer.json()) as Record<string, unknown>;
}

test("the path itself is the start page, as `/` is elsewhere", async () => {
	const [bare, slash] = await Promise.all([send("/tenants/acme"), send("/tenants/acme/")]);
	expect([bare.status, await bare.text()]).toEqual([200, await slash.text()]);
});

test.each([`${base}/nothing/here`, "/nothing/here"])(
	"a browser at %s is shown a page that leads to the issuer",
	async (path) => {
		const answer = await send(path, { headers: { accept: "text/html" } });
		const links = [...(await answer.text()).matchAll(/\s(?:href|src|action)="(\/[^"]*)"/g)].map(
			([, link]) => link ?? "",
		);
		expect([answer.status, links.length > 2, links.filter((link) => !link.startsWith(base))]).toEqual([404, true, []]);
	},
);

describe("discovery", () => {
	test.each([
		"/.well-known/oauth-authorization-server/tenants/acme", // RFC 8414 §3.1
		"/tenants/acme/.well-known/openid-configuration", // OIDC Discovery §4.1
		"/.well-known/openid-configuration/tenants/acme", // RFC 8414 §5, MCP authorization
	])("RFC 8414 §3.3: the document at %s is of this issuer", async (path) => {
		const told = await jsonAt(path);
		expect(told.issuer).toBe(issuer);
		expect(told).toEqual(await jsonAt("/.well-known/oauth-authorization-server/tenants/acme"));
		const urls = Object.entries(told).filter(([name]) => /_endpoint$|_uri$|documentation$/.test(name));
		expect(urls.length).toBeGreaterThan(6);
		for (const [name, url] of urls) {
			expect([name, String(url).startsWith(`${issuer}/`)]).toEqual([name, true]);
			const options = await send(String(url), { method: "OPTIONS" });
			expect([name, options.status]).toEqual([name, 204]);
		}
	});

	test.each([
		"/.well-known/oauth-authorization-server",
		"/.well-known/oauth-authorization-server/tenants",
		"/.well-known/oauth-authorization-server/tenants/acmex",
		"/.well-known/oauth-authorization-server/tenants/acme/x",
		"/.well-known/oauth-authorization-server/tenants/other",
		"/.well-known/openid-configuration",
		"/.well-known/openid-configuration/tenants/other",
		"/.well-known/oauth-protected-resource",
		"/.well-known/oauth-protected-resource/oauth/environments",
		"/.well-known/oauth-protected-resource/tenants/other/oauth/environments",
		"/.well-known/jwks.json",
		"/.well-known/jwks.json/tenants/acme",
	])("there is nothing at %s: it would be of another issuer", async (path) => {
		expect((await send(path)).status).toBe(404);
	});

	test("RFC 9728 §3.1: the well-known name stands between the host and the path of the resource", async () => {
		const refused = await send(`${base}/oauth/environments`);
		expect(refused.status).toBe(401);
		const [, url = ""] = /resource_metadata="([^"]+)"/.exec(refused.headers.get("www-authenticate") ?? "") ?? [];
		expect(url).toBe(`${origin}/.well-known/oauth-protected-resource${base}/oauth/environments`);
		expect(await jsonAt(url)).toMatchObject({
			resource: `${issuer}/oauth/environments`,
			authorization_servers: [issuer],
			scopes_supported: ["environments:read"],
		});
		expect(await jsonAt(`/.well-known/oauth-protected-resource${base}`)).toMatchObject({ resource: issuer });
	});
});

test.each(["/", "/tenants", "/tenants/", "/tenants/acmex/oauth/token", "/tenants/acme2", "/oauth/token", "/sign-in"])(
	"there is nothing at %s: it is not under the issuer",
	async (path) => {
		for (const method of ["GET", "POST"]) expect((await send(path, { method })).status).toBe(404);
	},
);

test("a path that repeats the issuer's, or climbs out of it, is none of ours", async () => {
	const paths = [`${base}${base}/oauth/token`, `${base}/../other/oauth/token`, `${base}//oauth/token`];
	for (const path of [...paths, `${base}/%2e%2e/x`, "/tenants%2facme/oauth/token"]) {
		expect([path, (await send(path, { method: "POST" })).status]).toEqual([path, 404]);
	}
});

describe("the code flow", () => {
	test("RFC 9207 §2, RFC 9068 §2.2: from sign-in to an API call everything lies under the issuer", async () => {
		const { person, locations } = observer();
		const answer = await answerConsent(person, authorizeUrl(), ada, "Allow");
		expect(answer.searchParams.get("iss")).toBe(issuer);
		expect(answer.searchParams.get("state")).toBe("s");
		for (const location of locations) {
			expect(location.startsWith(`${base}/`) || location.startsWith(webApp.redirectUri)).toBe(true);
		}

		const granted = await tokens(answer.searchParams.get("code") ?? "");
		const keys = createLocalJWKSet((await jsonAt(`${base}/.well-known/jwks.json`)) as never);
		const currentDate = new Date(app.now() * 1000);
		const access = String(granted.access_token);
		const { payload } = await jwtVerify(access, keys, { issuer, audience: issuer, typ: "at+jwt", currentDate });
		expect(payload.client_id).toBe(webApp.id);
		const idToken = await jwtVerify(String(granted.id_token), keys, { issuer, audience: webApp.id, currentDate });
		expect(idToken.payload.sub).toBe(payload.sub);

		const authorization = `Bearer ${access}`;
		for (const path of ["/oauth/environments", "/oauth/userinfo"]) {
			expect((await send(base + path, { headers: { authorization } })).status).toBe(200);
			expect((await send(path, { headers: { authorization } })).status).toBe(404);
		}
	});

	test("RFC 8707 §2: a token for one resource under the issuer opens that one alone", async () => {
		const resource = `${issuer}/oauth/environments`;
		const answer = await answerConsent(observer().person, authorizeUrl({ resource }), ada, "Allow");
		const { access_token } = await tokens(answer.searchParams.get("code") ?? "");
		const authorization = `Bearer ${String(access_token)}`;
		expect((await send(`${base}/oauth/environments`, { headers: { authorization } })).status).toBe(200);
		expect((await send(`${base}/v1/environments`, { headers: { authorization } })).status).toBe(401);
	});

	test("a form of the issuer's own origin is taken, and of another is not", async () => {
		const post = (from: string) =>
			send(`${base}/sign-in`, {
				method: "POST",
				headers: { origin: from },
				body: new URLSearchParams({ ...ada, continue: "/console" }),
			});
		const answer = await post(origin);
		expect([answer.status, answer.headers.get("location")]).toEqual([303, `${base}/console`]);
		// RFC 6265bis §4.1.3.2: `__Host-` needs Path=/.
		expect(answer.headers.get("set-cookie")).toMatch(/^__Host-latchkey=.*; Path=\/; Secure; HttpOnly/);
		for (const from of ["https://evil.example", issuer, "null"]) expect((await post(from)).status).toBe(403);
	});

	test("a sign-in leads nowhere but under the issuer", async () => {
		for (const to of ["//evil.example", "/.//evil.example", "/../x"]) {
			const answer = await send(`${base}/sign-in`, {
				method: "POST",
				headers: { origin },
				body: new URLSearchParams({ ...ada, continue: to }),
			});
			expect(answer.headers.get("location")).toMatch(/^\/tenants\/acme\/(?!\/)/);
		}
	});
});

describe("the pages", () => {
	test("no link, form, script or picture on any page leaves the issuer's path, and each leads to something", async () => {
		const { person, pages } = observer();
		await answerConsent(person, authorizeUrl(), ada, "Deny");
		const routes = pageRoutes().filter(({ method }) => method === "GET");
		for (const { path } of routes)
			await person.open(issuer + path.replaceAll(/:slug/g, "acme").replaceAll(/:\w+/g, "x"));
		await person.open(`${issuer}/integrations/${demo.integration.id}`);
		expect(pages.length).toBeGreaterThan(routes.length);

		const links = new Set<string>();
		for (const { url, html } of pages) {
			for (const [, name, value = ""] of html.matchAll(/\s(href|src|action|formaction)="([^"]*)"/g)) {
				const to = new URL(value.replaceAll("&amp;", "&"), url);
				const isHere = to.origin === origin;
				expect([url, name, value, !isHere || to.pathname.startsWith(`${base}/`) || to.pathname === base]).toEqual([
					url,
					name,
					value,
					true,
				]);
				// The files are served beside the app, and a fragment leads to where one is.
				const isLink = name === "href" && !value.startsWith("#");
				if (isHere && isLink && !to.pathname.startsWith(`${base}/static/`)) links.add(to.pathname + to.search);
			}
		}
		expect(links.size).toBeGreaterThan(10);
		for (const link of links) expect([link, (await person.open(origin + link)).status]).not.toEqual([link, 404]);
	});

	test("what a person wrote is not taken for a link", async () => {
		const body = new URLSearchParams({ username: 'a href="/console', password: "" });
		const page = await send(`${base}/sign-in`, { method: "POST", headers: { origin }, body });
		const html = await page.text();
		expect(html).toContain("a href=&quot;/console");
		expect(html).not.toContain(`&quot;${base}`);
	});

	test("a page answers HEAD as GET, and its length is not that of another text", async () => {
		const [head, get] = await Promise.all([send(`${base}/docs`, { method: "HEAD" }), send(`${base}/docs`)]);
		expect([head.status, await head.text()]).toEqual([200, ""]);
		expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
		expect(get.headers.has("content-length")).toBe(false);
	});
});

describe("URLs in documents", () => {
	test("OpenAPI §4.8.5: the server is the issuer, and an operation under it answers", async () => {
		const document = await jsonAt(`${base}/openapi.json`);
		expect(document.servers).toEqual([{ url: issuer }]);
		const docs = await (await send(`${base}/docs/guides/install-flow`)).text();
		expect(docs).toContain(`export ISSUER=${issuer}\n`);
		expect(docs).not.toMatch(/localhost:8787\/(?!tenants\/acme)/);
	});

	test("an integration's page and logo are told by where they are", async () => {
		const authorization = await loginToken();
		const answer = await send(`${base}/v1/integrations`, { headers: { authorization } });
		const text = await answer.text();
		expect(answer.status).toBe(200);
		for (const [, url = ""] of text.matchAll(/"(http:\/\/localhost:8787[^"]*)"/g)) {
			expect(url.startsWith(`${issuer}/`)).toBe(true);
			expect((await send(url)).status).toBe(200);
		}
	});
});

async function loginToken(): Promise<string> {
	const answer = await send(`${base}/auth/login`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ ...ada, account: "acme" }),
	});
	const { access_token } = (await answer.json()) as { access_token: string };
	return `Bearer ${access_token}`;
}
