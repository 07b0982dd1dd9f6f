import { readFileSync, writeFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { apiOperations, pageRoutes } from "../support/route-table.ts";
import { identityClaims } from "../../src/domain/identity.ts";
import { bounds } from "../../src/domain/bounds.ts";
import type { JsonSchema } from "../../src/http/openapi-components.ts";
import { examples } from "../support/example-states.ts";
import {
	described,
	document,
	documentedOperations as table,
	openapi,
	operationOf,
	sendExample,
	schemaAt,
	undocumented,
} from "../support/documented.ts";
import { ada, signedIn } from "../support/people.ts";
import { aKey } from "../support/registered.ts";
import { differences, exampleOfAnswer } from "../support/example-text.ts";
import { type Answer, ask, ownPage, postForm } from "../support/requests.ts";
import { demo, issuer, logged } from "../support/target.ts";
import { authorizePath } from "../support/tokens.ts";

describe("GET /openapi.json", () => {
	test("anybody may read it, from any page, and keep it for five minutes", () => {
		expect(openapi.status).toBe(200);
		expect(openapi.headers.get("content-type")).toBe("application/json");
		expect(openapi.headers.get("cache-control")).toBe("public, max-age=300");
		expect(openapi.headers.get("access-control-allow-origin")).toBe("*");
	});

	test("it is OpenAPI 3.1 of this deployment", () => {
		expect(document.openapi).toMatch(/^3\.1\.\d+$/);
		expect(document.info).toMatchObject({ title: "latchkey", version: expect.stringMatching(/./) });
		expect(document.servers).toEqual([{ url: issuer }]);
		expect(Object.keys(document).toSorted()).toEqual([
			"components",
			"info",
			"openapi",
			"paths",
			"servers",
			"tags",
			"webhooks",
		]);
	});

	test("no route is undocumented, and no documented route is missing", () => {
		expect(described.map(({ name }) => name)).toEqual(expect.arrayContaining(table.map(({ name }) => name)));
		expect(described).toHaveLength(table.length);
		const pages = new Set(pageRoutes().map(({ method, path }) => `${method} ${path}`));
		for (const { method, path } of apiOperations()) expect(pages).not.toContain(`${method} ${path}`);
	});

	test("what is documented is routed: no method of it is 405, no path 404", async () => {
		for (const { path } of described) {
			const options = await ask(path.replaceAll(/\{\w+\}/g, "x"), { method: "OPTIONS" });
			expect(options.status).toBe(204);
			const routed = (options.headers.get("allow") ?? "").split(", ").filter((each) => !/HEAD|OPTIONS/.test(each));
			expect(Object.keys(document.paths[path] ?? {}).map((each) => each.toUpperCase())).toEqual(routed);
		}
	});

	test("an operation's id is its own, its tag is declared, and nothing of it is nameless", () => {
		expect(new Set(described.map(({ operation }) => operation.operationId)).size).toBe(described.length);
		const tags = document.tags.map(({ name }) => name);
		expect(new Set(tags).size).toBe(tags.length);
		for (const { operation } of described) {
			expect(operation.operationId).toMatch(/^[a-z]+(?:_[A-Za-z0-9_]+)+$/);
			expect(operation.tags.every((tag) => tag !== "" && tags.includes(tag))).toBe(true);
			expect(operation.summary).toMatch(/^\S.*\S$/);
			expect(Object.keys(operation.responses).length).toBeGreaterThan(0);
			for (const [status, response] of Object.entries(operation.responses)) {
				expect(status).toMatch(/^[1-5]\d\d$/);
				expect(response.description).toMatch(/\S/);
			}
		}
	});

	test.each(described)("$name: its parameters are those of its path, each once", ({ path, operation }) => {
		const parameters = operation.parameters ?? [];
		const inPath = parameters.filter((each) => each.in === "path");
		expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
		expect(inPath.every(({ required }) => required)).toBe(true);
		expect(new Set(parameters.map((each) => `${each.in} ${each.name}`)).size).toBe(parameters.length);
	});

	test.each(described)("$name: its schemas are JSON Schema, and its references lead somewhere", ({ operation }) => {
		const bodies = Object.entries(operation.requestBody?.content ?? {});
		const answers = Object.values(operation.responses).flatMap(({ content = {} }) => Object.entries(content));
		for (const [media, { schema }] of [...bodies, ...answers]) {
			expect(media).toMatch(/^[a-z]+\/[a-z+.-]+$/);
			expect(wrongIn(schema)).toEqual([]);
		}
		for (const { schema } of operation.parameters ?? []) expect(wrongIn(schema)).toEqual([]);
		for (const security of operation.security) {
			for (const scheme of Object.keys(security)) expect(document.components.securitySchemes).toHaveProperty(scheme);
		}
	});
});

describe("bounds", () => {
	test.each([
		["POST /v1/keys", "tags", bounds.tags],
		["POST /v1/keys", "policies", bounds.keyPolicies],
		["PATCH /v1/keys/{id}", "tags", bounds.tags],
		["POST /v1/integrations", "redirect_urls", bounds.redirectUrls],
		["POST /v1/integrations", "post_logout_redirect_urls", bounds.returnUrls],
		["POST /v1/integrations", "resources", bounds.served],
		["POST /oauth/register", "redirect_uris", bounds.metadata],
		["POST /api/public/event/search", "filters", bounds.filters],
	])("%s: as many %s as there may be are said, and are those of the list", (name, member, { most }) => {
		const [content] = Object.values(operationOf(name).operation.requestBody?.content ?? {});
		expect(schemaAt(content?.schema ?? {}).properties).toHaveProperty(`${member}.maxItems`, most);
	});
});

describe("schemas", () => {
	const json = described.flatMap(({ name, operation }) => [
		...Object.entries(operation.requestBody?.content ?? {}).map(([media, { schema }]) => ({ name, media, schema })),
		...Object.entries(operation.responses).flatMap(([status, { content = {} }]) =>
			Object.entries(content).map(([media, { schema }]) => ({ name: `${status} ${name}`, media, schema })),
		),
	]);
	const parts = (schema: JsonSchema): readonly JsonSchema[] => {
		const branches = [schema.anyOf, schema.oneOf, schema.items]
			.flat()
			.filter((each) => typeof each === "object") as JsonSchema[];
		return branches.length > 0 ? branches.flatMap(parts) : [schema];
	};

	test("every body and answer that is no text has a name, which a generated client calls its type", () => {
		const nameless = json.filter(({ schema }) => schema.type !== "string" && parts(schema).some(({ $ref }) => !$ref));
		expect(nameless.map(({ name }) => name)).toEqual([]);
		expect(new Set(json.flatMap(({ schema }) => parts(schema).map(({ $ref }) => $ref))).size).toBeGreaterThan(60);
	});

	const all = Object.entries(document.components.schemas);
	test.each(all)("%s: each member says what it is, and nothing within it is nameless", (_, schema) => {
		for (const [name, member] of Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>)) {
			const said = [member, ...parts(member)].map(({ description }) => description);
			expect([name, said.find((each) => typeof each === "string")]).toEqual([name, expect.stringMatching(/^\S.+\.$/s)]);
			expect([name, parts(member).filter(({ properties }) => properties)]).toEqual([name, []]);
		}
	});

	test("UserInfo has every claim that may be told, for types that are generated", () => {
		const { properties = {}, required } = document.components.schemas.UserInfo ?? {};
		expect(Object.keys(properties as object).toSorted()).toEqual(["sub", ...identityClaims].toSorted());
		expect(required).toEqual(["sub"]);
	});

	test("names that people chose have a bound", () => {
		const names = all.flatMap(([schema, { properties }]) =>
			Object.entries((properties ?? {}) as Record<string, JsonSchema>)
				.filter(
					([name]) =>
						/^(Create|Edit|Change)[A-Z]|Metadata$/.test(schema) && /^(?:client_)?name$|^description$/.test(name),
				)
				.map(([name, { maxLength }]) => [schema, name, typeof maxLength]),
		);
		expect(names.length).toBeGreaterThan(8);
		expect(names.filter(([, , type]) => type !== "number")).toEqual([]);
	});

	test("a body is sent as one media type, for generators that know no other", () => {
		for (const { operation } of described) {
			expect(Object.keys(operation.requestBody?.content ?? { one: 1 })).toHaveLength(1);
		}
	});
});

