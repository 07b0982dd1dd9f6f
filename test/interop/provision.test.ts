import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import tls from "node:tls";
import * as client from "openid-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Certificates, makeCertificates } from "../peers/certificates.ts";
import { loginToken } from "../support/own-api.ts";
import { answerConsent, createPerson } from "../support/person.ts";
import { type ProvisionRun, runProvision } from "../runners/run-provision.ts";
import { setupSecret } from "../support/setup-secret.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";

// `npm run provision`, on an empty deployment at an https issuer, with the file for an outside suite.

const example = "test/interop/conformance-suite.json";
const plan = JSON.parse(readFileSync(example, "utf8"));

let folder: string;
let certificates: Certificates;
let worker: RunningWorker;

beforeAll(async () => {
	folder = await temporaryFolder();
	certificates = await makeCertificates(folder);
	tls.setDefaultCACertificates([...tls.getCACertificates(), certificates.ca]);
	worker = await startWorker({ certificates, variables: { DEMO_DATA: null, SETUP_SECRET: setupSecret } });
});
afterAll(async () => {
	await worker?.stop();
	await rm(folder, { recursive: true, force: true });
});

// One after the other: each finds what the one before it left.

test("with another setup secret nothing is made", async () => {
	const { code, said, done } = await provision(example, "another secret that is just as long");
	expect(code).toBe(1);
	expect(said).toContain("setup secret");
	expect(done).toEqual({
		issuer: worker.origin,
		apis: [],
		clients: [],
		providers: [],
		accounts: [],
		invitations: [],
		operators: [],
	});
});

test("the first run makes all of it, and the second says so and changes nothing", async () => {
	const first = await provision(example);
	expect(first).toMatchObject({
		code: 0,
		done: {
			account: { slug: "conformance", state: "made" },
			person: { username: "suite", profile: "made" },
			clients: plan.clients.map(({ name }: { name: string }) => ({ name, state: "made" })),
		},
	});
	const ids = first.done.clients.map((each) => each.client_id);
	expect(new Set(ids).size).toBe(2);

	const second = await provision(example);
	expect(second.code).toBe(0);
	expect(second.done.account?.state).toBe("there");
	expect(second.done.person?.profile).toBe("there");
	expect(second.done.clients).toEqual(
		first.done.clients.map(({ name, client_id }) => ({ name, client_id, state: "there" })),
	);
	await logsIn(first.done.clients[0]?.client_id ?? "", first.done.clients[0]?.client_secret ?? "");
});

test("what is there and differs from the file is named, and left as it is", async () => {
	const [one, two] = plan.clients;
	const file = join(folder, "other.json");
	await writeFile(file, JSON.stringify({ ...plan, clients: [{ ...one, require_pkce: true }, two] }));
	const { code, said, done } = await provision(file);
	expect(code).toBe(1);
	expect(said).toContain(one.name);
	expect(done.clients).toMatchObject([{ state: "differs", differs: ["require_pkce"] }, { state: "there" }]);
	expect((await provision(example)).code).toBe(0);
});

test("APIs of the account and of the deployment are made once, with their servers and what clients may ask for", async () => {
	const permissions = [{ name: "orders:read", title: "See orders", members: true }];
	const apis = [
		{ identifier: "https://orders.example/v1", name: "Orders", permissions, servers: ["Orders server"] },
		{ identifier: "https://stock.example/v1", name: "Stock", permissions: [], deployment_wide: true },
	];
	const server = { name: "Orders server", kind: "application", redirect_urls: [], acts_for_itself: true };
	const machine = { ...server, name: "Orders machine", scopes: ["orders:read"] };
	const clients = [...plan.clients, { ...server, scopes: [] }, machine];
	const file = join(folder, "apis.json");
	await writeFile(file, JSON.stringify({ ...plan, apis, clients }));
	const first = await provision(file);
	expect(first).toMatchObject({
		code: 0,
		done: { apis: apis.map(({ identifier }) => ({ identifier, state: "made" })) },
	});
	const token = await loginToken(worker.origin, plan.person, plan.account.slug);
	const headers = { authorization: `Bearer ${token}` };
	const answer = await fetch(`${worker.origin}/v1/apis/${first.done.apis[0]?.id}`, { headers });
	const serving = first.done.clients.find(({ name }) => name === "Orders server")?.client_id;
	expect(await answer.json()).toMatchObject({ identifier: "https://orders.example/v1", servers: [serving] });

	const second = await provision(file);
	expect(second).toMatchObject({ code: 0, done: { apis: apis.map(() => ({ state: "there" })) } });

	const other = [{ ...apis[0], permissions: [{ name: "orders:read", title: "Look at orders", members: true }] }];
	await writeFile(file, JSON.stringify({ ...plan, apis: other, clients }));
	const third = await provision(file);
	expect(third).toMatchObject({ code: 1, done: { apis: [{ state: "differs", differs: ["permissions"] }] } });
	expect(third.said).toContain("https://orders.example/v1");
});

