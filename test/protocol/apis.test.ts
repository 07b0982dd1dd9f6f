import { describe, expect, test } from "vitest";
import { bounds } from "../../src/domain/bounds.ts";
import { randomId, systemRandom } from "../../src/crypto/random.ts";
import { apiBody, namesIn, newApi, newDeploymentApi, newWord, type ShownApi } from "../support/apis.ts";
import { anIntegration } from "../support/integrations.ts";
import { call, type Credential, good, inAcme, inGlobex, keyWith, newKey, tokenOf } from "../support/keys-api.ts";
import { grace } from "../support/people.ts";
import { aClient, anOperator, aPerson } from "../support/registered.ts";
import { type Answer, ask, bearer, refusal, times } from "../support/requests.ts";
import { addRows, demo, issuer } from "../support/target.ts";
import { granted } from "../support/tokens.ts";

const fieldsOf = ({ body }: Answer) => (body.errors as readonly { field: string }[]).map(({ field }) => field);
const register = (body: object, credential?: Credential) => call("POST", "/v1/apis", body, credential);

/** A policy of the account that names these permissions, as anybody reads it. */
async function policyNaming(names: readonly string[], accountId: string = demo.accounts.acme) {
	const id = randomId(systemRandom);
	await addRows({ policies: [{ id, accountId, name: `policy ${id}`, description: "d", permissions: names }] });
	return id;
}

async function permissionsOf(policy: string, credential?: Credential): Promise<unknown> {
	return good(await call("GET", `/v1/policies/${policy}`, undefined, credential)).permissions;
}

async function deletion() {
	const { id } = await newApi();
	return (as: Credential) => call("DELETE", `/v1/apis/${id}`, undefined, as);
}

const withName = (name: string) => apiBody({ permissions: [{ name, title: "See orders" }] });

function named() {
	const { identifier, name } = apiBody();
	return { identifier, name };
}

describe("an API of an account", () => {
	test("is registered, read, changed and deleted", async () => {
		const body = apiBody({ description: "What customers ordered", access_token_ttl: 300 });
		const answer = await register(body);
		const made = good<ShownApi>(answer, 201);
		const [read, write] = body.permissions;
		expect(made).toEqual({
			...body,
			id: expect.stringMatching(/^[\w-]{22}$/),
			permissions: [
				{ ...read, description: "" },
				{ ...write, description: "", members: false, self_registered: false },
			],
			access_token_signed_response_alg: null,
			servers: [],
			deployment_wide: false,
			built_in: false,
			metadata_url: expect.stringContaining(`/v1/apis/${made.id}/metadata`),
		});
		const path = `/v1/apis/${made.id}`;
		expect(answer.headers.get("location")).toBe(path);
		expect(good(await call("GET", path))).toEqual(made);
		const edited = await call("PATCH", path, { name: "Other", access_token_ttl: null });
		expect(good(edited)).toEqual({ ...made, name: "Other", access_token_ttl: null, effective_within_seconds: 30 });
		const listed = good<{ apis: ShownApi[] }>(await call("GET", "/v1/apis?limit=100")).apis;
		expect(listed).toContainEqual({ ...made, name: "Other", access_token_ttl: null });
		expect((await call("DELETE", path)).status).toBe(204);
		for (const method of ["GET", "DELETE"] as const) expect(refusal(await call(method, path))).toBe("404 Not Found");
	});

	test("is changed and deleted as it was read, or not at all", async () => {
		const { id } = await newApi();
		const tag = (await call("GET", `/v1/apis/${id}`)).headers.get("etag") ?? "";
		const conditional = { ...(await inAcme()), "if-match": tag };
		expect((await call("PATCH", `/v1/apis/${id}`, { description: "One" }, conditional)).status).toBe(200);
		const late = await call("PATCH", `/v1/apis/${id}`, { description: "Two" }, conditional);
		expect(refusal(late)).toBe("412 Precondition Failed");
		expect(refusal(await call("DELETE", `/v1/apis/${id}`, undefined, conditional))).toBe("412 Precondition Failed");
	});

	test("two changes of different things at once are both written", async () => {
		const { id } = await newApi();
		const changes = [{ description: "New" }, { access_token_ttl: 120 }, { name: `Name ${id}` }];
		await Promise.all(changes.map((change) => call("PATCH", `/v1/apis/${id}`, change)));
		expect(good(await call("GET", `/v1/apis/${id}`))).toMatchObject(Object.assign({}, ...changes));
	});

	test("its identifier and the names of its permissions never change", async () => {
		const made = await newApi();
		const moved = await call("PATCH", `/v1/apis/${made.id}`, { identifier: "https://elsewhere.example" });
		expect(refusal(moved)).toBe("400 Malformed request");
		expect(good<ShownApi>(await call("GET", `/v1/apis/${made.id}`)).identifier).toBe(made.identifier);
	});

	test("another account does not see it, nor can it be changed there", async () => {
		const made = await newApi();
		const globex = await inGlobex();
		const ways = [["GET"], ["PATCH", { name: "Mine" }], ["DELETE"]] as const;
		for (const [method, body] of ways) {
			expect(refusal(await call(method, `/v1/apis/${made.id}`, body, globex))).toBe("404 Not Found");
		}
		const listed = good<{ apis: ShownApi[] }>(await call("GET", "/v1/apis?limit=100", undefined, globex)).apis;
		expect(listed.map(({ id }) => id)).not.toContain(made.id);
	});

	test("a member reads it, and changes nothing", async () => {
		const made = await newApi();
		const member = await tokenOf(grace, "acme");
		expect((await call("GET", `/v1/apis/${made.id}`, undefined, member)).status).toBe(200);
		const refused = [
			await register(apiBody(), member),
			await call("PATCH", `/v1/apis/${made.id}`, { name: "x" }, member),
			await call("DELETE", `/v1/apis/${made.id}`, undefined, member),
		];
		expect(refused.map(refusal)).toEqual(times(3, () => "403 Forbidden"));
	});

	test("each permission opens its own and nothing else", async () => {
		const [reads, writes, deletes] = [
			await keyWith(["apis:read"]),
			await keyWith(["apis:write"]),
			await keyWith(["apis:delete"]),
		];
		const ways = async () => [
			{ by: reads, send: (as: Credential) => call("GET", "/v1/apis", undefined, as) },
			{ by: writes, send: (as: Credential) => register(apiBody(), as) },
			{ by: deletes, send: await deletion() },
		];
		for (const by of [reads, writes, deletes]) {
			const statuses = await Promise.all((await ways()).map(({ send }) => send(by)));
			expect(statuses.map(({ status }) => status < 300)).toEqual([reads, writes, deletes].map((each) => each === by));
		}
	});
});