test("every answer has an example that its schema takes, whatever it takes to get it", () => {
	const without = described.flatMap(({ name, operation }) =>
		Object.entries(operation.responses).flatMap(([status, { content = {} }]) => {
			const [only] = Object.values(content);
			if (!only) return [];
			const { example } = only;
			const { doc } = operationNamed(name);
			const schema = doc.answers[Number(status)]?.schema;
			const isTaken = example !== undefined && (!schema || v.safeParse(schema, example).success);
			return isTaken ? [] : [`${status} ${name}`];
		}),
	);
	expect(without).toEqual([]);
});

const exampleAnswers: Record<string, Record<string, unknown>> = {};
/** What the documentation has as the example of an answer. */
function show({ name }: { readonly name: string }, answer: Answer): void {
	const example = exampleOfAnswer(answer);
	if (example !== undefined) exampleAnswers[name] = { ...exampleAnswers[name], [answer.status]: example };
}

describe("forms of pages", () => {
	const forms = table.filter(({ method, doc }) => method === "POST" && doc.credentials.includes("session"));
	test.each(forms)("$name: by nobody, too large, and no form: each is answered as documented", async (row) => {
		const { path = {} } = await (examples[row.name]?.() ?? {});
		const { client } = demo.integration;
		const at = row.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => path[name] ?? client.id);
		const link = row.path === "/oauth/consent" ? authorizePath(demo.nativeApp).replace("/oauth/authorize", at) : at;
		const answers = await Promise.all([
			postForm(link, { decision: "allow" }, ownPage),
			postForm(link, { decision: "x".repeat(20 * 1024) }, { ...ownPage, cookie: await signedIn(ada) }),
			ask(link, { method: "POST", headers: { ...ownPage, "content-type": "application/json" }, body: "{}" }),
			postForm(link, {}, { "sec-fetch-site": "cross-site" }),
		]);
		expect(answers.map(({ status }) => status)).toEqual([200, 413, 415, 403]);
		for (const answer of answers.slice(0, 1)) show(row, answer);
		expect(answers.flatMap((answer) => undocumented(row, answer))).toEqual([]);
	});
	test("there are some", () => expect(forms.length).toBeGreaterThan(1));
});

