import { describe, expect, test } from "vitest";
import { atConsole, filledIn, wordsOf } from "../support/console.ts";
import {
	call,
	good,
	inAcme,
	inGlobex,
	keyWith,
	newCode,
	newKey,
	newName,
	newPolicy,
	tokenOf,
} from "../support/keys-api.ts";
import { loggedIn } from "../support/logins.ts";
import { ada, grace } from "../support/people.ts";
import { aClient, aKey, anApi, aPolicy, permission } from "../support/registered.ts";
import { type Answer, bearer, postForm, refusal } from "../support/requests.ts";
import { demo } from "../support/target.ts";
import { basicOf, claimsOf, granted } from "../support/tokens.ts";

const { acme, globex } = demo.accounts;

const text = (permissions: readonly string[]) => ({ name: newName("Policy"), description: "For a test", permissions });

function make(permissions: readonly string[], credential?: Record<string, string>): Promise<Answer> {
	return call("POST", "/v1/policies", text(permissions), credential);
}

/** The permissions of an API, by name. */
async function names(changes: Parameters<typeof anApi>[0] = {}): Promise<readonly [string, string]> {
	const [read, write] = (await anApi(changes)).permissions;
	return [read?.name ?? "", write?.name ?? ""];
}

describe("policies of an account's APIs", () => {
	test("they choose permissions of latchkey, of the account's own APIs and of those of the whole deployment", async () => {
		const chosen = ["events:read", ...(await names({ accountId: acme })), ...(await names())];
		expect(good(await make(chosen), 201).permissions).toEqual(chosen);
	});

	test("tenancy: of another account's API there is no permission here, be it there or not", async () => {
		const [theirs] = await names({ accountId: globex });
		const answer = await make(["events:read", theirs]);
		expect([refusal(answer), answer.body.errors]).toEqual([
			"400 Malformed request",
			[{ field: "permissions", detail: expect.stringContaining(theirs) }],
		]);
		const nowhere = await make(["events:read", "nobody:read"]);
		expect(nowhere.text.replaceAll("nobody:read", theirs).replace(String(nowhere.body.instance), "")).toBe(
			answer.text.replace(String(answer.body.instance), ""),
		);
		expect((await make([theirs], await inGlobex())).status).toBe(201);
	});

	test("an edit adds what is there, and nothing else; what is gone may stay until the permissions are edited", async () => {
		const [read, write] = await names();
		const id = await aPolicy(acme, [read, "gone:read"]);
		const path = `/v1/policies/${id}`;
		expect(good(await call("PATCH", path, { description: "Other" })).permissions).toEqual([read, "gone:read"]);
		expect(good(await call("PATCH", path, { permissions: [read, write, "gone:read"] })).permissions).toHaveLength(3);
		expect(refusal(await call("PATCH", path, { permissions: [read, "gone:write"] }))).toBe("400 Malformed request");
		expect(good(await call("PATCH", path, { permissions: [read] })).permissions).toEqual([read]);
		expect(refusal(await call("PATCH", path, { permissions: [read, "gone:read"] }))).toBe("400 Malformed request");
	});

	test.each([
		["a space in it", "orders read"],
		["a quote in it", 'orders"'],
		["no name", ""],
		["a very long name", "o".repeat(101)],
		["a scope of token pairs", "read"],
		["who somebody is", "openid"],
	])("what is no permission is refused: %s", async (_, name) => {
		expect(refusal(await make(["events:read", name]))).toBe("400 Malformed request");
	});

	test("it has 150 permissions at most", async () => {
		const word = newName("n").replace(" ", "").toLowerCase();
		const many = Array.from({ length: 151 }, (_, index) => permission(`${word}${index}`));
		const listed = (await anApi({ permissions: many })).permissions.map(({ name }) => name);
		expect(refusal(await make(listed))).toBe("400 Malformed request");
		expect((await make(listed.slice(1))).status).toBe(201);
	});
});