describe("RFC 8707 §2: an identifier", () => {
	test.each([
		["is latchkey's own", () => issuer],
		["is latchkey's own with a slash", () => `${issuer}/`],
		["lies under latchkey's own", () => `${issuer}/v1/orders`],
		["is latchkey's own in capitals", () => issuer.toUpperCase()],
		["is not absolute", () => "/orders"],
		["has a fragment", () => "https://api.example/orders#all"],
		["has segments of dots", () => "https://api.example/a/../orders"],
		["has a password that every client would be told", () => "https://orders:secret@api.example/v1"],
		["has a user name", () => "https://orders@api.example/v1"],
	])("that %s is refused", async (_, identifier) => {
		const answer = await register(apiBody({ identifier: identifier() }));
		expect([refusal(answer), fieldsOf(answer)]).toEqual(["400 Malformed request", ["identifier"]]);
	});

	test.each([
		["the same", (text: string) => text],
		["the same with a slash", (text: string) => `${text}/`],
		["the same in other letters", (text: string) => text.toUpperCase()],
		["the same with its own port", (text: string) => text.replace(".example", ".example:443")],
	])("that is %s is taken, and says by whom in its own account alone", async (_, respell) => {
		const made = await newApi();
		const identifier = respell(made.identifier);
		const here = await register(apiBody({ identifier }));
		expect([refusal(here), fieldsOf(here)]).toEqual(["409 Conflict", ["identifier"]]);
		expect(here.body.detail).toContain(made.name);
		const elsewhere = await register(apiBody({ identifier }), await inGlobex());
		expect([refusal(elsewhere), fieldsOf(elsewhere)]).toEqual(["409 Conflict", ["identifier"]]);
		for (const told of [made.name, made.id, "Acme", demo.accounts.acme]) expect(elsewhere.text).not.toContain(told);
	});

	test("of five at once with one identifier, in two accounts, one is registered", async () => {
		const { identifier } = apiBody();
		const credentials = [await inAcme(), await inGlobex()];
		const answers = await Promise.all(times(5, (index) => register(apiBody({ identifier }), credentials[index % 2])));
		expect(answers.map(refusalOr).toSorted()).toEqual(["201", ...times(4, () => "409 Conflict")]);
	});
});