describe("the query", () => {
	const own = table.filter(({ path }) => /^\/(?:v1\/|auth\/sessions)/.test(path));
	test.each(own)("$name: a parameter that is not documented is 400, and names those that are", async (row) => {
		const example = await (examples[row.name]?.() ?? {});
		const refused = await sendExample(row, { ...example, query: { ...example.query, colour: "x" } });
		expect([refused.status, undocumented(row, refused)]).toEqual([400, []]);
		for (const name of Object.keys(row.doc.query ?? {})) expect(refused.text).toContain(name);
	});

	const all = described.flatMap(({ name, operation }) =>
		(operation.parameters ?? []).filter((each) => each.in === "query").map((each) => ({ operation: name, ...each })),
	);
	test("numbers, instants and choices have their bounds, their form and their values", () => {
		const ofKind = (kind: string) => all.filter(({ schema }) => schema.type === kind || schema.format === kind);
		expect(ofKind("integer").map(({ name }) => name)).toEqual(
			all.flatMap(({ name }) => (name === "limit" ? [name] : [])),
		);
		for (const { schema } of ofKind("integer")) expect(schema).toMatchObject({ minimum: 1, maximum: 100, default: 50 });
		expect(new Set(ofKind("date-time").map(({ name }) => name))).toEqual(
			new Set(["from", "to", "expires_before", "used_before"]),
		);
		expect(new Set(ofKind("boolean").map(({ name }) => name))).toEqual(new Set(["force"]));
		expect(new Set(all.filter(({ schema }) => schema.enum).map(({ name }) => name))).toEqual(
			new Set(["by", "kind", "state", "format", "type", "sort", "role", "second_factor", "mine", "never_used"]),
		);
	});

	const bad = all.filter(({ schema }) => schema.type !== "string" || "format" in schema || "enum" in schema);
	test.each(bad)("$operation: $name that is not as documented is 400", async ({ operation, name }) => {
		const row = operationNamed(operation);
		const example = await (examples[operation]?.() ?? {});
		for (const value of ["0", "101", "true ", "yes", "xml", "2026-01-31"]) {
			const refused = await sendExample(row, { ...example, query: { ...example.query, [name]: value } });
			expect([value, refused.status, undocumented(row, refused)]).toEqual([value, 400, []]);
		}
	});

	test("RFC 6749 §3.1: what the standards define ignores a parameter that it does not know", async () => {
		const { status } = await ask("/.well-known/openid-configuration?tag=x");
		expect(status).toBe(200);
	});
});