test("providers of the account and of the deployment are made once, with the domains whose people they sign in", async () => {
	const own = { kind: "oidc", name: "Acme", issuer: "https://idp.acme.example", client_id: "latchkey" };
	const wide = { kind: "github", name: "GitHub", issuer: "https://github.com", client_id: "Iv1.1" };
	const providers = [
		{ ...own, client_secret: "a secret", domains: ["acme.example"], group_roles: [], scopes: ["openid", "email"] },
		{ ...wide, client_secret: "a secret", deployment_wide: true },
	];
	const file = join(folder, "providers.json");
	await writeFile(file, JSON.stringify({ ...plan, providers }));
	const first = await provision(file);
	expect(first).toMatchObject({
		code: 0,
		done: {
			providers: [
				{ name: "Acme", state: "made", redirect_uri: expect.stringContaining("/callback") },
				{ name: "GitHub", state: "made" },
			],
		},
	});
	expect(JSON.stringify(first.done)).not.toContain("a secret");
	const headers = { authorization: `Bearer ${await loginToken(worker.origin, plan.person, plan.account.slug)}` };
	const answer = await fetch(`${worker.origin}/v1/domains`, { headers });
	const domain = { domain: "acme.example", provider_id: first.done.providers[0]?.id, verified_at: null };
	expect(await answer.json()).toMatchObject({ domains: [domain] });
	expect(await provision(file)).toMatchObject({
		code: 0,
		done: { providers: providers.map(() => ({ state: "there" })) },
	});
	const other = [{ ...providers[0], trusts_amr: true }];
	await writeFile(file, JSON.stringify({ ...plan, providers: other }));
	const third = await provision(file);
	expect(third).toMatchObject({ code: 1, done: { providers: [{ state: "differs", differs: ["trusts_amr"] }] } });
});

test("accounts beyond the first and invitations to them: made once, each link shown once, and one that was revoked made again", async () => {
	const invitations = [
		{ account: "field", role: "admin", note: "For Rosalind" },
		{ account: "conformance", role: "member", note: "For Barbara" },
	];
	const file = await planned({ accounts: [{ name: "Field office", slug: "field" }], invitations });
	const first = await provision(file);
	expect(first).toMatchObject({
		code: 0,
		done: {
			accounts: [{ slug: "field", state: "made" }],
			invitations: invitations.map(({ account, note }) => ({ account, note, state: "made" })),
		},
	});
	for (const { link = "" } of first.done.invitations) {
		const page = await fetch(link);
		expect([page.status, (await page.text()).includes("invites you")]).toEqual([200, true]);
	}

	const second = await provision(file);
	expect(second).toMatchObject({ code: 0, done: { accounts: [{ slug: "field", state: "there" }] } });
	expect(second.done.invitations).toEqual(invitations.map(({ account, note }) => ({ account, note, state: "there" })));

	await revokeInvitations("conformance");
	const third = await provision(file);
	expect(third.done.invitations.map(({ state }) => state)).toEqual(["there", "made"]);
	expect(third.done.invitations[1]?.link).not.toBe(first.done.invitations[1]?.link);
});

test("an invitation to another role is named, and left as it is", async () => {
	const { code, said, done } = await provision(
		await planned({ invitations: [{ account: "field", role: "member", note: "For Rosalind" }] }),
	);
	expect(code).toBe(1);
	expect(said).toContain("For Rosalind");
	expect(done.invitations.map(({ state }) => state)).toEqual(["differs"]);
});

