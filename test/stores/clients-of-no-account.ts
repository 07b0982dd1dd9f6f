import { beforeEach, describe, expect, test } from "vitest";
import type { Client } from "../../src/domain/client.ts";
import { hash, newId, now, type Stores, times } from "./builders.ts";
import { account, addAccount, auditEntry, changeOf, install, registerRows } from "./register-builders.ts";

const many = { most: 10_000, from: "192.0.2.1" };

/** Clients that belong to no account: those that registered themselves, and those of documents. */
export function describeClientsOfNoAccount({ platform, auditedActions }: Stores): void {
	const { register, clients } = platform;

	async function registered(registeredAt: number, changes: Partial<Client> = {}): Promise<Client> {
		const client = aStranger(registeredAt, changes);
		await clients.register(client, auditEntry(), many);
		return client;
	}
	async function isThere({ id }: Client): Promise<boolean> {
		return (await register.client(id)) !== null;
	}
	async function granted(client: Client): Promise<string> {
		const owner = await addAccount(register);
		const made = install(owner.id, { clientId: client.id });
		await register.addInstall(made, auditEntry());
		return made.grantId;
	}

	describe("clients of no account", () => {
		beforeEach(async () => {
			// Those of the test before.
			await clients.purgeUnused({ unclaimedBefore: now() + 1_000_000, keptBefore: now() + 1_000_000 });
		});

		test("what was registered is read again as it was, and noted; names are nobody's", async () => {
			const client = aStranger(now());
			const entry = auditEntry();
			await clients.register(client, entry, many);
			expect(await register.client(client.id)).toEqual(client);
			expect(await auditedActions()).toContain(entry.action);
			const namesake = await registered(now(), { name: client.name });
			expect(await register.client(namesake.id)).toEqual(namesake);
		});

		test("are changed by the name of no account, and by that of none else", async () => {
			const owner = await addAccount(register);
			const [client, namesake] = [await registered(now()), await registered(now(), { name: "Storm" })];
			const { redirectUris, grantTypes, scope } = client;
			const registration = {
				name: namesake.name,
				redirectUris,
				authMethods: ["none" as const],
				grantTypes,
				scope,
				options: {},
			};
			const secret = { hash: hash("new"), version: 1, expiresAt: null };
			const change = { kind: "register", registration, secret } as const;
			expect(await changeOf(clients, client.id, owner.id, change, now(), auditEntry())).toEqual({ kind: "unknown" });
			const changed = await changeOf(clients, client.id, null, change, now(), auditEntry());
			expect(changed).toMatchObject({
				kind: "changed",
				client: { name: namesake.name, secrets: [], rotation: "rotate" },
			});
			expect(await register.client(client.id)).toEqual("client" in changed ? changed.client : null);
			const ofAccount = { ...registerRows().clients[0], id: newId(), accountId: owner.id };
			await register.add({ clients: [ofAccount] });
			expect(await changeOf(clients, ofAccount.id, null, { kind: "end" }, now(), auditEntry())).toEqual({
				kind: "unknown",
			});
		});

		test("of those that nobody consented to the oldest go when there are too many, and no others", async () => {
			const kept = await registered(now() - 100);
			await clients.keep(kept, now());
			const made: Client[] = [];
			for (const age of [50, 40, 30]) made.push(await registered(now() - age));
			await clients.keep(aDocument(), now());
			const latest = aStranger(now());
			await clients.register(latest, auditEntry(), { ...many, most: 3 });
			expect(await Promise.all([kept, ...made, latest].map(isThere))).toEqual([true, false, true, true, true]);
		});

		test("a flood from one network, or from several, pushes out its own and nobody else's", async () => {
			const few = aStranger(now() - 100);
			await clients.register(few, auditEntry(), { most: 10_000, from: "198.51.100.1" });
			const flood = times(12, (index) => aStranger(now() - 50 + index));
			for (const [index, client] of flood.entries()) {
				await clients.register(client, auditEntry(), { most: 4, from: `192.0.2.${index % 3}` });
			}
			expect(await isThere(few)).toBe(true);
			const left = await Promise.all(flood.map(isThere));
			expect(left).toEqual(times(12, (index) => index >= 9));
		});

		test("a flood in the same network pushes out none that was used, and the oldest that never was", async () => {
			const used = await registered(now() - 100);
			await clients.noteUse(used.id, now() - 90, now() - 90);
			const [older, newer] = [await registered(now() - 80), await registered(now() - 70)];
			const flood = times(6, (index) => aStranger(now() - 50 + index));
			for (const client of flood) await clients.register(client, auditEntry(), { ...many, most: 3 });
			expect(await Promise.all([used, older, newer].map(isThere))).toEqual([true, false, false]);
			expect(await Promise.all(flood.map(isThere))).toEqual([false, false, false, false, true, true]);
		});

		test("a flood that uses its own from many networks pushes out none that was used elsewhere, nor who just came", async () => {
			const used = aStranger(now() - 100);
			await clients.register(used, auditEntry(), { ...many, from: "198.51.100.1" });
			await clients.noteUse(used.id, now() - 90, now() - 90);
			const flood = times(12, (index) => aStranger(now() - 50 + index));
			for (const [index, client] of flood.entries()) {
				await clients.register(client, auditEntry(), { most: 4, from: `192.0.2.${index % 2}` });
				await clients.noteUse(client.id, now(), now());
			}
			const late = aStranger(now());
			await clients.register(late, auditEntry(), { most: 4, from: "203.0.113.1" });
			expect(await Promise.all([used, late].map(isThere))).toEqual([true, true]);
			expect((await Promise.all(flood.map(isThere))).filter(Boolean)).toHaveLength(2);
		});

		test("who comes where every place is held by one that was used is there, stays for an hour, and longer where it is used", async () => {
			const most = 4;
			const from = (network: number) => ({ most, from: `192.0.2.${network}` });
			const comes = async (at: number, network: number, isUsed: boolean) => {
				const client = aStranger(at);
				await clients.register(client, { ...auditEntry(), at }, from(network));
				if (isUsed) await clients.noteUse(client.id, at, at);
				return client;
			};
			const start = now();
			const held: Client[] = [];
			for (const each of times(most, (index) => index)) held.push(await comes(start + each, each, true));
			const stranger = await comes(start + 10, 100, false);
			const neighbour = await comes(start + 11, 2, false);
			const isLeft = () => Promise.all([...held, stranger, neighbour].map(isThere));
			expect(await isLeft()).toEqual([false, true, false, true, true, true]);
			const later = await comes(start + 3600, 101, true);
			expect(await isLeft()).toEqual([false, false, false, true, true, true]);
			// The hour of the one is over, and the other was used in it.
			await clients.noteUse(neighbour.id, start + 3605, start);
			await comes(start + 3610, 102, true);
			expect(await isLeft()).toEqual([false, false, false, true, false, true]);
			expect(await isThere(later)).toBe(true);
		});

		test("after the number was lowered room is made step by step, by whoever has most", async () => {
			const of = async (network: string, count: number) => {
				const made = times(count, (index) => aStranger(now() - 100 + index));
				for (const client of made) await clients.register(client, auditEntry(), { ...many, from: network });
				return made;
			};
			const [large, small] = [await of("192.0.2.1", 6), await of("192.0.2.2", 2)];
			await clients.register(aStranger(now()), auditEntry(), { most: 4, from: "192.0.2.3" });
			expect(await Promise.all(large.map(isThere))).toEqual([false, false, true, true, true, true]);
			expect(await Promise.all(small.map(isThere))).toEqual([true, true]);
		});

		test("a use is written down once in a while, and only of those that registered themselves", async () => {
			const client = await registered(now() - 1000);
			const usedAt = async () => (await register.client(client.id))?.usedAt;
			expect(await usedAt()).toBeUndefined();
			await clients.noteUse(client.id, now() - 500, now() - 500 - 86_400);
			await Promise.all(times(5, () => clients.noteUse(client.id, now(), now() - 86_400)));
			expect(await usedAt()).toBe(now() - 500);
			await clients.noteUse(client.id, now(), now() - 500);
			expect(await usedAt()).toBe(now());
			const ofAccount = { ...registerRows().clients[0], id: newId(), accountId: (await addAccount(register)).id };
			await register.add({ clients: [ofAccount] });
			await clients.noteUse(ofAccount.id, now(), now());
			expect(await register.client(ofAccount.id)).toEqual(ofAccount);
		});

		test("those that were used since stay, whether or not somebody consented", async () => {
			const [unclaimed, kept] = [await registered(now() - 200), await registered(now() - 200)];
			await clients.keep(kept, now() - 150);
			for (const { id } of [unclaimed, kept]) await clients.noteUse(id, now() - 50, now() - 50);
			await clients.purgeUnused({ unclaimedBefore: now() - 50, keptBefore: now() - 50 });
			expect(await Promise.all([unclaimed, kept].map(isThere))).toEqual([true, true]);
			await clients.purgeUnused({ unclaimedBefore: now() - 49, keptBefore: now() - 50 });
			expect(await Promise.all([unclaimed, kept].map(isThere))).toEqual([false, true]);
			await clients.purgeUnused({ unclaimedBefore: now() - 49, keptBefore: now() - 49 });
			expect(await isThere(kept)).toBe(false);
		});

		test("of many at once no more than that stay", async () => {
			const made = times(10, () => aStranger(now()));
			await Promise.all(made.map((client) => clients.register(client, auditEntry(), { ...many, most: 4 })));
			expect((await Promise.all(made.map(isThere))).filter(Boolean)).toHaveLength(4);
		});

		test("those that nobody consented to go when their time is over", async () => {
			const [old, young] = [await registered(now() - 60), await registered(now() - 59)];
			const owner = account();
			const ofAccount = { ...registerRows().clients[0], id: newId(), accountId: owner.id };
			await register.add({ accounts: [owner], clients: [ofAccount] });
			await clients.purgeUnused({ unclaimedBefore: now() - 59, keptBefore: now() - 1000 });
			expect(await Promise.all([old, young, ofAccount].map(isThere))).toEqual([false, true, true]);
		});

		test("those that somebody consented to go later, and not while a grant is left", async () => {
			const [kept, used] = [await registered(now() - 60), await registered(now() - 60)];
			for (const client of [kept, used]) await clients.keep(client, now() - 50);
			const grantId = await granted(used);
			await clients.purgeUnused({ unclaimedBefore: now(), keptBefore: now() - 50 });
			expect(await Promise.all([kept, used].map(isThere))).toEqual([true, true]);
			await clients.purgeUnused({ unclaimedBefore: now(), keptBefore: now() - 49 });
			expect(await Promise.all([kept, used].map(isThere))).toEqual([false, true]);
			await clients.endInstall(grantId, now(), null);
			await clients.purgeUnused({ unclaimedBefore: now(), keptBefore: now() - 49 });
			expect(await isThere(used)).toBe(false);
		});

		test("a consent makes of a registered one nothing else than it is", async () => {
			const client = await registered(now());
			await clients.keep({ ...client, name: "As it was a while ago", redirectUris: ["https://old.example/"] }, now());
			expect(await register.client(client.id)).toEqual(client);
			const gone = aStranger(now());
			await clients.keep(gone, now());
			expect(await isThere(gone)).toBe(false);
		});

		test("a document's is written when somebody consents, and is then as the document is now", async () => {
			const client = aDocument();
			await clients.keep(client, now());
			expect(await register.client(client.id)).toEqual(client);
			const later: Client = {
				...client,
				name: "Renamed",
				redirectUris: ["https://client.example/new"],
				authMethods: ["private_key_jwt"],
				grantTypes: ["authorization_code"],
				scope: ["events:read", "openid"],
				options: { isDocument: true, registeredAt: now() + 5, jwksUri: "https://client.example/jwks.json" },
			};
			await clients.keep(later, now() + 5);
			expect(await register.client(client.id)).toEqual(later);
			await Promise.all(times(10, () => clients.keep(client, now() + 6)));
			expect(await register.client(client.id)).toEqual(client);
		});

		test("a document's that has ended does not begin anew", async () => {
			const client = aDocument();
			await clients.keep(client, now());
			await changeOf(clients, client.id, null, { kind: "end" }, now(), auditEntry());
			const ended = await register.client(client.id);
			await clients.keep({ ...client, name: "Back again" }, now() + 5);
			expect(await register.client(client.id)).toEqual(ended);
			expect(ended?.state).toBe("ended");
		});
	});
}

function aStranger(registeredAt: number, changes: Partial<Client> = {}): Client {
	const options = { registration: { hash: hash("token"), version: 1 }, registeredAt, ...changes.options };
	return { ...registerRows().clients[0], id: newId(), accountId: null, notBefore: 0, ...changes, options };
}

function aDocument(changes: Partial<Client> = {}): Client {
	const options = { isDocument: true, registeredAt: now(), ...changes.options } as const;
	return aStranger(now(), { id: `https://client.example/${newId()}`, ...changes, options });
}
