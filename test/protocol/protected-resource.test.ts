import { describe, expect, test } from "vitest";
import { apiOperations, pageRoutes } from "../support/route-table.ts";
import { permissions } from "../../src/domain/permission.ts";
import { aKey } from "../support/registered.ts";
import { type Answer, ask, bearer, locationOf } from "../support/requests.ts";
import { logIn } from "../support/logins.ts";
import { decide } from "../support/people.ts";
import { demo, issuer, logged } from "../support/target.ts";
import { authorizePath, claimsOf, exchange, tokensOf } from "../support/tokens.ts";

const wellKnown = "/.well-known/oauth-protected-resource";
const table = apiOperations().map((operation) => ({
	...operation,
	at: operation.path.replaceAll(":org", "acme").replaceAll(/:\w+\+?/g, "x"),
	needed: operation.needs ?? operation.doc.scope ?? null,
}));
/** Takes an access token (RFC 7591 §3), and in this deployment strangers as well. */
const registration = "/oauth/register";
/** Those that a token from the token endpoint opens, and those that a login token (contract 001) alone does. */
const opened = table.filter(({ needed, path }) => needed !== null && path !== registration);
const byLoginToken = table.filter(({ needed, doc }) => needed === null && doc.credentials?.includes("bearer"));
const guarded = table.filter(({ needs }) => needs !== null);

async function metadataOf(path: string): Promise<Answer> {
	return ask(wellKnown + path);
}

/** The parameters of the one challenge for bearer tokens. */
function challengeOf(answer: Answer): Readonly<Record<string, string>> {
	const header = answer.headers.get("www-authenticate") ?? "";
	// RFC 9110 §11.2: a parameter stands there once.
	const [, parameters = ""] =
		/^Bearer ((?:[a-z_]+="[^"\\]*"(?:, (?=[a-z_]+=))?)+)(?:, ApiKey realm="latchkey")?$/.exec(header) ?? [];
	const pairs = [...parameters.matchAll(/([a-z_]+)="([^"]*)"/g)].map(
		([, name = "", value = ""]) => [name, value] as const,
	);
	if (pairs.length === 0) throw new Error(`No challenge: ${answer.status} ${header}`);
	expect(new Set(pairs.map(([name]) => name)).size).toBe(pairs.length);
	return Object.fromEntries(pairs);
}

function send(method: string, at: string, headers: Record<string, string> = {}): Promise<Answer> {
	return ask(at, { method, headers });
}

test("RFC 9728 §3.2: of the API as a whole", async () => {
	const answer = await metadataOf("");
	expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
	expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
	expect(answer.body).toEqual({
		resource: issuer,
		authorization_servers: [issuer],
		scopes_supported: expect.arrayContaining([...Object.keys(permissions), "openid"]),
		bearer_methods_supported: ["header"],
		dpop_signing_alg_values_supported: ["ES256", "PS256", "EdDSA", "Ed25519"],
		dpop_bound_access_tokens_required: false,
		resource_name: "latchkey",
		resource_documentation: `${issuer}/docs`,
	});
});

