import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { atConsole, type ConsoleVisitor, hiddenOf } from "../support/console.ts";
import { integrationBody } from "../support/integrations.ts";
import { call, type Credential, good, newCode, newKey, newPolicy } from "../support/keys-api.ts";
import { loggedIn } from "../support/logins.ts";
import { anAccount, aPerson, slugOf } from "../support/registered.ts";
import { bearer, ownPage, postForm, postJson, refusal } from "../support/requests.ts";
import { advance, setStanding } from "../support/target.ts";

// Whoever is removed, or may do less, writes nothing from then on, though their role is remembered for a while (DESIGN §3.10).

const account = await anAccount();
const base = `/console/${slugOf(account)}`;
const admin = await aPerson({ [account]: "admin" });
const credential = bearer(await loggedIn({ username: admin.username, password: admin.password }));
const office = await atConsole(admin);

const policy = await newPolicy(["events:read"], credential);
const { id: key } = await newKey({ policies: [policy] }, credential);
const code = (await newCode(key, "Before", credential)).id;
const environment = await made("/v1/environments", { workspace: "before", name: "prod" }, "id");
const integration = await made("/v1/integrations", integrationBody({ name: "Before" }), "client_id");

/** What an administrator may write, and a member may not. */
const writes = [
	["POST", "/v1/keys", { name: "Late", policies: [policy] }],
	["PATCH", `/v1/keys/${key}`, { name: "Late" }],
	["PATCH", `/v1/keys/${key}`, { policies: [] }],
	["POST", `/v1/keys/${key}/codes`, { description: "Late" }],
	["PATCH", `/v1/keys/${key}/codes/${code}`, { enabled: false }],
	["POST", "/v1/environments", { workspace: "late", name: "prod" }],
	["PATCH", `/v1/environments/${environment}`, { enabled: false }],
	["POST", `/v1/environments/${environment}/rotate_key`, {}],
	["POST", "/v1/policies", { name: "Late", description: "Late", permissions: ["events:read"] }],
	["PATCH", `/v1/policies/${policy}`, { description: "Late" }],
	["POST", "/v1/integrations", integrationBody({ name: "Late" })],
	["PATCH", `/v1/integrations/${integration}`, { description: "Late" }],
	["POST", `/v1/integrations/${integration}/secrets`, { overlap_days: 0 }],
	["DELETE", `/v1/integrations/${integration}`],
	["DELETE", `/v1/policies/${policy}?force=true`],
	["DELETE", `/v1/keys/${key}`],
] as const;

const metadata = { redirect_uris: ["https://late.example/back"], client_name: "Late" };

const forms = [
	["/keys/new", { name: "Late" }],
	[`/keys/${key}`, { name: "Late" }],
	[`/keys/${key}/codes`, { description: "Late" }],
	[`/keys/${key}/codes/${code}/enabled`, { enabled: "false" }],
	[`/keys/${key}/delete`, {}],
	["/environments/new", { workspace: "late", name: "prod" }],
	[`/environments/${environment}/enabled`, { enabled: "false" }],
	[`/environments/${environment}/rotate_key`, { version: "1" }],
	[`/policies/${policy}/delete`, {}],
	["/settings/account", { name: "Late" }],
] as const;

describe("an administrator who was removed elsewhere, where this server saw nothing of it", () => {
	let personId: string;
	let theirs: Credential;
	let before: unknown;

	beforeAll(async () => {
		const { id, ...login } = await aPerson({ [account]: "admin" });
		personId = id;
		theirs = bearer(await loggedIn(login));
		before = await everything();
	});

	/** Removed, and remembered as who they were: they still read. */
	beforeEach(async () => {
		const membership = { kind: "membership", personId, accountId: account } as const;
		await setStanding(membership, { state: "active", notBefore: 0 });
		await advance(staleness + 1);
		good(await call("GET", "/v1/audit", undefined, theirs));
		await setStanding(membership, { state: "ended", notBefore: 0 });
		good(await call("GET", "/v1/audit", undefined, theirs));
	});

	test.each(writes)("%s %s", async (method, path, body?: object) => {
		expect((await call(method, path, body, theirs)).status).toBe(401);
	});

	test("registers no client by RFC 7591 either", async () => {
		expect((await postJson("/oauth/register", metadata, theirs)).status).toBe(401);
	});

	test("and all is as it was", async () => {
		expect(await everything()).toEqual(before);
	});
});

describe.each([
	["removed here", 401, (id: string) => pressed(`${base}/settings/people/${id}/remove`, {})],
	["made a member here", 403, (id: string) => pressed(`${base}/settings/people/${id}`, { role: "member" })],
])("an administrator who was %s", (_, refused, lose) => {
	let theirs: Credential;
	let browser: ConsoleVisitor;
	let csrf: string;
	let before: unknown;

	beforeAll(async () => {
		const { id, ...login } = await aPerson({ [account]: "admin" });
		theirs = bearer(await loggedIn(login));
		browser = await atConsole(login);
		csrf = hiddenOf(await browser.open(`${base}/settings`), `${base}/settings`).csrf ?? "";
		good(await call("GET", "/v1/audit", undefined, theirs));
		before = await everything();
		await lose(id);
	});

	test("reads no more than they may now: where it was done, nothing of before is remembered", async () => {
		expect((await call("GET", "/v1/audit", undefined, theirs)).status).toBe(refused);
	});

	test.each(writes)("%s %s", async (method, path, body?: object) => {
		expect((await call(method, path, body, theirs)).status).toBe(refused);
	});

	test.each(forms)("the console's %s", async (path, fields) => {
		const answer = await postForm(base + path, { csrf, ...fields }, { cookie: browser.cookie, ...ownPage });
		expect(refusal(answer)).toBe(refused === 401 ? "404 No such account" : "403 Not for your role");
	});

	test("registers no client by RFC 7591 either", async () => {
		expect((await postJson("/oauth/register", metadata, theirs)).status).toBe(refused);
	});

	test("and all is as it was", async () => {
		expect(await everything()).toEqual(before);
	});
});

async function made(path: string, body: object, id: string): Promise<string> {
	return String(good(await call("POST", path, body, credential), 201)[id]);
}

async function pressed(form: string, fields: Record<string, string>): Promise<void> {
	expect((await office.send(form, form, fields)).status).toBe(303);
}

/** What the account has, as its administrator sees it. */
function everything(): Promise<unknown> {
	const paths = ["keys", `keys/${key}`, `keys/${key}/codes`, "environments", "policies", "integrations"];
	return Promise.all(paths.map(async (path) => good(await call("GET", `/v1/${path}`, undefined, credential))));
}
