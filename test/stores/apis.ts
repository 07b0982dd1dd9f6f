import { describe, expect, test } from "vitest";
import { type Api, type ApiPermission, foldedIdentifier } from "../../src/domain/api.ts";
import type { ApiWriter } from "../../src/domain/ports/apis.ts";
import { newId, newSubject, type Stores, tally, times } from "./builders.ts";
import { addAccount, addMember, auditEntry, registerRows } from "./register-builders.ts";

export function describeApis({ platform, auditedActions }: Stores): void {
	const { apis, keyRegister, register } = platform;
	const newAccount = async () => (await addAccount(register)).id;

	/** Added, as nobody's role says. */
	async function added(changes: Partial<Api> = {}): Promise<Api & { rev: number }> {
		const made = api(changes);
		expect(await apis.add(made, anybody, auditEntry())).toEqual({ kind: "written" });
		return { ...made, rev: 0 };
	}

	/** An API with a permission, and what names it. */
	async function named(name: string, accountId: string, ownerId: string | null = accountId) {
		const one = await added({ accountId: ownerId, permissions: [permission(name), permission(`${name}:2`)] });
		const policy = { id: newId(), accountId, name: newId(), description: "d", permissions: ["events:read", name] };
		await keyRegister.addPolicy(policy, null, auditEntry());
		const [model] = registerRows().clients;
		const client = { ...model, id: newId(), accountId, name: newId(), scope: [name, "events:read", `${name}:2`] };
		await register.add({ clients: [client] });
		return { one, policy, client };
	}

	describe("APIs", () => {
		test("one is found by its id and by its identifier, folded, as it was registered", async () => {
			const { id: accountId } = await addAccount(register);
			const orders = api({ accountId, tokenTtl: 600, algorithm: "EdDSA", servers: ["lkid_a"] });
			await register.add({ apis: [orders] });
			expect(await apis.api(orders.id)).toEqual({ ...orders, rev: 0 });
			const folded = foldedIdentifier(`${orders.identifier.toUpperCase()}/`);
			expect(await apis.byFolded(["https://nobody.example", folded])).toEqual([{ ...orders, rev: 0 }]);
			expect(await apis.byFolded(["https://nobody.example"])).toEqual([]);
		});

		test("an account sees its own and those of the whole deployment, and nobody else's", async () => {
			const [mine, other] = [await addAccount(register), await addAccount(register)];
			const [own, all, theirs] = [api({ accountId: mine.id }), api(), api({ accountId: other.id })];
			await register.add({ apis: [own, all, theirs] });
			const seen = (await apis.openTo(mine.id)).map(({ id }) => id);
			expect(seen).toEqual(expect.arrayContaining([own.id, all.id]));
			expect(seen).not.toContain(theirs.id);
			const first = await apis.list(mine.id, null, 1);
			const rest = await apis.list(mine.id, first[0] ?? null, 100);
			expect([...first, ...rest].map(({ id }) => id)).toEqual(seen);
			expect((await apis.list(null, null, 100)).filter(({ accountId }) => accountId !== null)).toEqual([]);
		});

		test("of five who add the same one it is there once, and one entry is written", async () => {
			const accountId = await newAccount();
			const [one, entries] = [api({ accountId }), times(5, () => auditEntry())];
			const outcomes = await Promise.all(entries.map((entry) => apis.add(one, anybody, entry)));
			expect(tally(outcomes)).toEqual({ written: 1, same: 4 });
			const actions = await auditedActions();
			expect(entries.filter(({ action }) => actions.includes(action))).toHaveLength(1);
		});

		test.each([
			["a slash", (identifier: string) => `${identifier}/`],
			["case", (identifier: string) => identifier.replace("/v1", "/V1")],
			["nothing", (identifier: string) => identifier],
		])("an identifier that differs from another by %s is taken, of two at once too", async (_, respell) => {
			const [mine, other] = [await newAccount(), await newAccount()];
			const [one, two] = [api({ accountId: mine }), api({ accountId: other, name: "Mine" })];
			const copy = { ...two, identifier: respell(one.identifier) };
			const outcomes = await Promise.all([apis.add(one, anybody, auditEntry()), apis.add(copy, anybody, auditEntry())]);
			expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(["identifier_taken", "written"]);
			// Whose it is only they are told who can see it.
			expect(outcomes).toContainEqual({ kind: "identifier_taken", by: null });
			const own = { ...api({ accountId: mine, name: "Again" }), identifier: respell(one.identifier) };
			const by = (await apis.openTo(mine)).some(({ id }) => id === one.id) ? one.name : null;
			expect(await apis.add(own, anybody, auditEntry())).toEqual({ kind: "identifier_taken", by });
		});

		test("no account sees two permissions of one name, in whatever case", async () => {
			const [mine, other] = [await newAccount(), await newAccount()];
			const name = `${newId()}:read`;
			const [one, two] = [api({ accountId: mine }, name), api({ accountId: mine, name: "Two" }, name.toUpperCase())];
			const outcomes = await Promise.all([one, two].map((each) => apis.add(each, anybody, auditEntry())));
			expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(["permission_taken", "written"]);
			// Others have theirs, but one of the deployment would be seen by both.
			const theirs = await added({ accountId: other, permissions: [permission(name)] });
			const wide = api({}, name);
			expect(await apis.add(wide, anybody, auditEntry())).toEqual({
				kind: "permission_taken",
				permission: expect.stringMatching(new RegExp(`^${name}$`, "i")),
				by: null,
			});
			const later = await added({ permissions: [] });
			expect(await apis.edit({ ...later, permissions: wide.permissions }, anybody, auditEntry())).toMatchObject({
				kind: "permission_taken",
				by: null,
			});
			expect(await apis.edit({ ...theirs, description: "Other" }, anybody, auditEntry())).toEqual({ kind: "written" });
			const third = api({ accountId: other, name: "Third" }, name);
			expect(await apis.add(third, anybody, auditEntry())).toMatchObject({
				kind: "permission_taken",
				by: theirs.name,
			});
		});

		test("of ten who edit one as they read it one does, and one entry is written", async () => {
			const one = await added({ accountId: await newAccount() });
			const entries = times(10, () => auditEntry());
			const outcomes = await Promise.all(
				entries.map((entry, index) => apis.edit({ ...one, description: `${index}` }, anybody, entry)),
			);
			expect(tally(outcomes)).toEqual({ written: 1, overtaken: 9 });
			const actions = await auditedActions();
			expect(entries.filter(({ action }) => actions.includes(action))).toHaveLength(1);
			expect(await apis.edit({ ...one, accountId: await newAccount() }, anybody, auditEntry())).toEqual({
				kind: "overtaken",
			});
		});

		test("who may not any more writes nothing: a member, somebody who is no operator", async () => {
			const accountId = await newAccount();
			const member = await addMember(register, accountId, "member");
			const admin = await addMember(register, accountId, "admin");
			const by = (personId: string): ApiWriter => ({ kind: "role", role: { personId, accountId, roles: ["admin"] } });
			const one = api({ accountId });
			expect(await apis.add(one, by(member.id), auditEntry())).toEqual({ kind: "not_permitted" });
			expect(await apis.add(one, by(admin.id), auditEntry())).toEqual({ kind: "written" });
			const there = { ...one, rev: 0 };
			expect(await apis.edit({ ...there, name: "Other" }, by(member.id), auditEntry())).toEqual({
				kind: "not_permitted",
			});
			expect(await apis.delete(there, by(member.id), auditEntry())).toEqual({ kind: "not_permitted" });
			const stranger: ApiWriter = { kind: "operator", id: newSubject() };
			expect(await apis.add(api(), stranger, auditEntry())).toEqual({ kind: "not_permitted" });
			expect(await apis.api(one.id)).toEqual(there);
		});

		describe("a permission that goes", () => {
			test("is taken from the policies and clients that name it, together with the API's own edit", async () => {
				const [accountId, other] = [await newAccount(), await newAccount()];
				const name = `${newId()}:read`;
				const { one, policy, client } = await named(name, accountId);
				const theirs = await named(name, other);
				expect(await apis.usesOf([name], accountId)).toEqual({ policies: 1, keys: 0, clients: 1 });
				const left = { ...one, permissions: [permission(`${name}:2`)] };
				expect(await apis.edit(left, anybody, auditEntry())).toEqual({ kind: "written" });
				expect(await keyRegister.policy(accountId, policy.id)).toEqual({
					...policy,
					permissions: ["events:read"],
					rev: 1,
				});
				expect((await register.client(client.id))?.scope).toEqual(["events:read", `${name}:2`]);
				expect(await platform.clients.find(client.id, accountId)).toMatchObject({ rev: 1 });
				// Another account's of the same name is another permission.
				expect(await keyRegister.policy(other, theirs.policy.id)).toEqual({ ...theirs.policy, rev: 0 });
				const all = { actor: null, action: null, from: null, to: null };
				const { rows: noted } = await platform.auditLog.search(accountId, { ...all, target: policy.id }, null, 10);
				expect(noted).toMatchObject([{ action: "policy.edit", detail: { changed: "permissions", lost: name } }]);
			});

			test("stays with everything where the API's own edit is not written", async () => {
				const accountId = await newAccount();
				const { one, policy } = await named(`${newId()}:read`, accountId);
				expect(await apis.edit({ ...one, permissions: [], rev: 7 }, anybody, auditEntry())).toEqual({
					kind: "overtaken",
				});
				expect(await apis.delete({ ...one, rev: 7 }, anybody, auditEntry())).toEqual({ kind: "overtaken" });
				expect(await keyRegister.policy(accountId, policy.id)).toEqual({ ...policy, rev: 0 });
			});

			test("goes from every account with a deployment-wide API", async () => {
				const [one, two] = [await newAccount(), await newAccount()];
				const name = `${newId()}:read`;
				const { one: wide, policy } = await named(name, one, null);
				const theirs = { ...policy, id: newId(), accountId: two };
				await keyRegister.addPolicy(theirs, null, auditEntry());
				expect(await apis.usesOf([name], null)).toEqual({ policies: 2, keys: 0, clients: 1 });
				expect(await apis.delete(wide, anybody, auditEntry())).toEqual({ kind: "written" });
				for (const each of [policy, theirs]) {
					expect((await keyRegister.policy(each.accountId, each.id))?.permissions).toEqual(["events:read"]);
				}
				expect(await apis.api(wide.id)).toBeNull();
			});
		});
	});
}

/** What no role says may write. */
const anybody: ApiWriter = { kind: "role", role: null };

function permission(name: string): ApiPermission {
	return { name, title: "See orders", description: "", members: true, selfRegistered: true };
}

function api(changes: Partial<Api> = {}, name = `${newId()}:read`): Api {
	const id = newId();
	return {
		id,
		accountId: null,
		identifier: `https://${id.toLowerCase()}.example/v1`,
		name: `Orders ${id}`,
		description: "",
		permissions: [permission(name)],
		tokenTtl: null,
		algorithm: null,
		servers: [],
		...changes,
	};
}