describe("nobody gives away more of an API than they may do there themselves", () => {
	test("a key: what its policies permit, by its code and by its login token", async () => {
		const [read, write] = await names();
		const policy = await aPolicy(acme, ["keys:write", read]);
		const { secret } = await aKey(acme, [policy]);
		for (const credential of [{ "x-api-key": secret }, bearer(await loggedIn({ api_key: secret }))]) {
			expect((await make([read], credential)).status).toBe(201);
			const refused = await make([read, write], credential);
			expect([refusal(refused), refused.body.permission]).toEqual(["403 Forbidden", write]);
		}
	});

	test("a key that may write policies, and nothing of the API", async () => {
		const [read] = await names();
		const writer = await keyWith(["keys:write"]);
		expect(refusal(await make([read], writer))).toBe("403 Forbidden");
		// Nor by giving what somebody else made, to a key or a link, or by widening its own.
		const policy = await newPolicy([read]);
		const key = await newKey();
		expect(refusal(await call("PATCH", `/v1/keys/${key.id}`, { policies: [policy] }, writer))).toBe("403 Forbidden");
		expect(refusal(await call("POST", "/v1/keys", { name: newName(), policies: [policy] }, writer))).toBe(
			"403 Forbidden",
		);
		const theirs = await newKey({}, await inGlobex());
		const link = { key_id: theirs.id, policies: [policy] };
		expect(refusal(await call("POST", "/v1/links", link, writer))).toBe("403 Forbidden");
		const own = await newPolicy(["alerts:read"]);
		expect(refusal(await call("PATCH", `/v1/policies/${own}`, { permissions: ["alerts:read", read] }, writer))).toBe(
			"403 Forbidden",
		);
		// Nor by making itself an access code of a key that has it.
		const rich = await newKey({ policies: [policy] });
		expect(refusal(await call("POST", `/v1/keys/${rich.id}/codes`, { description: "Mine" }, writer))).toBe(
			"403 Forbidden",
		);
		expect((await newCode(rich.id)).secret).toMatch(/^lk_/);
	});

	test("a client that acts for itself: what its scope says", async () => {
		const [read, write] = await names();
		const scope = ["keys:write", read];
		const client = await aClient(demo.webApp, { grantTypes: ["client_credentials"], scope });
		const fields = { grant_type: "client_credentials", scope: "keys:write" };
		const answer = await postForm("/oauth/token", fields, basicOf(client));
		const token = bearer(String(answer.body.access_token));
		expect((await make([read], token)).status).toBe(201);
		expect(refusal(await make([write], token))).toBe("403 Forbidden");
	});

	test("software that a person allowed to make policies gives nothing of an API, though the person could", async () => {
		const [read] = await names();
		const client = await aClient(demo.webApp, { scope: ["keys:write"] });
		const { accessToken } = await granted(client);
		expect((await make(["keys:write"], bearer(accessToken))).status).toBe(201);
		expect(refusal(await make([read], bearer(accessToken)))).toBe("403 Forbidden");
		expect((await make([read], await inAcme())).status).toBe(201);
	});

	test("a person whose role has no such permission", async () => {
		const [read] = await names();
		expect(refusal(await make([read], await tokenOf(grace, "acme")))).toBe("403 Forbidden");
	});

	test("contract 001: a login token is for latchkey, and says nothing of other APIs", async () => {
		const [read] = await names();
		const { secret } = await aKey(acme, [await aPolicy(acme, ["events:read", read])]);
		expect(claimsOf(await loggedIn({ api_key: secret })).scope).toBe("events:read");
	});
});