test("an account is renamed, suspended and reinstated as the file says, and is left as it is where it says nothing", async () => {
	const field = { name: "Head office", slug: "field" };
	for (const [account, state, now] of [
		[field, "changed", "active"],
		[{ ...field, state: "suspended" }, "changed", "suspended"],
		[{ ...field, state: "suspended" }, "there", "suspended"],
		[field, "there", "suspended"],
		[{ ...field, state: "active" }, "changed", "active"],
	] as const) {
		const { code, done } = await provision(await planned({ accounts: [account] }));
		expect([code, done.accounts]).toEqual([0, [{ slug: "field", state }]]);
		const token = await loginToken(worker.origin, plan.person, "conformance");
		const headers = { authorization: `Bearer ${token}` };
		const answer = await fetch(`${worker.origin}/v1/accounts/field`, { headers });
		expect(await answer.json()).toMatchObject({ name: field.name, state: now });
	}
});

test("who joined by an invitation is made an operator once; a name that nobody has is said", async () => {
	const invitations = [{ account: "field", role: "member", note: "For Katherine" }];
	const [{ link = "" } = {}] = (await provision(await planned({ invitations }))).done.invitations;
	const who = { answer: "new", name: "Katherine", username: "katherine", password: "orbits by hand, all of them" };
	const headers = { origin: worker.origin, "sec-fetch-site": "same-origin" };
	const joined = await fetch(link, { method: "POST", headers, redirect: "manual", body: new URLSearchParams(who) });
	expect(joined.status).toBe(303);

	const file = await planned({ operators: ["katherine"] });
	for (const state of ["made", "there"]) {
		expect(await provision(file)).toMatchObject({ code: 0, done: { operators: [{ username: "katherine", state }] } });
	}
	const token = await loginToken(worker.origin, who, "field");
	const asked = await fetch(`${worker.origin}/v1/operators`, { headers: { authorization: `Bearer ${token}` } });
	expect(asked.status).toBe(200);
	const unknown = await provision(await planned({ operators: ["nobody.of.that.name"] }));
	expect([unknown.code, unknown.said]).toEqual([1, expect.stringContaining("POST /v1/operators answered 404")]);
});

test("a file with what no plan has is refused before anything is asked", async () => {
	const file = join(folder, "wrong.json");
	await writeFile(file, JSON.stringify({ ...plan, acount: {} }));
	expect((await provision(file)).code).toBe(2);
});

test("a file that is not there is named, without a trace of the program", async () => {
	const file = join(folder, "nowhere.json");
	const { code, said } = await provision(file);
	expect([code, said.trim().split("\n").length, said.startsWith(file)]).toEqual([2, 1, true]);
});

async function planned(more: object): Promise<string> {
	const file = join(folder, `${crypto.randomUUID()}.json`);
	await writeFile(file, JSON.stringify({ ...plan, ...more }));
	return file;
}

async function revokeInvitations(account: string): Promise<void> {
	const token = await loginToken(worker.origin, plan.person, account);
	const headers = { authorization: `Bearer ${token}` };
	const listed = await fetch(`${worker.origin}/v1/invitations`, { headers });
	const { invitations } = (await listed.json()) as { invitations: { id: string }[] };
	for (const { id } of invitations) {
		const revoked = await fetch(`${worker.origin}/v1/invitations/${id}`, { method: "DELETE", headers });
		expect(revoked.status).toBe(204);
	}
}

/** As an outside suite does, without PKCE, and over https all the way. */
async function logsIn(clientId: string, secret: string): Promise<void> {
	const config = await client.discovery(new URL(worker.origin), clientId, secret);
	const expectedNonce = client.randomNonce();
	const link = client.buildAuthorizationUrl(config, {
		redirect_uri: plan.clients[0].redirect_urls[0],
		scope: plan.clients[0].scopes.join(" "),
		nonce: expectedNonce,
	});
	const answer = await answerConsent(createPerson(worker.origin), link.href, plan.person, "Allow");
	const tokens = await client.authorizationCodeGrant(config, answer, { expectedNonce });
	const told = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? "");
	const { name, username: preferred_username, profile } = plan.person;
	expect(told).toMatchObject({ ...profile, name, preferred_username });
}

function provision(file: string, secret = setupSecret): Promise<ProvisionRun> {
	return runProvision(file, { at: worker.origin, certificates, secret });
}
