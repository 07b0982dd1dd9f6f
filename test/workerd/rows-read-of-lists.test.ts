import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import type { AuditFilter } from "../../src/domain/ports/audit-log.ts";
import type { Client } from "../../src/domain/client.ts";
import { cloudflarePlatform } from "../../src/platform/cloudflare/platform.ts";
import { addRows } from "../bench/growth/rows.ts";
import { demoData } from "../bench/people.ts";
import { hash, newId, newSubject, now } from "../stores/builders.ts";
import {
	account,
	auditEntry,
	byName,
	everyClient,
	everyInstall,
	everyMember,
	invitationOf,
	person,
	registerRows,
} from "../stores/register-builders.ts";
import { CountedDatabase } from "./counted-database.ts";

// As rows-read.test.ts, of all that is not of keys: one account, and what it takes to ask it once it has grown.

/** Of the fewer, what is looked at is as much as it may be. */
const sizes = [1200, 6000] as const;
const [db, eventsDb] = [new CountedDatabase(env.DB), new CountedDatabase(env.EVENTS)];
const counted = { DB: db as unknown as D1Database, EVENTS: eventsDb as unknown as D1Database };
const { accounts, auditLog, clients, deploymentClients, events, invitations, people, register } = cloudflarePlatform({
	...env,
	...counted,
});
const demo = await demoData();
const accountId = demo.accounts.acme;
const { id: clientId } = demo.integration.client;
const adaId = demo.people[0]?.id ?? newSubject();
const waiting = { pending: [], gone: [] };
const installsOf = { accountId, now: 1_790_000_000, waiting };
const numbered = (kind: string, n: number) => `${kind}${String(n).padStart(21, "0")}`;

function audited(filter: Partial<AuditFilter>, before: { at: number; id: number } | null = null, isBack = false) {
	const all: AuditFilter = { actor: null, action: null, target: null, from: null, to: null };
	return auditLog.search(accountId, { ...all, ...filter }, before, 20, isBack);
}

function found(conditions: Parameters<typeof events.search>[0]["conditions"], from: number | null = null) {
	return events.search(
		{ accountId, conditions, from, before: null, after: null, limit: 20 },
		from === null ? null : "event",
	);
}

function waitingClient(): Client {
	return { ...registerRows().clients[0], id: newId(), accountId: null, options: { registeredAt: now() } };
}

/** A whole one, of rows that have their name in another case than the place that it comes after. */
async function page(asked: Promise<readonly { readonly name: string }[]>): Promise<void> {
	const names = (await asked).map(({ name }) => name);
	expect(names.length).toBeGreaterThanOrEqual(20);
	expect(new Set(names).size).toBe(1);
}