const refusalOr = (answer: Answer) => (answer.status < 400 ? String(answer.status) : refusal(answer));

describe("the name of a permission", () => {
	test.each(["two words", 'a"b', "a\\b", "größe", "a\nb", "", "x".repeat(101)])(
		"RFC 6749 §3.3: %j is no scope-token, and is refused",
		async (name) => {
			const answer = await register(withName(name));
			expect([refusal(answer), fieldsOf(answer)]).toEqual(["400 Malformed request", ["permissions.0.name"]]);
		},
	);

	test.each(["events:read", "Events:Read", "openid", "offline_access", "read", "write", "delete", "apis:write"])(
		"%s is latchkey's own, and is refused",
		async (name) => {
			const answer = await register(withName(name));
			expect([refusal(answer), fieldsOf(answer)]).toEqual(["400 Malformed request", ["permissions.0.name"]]);
		},
	);

	test("that another API of the account has is refused, in whatever case, and names that API", async () => {
		const made = await newApi();
		const [name = ""] = namesIn(made);
		const other = await newApi();
		const answers = [
			await register(withName(name.toUpperCase())),
			await call("PATCH", `/v1/apis/${other.id}`, { permissions: [...other.permissions, { name, title: "Too" }] }),
		];
		for (const answer of answers) {
			expect([refusal(answer), fieldsOf(answer)]).toEqual(["409 Conflict", ["permissions"]]);
			expect(answer.body.detail).toContain(made.name);
		}
		expect((await register(withName(name), await inGlobex())).status).toBe(201);
	});

	test("of five at once with one name, one is registered", async () => {
		const body = withName(`${newWord()}:read`);
		const answers = await Promise.all(times(5, () => register({ ...body, ...named() })));
		expect(answers.map(refusalOr).toSorted()).toEqual(["201", ...times(4, () => "409 Conflict")]);
	});

	test("that stands twice in one list is refused", async () => {
		const name = `${newWord()}:read`;
		const twice = [name, name.toUpperCase()].map((each) => ({ name: each, title: "See" }));
		const answer = await register(apiBody({ permissions: twice }));
		expect([refusal(answer), fieldsOf(answer)]).toEqual(["400 Malformed request", ["permissions.1.name"]]);
	});

	test("there are as many as there may be, and no more", async () => {
		const word = newWord();
		const many = (count: number) => times(count, (index) => ({ name: `${word}:${index}`, title: "See" }));
		const { most } = bounds.apiPermissions;
		expect(refusal(await register(apiBody({ permissions: many(most + 1) })))).toBe("400 Malformed request");
		expect((await register(apiBody({ permissions: many(most) }))).status).toBe(201);
	});
});

describe("a permission that goes", () => {
	test("is taken from policies and clients, after the caller was told how many name it", async () => {
		const made = await newApi();
		const [name = "", kept = ""] = namesIn(made);
		const policy = await policyNaming(["events:read", name, kept]);
		const { client } = await aClient(demo.webApp, { name: made.name, scope: [name, kept] });
		const path = `/v1/apis/${made.id}`;
		const left = { permissions: made.permissions.filter((each) => each.name === kept) };
		const refused = await call("PATCH", path, left);
		expect([refusal(refused), refused.body]).toMatchObject([
			"409 Conflict",
			{ policies: 1, clients: 1, keys: 0, detail: expect.stringContaining(name) },
		]);
		expect(await permissionsOf(policy)).toEqual(["events:read", name, kept]);
		expect((await call("PATCH", `${path}?force=true`, left)).status).toBe(200);
		expect(await permissionsOf(policy)).toEqual(["events:read", kept]);
		expect(good(await call("GET", `/v1/integrations/${client.id}`))).toMatchObject({ scopes: [kept] });
		// What is called so later is another permission.
		expect((await call("PATCH", path, { permissions: made.permissions })).status).toBe(200);
		expect(await permissionsOf(policy)).toEqual(["events:read", kept]);
		const entries = good<{ entries: { action: string; detail: object }[] }>(
			await call("GET", `/v1/audit?target=${policy}`),
		).entries;
		expect(entries).toMatchObject([{ action: "policy.edit", detail: { changed: "permissions", lost: name } }]);
	});

	test("goes with the API, in the same way", async () => {
		const made = await newApi();
		const policy = await policyNaming(namesIn(made));
		await newKey({ policies: [policy] });
		const path = `/v1/apis/${made.id}`;
		const refused = await call("DELETE", path);
		expect([refusal(refused), refused.body]).toMatchObject(["409 Conflict", { policies: 1, clients: 0, keys: 1 }]);
		expect(refusal(await call("DELETE", `${path}?force=perhaps`))).toBe("400 Malformed request");
		expect((await call("DELETE", `${path}?force=true`)).status).toBe(204);
		expect(await permissionsOf(policy)).toEqual([]);
	});

	test("is noted with the API, as one that is added is", async () => {
		const made = await newApi();
		const word = newWord();
		await call("PATCH", `/v1/apis/${made.id}`, { permissions: [{ name: `${word}:new`, title: "New" }] });
		await call("DELETE", `/v1/apis/${made.id}`);
		const { entries } = good<{ entries: object[] }>(await call("GET", `/v1/audit?target=${made.id}`));
		const [name, identifier] = [made.name, made.identifier];
		expect(entries).toMatchObject([
			{ action: "api.delete", detail: { name, identifier, permissions: `${word}:new` } },
			{
				action: "api.edit",
				detail: { name, changed: "permissions", added: `${word}:new`, removed: namesIn(made).join(" ") },
			},
			{ action: "api.create", detail: { name, identifier, permissions: namesIn(made).join(" ") } },
		]);
	});
});