describe("permissions", () => {
	test.each(table)("$name: what is documented is what the route asks for", ({ name, needs }) => {
		const { operation } = operationOf(name);
		expect(operation["x-permission"] ?? null).toBe(needs);
		const roles = new Set(operation.security.flatMap((each) => Object.values(each).flat()));
		expect([...roles]).toEqual(needs === null ? [] : [needs]);
	});

	test("where a login token alone will do, it is said whose, to programs and to people", async () => {
		const alone = table.filter(({ needs, doc }) => needs === null && !doc.scope && doc.credentials.join() === "bearer");
		expect(Object.fromEntries(alone.map(({ name }) => [name, operationOf(name).operation["x-login-token"]]))).toEqual({
			"GET /auth/sessions": "own",
			"DELETE /auth/sessions/{id}": "own",
			"GET /v1/profile/passkeys": "own",
			"PATCH /v1/profile/passkeys/{id}": "own",
			"DELETE /v1/profile/passkeys/{id}": "own",
			"GET /v1/profile/recovery_codes": "own",
			"POST /v1/profile/recovery_codes": "own",
			"GET /v1/profile/one_time_codes": "own",
			"POST /v1/profile/one_time_codes": "own",
			"PUT /v1/profile/one_time_codes": "own",
			"POST /v1/profile/one_time_codes/turn_off": "own",
			"POST /v1/profile/one_time_codes/change": "own",
			"PUT /v1/profile/password": "own",
			"POST /v1/profile/password/remove": "own",
			"POST /v1/profile/passkey_challenges": "own",
			"POST /v1/sign-in-providers/{id}/test": "admin",
			"POST /v1/deployment/sign-in-providers/{id}/test": "operator",
			"GET /v1/profile/providers": "own",
			"DELETE /v1/profile/providers/{id}": "own",
			"GET /v1/people/{id}/providers": "admin",
			"DELETE /v1/people/{id}/providers/{provider}": "admin",
			"GET /v1/profile/sign_ins": "own",
			"DELETE /v1/profile/sign_ins": "own",
			"DELETE /v1/profile/sign_ins/{id}": "own",
			"GET /v1/profile/recent_sign_ins": "own",
			"POST /v1/people/{id}/recovery_links": "admin",
			"POST /v1/recovery_links": "operator",
			"GET /v1/profile": "own",
			"PUT /v1/profile": "own",
			"POST /v1/profile/verify_email": "own",
			"GET /v1/people": "admin",
			"PATCH /v1/people/{id}": "admin",
			"DELETE /v1/people/{id}": "own",
			"PUT /v1/people/{id}/verified_email": "admin",
			"GET /v1/accounts": "operator",
			"POST /v1/accounts": "own",
			"GET /v1/accounts/{slug}": "operator",
			"PATCH /v1/accounts/{slug}": "operator",
			"POST /v1/accounts/{slug}/suspend": "operator",
			"POST /v1/accounts/{slug}/reinstate": "operator",
			"PUT /v1/accounts/{slug}/deletion": "operator",
			"DELETE /v1/accounts/{slug}/deletion": "operator",
			"GET /v1/alerts/mail": "own",
			"PUT /v1/alerts/mail": "admin",
			"GET /v1/second_factor": "own",
			"PUT /v1/second_factor": "admin",
			"GET /v1/invitations": "admin",
			"POST /v1/invitations": "admin",
			"DELETE /v1/invitations/{id}": "admin",
			"GET /v1/trusted-issuers": "admin",
			"POST /v1/trusted-issuers": "admin",
			"GET /v1/trusted-issuers/{id}": "admin",
			"PATCH /v1/trusted-issuers/{id}": "admin",
			"DELETE /v1/trusted-issuers/{id}": "admin",
			"GET /v1/domains": "admin",
			"PUT /v1/domains/{domain}": "admin",
			"DELETE /v1/domains/{domain}": "admin",
			"POST /v1/domains/{domain}/verify": "admin",
			"GET /v1/accounts/{slug}/domains": "operator",
			"DELETE /v1/accounts/{slug}/domains/{domain}": "operator",
			"POST /v1/accounts/{slug}/domains/{domain}/confirm": "operator",
			"GET /v1/sign-in-providers": "admin",
			"POST /v1/sign-in-providers": "admin",
			"GET /v1/sign-in-providers/{id}": "admin",
			"PATCH /v1/sign-in-providers/{id}": "admin",
			"DELETE /v1/sign-in-providers/{id}": "admin",
			"GET /v1/deployment/sign-in-providers": "operator",
			"POST /v1/deployment/sign-in-providers": "operator",
			"GET /v1/deployment/sign-in-providers/{id}": "operator",
			"PATCH /v1/deployment/sign-in-providers/{id}": "operator",
			"DELETE /v1/deployment/sign-in-providers/{id}": "operator",
			"GET /v1/signing-keys": "operator",
			"POST /v1/signing-keys/{alg}/rotate": "operator",
			"GET /v1/clients": "operator",
			"GET /v1/clients/{client_id}": "operator",
			"DELETE /v1/clients/{client_id}": "operator",
			"GET /v1/accounts/{slug}/export": "operator",
			"POST /v1/accounts/{slug}/first_administrator": "operator",
			"GET /v1/deployment/audit": "operator",
			"GET /v1/deployment/audit/export": "operator",
			"GET /v1/operators": "operator",
			"POST /v1/operators": "operator",
			"DELETE /v1/operators/{id}": "operator",
			...Object.fromEntries(
				[
					"GET /v1/deployment/apis",
					"POST /v1/deployment/apis",
					"GET /v1/deployment/apis/{id}",
					"PATCH /v1/deployment/apis/{id}",
					"DELETE /v1/deployment/apis/{id}",
				].map((name) => [name, "operator"]),
			),
		});
		const { text } = await ask("/docs/api/people");
		const [, shown = ""] = text.split('id="put_v1_people_id_verified_email"');
		const [terms] = shown.split("</dl>");
		expect(terms).toContain("<dt>Permission</dt><dd>An administrator of the account</dd>");
		expect(terms).toContain("an administrator's own login token, and nothing else");
	});

	const guarded = table.filter(({ needs }) => needs !== null);
	test.each(guarded)("$name: without $needs it is refused, and the refusal is documented", async (row) => {
		const { secret } = await aKey(demo.accounts.acme, []);
		// An access code in x-api-key; contract 000's own route takes a bearer alone.
		const isBearerAlone = row.doc.credentials?.join() === "bearer";
		const login = isBearerAlone ? await ask("/auth/login", loginWith(secret)) : null;
		const headers = login ? { authorization: `Bearer ${String(login.body.access_token)}` } : { "x-api-key": secret };
		const refused = await sendExample(row, { path: { org: "acme" }, headers });
		expect([refused.status, refused.text.includes(row.needs ?? "")]).toEqual([403, true]);
		expect(undocumented(row, refused)).toEqual([]);
		const stranger = await sendExample(row, { path: { org: "acme" }, headers: {} });
		expect(stranger.status).toBe(401);
		expect(undocumented(row, stranger)).toEqual([]);
	});
});

