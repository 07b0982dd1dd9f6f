import { describe, expect, test } from "vitest";
import type { AuditFilter } from "../../src/domain/ports/audit-log.ts";
import { lastKeyVersion } from "../../src/domain/ports/environments.ts";
import type { Environment } from "../../src/domain/environment.ts";
import { newId, newSubject, now, type Stores, times } from "./builders.ts";
import { account, auditEntry, person, registerRows } from "./register-builders.ts";

const everything: AuditFilter = { actor: null, action: null, target: null, from: null, to: null };

function environment(accountId: string, workspace: string, name: string): Environment {
	return { id: newId(), accountId, workspace, name, keyVersion: 1, enabled: true };
}

export function describePeopleEnvironmentsAudit({ platform, auditedActions }: Stores): void {
	const { register, environments, people, auditLog } = platform;

	async function anAccount() {
		const owner = account();
		await register.add({ accounts: [owner] });
		return owner;
	}

	async function aMember(accountId: string, role: "admin" | "member" = "admin") {
		const someone = person();
		const membership = { personId: someone.id, accountId, role, state: "active", notBefore: 0 } as const;
		await register.add({ people: [someone], memberships: [membership] });
		return someone;
	}

	describe("environments", () => {
		test("of ten at once with one name one is made, and noted once", async () => {
			const { id: accountId } = await anAccount();
			const entry = auditEntry();
			const made = times(10, () => environment(accountId, "shop", "prod"));
			const outcomes = await Promise.all(made.map((each) => environments.create(each, entry)));
			expect(outcomes.filter((outcome) => outcome === "created")).toHaveLength(1);
			expect(outcomes.filter((outcome) => outcome === "taken")).toHaveLength(9);
			expect((await auditedActions()).filter((action) => action === entry.action)).toHaveLength(1);
			const winner = made[outcomes.indexOf("created")];
			expect(winner && (await environments.create(winner, auditEntry()))).toBe("same");
			expect(await environments.list(accountId, null, 10)).toEqual([winner]);
		});

		test("an id that stands for something else is taken, whoever's it is", async () => {
			const [mine, other] = [await anAccount(), await anAccount()];
			const theirs = environment(other.id, "shop", "prod");
			await environments.create(theirs, auditEntry());
			const same = { ...theirs, accountId: mine.id };
			expect(await environments.create(same, auditEntry())).toBe("taken");
			expect(await environments.create({ ...theirs, name: "dev" }, auditEntry())).toBe("taken");
			expect(await environments.find(mine.id, theirs.id)).toBeNull();
			expect(await environments.setEnabled(same, false, auditEntry())).toBeNull();
			expect(await environments.rotateKey(same, 1, auditEntry())).toBeNull();
			expect(await environments.find(other.id, theirs.id)).toEqual(theirs);
		});

		test("they are listed by workspace and name, in pages, switched off or not", async () => {
			const { id: accountId } = await anAccount();
			const names = ["b/a", "a/b", "a/a", "a-b/c", "b/b"];
			for (const each of names) {
				const [workspace = "", name = ""] = each.split("/");
				const made = environment(accountId, workspace, name);
				await environments.create(made, auditEntry());
				if (each === "a/b") await environments.setEnabled(made, false, auditEntry());
			}
			const list = async (after: { workspace: string; name: string } | null, limit: number) =>
				(await environments.list(accountId, after, limit)).map((each) => `${each.workspace}/${each.name}`);
			expect(await list(null, 10)).toEqual(["a/a", "a/b", "a-b/c", "b/a", "b/b"]);
			expect(await list({ workspace: "a", name: "b" }, 2)).toEqual(["a-b/c", "b/a"]);
			expect(await list({ workspace: "b", name: "b" }, 2)).toEqual([]);
		});

		test("switching is noted where it changes something", async () => {
			const { id: accountId } = await anAccount();
			const made = environment(accountId, "shop", "prod");
			await environments.create(made, auditEntry());
			const [off, again] = [auditEntry(), auditEntry()];
			expect(await environments.setEnabled(made, false, off)).toEqual({ ...made, enabled: false });
			expect(await environments.setEnabled(made, false, again)).toEqual({ ...made, enabled: false });
			expect(await auditedActions()).toContain(off.action);
			expect(await auditedActions()).not.toContain(again.action);
		});

		test("of ten who replace the same key one does; the last version is not replaced", async () => {
			const { id: accountId } = await anAccount();
			const made = environment(accountId, "shop", "prod");
			await environments.create(made, auditEntry());
			await Promise.all(times(10, () => environments.rotateKey(made, 1, auditEntry())));
			expect(await environments.find(accountId, made.id)).toEqual({ ...made, keyVersion: 2 });
			const worn = { ...environment(accountId, "shop", "worn"), keyVersion: lastKeyVersion };
			await environments.create(worn, auditEntry());
			expect(await environments.rotateKey(worn, lastKeyVersion, auditEntry())).toEqual(worn);
		});
	});

	describe("people", () => {
		test("a name is changed and noted, in the log of each account", async () => {
			const someone = person();
			await register.add({ people: [someone] });
			const entries = [auditEntry(), auditEntry()];
			await people.rename(someone.id, "Another Name", entries);
			expect((await register.person(someone.id))?.name).toBe("Another Name");
			expect(await auditedActions()).toEqual(expect.arrayContaining(entries.map(({ action }) => action)));
			const same = auditEntry();
			await people.rename(someone.id, "Another Name", [same]);
			expect(await auditedActions()).not.toContain(same.action);
		});

		test("a profile takes the place of the one before, and is noted; whoever has ended says no more", async () => {
			const someone = person();
			const gone = person({ state: "ended" });
			await register.add({ people: [someone, gone] });
			expect((await register.person(someone.id))?.profile).toBeUndefined();
			const entries = [auditEntry(), auditEntry()];
			const first = { given_name: "Ada", address: { locality: "L'ondon\n" }, updated_at: 1 };
			expect(await people.setProfile(someone.id, first, entries)).toBe("changed");
			expect((await register.person(someone.id))?.profile).toEqual(first);
			expect(await auditedActions()).toEqual(expect.arrayContaining(entries.map(({ action }) => action)));
			expect(await people.setProfile(someone.id, { locale: "en-GB", updated_at: 2 }, [])).toBe("changed");
			expect((await register.person(someone.id))?.profile).toEqual({ locale: "en-GB", updated_at: 2 });
			const refused = auditEntry();
			expect(await people.setProfile(gone.id, first, [refused])).toBe("unknown");
			expect(await people.setProfile(newSubject(), first, [refused])).toBe("unknown");
			expect((await register.person(gone.id))?.profile).toBeUndefined();
			expect(await auditedActions()).not.toContain(refused.action);
		});

		test("an account's name is changed and noted", async () => {
			const owner = await anAccount();
			const entry = auditEntry();
			await people.renameAccount(owner.id, "Ácme", entry);
			expect((await register.account(owner.id))?.name).toBe("Ácme");
			expect(await auditedActions()).toContain(entry.action);
		});

		test("of ten who change one password one does, and whoever has ended cannot", async () => {
			const someone = person();
			const gone = person({ state: "ended" });
			await register.add({ people: [someone, gone] });
			const outcomes = await Promise.all(
				times(10, (index) => people.setPassword(someone.id, { from: "hash", to: `hash ${index}` }, [auditEntry()])),
			);
			expect(outcomes.filter((outcome) => outcome === "changed")).toHaveLength(1);
			expect((await register.person(someone.id))?.passwordHash).toBe(`hash ${outcomes.indexOf("changed")}`);
			expect(await people.setPassword(gone.id, { from: "hash", to: "x" }, [])).toBe("unchanged");
		});

		test("a person is added with their membership, once, and nobody's user name twice", async () => {
			const owner = await anAccount();
			const entry = auditEntry();
			const someone = person({ username: `Some.${newId()}` });
			const of = { accountId: owner.id, personId: someone.id, role: "member" } as const;
			const outcomes = await Promise.all(times(5, () => people.addMember(someone, of, entry)));
			expect(outcomes.toSorted()).toEqual(["added", "same", "same", "same", "same"]);
			expect((await auditedActions()).filter((action) => action === entry.action)).toHaveLength(1);
			const member = { id: someone.id, username: someone.username, name: someone.name, role: "member" };
			expect(await people.member(of)).toEqual(member);
			const twin = person({ username: someone.username.toUpperCase() });
			expect(await people.addMember(twin, { ...of, personId: twin.id }, auditEntry())).toBe("taken");
			expect(await register.person(twin.id)).toBeNull();
			const elsewhere = await anAccount();
			expect(await people.addMember(someone, { ...of, accountId: elsewhere.id }, auditEntry())).toBe("taken");
			expect(await people.members(elsewhere.id, null, 10)).toEqual([]);
		});

		test("members are listed by name, in pages; who left or ended is none", async () => {
			const owner = await anAccount();
			const named = ["C", "A", "B"].map((name) => person({ name }));
			const [left, gone] = [person(), person({ state: "ended" })];
			const membership = (personId: string, state: "active" | "ended" = "active") =>
				({ personId, accountId: owner.id, role: "member", state, notBefore: 0 }) as const;
			await register.add({
				people: [...named, left, gone],
				memberships: [...named.map(({ id }) => membership(id)), membership(left.id, "ended"), membership(gone.id)],
			});
			const members = await people.members(owner.id, null, 10);
			expect(members.map(({ name }) => name)).toEqual(["A", "B", "C"]);
			expect(await people.members(owner.id, members[0] ?? null, 1)).toEqual([members[1]]);
			expect(await people.member({ accountId: owner.id, personId: left.id })).toBeNull();
			expect(await people.member({ accountId: owner.id, personId: newSubject() })).toBeNull();
		});

		test("roles change; an account keeps an administrator, though two remove each other at once", async () => {
			const owner = await anAccount();
			const [one, two] = [await aMember(owner.id), await aMember(owner.id)];
			const gone = person({ state: "ended" });
			await register.add({
				people: [gone],
				memberships: [{ personId: gone.id, accountId: owner.id, role: "admin", state: "active", notBefore: 0 }],
			});
			const of = (personId: string) => ({ accountId: owner.id, personId });
			const outcomes = await Promise.all([
				people.removeMember(of(one.id), now() + 1, auditEntry()),
				people.setRole(of(two.id), "member", auditEntry()),
			]);
			expect(outcomes.toSorted()).toEqual(["changed", "last_admin"]);
			const [last] = await people.members(owner.id, null, 10).then((all) => all.filter(({ role }) => role === "admin"));
			const refused = auditEntry();
			expect(await people.removeMember(of(last?.id ?? ""), now(), refused)).toBe("last_admin");
			expect(await people.setRole(of(last?.id ?? ""), "member", refused)).toBe("last_admin");
			expect(await people.setRole(of(last?.id ?? ""), "admin", refused)).toBe("unchanged");
			expect(await people.setRole(of(newSubject()), "admin", refused)).toBe("unknown");
			expect(await people.removeMember(of(newSubject()), now(), refused)).toBe("unknown");
			expect(await auditedActions()).not.toContain(refused.action);
		});

		test("who comes back holds nothing of before", async () => {
			const owner = await anAccount();
			await aMember(owner.id);
			const someone = await aMember(owner.id, "member");
			const of = { accountId: owner.id, personId: someone.id };
			const back = { ...of, role: "admin", notBefore: now() } as const;
			expect(await people.reinstate(back, auditEntry())).toBe("unknown");
			expect(await people.removeMember(of, now() + 1, auditEntry())).toBe("changed");
			expect(await people.removeMember(of, now() + 1, auditEntry())).toBe("unknown");
			expect(await people.reinstate(back, auditEntry())).toBe("changed");
			expect(await register.membership(someone.id, owner.id)).toEqual({
				...of,
				role: "admin",
				state: "active",
				notBefore: now() + 1,
			});
		});
	});

	describe("the audit log", () => {
		test("an account's entries, newest first, in pages that neither skip nor repeat", async () => {
			const [{ id: accountId }, other] = [await anAccount(), await anAccount()];
			const entries = times(7, (index) => auditEntry({ accountId, at: now() - Math.floor(index / 3) }));
			await auditLog.add([...entries.toReversed(), auditEntry({ accountId: other.id }), auditEntry()]);
			const seen: string[] = [];
			let before: { at: number; id: number } | null = null;
			for (let page = 0; page < 4; page++) {
				const found = await auditLog.search(accountId, everything, before, 2);
				seen.push(...found.map(({ action }) => action));
				before = found.at(-1) ?? null;
			}
			expect(seen).toEqual(entries.map(({ action }) => action));
			const [newest] = await auditLog.search(accountId, everything, null, 1);
			expect(newest).toMatchObject({ ...entries[0] });
			await auditLog.add([]);
		});

		test("it is searched by who, what, on what and when", async () => {
			const { id: accountId } = await anAccount();
			const entry = (at: number, actor: string, action: string, target: string) =>
				auditEntry({ accountId, at: now() - at, actor, action, target });
			await auditLog.add([
				entry(3, "ada", "key.create", "k1"),
				entry(2, "bob", "key.delete", "k1"),
				entry(1, "ada", "keyring.create", "k2"),
				entry(0, "ada", "key", "k2"),
			]);
			const found = async (filter: Partial<AuditFilter>) =>
				(await auditLog.search(accountId, { ...everything, ...filter }, null, 10)).map(({ action }) => action);
			expect(await found({ actor: "ada" })).toEqual(["key", "keyring.create", "key.create"]);
			expect(await found({ actor: "ad" })).toEqual([]);
			expect(await found({ action: "key.create" })).toEqual(["key.create"]);
			expect(await found({ action: "key.", target: "k1" })).toEqual([]);
			expect((await found({ action: "key" })).filter((action) => action.includes("."))).toEqual([
				"key.delete",
				"key.create",
			]);
			expect(await found({ target: "k2", actor: "ada" })).toEqual(["key", "keyring.create"]);
			expect(await found({ from: now() - 2, to: now() })).toEqual(["keyring.create", "key.delete"]);
		});

		test("names are those that the account may see", async () => {
			const rows = registerRows();
			const [owner] = rows.accounts;
			const other = await anAccount();
			await register.add(rows);
			const mine = await aMember(owner.id, "member");
			const stranger = await aMember(other.id);
			const ids = [
				mine.id,
				stranger.id,
				rows.apiKeys[0].id,
				rows.accessCodes[0].id,
				rows.policies[0].id,
				rows.environments[0].id,
				rows.clients[0].id,
				owner.id,
				other.id,
				"nobody",
			];
			expect(new Map(await auditLog.names(owner.id, ids))).toEqual(
				new Map([
					[mine.id, "Ada"],
					[rows.apiKeys[0].id, "Key"],
					[rows.accessCodes[0].id, "Code"],
					[rows.policies[0].id, "Read"],
					[rows.environments[0].id, "shop/prod"],
					[rows.clients[0].id, "Radar"],
					[owner.id, "Acme"],
				]),
			);
			expect([...(await auditLog.names(other.id, ids)).keys()].toSorted()).toEqual(
				[stranger.id, rows.clients[0].id, other.id].toSorted(),
			);
			expect(await auditLog.names(owner.id, [])).toEqual(new Map());
		});
	});
}