describe("the console's editor", () => {
	const page = "/console/acme/policies/new";

	test("has the APIs that the account sees, by subject and verb, and what is neither in a list", async () => {
		const word = newName("s").replace(" ", "");
		const permissions = [permission(`${word}:read`), permission(`${word}:delete`), permission(`${word}-refund`)];
		const api = await anApi({ accountId: acme, permissions });
		const theirs = await anApi({ accountId: globex });
		const { text: html } = await (await atConsole(ada)).open(page);
		const [, rest = ""] = html.split(`<legend><bdi>${api.name}</bdi></legend>`);
		expect(html).not.toContain(theirs.name);
		for (const { name } of permissions) expect(rest).toContain(`name="permissions:${name}"`);
		expect(rest).toContain(`<th scope="row"><code>${word}</code></th><td data-column="Read">`);
		expect(rest).toContain(`<code>${word}-refund</code>`);
	});

	test("what is chosen there is what the policy permits, and the next form shows it", async () => {
		const [read, write] = await names({ accountId: acme });
		const visitor = await atConsole(ada);
		const name = newName("Policy");
		const typed = { name, description: "Orders", [`permissions:${read}`]: "on", "permissions:events:read": "on" };
		expect((await visitor.send(page, page, typed)).status).toBe(303);
		const listed = good<{ policies: { id: string; name: string; permissions: string[] }[] }>(
			await call("GET", "/v1/policies?limit=100"),
		);
		const made = listed.policies.find((each) => each.name === name);
		expect(made?.permissions.toSorted()).toEqual(["events:read", read].toSorted());
		const path = `/console/acme/policies/${made?.id}`;
		const form = filledIn(await visitor.open(path), path);
		expect(Object.keys(form).filter((each) => each.startsWith("permissions:"))).toHaveLength(2);
		expect((await visitor.send(path, path, { ...form, [`permissions:${write}`]: "on" })).status).toBe(303);
		expect(good(await call("GET", `/v1/policies/${made?.id}`)).permissions).toContain(write);
	});

	test("a policy is started from a template, which is no policy yet", async () => {
		const api = await anApi({ accountId: acme });
		const visitor = await atConsole(ada);
		const before = (await call("GET", "/v1/policies?limit=100")).text;
		const all = filledIn(await visitor.open(`${page}?from=${api.id}`), page);
		expect(all).toMatchObject({ name: `Everything of ${api.name}` });
		for (const { name } of api.permissions) expect(all).toHaveProperty([`permissions:${name}`], "on");
		expect(all).not.toHaveProperty(["permissions:events:read"]);
		const read = filledIn(await visitor.open(`${page}?from=read`), page);
		expect(read).toMatchObject({ name: "Read everything", "permissions:events:read": "on" });
		expect(Object.keys(read).filter((each) => /^permissions:.*:(write|delete)$/.test(each))).toEqual([]);
		expect(filledIn(await visitor.open(`${page}?from=constructor`), page)).toMatchObject({ name: "" });
		expect((await call("GET", "/v1/policies?limit=100")).text).toBe(before);
		expect(await visitor.open(page).then(wordsOf)).toContain("Read everything");
	});

	test("what is no longer there is shown as gone, stays while other fields are edited, and goes with the permissions", async () => {
		const id = await aPolicy(acme, ["events:read", "gone:read"]);
		const path = `/console/acme/policies/${id}`;
		const visitor = await atConsole(ada);
		expect(wordsOf(await visitor.open(path))).toMatch(/No longer there[^.]*gone:read/);
		const name = newName("Policy");
		const same = { ...filledIn(await visitor.open(path), path), name, description: "Other" };
		expect((await visitor.send(path, path, same)).status).toBe(303);
		expect(good(await call("GET", `/v1/policies/${id}`)).permissions).toEqual(["events:read", "gone:read"]);
		const more = { ...same, ...filledIn(await visitor.open(path), path), "permissions:alerts:read": "on" };
		expect((await visitor.send(path, path, more)).status).toBe(303);
		expect(good(await call("GET", `/v1/policies/${id}`)).permissions).toEqual(["events:read", "alerts:read"]);
	});

	test("what was typed into it and is no permission writes nothing, and the form comes back", async () => {
		const answer = await (
			await atConsole(ada)
		).send(page, page, {
			name: newName("Policy"),
			description: "Wrong",
			"permissions:nobody:read": "on",
		});
		expect(answer.status).toBe(400);
		expect(wordsOf(answer)).toContain("nobody:read is not there (any more)");
	});
});

describe("what somebody may do, in a sentence", () => {
	test("a key's page says it by the policies of the account that looks at it", async () => {
		const word = newName("deed").replace(" ", "");
		const permissions = [permission(`${word}s:read`), permission(`${word}s:write`)];
		const api = await anApi({ name: `The ${word} API`, permissions });
		const given = [await aPolicy(globex, [`${word}s:read`, "events:read"])];
		const key = await newKey({ policies: given }, await inGlobex());
		await call("POST", "/v1/links", { key_id: key.id, policies: [await newPolicy([`${word}s:write`])] });
		const atGlobex = wordsOf(await (await atConsole(grace)).open(`/console/globex/keys/${key.id}`));
		expect(atGlobex).toContain(`In this account it may read ${word}s at ${api.name}, and read events .`);
		const atAcme = wordsOf(await (await atConsole(ada)).open(`/console/acme/keys/${key.id}`));
		expect(atAcme).toContain(`In this account it may write ${word}s at ${api.name} .`);
		const policies = wordsOf(await (await atConsole(grace)).open(`/console/globex/keys/${key.id}/policies`));
		expect(policies).toContain(`it may read ${word}s at ${api.name}`);
		const none = await newKey();
		expect(wordsOf(await (await atConsole(ada)).open(`/console/acme/keys/${none.id}`))).toContain("it may do nothing");
	});

	test("the people's page says what members may do at the APIs of the account", async () => {
		const word = newName("member").replace(" ", "");
		const permissions = [permission(`${word}:read`, { members: true }), permission(`${word}:write`)];
		const api = await anApi({ accountId: acme, permissions });
		const words = wordsOf(await (await atConsole(ada)).open("/console/acme/settings/people"));
		expect(words).toContain(`read ${word} at ${api.name}`);
		expect(words).not.toContain(`write ${word}`);
	});
});