describe("examples", () => {
	test.each(table.filter(({ doc }) => doc.body))("$name: the schema that validates takes the example", ({ doc }) => {
		expect(doc.body && v.safeParse(doc.body.schema, doc.body.example).issues).toBeUndefined();
	});

	test.each(table)("$name: sent as documented, it succeeds, and is answered as documented", async (row) => {
		const example = await (examples[row.name]?.() ?? {});
		const answered = example.send ? await example.send() : await sendExample(row, example);
		expect([answered.status < 400, answered.text]).toEqual([true, answered.text]);
		expect(undocumented(row, answered)).toEqual([]);
		// The document does not contain itself.
		show(row, row.path === "/openapi.json" ? { ...answered, text: JSON.stringify({ openapi: "3.1.1" }) } : answered);
	});

	// `EXAMPLES=write npx vitest run --project memory openapi` writes them anew. Which of two rows comes first is by chance.
	test("the answers that are shown are those of the product", () => {
		if (process.env.EXAMPLES === "write")
			writeFileSync("src/ui/public/static/examples/answers.json", `${JSON.stringify(exampleAnswers, null, "\t")}\n`);
		const documented: unknown = JSON.parse(readFileSync("src/ui/public/static/examples/answers.json", "utf8"));
		expect(differences(documented, exampleAnswers)).toEqual([]);
	});

	// For bodies that no schema validates: what it calls needed has to be needed.
	test.each(table.filter(({ doc }) => doc.body))(
		"$name: it is refused without a member that is needed",
		async (row) => {
			const { operation } = operationOf(row.name);
			const [content] = Object.values(operation.requestBody?.content ?? {});
			const { required: needed } = schemaAt(content?.schema ?? {});
			const required = Array.isArray(needed) ? needed.map(String) : [];
			for (const name of required) {
				const example = await (examples[row.name]?.() ?? {});
				const refused = await sendExample(row, { ...example, body: { ...example.body, [name]: undefined } });
				expect([name, refused.status]).toEqual([name, 400]);
				expect(undocumented(row, refused)).toEqual([]);
			}
		},
	);

	test.each(table.filter(({ doc }) => doc.body))(
		"$name: a body that is too large is 413, as documented",
		async (row) => {
			const example = await (examples[row.name]?.() ?? {});
			const raw = { media: row.doc.body?.media[0] ?? "", text: " ".repeat(2 * 1024 * 1024 + 1) };
			const refused = await sendExample(row, { ...example, raw });
			expect([refused.status, undocumented(row, refused)]).toEqual([413, []]);
		},
	);

	test("each 429 is documented with what says which limit was met", () => {
		const limited = described.flatMap(({ operation }) => operation.responses["429"] ?? []);
		expect(limited.length).toBeGreaterThan(5);
		const names = ["RateLimit", "RateLimit-Policy", "Retry-After"];
		for (const { headers = {} } of limited) expect(Object.keys(headers).toSorted()).toEqual(names);
		expect(Object.keys(document.components.headers).toSorted()).toEqual(names);
	});

	test("DESIGN §3.10: each write of one thing is documented with what it answers where others change it all the time", () => {
		const written = described.filter(({ operation }) => operation.responses["412"]);
		expect(written.length).toBeGreaterThan(5);
		// The deletion of a key, of a trusted issuer, of a provider or of an endpoint is for the one that was read, or for whatever it is by now: it never begins anew.
		const never = [
			"DELETE /v1/trusted-issuers/{id}",
			"DELETE /v1/sign-in-providers/{id}",
			"DELETE /v1/deployment/sign-in-providers/{id}",
			"DELETE /v1/keys/{id}",
			"DELETE /v1/webhooks/{id}",
		];
		const silent = written.filter(({ operation }) => !operation.responses["409"]);
		expect(silent.map(({ name }) => name).toSorted()).toEqual(never.toSorted());
	});

	test("every state that is made for an example is for one that is documented", () => {
		for (const name of Object.keys(examples)) expect(table.map((each) => each.name)).toContain(name);
	});
});