describe("every resource that an access token opens", () => {
	test("there are some, with UserInfo and contract 000's among them", () => {
		const paths = opened.map(({ path }) => path);
		expect(paths).toEqual(expect.arrayContaining(["/oauth/environments", "/oauth/userinfo", "/v1/keys", "/v1/events"]));
	});

	test.each(opened)(
		"$method $path: RFC 9728 §5.1: a refusal names the metadata, and it is of this URL",
		async (row) => {
			const { method, at, needed } = row;
			const refused = await send(method, `${at}?account=acme`);
			expect(refused.status).toBe(401);
			const challenge = challengeOf(refused);
			// RFC 6750 §3.1: no error where nothing was presented. MCP authorization: the scope that it takes.
			expect(challenge).toEqual({ realm: "latchkey", scope: needed, resource_metadata: issuer + wellKnown + at });

			const { status, body } = await ask(challenge.resource_metadata?.slice(issuer.length) ?? "");
			expect(status).toBe(200);
			// RFC 9728 §3.3: exactly the URL that was asked for.
			expect(body.resource).toBe(issuer + at);
			expect(body.authorization_servers).toEqual([issuer]);
			const here = opened.filter(({ path }) => path === row.path).map((each) => each.needed);
			expect(body.scopes_supported).toEqual([...new Set(here)]);
		},
	);

	test.each(opened)("$method $path: RFC 6750 §3.1: a token that is none is invalid_token", async ({ method, at }) => {
		for (const token of ["nonsense", "e30.e30.e30"]) {
			const refused = await send(method, at, bearer(token));
			expect(refused.status).toBe(401);
			expect(challengeOf(refused)).toMatchObject({
				error: "invalid_token",
				resource_metadata: issuer + wellKnown + at,
			});
		}
	});

	test.each(guarded)(
		"$method $path: RFC 6750 §3.1: without $needs it is insufficient_scope",
		async ({ method, at, needs }) => {
			const { secret } = await aKey(demo.accounts.acme, []);
			const { body } = await logIn({ api_key: secret });
			const refused = await send(method, `${at}?account=acme`, bearer(String(body.access_token)));
			expect(refused.status).toBe(403);
			expect(challengeOf(refused)).toMatchObject({
				error: "insufficient_scope",
				scope: needs,
				resource_metadata: issuer + wellKnown + at,
			});
		},
	);

	test("a credential of another account is 403, and the challenge promises nothing of another scope", async () => {
		const { secret } = await aKey(demo.accounts.acme);
		for (const at of ["/v1/environments?account=globex", "/api/v4/organizations/globex/change_events"]) {
			const refused = await send("GET", at, { "x-api-key": secret });
			expect([at, refused.status]).toEqual([at, 403]);
			expect(challengeOf(refused)).not.toHaveProperty("error");
			expect(challengeOf(refused).resource_metadata).toBe(issuer + wellKnown + at.split("?")[0]);
		}
	});

	test("contract 002: the body of an error is what the contract says, and nothing more", async () => {
		const refused = await send("GET", "/api/v4/organizations/acme/change_events");
		expect(Object.keys(refused.body)).toEqual(["error"]);
	});
});

test("RFC 7591 §3: the registration endpoint takes an access token, and says so of one that is not good", async () => {
	const refused = await send("POST", registration, bearer("nonsense"));
	expect(refused.status).toBe(401);
	const { error, scope, resource_metadata = "" } = challengeOf(refused);
	expect([error, scope]).toEqual(["invalid_token", "integrations:write"]);
	const { body } = await ask(resource_metadata.slice(issuer.length));
	expect(body).toMatchObject({ resource: issuer + registration, scopes_supported: ["integrations:write"] });
});

test("RFC 7592 §2: what a registration access token opens is nothing that an access token does", async () => {
	const refused = await send("GET", `${registration}/x`, bearer("nonsense"));
	expect([refused.status, challengeOf(refused)]).toEqual([401, { realm: "latchkey", error: "invalid_token" }]);
});

test.each(byLoginToken)(
	"$method $path: its metadata names no authorization server, since OAuth does not open it",
	async ({ method, at }) => {
		const refused = await send(method, at);
		expect(refused.status).toBe(401);
		const { resource_metadata = "", scope } = challengeOf(refused);
		expect(scope).toBeUndefined();
		const { status, body } = await ask(resource_metadata.slice(issuer.length));
		expect([status, body.resource]).toEqual([200, issuer + at]);
		expect(body).not.toHaveProperty("authorization_servers");
		// RFC 9728 §3.2: a list without elements is left out.
		expect(body).not.toHaveProperty("scopes_supported");
	},
);

