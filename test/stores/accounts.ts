import { describe, expect, test } from "vitest";
import { bounds } from "../../src/domain/bounds.ts";
import type { NewAccount } from "../../src/domain/ports/accounts.ts";
import { newId, newSubject, now, type Stores, times } from "./builders.ts";
import { account, addMember, auditEntry, person } from "./register-builders.ts";

export function describeAccounts({ platform, auditedActions }: Stores): void {
	const { accounts, operators, people, register } = platform;
	async function somebody(changes = {}) {
		const added = person(changes);
		await register.add({ people: [added] });
		return added.id;
	}
	const anOperator = () => somebody({ isOperator: true });
	async function anAccount() {
		const added = account();
		await register.add({ accounts: [added] });
		return added;
	}
	async function wanted(changes: Partial<NewAccount> = {}): Promise<NewAccount> {
		const by = changes.by ?? (await anOperator());
		return { account: account(), createdAt: now(), by, asOperator: true, administered: true, ...changes };
	}

	describe("accounts", () => {
		test("one that is made has its maker for an administrator, or nobody, and is noted in each log", async () => {
			const made = await wanted();
			const entries = [auditEntry({ accountId: made.account.id }), auditEntry()];
			expect(await accounts.create(made, entries)).toBe("created");
			expect(await accounts.find(made.account.slug)).toEqual({
				...made.account,
				createdAt: made.createdAt,
				suspendedAt: null,
				deleteAt: null,
			});
			expect((await register.membership(made.by, made.account.id))?.role).toBe("admin");
			expect(await auditedActions()).toEqual(expect.arrayContaining(entries.map(({ action }) => action)));
			const empty = await wanted({ administered: false });
			expect(await accounts.create(empty, [])).toBe("created");
			expect(await register.membership(empty.by, empty.account.id)).toBeNull();
		});

		test("the same once more makes nothing more; another of its slug nothing at all", async () => {
			const made = await wanted();
			await accounts.create(made, []);
			const entry = auditEntry();
			expect(await accounts.create(made, [entry])).toBe("same");
			const { slug } = made.account;
			const other = await wanted({ account: account({ slug }) });
			expect(await accounts.create(other, [entry])).toBe("taken");
			expect(await register.membership(other.by, other.account.id)).toBeNull();
			expect(await auditedActions()).not.toContain(entry.action);
		});

		test("a person who is no operator makes so many, at once too; an operator as many as there are to make", async () => {
			const by = await somebody();
			const made = await Promise.all(
				times(bounds.ownAccounts.most + 3, async () =>
					accounts.create(await wanted({ by, asOperator: false }), [auditEntry()]),
				),
			);
			expect(made.filter((outcome) => outcome === "created")).toHaveLength(bounds.ownAccounts.most);
			expect(made.filter((outcome) => outcome === "full")).toHaveLength(3);
			const operator = await anOperator();
			for (const _ of times(bounds.ownAccounts.most + 1, () => null)) {
				expect(await accounts.create(await wanted({ by: operator }), [])).toBe("created");
			}
		});

		test("whoever is no operator, or has ended, makes none as one and changes none", async () => {
			const { id, name } = await anAccount();
			for (const by of [await somebody(), await somebody({ isOperator: true, state: "ended" }), newSubject()]) {
				const entry = auditEntry();
				expect(await accounts.create(await wanted({ by }), [entry])).toBe("not_permitted");
				expect(await accounts.rename(id, { from: name, to: "X" }, by, [entry])).toBe("not_permitted");
				expect(await accounts.suspend(id, now(), by, [entry])).toBe("not_permitted");
				expect(await accounts.reinstate(id, by, [entry])).toBe("not_permitted");
				expect(await accounts.setDeletion(id, now(), by, [entry])).toBe("not_permitted");
				expect(await auditedActions()).not.toContain(entry.action);
			}
			const ended = await somebody({ state: "ended" });
			const own = await wanted({ by: ended, asOperator: false });
			expect(await accounts.create(own, [])).toBe("not_permitted");
		});

		test("it is suspended and reinstated, each noted once", async () => {
			const [{ id, slug }, by] = [await anAccount(), await anOperator()];
			const entries = times(4, () => auditEntry());
			expect(await accounts.suspend(id, 7, by, entries.slice(0, 1))).toBe("changed");
			expect(await accounts.suspend(id, 9, by, entries.slice(1, 2))).toBe("unchanged");
			expect(await accounts.find(slug)).toMatchObject({ state: "suspended", suspendedAt: 7 });
			expect((await register.account(id))?.state).toBe("suspended");
			expect(await accounts.reinstate(id, by, entries.slice(2, 3))).toBe("changed");
			expect(await accounts.reinstate(id, by, entries.slice(3))).toBe("unchanged");
			expect((await register.account(id))?.state).toBe("active");
			const noted = (await auditedActions()).filter((action) => entries.some((entry) => entry.action === action));
			expect(new Set(noted)).toEqual(new Set([entries[0]?.action, entries[2]?.action]));
			expect(await accounts.suspend(newId(), 7, by, [])).toBe("unknown");
		});

		test("while it is, whoever administers it writes nothing, and it is among nobody's accounts", async () => {
			const [{ id, name }, by] = [await anAccount(), await anOperator()];
			const admin = (await addMember(register, id, "admin")).id;
			await addMember(register, id, "admin");
			const member = (await addMember(register, id, "member")).id;
			const writer = { personId: admin, accountId: id, roles: ["admin"] } as const;
			await accounts.suspend(id, now(), by, []);
			const entry = auditEntry();
			const of = { accountId: id, personId: member };
			expect(await people.renameAccount(id, { from: name, to: "X" }, writer, entry)).toBe("overtaken");
			expect(await people.removeMember(of, now(), writer, entry)).toBe("not_permitted");
			expect(await auditedActions()).not.toContain(entry.action);
			expect(await register.accountsOf(admin)).toEqual([]);
			expect((await register.belongsTo(admin)).map(({ account: { state } }) => state)).toEqual(["suspended"]);
			await accounts.reinstate(id, by, []);
			expect(await people.removeMember(of, now(), writer, auditEntry())).toBe("changed");
		});

		test("a date of its deletion stands while it is suspended", async () => {
			const [{ id, slug }, by] = [await anAccount(), await anOperator()];
			expect(await accounts.setDeletion(id, 100, by, [])).toBe("not_suspended");
			expect(await accounts.setDeletion(id, null, by, [])).toBe("unchanged");
			await accounts.suspend(id, now(), by, []);
			expect(await accounts.setDeletion(id, 100, by, [])).toBe("changed");
			expect(await accounts.setDeletion(id, 100, by, [])).toBe("unchanged");
			expect((await accounts.find(slug))?.deleteAt).toBe(100);
			expect(await accounts.setDeletion(id, null, by, [])).toBe("changed");
			await accounts.setDeletion(id, 200, by, []);
			await accounts.reinstate(id, by, []);
			expect((await accounts.find(slug))?.deleteAt).toBeNull();
			expect(await accounts.setDeletion(newId(), 100, by, [])).toBe("unknown");
		});

		test("of an operator who is removed and suspends at once, what is answered is what was done", async () => {
			const [{ id }, by, remover] = [await anAccount(), await anOperator(), await anOperator()];
			const [, suspended] = await Promise.all([
				operators.remove(by, remover, auditEntry()),
				accounts.suspend(id, now(), by, []),
			]);
			const state = (await register.account(id))?.state;
			expect([suspended, state]).toEqual(
				suspended === "changed" ? ["changed", "suspended"] : ["not_permitted", "active"],
			);
		});

		test("it is renamed where it is still called so", async () => {
			const [{ id, name }, by] = [await anAccount(), await anOperator()];
			expect(await accounts.rename(id, { from: name, to: "New name" }, by, [])).toBe("changed");
			expect(await accounts.rename(id, { from: name, to: "Newer name" }, by, [])).toBe("overtaken");
			expect((await register.account(id))?.name).toBe("New name");
		});

		test("they are listed by name without regard to case, by pages, and counted", async () => {
			const prefix = newId();
			const named = ["b", "A", "c"].map((name) => account({ name: `${prefix} ${name}` }));
			await register.add({ accounts: [...named, account({ name: `${prefix} d`, state: "ended" })] });
			const before = { name: prefix, id: "" };
			const found = await accounts.list(null, before, 2);
			expect(found.map(({ name }) => name.slice(-1))).toEqual(["A", "b"]);
			const rest = await accounts.list("active", found.at(-1) ?? before, 1);
			expect(rest.map(({ name }) => name.slice(-1))).toEqual(["c"]);
			const { id = "" } = named[0] ?? {};
			await addMember(register, id, "member");
			expect(await accounts.counts(id)).toEqual({ people: 1, clients: 0, keys: 0, apis: 0 });
		});
	});
}