describe("an API of the whole deployment", () => {
	test("is an operator's, and every account sees it, without its servers", async () => {
		const { client } = await anIntegration();
		const made = await newDeploymentApi({ servers: [client.id] });
		expect(made).toMatchObject({ deployment_wide: true, servers: [client.id] });
		const { servers: _, ...seen } = made;
		for (const credential of [await inAcme(), await inGlobex()]) {
			expect(good(await call("GET", `/v1/apis/${made.id}`, undefined, credential))).toEqual(seen);
			const listed = good<{ apis: ShownApi[] }>(await call("GET", "/v1/apis?limit=100", undefined, credential)).apis;
			expect(listed).toContainEqual(seen);
			const change = { description: "Mine" };
			expect(refusal(await call("PATCH", `/v1/apis/${made.id}`, change, credential))).toBe("404 Not Found");
			expect(refusal(await call("DELETE", `/v1/apis/${made.id}`, undefined, credential))).toBe("404 Not Found");
		}
		const path = `/v1/deployment/apis/${made.id}`;
		expect(good(await call("PATCH", path, { description: "Theirs" }))).toMatchObject({ description: "Theirs" });
		expect((await call("DELETE", path)).status).toBe(204);
	});

	test("and of accounts are not each other's", async () => {
		const own = await newApi();
		const ways = [["GET"], ["PATCH", { name: "x" }], ["DELETE"]] as const;
		for (const [method, body] of ways) {
			expect(refusal(await call(method, `/v1/deployment/apis/${own.id}`, body))).toBe("404 Not Found");
		}
		const listed = good<{ apis: ShownApi[] }>(await call("GET", "/v1/deployment/apis?limit=100")).apis;
		expect(listed.filter((each) => !each.deployment_wide)).toEqual([]);
	});

	test("is changed by nobody else: an administrator, a key, an application, somebody who is operator no more", async () => {
		const made = await newDeploymentApi();
		const path = `/v1/deployment/apis/${made.id}`;
		const operator = await anOperator();
		const credential = await tokenOf(operator, "acme");
		expect((await call("PATCH", path, { description: "By them" }, credential)).status).toBe(200);
		expect((await call("DELETE", `/v1/operators/${operator.id}`)).status).toBe(204);
		const { accessToken } = await granted();
		const admin = await tokenOf(await aPerson({ [demo.accounts.acme]: "admin" }), "acme");
		const others = [admin, await inGlobex(), await keyWith(["apis:write"]), bearer(accessToken), credential];
		for (const each of others) {
			expect((await call("PATCH", path, { description: "Mine" }, each)).status).toBeGreaterThanOrEqual(401);
			expect((await call("POST", "/v1/deployment/apis", apiBody(), each)).status).toBeGreaterThanOrEqual(401);
			expect((await call("DELETE", path, undefined, each)).status).toBeGreaterThanOrEqual(401);
		}
		expect(good(await call("GET", path))).toMatchObject({ description: "By them" });
	});

	test("has no permission that an account has, and says of nobody's which", async () => {
		const own = await newApi({}, await inGlobex());
		const [name = ""] = namesIn(own);
		const wide = apiBody({ permissions: [{ name, title: "Of all" }] });
		const answer = await call("POST", "/v1/deployment/apis", wide);
		expect([refusal(answer), fieldsOf(answer)]).toEqual(["409 Conflict", ["permissions"]]);
		expect(answer.text).not.toContain(own.name);
		const made = await newDeploymentApi();
		const mine = await register(apiBody({ permissions: [{ name: namesIn(made)[0], title: "Mine" }] }));
		expect([refusal(mine), mine.body.detail]).toEqual(["409 Conflict", expect.stringContaining(made.name)]);
	});

	test("one and an account's at once with one permission: one is registered", async () => {
		const permissions = [{ name: `${newWord()}:read`, title: "See" }];
		const answers = await Promise.all([
			call("POST", "/v1/deployment/apis", apiBody({ permissions })),
			register(apiBody({ permissions }), await inGlobex()),
		]);
		expect(answers.map(refusalOr).toSorted()).toEqual(["201", "409 Conflict"]);
	});

	test("takes its permissions from the policies of all accounts as it goes, each in its own log", async () => {
		const made = await newDeploymentApi();
		const names = namesIn(made);
		const policies = [await policyNaming(names), await policyNaming(names, demo.accounts.globex)];
		const path = `/v1/deployment/apis/${made.id}`;
		const refused = await call("DELETE", path);
		expect([refusal(refused), refused.body]).toMatchObject(["409 Conflict", { policies: 2 }]);
		expect((await call("DELETE", `${path}?force=true`)).status).toBe(204);
		for (const [index, credential] of [await inAcme(), await inGlobex()].entries()) {
			const policy = policies[index] ?? "";
			expect(await permissionsOf(policy, credential)).toEqual([]);
			const audit = await call("GET", `/v1/audit?target=${policy}`, undefined, credential);
			expect(audit.body.entries).toMatchObject([{ action: "policy.edit", detail: { lost: names.join(" ") } }]);
		}
	});
});