describe("pages", () => {
	const shown = pageRoutes().filter(({ method }) => method === "GET");
	test.each(shown)("$path is for people: a page, or the way to sign in", async ({ path }) => {
		const { status, headers } = await ask(path.replaceAll(/:\w+/g, "acme").replace("*", "nothing"));
		const isPage = (headers.get("content-type") ?? "").startsWith("text/html");
		const isWay = status === 303 && (headers.get("location") ?? "").startsWith("/sign-in");
		expect(isPage || isWay).toBe(true);
	});
});

test("none of this failed on our side", async () => {
	expect((await logged()).filter((line) => line.includes("request.failed"))).toEqual([]);
});

function operationNamed(name: string) {
	const row = table.find((each) => each.name === name);
	if (!row) throw new Error(`${name} is no operation`);
	return row;
}

function loginWith(secret: string): RequestInit {
	const headers = { "content-type": "application/json" };
	return { method: "POST", headers, body: JSON.stringify({ api_key: secret }) };
}

const types = ["string", "number", "integer", "boolean", "null", "array", "object"];
const keywords = (
	"type properties required additionalProperties items prefixItems minItems maxItems enum const anyOf oneOf allOf not " +
	"description title default examples pattern format minLength maxLength minimum maximum exclusiveMinimum " +
	"exclusiveMaximum multipleOf propertyNames minProperties maxProperties $ref"
).split(" ");

/** What of a schema is not JSON Schema 2020-12, as far as it is used here. */
function wrongIn(schema: unknown): readonly string[] {
	if (typeof schema === "boolean") return [];
	if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return [`${typeof schema} is no schema`];
	const said: Record<string, unknown> = { ...schema };
	const properties: object = said.properties ?? {};
	const required = (said.required ?? []) as readonly string[];
	const below = ["items", "additionalProperties", "propertyNames", "not"].flatMap((name) => said[name] ?? []);
	const branches = ["anyOf", "oneOf", "allOf", "prefixItems"].flatMap((name) => said[name] ?? []);
	const references = typeof said.$ref === "string" ? [said.$ref] : [];
	return [
		...Object.keys(said).filter((keyword) => !keywords.includes(keyword)),
		...[said.type ?? []].flat().filter((type): type is string => !types.includes(type as string)),
		...required.filter((name) => !Object.hasOwn(properties, name)),
		...references.filter(
			(to) => !Object.keys(document.components.schemas).some((name) => to === `#/components/schemas/${name}`),
		),
		...[...Object.values(properties), ...below, ...branches].flatMap(wrongIn),
	];
}
