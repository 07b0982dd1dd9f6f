import type { InstallNarrowing } from "../../src/domain/ports/clients.ts";
import type { NameWalk } from "../../src/domain/list-query.ts";
import { describe, expect, test } from "vitest";
import type { ClientChange } from "../../src/domain/client-change.ts";
import { editable, toDraft } from "../../src/domain/client-draft.ts";
import type { Client } from "../../src/domain/client.ts";
import type { Install } from "../../src/domain/install.ts";
import { hash, newId, newSubject, now, type Stores, times } from "./builders.ts";
import {
	addAccount,
	addApi,
	auditEntry,
	byName,
	changeOf,
	everyClient,
	everyInstall,
	install,
	person,
	registerRows,
} from "./register-builders.ts";

export function describeClients({ platform, auditedActions }: Stores): void {
	const { register, clients } = platform;

	const anAccount = async () => (await addAccount(register)).id;

	async function created(accountId: string, changes: Partial<Client> = {}): Promise<Client> {
		const client = aClient(accountId, changes);
		expect(await clients.create(client, null, auditEntry())).toBe("created");
		return client;
	}
	async function installed(accountId: string, changes: Partial<Install> = {}): Promise<Install> {
		const made = install(accountId, changes);
		await register.addInstall(made, auditEntry());
		return made;
	}
	describe("clients", () => {
		test("what was created is read again as it was, and noted", async () => {
			const accountId = await anAccount();
			const client = aClient(accountId);
			const entry = auditEntry();
			expect(await clients.create(client, null, entry)).toBe("created");
			expect(await register.client(client.id)).toEqual(client);
			expect(await auditedActions()).toContain(entry.action);
		});

		test("one of an account gets no permission that is at no API of the account any more, and keeps what it has", async () => {
			const [accountId, other] = [await anAccount(), await anAccount()];
			const [own, all, theirs] = [
				await addApi(register, accountId),
				await addApi(register, null),
				await addApi(register, other),
			];
			const scope = ["events:read", "openid", own, all];
			const refused = auditEntry();
			for (const gone of [theirs, "gone:read"]) {
				const client = aClient(accountId, { scope: [...scope, gone] });
				expect(await clients.create(client, null, refused)).toBe("not_permitted");
			}
			const there = { ...(await created(accountId, { scope })), rev: 0 };
			const edited = { ...there, scope: [...scope, theirs] };
			expect(await clients.write(edited, null, refused)).toBe("not_permitted");
			const before = aClient(accountId, { scope: ["gone:read"] });
			await register.add({ clients: [before] });
			expect(await clients.write({ ...before, description: "Other", rev: 0 }, null, auditEntry())).toBe("written");
			expect(await auditedActions()).not.toContain(refused.action);
		});

		test("an id or a name that is taken makes nothing, and notes nothing", async () => {
			const accountId = await anAccount();
			const there = await created(accountId, { name: "Radar" });
			const entries = times(3, () => auditEntry());
			const [first, second, third] = entries as [(typeof entries)[0], (typeof entries)[0], (typeof entries)[0]];
			expect(await clients.create({ ...there, name: "Other" }, null, first)).toBe("id_taken");
			expect(await clients.create(there, null, second)).toBe("id_taken");
			expect(await clients.create(aClient(accountId, { name: "rADAR" }), null, third)).toBe("name_taken");
			const actions = await auditedActions();
			for (const { action } of entries) expect(actions).not.toContain(action);
			expect(await register.client(there.id)).toEqual(there);
			expect((await clients.list(accountId, everyClient, byName)).rows).toHaveLength(1);
		});

		test("a name is free in another account, and once its client has ended", async () => {
			const accountId = await anAccount();
			const there = await created(accountId, { name: "Radar" });
			await created(await anAccount(), { name: "Radar" });
			await changeOf(clients, there.id, accountId, { kind: "end" }, now(), auditEntry());
			const again = await created(accountId, { name: "Radar" });
			expect((await clients.list(accountId, everyClient, byName)).rows.map(({ id }) => id).toSorted()).toEqual(
				[there.id, again.id].toSorted(),
			);
		});

		test("of ten of one name at once, one is made", async () => {
			const accountId = await anAccount();
			const outcomes = await Promise.all(
				times(10, () => clients.create(aClient(accountId, { name: "Radar" }), null, auditEntry())),
			);
			expect(outcomes.filter((outcome) => outcome === "created")).toHaveLength(1);
			expect(outcomes.filter((outcome) => outcome === "name_taken")).toHaveLength(9);
		});

		test("are listed by name without regard to case, from the one after, without their logos", async () => {
			const accountId = await anAccount();
			const made: Client[] = [];
			for (const name of ["b", "A", "c", "B2"]) made.push(await created(accountId, { name }));
			const names = async (walk: Partial<NameWalk>, narrowing = everyClient) =>
				(await clients.list(accountId, narrowing, { ...byName, ...walk })).rows.map((each) => each.name);
			expect(await names({})).toEqual(["A", "b", "B2", "c"]);
			expect(await names({ limit: 2 })).toEqual(["A", "b"]);
			const after = ["b", made[0]?.id ?? ""];
			expect(await names({ after })).toEqual(["B2", "c"]);
			expect(await names({ after, isBack: true })).toEqual(["A"]);
			expect(await names({ sort: "-name" })).toEqual(["c", "B2", "b", "A"]);
			expect(await names({ after, sort: "-name" })).toEqual(["A"]);
			const { rows, total, next } = await clients.list(accountId, everyClient, { ...byName, limit: 1 });
			const { logoSvg: _, ...rest } = made[1] as Client;
			expect({ rows, total, next }).toEqual({ rows: [{ ...rest, hasLogo: true }], total: 4, next: ["A", rest.id] });
			expect(await clients.list("x", everyClient, byName)).toEqual({ rows: [], next: null, total: 0 });
		});

		test("are found by a part of their name, by their id, by state and kind, and counted", async () => {
			const accountId = await anAccount();
			const [radar] = [await created(accountId, { name: "Radar" }), await created(accountId, { name: "Rail road" })];
			const app = await created(accountId, { name: "Broad", kind: "application" });
			await changeOf(clients, radar.id, accountId, { kind: "end" }, now(), auditEntry());
			const found = async (narrowing: Partial<typeof everyClient>) => {
				const { rows, total } = await clients.list(accountId, { ...everyClient, ...narrowing }, byName);
				return [rows.map(({ name }) => name), total];
			};
			expect(await found({ q: "ROAD" })).toEqual([["Broad", "Rail road"], 2]);
			expect(await found({ q: "road", kind: "application" })).toEqual([["Broad"], 1]);
			expect(await found({ q: app.id })).toEqual([["Broad"], 1]);
			expect(await found({ state: "ended" })).toEqual([["Radar"], 1]);
			expect(await found({ q: "%" })).toEqual([[], 0]);
			expect(await found({})).toEqual([["Broad", "Radar", "Rail road"], 3]);
		});

		test("a change is of one account's client, and is noted with it or not at all", async () => {
			const accountId = await anAccount();
			const client = await created(accountId);
			const entries = times(3, () => auditEntry());
			const [first, second, third] = entries as [(typeof entries)[0], (typeof entries)[0], (typeof entries)[0]];
			const change = edit(client, { description: "Else", logoSvg: null });
			expect(await changeOf(clients, client.id, await anAccount(), change, now(), first)).toEqual({ kind: "unknown" });
			expect(await changeOf(clients, "x", accountId, change, now(), first)).toEqual({ kind: "unknown" });
			const changed = { ...client, description: "Else", logoSvg: null };
			expect(await changeOf(clients, client.id, accountId, change, now(), second)).toEqual({
				kind: "changed",
				client: changed,
			});
			expect(await register.client(client.id)).toEqual(changed);
			await created(accountId, { name: "Taken" });
			const rename = edit(client, { name: "taken" });
			expect(await changeOf(clients, client.id, accountId, rename, now(), third)).toEqual({ kind: "name_taken" });
			expect(await register.client(client.id)).toEqual(changed);
			const actions = await auditedActions();
			expect(entries.map(({ action }) => actions.includes(action))).toEqual([false, true, false]);
		});

		test("of ten secrets at once one comes in, and none is lost", async () => {
			const accountId = await anAccount();
			const client = await created(accountId);
			const outcomes = await Promise.all(
				times(10, (index) => changeOf(clients, client.id, accountId, add(`new ${index}`), now(), auditEntry())),
			);
			expect(outcomes.filter(({ kind }) => kind === "changed")).toHaveLength(1);
			expect(outcomes.filter(({ kind }) => kind === "refused")).toHaveLength(9);
			const { secrets = [] } = (await register.client(client.id)) ?? {};
			expect(secrets.map(({ expiresAt }) => expiresAt)).toEqual([null, now() + 60]);
		});

		test("ten changes at once are all made", async () => {
			const accountId = await anAccount();
			const client = await created(accountId);
			const changes = times(5, (index) => edit(client, { description: `${index}` }));
			const outcomes = await Promise.all(
				[...changes, add("new"), add("new")].map((change) =>
					changeOf(clients, client.id, accountId, change, now(), auditEntry()),
				),
			);
			expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual([...times(6, () => "changed"), "unchanged"]);
		});

		test("what has ended is ended once", async () => {
			const accountId = await anAccount();
			const client = await created(accountId);
			const [first, second] = [auditEntry(), auditEntry()];
			const ended = { ...client, state: "ended", notBefore: now() + 1 };
			const end = { kind: "end" } as const;
			expect(await changeOf(clients, client.id, accountId, end, now(), first)).toEqual({
				kind: "changed",
				client: ended,
			});
			expect(await changeOf(clients, client.id, accountId, end, now() + 9, second)).toEqual({
				kind: "unchanged",
				client: ended,
			});
			expect(await changeOf(clients, client.id, accountId, add("late"), now(), second)).toEqual({
				kind: "refused",
				reason: "ended",
			});
			expect(await auditedActions()).not.toContain(second.action);
		});
	});

	describe("installs", () => {
		const waiting = { pending: [], gone: [] };
		test("are listed newest first with client and person, from the one after", async () => {
			const [here, owner, someone] = [await anAccount(), await anAccount(), person()];
			const [client, another] = [await created(owner), await created(owner)];
			const membership = {
				personId: someone.id,
				accountId: here,
				role: "member",
				state: "active",
				notBefore: 0,
			} as const;
			await register.add({ people: [someone], memberships: [membership] });
			const of = { clientId: client.id, subject: someone.id };
			const scope = ["events:read", "mcp:tools"];
			const older = await installed(here, { ...of, createdAt: now() - 10, scope, unchecked: ["mcp:tools"] });
			const newer = await installed(here, { ...of, clientId: another.id });
			await installed(owner, { clientId: client.id });
			const query = { accountId: here, now: now(), waiting, ...everyInstall };
			const { rows: found } = await clients.installs(query);
			expect(found.map(({ grantId }) => grantId)).toEqual([newer.grantId, older.grantId]);
			expect(found[1]).toEqual({
				grantId: older.grantId,
				accountId: here,
				subject: someone.id,
				isPending: false,
				createdAt: older.createdAt,
				expiresAt: older.expiresAt,
				scope,
				unchecked: ["mcp:tools"],
				client: {
					id: client.id,
					kind: "integration",
					name: client.name,
					hasLogo: true,
					accountId: owner,
					scope: ["events:read"],
					options: client.options,
					ownerName: "Acme",
				},
				person: { name: "Ada", username: someone.username, role: "member" },
			});
			const place = [newer.createdAt, newer.grantId];
			expect(await clients.installs({ ...query, limit: 1 })).toEqual({ rows: [found[0]], next: place, total: 2 });
			const onward = { ...query, after: place };
			expect(await clients.installs(onward)).toEqual({ rows: [found[1]], next: null, total: 2 });
			expect((await clients.installs({ ...onward, isBack: true })).rows).toEqual([]);
			expect((await clients.installs({ ...query, isOldestFirst: true })).rows).toEqual(found.toReversed());
			const matching = async (narrowing: Partial<InstallNarrowing>) => {
				const { rows, total } = await clients.installs({ ...query, narrowing: { ...query.narrowing, ...narrowing } });
				return [rows.map((each) => each.grantId), total];
			};
			expect(await matching({ q: client.id })).toEqual([[older.grantId], 1]);
			expect(await matching({ q: "aDA" })).toEqual([[newer.grantId, older.grantId], 2]);
			expect(await matching({ q: "nobody" })).toEqual([[], 0]);
			expect(await matching({ isPending: true })).toEqual([[], 0]);
			expect(await matching({ subject: newSubject() })).toEqual([[], 0]);
			expect(await matching({ subject: someone.id, q: client.name, isPending: false })).toEqual([[older.grantId], 1]);
			expect(await clients.install(older.grantId, { accountId: here, now: now(), waiting })).toEqual(found[1]);
			expect(await clients.install(older.grantId, { accountId: owner, now: now(), waiting })).toBeNull();
		});

		test("of one subject by one client are one, with all that its grants allow", async () => {
			const here = await anAccount();
			const client = await created(here);
			const of = { clientId: client.id, subject: newSubject("key") };
			const older = await installed(here, { ...of, createdAt: now() - 10, scope: ["events:read"] });
			const newer = await installed(here, { ...of, scope: ["keys:read"] });
			const waits = await installed(here, { ...of, createdAt: now() + 1, scope: ["audit:read"] });
			const over = await installed(here, { ...of, createdAt: now() + 2, scope: ["audit:read"] });
			await installed(here, { ...of, subject: newSubject("key") });
			const query = { accountId: here, now: now(), waiting: { pending: [waits.grantId], gone: [over.grantId] } };
			const [other, one, ...more] = (await clients.installs({ ...everyInstall, ...query })).rows;
			const found = [other, one].find((each) => each?.subject === of.subject);
			expect(more).toEqual([]);
			expect(found).toMatchObject({ grantId: newer.grantId, isPending: false, scope: ["events:read", "keys:read"] });
			for (const { grantId } of [older, newer, waits]) expect(await clients.install(grantId, query)).toEqual(found);
			expect(await clients.install(over.grantId, query)).toBeNull();
			expect(await clients.countInstalls(client.id, query)).toEqual({ grants: 3, installs: 2, accounts: 1 });
			await clients.endInstall(older.grantId, now(), null);
			await clients.endInstall(newer.grantId, now(), null);
			const left = await clients.install(waits.grantId, query);
			expect(left).toMatchObject({ grantId: waits.grantId, isPending: true, scope: ["audit:read"] });
			expect(await clients.countInstalls(client.id, query)).toEqual({ grants: 1, installs: 1, accounts: 1 });
		});

		test("that count no more make a page shorter, and the next goes on behind them", async () => {
			const here = await anAccount();
			const [client, gone] = [await created(here), await created(here)];
			const subject = newSubject("key");
			const wanted: string[] = [];
			// Each page looks at 20: one has none that counts, and of the next two all grants but the newest are older of the same.
			for (const index of times(45, (n) => n)) {
				const clientId = index < 22 ? gone.id : client.id;
				const made = await installed(here, { clientId, subject, createdAt: now() - Math.floor(index / 3) });
				if (index === 22) wanted.push(made.grantId);
			}
			const last = await installed(here, { clientId: client.id, subject: newSubject("key"), createdAt: now() - 100 });
			await changeOf(clients, gone.id, here, { kind: "end" }, now(), auditEntry());
			const newest = (await clients.install(wanted[0] ?? "", { accountId: here, now: now(), waiting }))?.grantId;
			const pages: string[][] = [];
			let after = null;
			do {
				const found = await clients.installs({
					...everyInstall,
					accountId: here,
					after,
					limit: 2,
					now: now(),
					waiting,
				});
				pages.push(found.rows.map(({ grantId }) => grantId));
				after = found.next;
			} while (after);
			expect(pages).toEqual([[], [newest], [last.grantId]]);
		});

		test("are unsettled until it is heard of them, and then are so no more", async () => {
			const here = await anAccount();
			const client = await created(here);
			const of = { clientId: client.id, subject: newSubject("key") };
			const [live, gone, pending] = [await installed(here, of), await installed(here, of), await installed(here, of)];
			const late = await installed(here, { ...of, createdAt: now() + 100 });
			const idsOf = async (query: Parameters<typeof clients.unsettledInstalls>[0]) =>
				(await clients.unsettledInstalls(query, 1000)).map(({ grantId }) => grantId).toSorted();
			const all = [live, gone, pending, late].map(({ grantId }) => grantId).toSorted();
			expect(await idsOf({ accountId: here })).toEqual(all);
			expect(await idsOf({ clientId: client.id })).toEqual(all);
			expect(await idsOf({ createdBefore: now() + 99 })).not.toContain(late.grantId);
			expect(await clients.unsettledInstalls({ accountId: here }, 1)).toEqual([
				{ grantId: late.grantId, subject: of.subject, createdAt: late.createdAt },
			]);
			await clients.settleInstalls({ live: [live.grantId], gone: [gone.grantId] }, now());
			expect(await idsOf({ accountId: here })).toEqual([pending, late].map(({ grantId }) => grantId).toSorted());
			const query = { accountId: here, now: now(), waiting };
			expect(await clients.install(gone.grantId, query)).toBeNull();
			expect(await clients.install(live.grantId, query)).not.toBeNull();
		});

		test("of a subject that is no person are listed without one, of a client that is none not at all", async () => {
			const here = await anAccount();
			const client = await created(here);
			const byKey = await installed(here, { clientId: client.id, subject: newSubject("key") });
			await installed(here, { clientId: "a token pair", subject: newSubject("key") });
			await installed(here, { clientId: client.id, subject: newSubject() }); // a stranger
			const { rows: found } = await clients.installs({ ...everyInstall, accountId: here, now: now(), waiting });
			expect(found.map(({ grantId, person: by }) => ({ grantId, by }))).toEqual([{ grantId: byKey.grantId, by: null }]);
		});

		test("leave the lists and the count when they end, which is noted once", async () => {
			const here = await anAccount();
			const client = await created(here);
			const of = { clientId: client.id, subject: newSubject("key") };
			const brief = { clientId: client.id, subject: newSubject("key"), expiresAt: now() + 5 };
			const [ends, expires] = [await installed(here, of), await installed(here, brief)];
			const [elsewhere] = [await installed(await anAccount(), of)];
			expect(await clients.countInstalls(client.id, { now: now(), waiting })).toEqual({
				grants: 3,
				installs: 3,
				accounts: 2,
			});
			const [first, second] = [auditEntry(), auditEntry()];
			await clients.endInstall(ends.grantId, now(), first);
			await clients.endInstall(ends.grantId, now(), second);
			await clients.endInstall("x", now(), second);
			await clients.endInstall(elsewhere.grantId, now(), null);
			expect(await clients.install(ends.grantId, { accountId: here, now: now(), waiting })).toBeNull();
			expect(await clients.countInstalls(client.id, { now: now(), waiting })).toEqual({
				grants: 1,
				installs: 1,
				accounts: 1,
			});
			const actions = await auditedActions();
			expect([first, second].map(({ action }) => actions.includes(action))).toEqual([true, false]);
			expect(await clients.install(expires.grantId, { accountId: here, now: now() + 4, waiting })).not.toBeNull();
			expect(await clients.install(expires.grantId, { accountId: here, now: now() + 5, waiting })).toBeNull();
			expect(await clients.countInstalls(client.id, { now: now() + 5, waiting })).toEqual({
				grants: 0,
				installs: 0,
				accounts: 0,
			});
		});

		test("of one subject end together, and neither one that is about to be opened nor those of others", async () => {
			const here = await anAccount();
			const client = await created(here);
			const subject = newSubject("key");
			const theirs = { clientId: client.id, subject };
			const ended = await installed(here, theirs);
			const old = await installed(here, { ...theirs, createdAt: now() - 1 });
			const opening = await installed(here, theirs);
			const other = await installed(here, { clientId: client.id, subject: newSubject("key") });
			const of = {
				subject,
				clientId: null,
				accountId: null,
				grants: [ended.grantId, other.grantId],
				openedBefore: now(),
			};
			await clients.endInstallsOf(of, now(), null);
			for (const { grantId } of [ended, old])
				expect(await clients.install(grantId, { accountId: here, now: now(), waiting })).toBeNull();
			for (const { grantId } of [opening, other])
				expect(await clients.install(grantId, { accountId: here, now: now(), waiting })).not.toBeNull();
		});

		test("of one subject and one client end, and those of the subject's other clients go on", async () => {
			const here = await anAccount();
			const [client, another] = [await created(here), await created(here)];
			const subject = newSubject("key");
			const ended = await installed(here, { clientId: client.id, subject });
			const ofAnother = await installed(here, { clientId: another.id, subject });
			const ofSomebody = await installed(here, { clientId: client.id, subject: newSubject("key") });
			const grants = [ended.grantId, ofAnother.grantId];
			await clients.endInstallsOf(
				{ subject, clientId: client.id, accountId: null, grants, openedBefore: now() },
				now(),
				null,
			);
			expect(await clients.install(ended.grantId, { accountId: here, now: now(), waiting })).toBeNull();
			for (const { grantId } of [ofAnother, ofSomebody]) {
				expect(await clients.install(grantId, { accountId: here, now: now(), waiting })).not.toBeNull();
			}
		});

		test("of clients that have ended are there for the sweep until their end is noted; then the client can go", async () => {
			const here = await anAccount();
			const [ends, stays] = [await created(here), await created(here)];
			const grants = [];
			for (const client of [ends, ends, stays]) {
				grants.push(await installed(here, { clientId: client.id, subject: newSubject("key") }));
			}
			await changeOf(clients, ends.id, here, { kind: "end" }, now(), auditEntry());
			const due = async () =>
				(await clients.installsOfEnded(1000)).filter((each) => [ends.id, stays.id].includes(each.clientId));
			const wanted = grants.slice(0, 2).map(({ grantId, clientId, subject }) => ({ grantId, clientId, subject }));
			expect((await due()).toSorted((a, b) => (a.grantId < b.grantId ? -1 : 1))).toEqual(wanted);
			expect(await clients.installsOfEnded(1)).toHaveLength(1);
			await clients.endInstall(wanted[0]?.grantId ?? "", now(), null);
			await clients.purgeEnded(now() + 2);
			expect(await register.client(ends.id)).not.toBeNull();
			await clients.endInstall(wanted[1]?.grantId ?? "", now(), null);
			expect(await due()).toEqual([]);
			await clients.purgeEnded(now() + 1);
			expect(await register.client(ends.id)).not.toBeNull();
			await clients.purgeEnded(now() + 2);
			expect(await register.client(ends.id)).toBeNull();
			expect(await register.client(stays.id)).toEqual(stays);
		});
	});
}

function aClient(accountId: string, changes: Partial<Client> = {}): Client {
	return { ...registerRows().clients[0], id: newId(), accountId, name: `Radar ${newId()}`, notBefore: 0, ...changes };
}

function edit(client: Client, changes: Partial<Client>): ClientChange {
	return { kind: "edit", edit: editable(toDraft({ ...client, ...changes })), permitted: [] };
}

function add(name: string): ClientChange {
	const secret = { hash: hash(name), version: 1, expiresAt: null };
	return { kind: "add_secret", secret, overlap: 60, permitted: [] };
}