describe("the servers of an API", () => {
	test("are confidential clients of its account", async () => {
		const { client } = await anIntegration();
		const { id } = await newApi({ servers: [client.id] });
		const servers = async (ids: readonly string[]) => call("PATCH", `/v1/apis/${id}`, { servers: ids });
		for (const wrong of [demo.nativeApp.client.id, demo.integration.client.id, "lkid_nothing", ""]) {
			const answer = await servers([client.id, wrong]);
			expect([refusal(answer), fieldsOf(answer)]).toEqual(["400 Malformed request", ["servers"]]);
		}
		expect(good(await servers([]))).toMatchObject({ servers: [] });
	});
});

describe("RFC 9728: what an API's server says of itself", () => {
	test("is read by everybody, of any page, as its server is to serve it", async () => {
		const made = await newApi();
		const answer = await ask(`/v1/apis/${made.id}/metadata`, { headers: { origin: "https://anywhere.example" } });
		expect(good(answer)).toEqual({
			resource: made.identifier,
			resource_name: made.name,
			authorization_servers: [issuer],
			scopes_supported: namesIn(made),
			bearer_methods_supported: ["header"],
		});
		expect(answer.headers.get("access-control-allow-origin")).toBe("*");
	});

	test("RFC 9728 §3.2: one without permissions lists none", async () => {
		const made = await newApi({ permissions: [] });
		expect(good(await ask(`/v1/apis/${made.id}/metadata`))).not.toHaveProperty("scopes_supported");
	});

	test("there is none of an API that is not there, nor of latchkey under its id", async () => {
		for (const id of ["x", "latchkey"]) expect(refusal(await ask(`/v1/apis/${id}/metadata`))).toBe("404 Not Found");
		const own = good<ShownApi>(await call("GET", "/v1/apis/latchkey"));
		expect(own).toMatchObject({ built_in: true, identifier: issuer });
		expect(good(await ask(new URL(own.metadata_url).pathname))).toMatchObject({ resource: issuer });
		for (const method of ["PATCH", "DELETE"] as const) {
			const body = method === "PATCH" ? { name: "Mine" } : undefined;
			expect(refusal(await call(method, "/v1/apis/latchkey", body))).toBe("404 Not Found");
			expect(refusal(await call(method, "/v1/deployment/apis/latchkey", body))).toBe("404 Not Found");
		}
	});
});