test("RFC 9728 §2: how a token may be sent is what works", async () => {
	expect((await metadataOf("/v1/keys")).body.bearer_methods_supported).toEqual(["header"]);
	// RFC 6750 §2.2: a form, and no JSON.
	expect((await metadataOf(registration)).body.bearer_methods_supported).toEqual(["header"]);
	expect((await metadataOf("/oauth/userinfo")).body.bearer_methods_supported).toEqual(["header", "body"]);
});

describe("what is no protected resource has no metadata", () => {
	const protectedPaths = new Set([registration, ...[...opened, ...byLoginToken].map(({ path }) => path)]);
	const open = [...new Set(table.filter(({ path }) => !protectedPaths.has(path)).map(({ at }) => at))];
	const pages = pageRoutes().map(({ path }) => path.replaceAll(/:\w+/g, "acme").replace("*", "nothing"));

	test.each([...open, ...new Set(pages)].filter((path) => path !== "/"))("%s", async (path) => {
		expect((await metadataOf(path)).status).toBe(404);
	});

	test.each([
		"/",
		"/nothing",
		"/oauth/environments/",
		"//oauth/environments",
		"/oauth//environments",
		"/oauth/environments/x",
		"/OAUTH/environments",
		"/oauth%2Fenvironments",
		"/oauth/%65nvironments",
		"/api/v4/organizations//change_events",
		"/v1/keys/",
		"/https://evil.example/",
		"-x/oauth/environments",
	])("%s", async (path) => {
		const answer = await metadataOf(path);
		expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
	});
});

test("RFC 9728 §3.3: the resource is never taken from the request's headers", async () => {
	const headers = { "x-forwarded-host": "evil.example", forwarded: "host=evil.example" };
	const refused = await ask("/oauth/environments", { headers });
	expect(refused.headers.get("www-authenticate")).not.toContain("evil");
	expect((await ask(`${wellKnown}/oauth/environments`, { headers })).text).not.toContain("evil");
});

test("RFC 6750 §3: whatever the path has in it, the challenge stays one", async () => {
	for (const name of ['x"y', "x, Basic realm=z", "x\\y", "ä", "x%22y"]) {
		const refused = await send("GET", `/v1/keys/${encodeURIComponent(name)}`);
		const { resource_metadata = "" } = challengeOf(refused);
		const { status, body } = await ask(resource_metadata.slice(issuer.length));
		expect([name, status, body.resource]).toEqual([name, 200, `${issuer}/v1/keys/${encodeURIComponent(name)}`]);
	}
});

test("MCP authorization: from a refusal to a token for this resource alone, by what the answers say", async () => {
	const refused = await ask("/oauth/environments");
	const { resource_metadata = "", scope } = challengeOf(refused);
	const resource = (await ask(resource_metadata.slice(issuer.length))).body;
	const [server] = resource.authorization_servers as string[];
	expect(server).toBe(issuer);
	const metadata = (await ask("/.well-known/oauth-authorization-server")).body;
	expect(metadata.issuer).toBe(server);

	const { nativeApp } = demo;
	const path = authorizePath(nativeApp, { scope, resource: String(resource.resource) });
	expect(String(metadata.authorization_endpoint)).toBe(issuer + path.split("?")[0]);
	const code = locationOf(await decide(path)).searchParams.get("code") ?? "";
	const fields = { resource: String(resource.resource) };
	const { accessToken } = tokensOf(await exchange(code, { client: nativeApp, fields }));
	expect(claimsOf(accessToken).aud).toBe(resource.resource);

	expect((await ask("/oauth/environments", { headers: bearer(accessToken) })).status).toBe(200);
	// RFC 8707 §2: elsewhere it is good for nothing.
	const elsewhere = await ask("/v1/environments", { headers: bearer(accessToken) });
	expect([elsewhere.status, challengeOf(elsewhere).error]).toEqual([401, "invalid_token"]);
});

test("none of this failed on our side", async () => {
	expect((await logged()).filter((line) => line.includes("request.failed"))).toEqual([]);
});