const early = 1_790_000_001;
const acts: Readonly<Record<string, () => Promise<unknown>>> = {
	"the audit log": () => audited({}),
	"one page of it further on": () => audited({}, { at: early, id: 40 }),
	"the page before": () => audited({}, { at: early, id: 40 }, true),
	"the page before, by a noun": () => audited({ action: "key" }, { at: early, id: 40 }, true),
	"by who": () => audited({ actor: adaId }),
	"by what": () => audited({ action: "key.create" }),
	"by a noun": () => audited({ action: "key" }),
	"by who and what": () => audited({ actor: adaId, action: "key.create" }),
	"by who and what, of a time": () => audited({ actor: adaId, action: "key.create", from: early, to: early + 9 }),
	"by who and on what, where nothing is": () => audited({ actor: "nobody", target: "nothing" }),
	"by what, further on in a time": () =>
		audited({ action: "key.edit", from: 0, to: early + 9 }, { at: early + 8, id: 300 }),
	"the names of those in it": () =>
		auditLog.names(accountId, [adaId, `key_any_${numbered("k", 1)}`, clientId, "nobody"]),
	events: () => found([]),
	"events by a member": () => found([{ path: ["n"], test: { operator: "eq", value: 1 } }]),
	"events of a type and a time": () => found([], early * 1000),
	people: () => people.members(accountId, everyMember, byName),
	"people further on": () => people.members(accountId, everyMember, { ...byName, after: ["Person 0000100", ""] }),
	"people back": () =>
		people.members(accountId, everyMember, { ...byName, after: ["Person 0000100", ""], isBack: true }),
	"people with a second factor, of whom there is none": () =>
		people.members(accountId, { ...everyMember, hasSecondFactor: true }, byName),
	"people that are searched": () => people.members(accountId, { ...everyMember, q: "n 00007" }, byName),
	integrations: () => clients.list(accountId, everyClient, byName),
	"integrations further on": () => clients.list(accountId, everyClient, { ...byName, after: ["Client 0000100", ""] }),
	"integrations from Z to A": () => clients.list(accountId, everyClient, { ...byName, sort: "-name" }),
	"integrations that are searched": () => clients.list(accountId, { ...everyClient, q: "T 00007" }, byName),
	"integrations of a kind that there is none of": () =>
		clients.list(accountId, { ...everyClient, kind: "integration" }, byName),
	installs: () => clients.installs({ ...everyInstall, ...installsOf }),
	"installs further on": () => clients.installs({ ...everyInstall, ...installsOf, after: [early, "h"] }),
	"installs, oldest first": () => clients.installs({ ...everyInstall, ...installsOf, isOldestFirst: true }),
	"installs that are searched, of which there are none": () =>
		clients.installs({ ...everyInstall, ...installsOf, narrowing: { q: "nobody", isPending: null, subject: null } }),
	"one install": () => clients.install(numbered("g", 100), installsOf),
	"how often a client is installed": () => clients.countInstalls(clientId, installsOf),
	"installs of an account that wait": () => clients.unsettledInstalls({ accountId }, 500),
	"installs of a client that wait": () => clients.unsettledInstalls({ clientId }, 500),
	invitations: () => invitations.list(accountId, null, 21),
	"what is called like this": () => auditLog.called(accountId, "key 00", 10),
	"the people to choose from": () => auditLog.called(accountId, "", 100, "person"),
	"a new invitation": () => invitations.add(invitationOf(accountId), hash(newId()), null, auditEntry({ accountId })),
	accounts: () => accounts.list(null, null, 21),
	"accounts further on": () => accounts.list("active", { name: "Account 0000100", id: "" }, 21),
	"suspended accounts": () => accounts.list("suspended", null, 21),
	"accounts further on, among those of one name": () => page(accounts.list(null, { name: "twin", id: "t5" }, 21)),
	"integrations further on, among those of one name": () =>
		page(clients.list(accountId, everyClient, { ...byName, after: ["ENDED", "e5"] }).then(({ rows }) => rows)),
	"clients of the deployment further on, among those of one name": async () =>
		page(deploymentClients.list("", now(), { name: "waits", id: "w5" }, 20).then(({ rows }) => rows)),
	"clients of the deployment": () => deploymentClients.list("", now(), null, 20),
	"clients of the deployment that are looked for": () => deploymentClients.list("nowhere", now(), null, 20),
	"a client of the deployment": () => deploymentClients.find(clientId, installsOf.now),
	"what it was granted where": () => deploymentClients.grantedTo(clientId, installsOf.now, 100),
	"a client that registers itself": () =>
		clients.register(waitingClient(), auditEntry(), { most: 9, from: "192.0.2.1" }),
	"a new client": async () => {
		const made = { ...registerRows().clients[0], accountId: demo.accounts.globex, name: newId() };
		expect(await clients.create({ ...made, id: newId() }, null, auditEntry())).toBe("created");
	},
	"an entry": () => register.addAudit(auditEntry({ accountId })),
};

async function grow(from: number, to: number): Promise<void> {
	await addRows(async (binding) => (binding === "DB" ? env.DB : env.EVENTS), demo, from, to);
	const numbers = "WITH RECURSIVE numbers (n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?2)";
	const others = [
		`accounts (id, slug, name, state, not_before) ${numbers} SELECT 't' || n, 't' || n, 'Twin', 'active', 0`,
		`clients (id, account_id, kind, name, description, redirect_uris, auth_methods, secrets, grant_types, scope, rotation,
			access_token_ttl, state, not_before)
			${numbers} SELECT 'e' || n, '${accountId}', 'application', 'Ended', '', '[]', '[]', '[]', '[]', '[]', 'rotate', 1, 'ended', 0`,
		`accounts (id, slug, name, state, not_before) ${numbers} SELECT 'a' || n, 'a' || n, printf('Account %07d', n), 'active', 0`,
		`clients (id, kind, name, description, redirect_uris, auth_methods, secrets, grant_types, scope, rotation, access_token_ttl,
			state, not_before, registered_at, registered_from)
			${numbers} SELECT 'w' || n, 'application', 'Waits', '', '[]', '[]', '[]', '[]', '[]', 'rotate', 1, 'active', 0, n, 'n' || n % 150`,
	];
	for (const other of others) await env.DB.prepare(`INSERT INTO ${other} FROM numbers`).bind(from, to).run();
}

async function rowsRead(): Promise<ReadonlyMap<string, number>> {
	const read = new Map<string, number>();
	for (const [name, act] of Object.entries(acts)) {
		const before = db.rowsRead + eventsDb.rowsRead;
		await act();
		read.set(name, db.rowsRead + eventsDb.rowsRead - before);
	}
	return read;
}

describe("rows that D1 reads", () => {
	let few: ReadonlyMap<string, number>;
	let many: ReadonlyMap<string, number>;
	beforeAll(async () => {
		const owners = [accountId, demo.accounts.globex].map((id) => account({ id, slug: id, name: "Owner" }));
		await register.add({ accounts: owners, people: [person({ id: adaId })], clients: [demo.integration.client] });
		await grow(0, sizes[0]);
		few = await rowsRead();
		await grow(...sizes);
		many = await rowsRead();
	});

	test("are counted", () => {
		expect([...few.values()].filter((rows) => rows > 0).length).toBeGreaterThan(30);
	});

	test.each(Object.keys(acts))("%s: as many of thousands as of hundreds", (name) => {
		expect(many.get(name)).toBeLessThanOrEqual((few.get(name) ?? 0) * 1.2);
	});
});
