import { describe, expect, test } from "vitest";
import type { ApiKeyState } from "../../src/domain/api-key-state.ts";
import { newId, newSubject, now, type Stores, times } from "./builders.ts";
import { account, auditEntry, install, person, registerRows } from "./register-builders.ts";

export function describeRegister({ platform, copiedRev, auditedActions, installedGrants }: Stores): void {
	const { register } = platform;

	// One deployment is set up once: these run in this order.
	describe("the first account", () => {
		test("a conflict is an error and leaves nothing behind", async () => {
			const taken = person();
			await register.add({ people: [taken] });
			const first = { account: account(), person: person({ username: taken.username }), entry: auditEntry() };
			await expect(register.setUp(first)).rejects.toThrow("UNIQUE");
			expect(await register.isSetUp()).toBe(false);
			expect(await register.account(first.account.id)).toBeNull();
			expect(await auditedActions()).not.toContain(first.entry.action);
		});

		test("of ten at once one makes it, and nothing is left of the others", async () => {
			const firsts = times(10, () => ({ account: account(), person: person(), entry: auditEntry() }));
			const outcomes = await Promise.all(firsts.map((first) => register.setUp(first)));
			expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
			expect(await register.isSetUp()).toBe(true);
			const actions = await auditedActions();
			for (const [index, first] of firsts.entries()) {
				const won = outcomes[index] === "done";
				expect(await register.account(first.account.id)).toEqual(won ? first.account : null);
				expect((await platform.accounts.find(first.account.slug))?.createdAt ?? null).toBe(won ? first.entry.at : null);
				expect(await register.person(first.person.id)).toEqual(won ? { ...first.person, isOperator: true } : null);
				expect(actions.includes(first.entry.action)).toBe(won);
				const role = won ? { role: "admin", state: "active" } : null;
				const membership = await register.membership(first.person.id, first.account.id);
				expect(membership && { role: membership.role, state: membership.state }).toEqual(role);
			}
		});

		test("it stays the first", async () => {
			const late = { account: account(), person: person(), entry: auditEntry() };
			expect(await register.setUp(late)).toBe("already");
			expect(await register.account(late.account.id)).toBeNull();
		});
	});

	describe("the register", () => {
		test("what was added is read again as it was", async () => {
			const rows = registerRows();
			const [owner] = rows.accounts;
			const [someone] = rows.people;
			const membership = {
				personId: someone.id,
				accountId: owner.id,
				role: "member",
				state: "active",
				notBefore: 7,
			} as const;
			await register.add({ ...rows, memberships: [membership] });
			expect(await register.account(owner.id)).toEqual(owner);
			expect(await register.accountBySlug(owner.slug)).toEqual(owner);
			expect(await register.person(someone.id)).toEqual(someone);
			expect(await register.membership(someone.id, owner.id)).toEqual(membership);
			expect(await register.client(rows.clients[0].id)).toEqual(rows.clients[0]);
			expect(await register.hasClient(["x", rows.clients[0].id])).toBe(true);
			expect(await register.policies(owner.id)).toEqual(rows.policies);
			expect(await register.environment(rows.environments[2].id)).toEqual(rows.environments[2]);
			expect(await register.environments(owner.id)).toEqual([rows.environments[1], rows.environments[0]]);
		});

		test("the resources that an account's active clients serve, as they are registered, each once", async () => {
			const { accounts, clients } = registerRows();
			const [owner, other] = [account(), account()];
			await register.add({
				accounts: [...accounts, owner, other],
				clients: [
					...clients,
					serving(owner.id, ["https://b.example/", "https://A.example"]),
					serving(owner.id, ["https://b.example/"]),
					serving(owner.id, ["https://ended.example"], "ended"),
					serving(other.id, ["https://other.example"]),
				],
			});
			expect(await register.servedIn(owner.id)).toEqual(["https://A.example", "https://b.example/"]);
			expect(await register.servedIn("x")).toEqual([]);
		});

		test("what is there stays as it is", async () => {
			const rows = registerRows();
			await register.add(rows);
			await register.add({ ...rows, accounts: [{ ...rows.accounts[0], name: "Another" }] });
			expect(await register.account(rows.accounts[0].id)).toEqual(rows.accounts[0]);
			expect(await register.policies(rows.accounts[0].id)).toHaveLength(1);
			await register.add({});
		});

		test("rows are added all or none, and name only what is there", async () => {
			const { accounts, policies } = registerRows();
			await expect(register.add({ policies })).rejects.toThrow("FOREIGN KEY");
			const taken = person();
			await register.add({ people: [taken] });
			await expect(register.add({ accounts, people: [person({ username: taken.username })] })).rejects.toThrow(
				"UNIQUE",
			);
			await expect(register.add({ accounts: [accounts[0], account({ slug: accounts[0].slug })] })).rejects.toThrow(
				"UNIQUE",
			);
			expect(await register.account(accounts[0].id)).toBeNull();
		});

		test("user names are the same without regard to case", async () => {
			const ada = person({ username: `Ada.${newId()}` });
			await register.add({ people: [ada] });
			expect(await register.personByUsername(ada.username.toUpperCase())).toEqual(ada);
			expect(await register.personByUsername(ada.username.toLowerCase())).toEqual(ada);
			await expect(register.add({ people: [person({ username: ada.username.toUpperCase() })] })).rejects.toThrow(
				"UNIQUE",
			);
		});

		test("what was never added is null or empty", async () => {
			expect(await register.client("x")).toBeNull();
			expect(await register.hasClient(["x", "y"])).toBe(false);
			expect(await register.hasClient([])).toBe(false);
			expect(await register.account("x")).toBeNull();
			expect(await register.accountBySlug("x")).toBeNull();
			expect(await register.person(newSubject())).toBeNull();
			expect(await register.personByUsername("x")).toBeNull();
			expect(await register.membership(newSubject(), "x")).toBeNull();
			expect(await register.environment("x")).toBeNull();
			expect(await register.accountsOf(newSubject())).toEqual([]);
			expect(await register.policies("x")).toEqual([]);
			expect(await register.environments("x")).toEqual([]);
		});

		test("a person's accounts are the active ones that they actively belong to, by name", async () => {
			const someone = person();
			const zeta = account({ name: "Zeta" });
			const beta = account({ name: "Beta" });
			const ended = account({ name: "Ended", state: "ended" });
			const left = account({ name: "Left" });
			const member = (accountId: string, state: "active" | "ended" = "active") =>
				({ personId: someone.id, accountId, role: "member", state, notBefore: 0 }) as const;
			await register.add({
				accounts: [zeta, beta, ended, left],
				people: [someone],
				memberships: [member(zeta.id), member(beta.id), member(ended.id), member(left.id, "ended")],
			});
			expect(await register.accountsOf(someone.id)).toEqual([
				{ account: beta, role: "member" },
				{ account: zeta, role: "member" },
			]);
		});

		test("an install and its audit entry are written together or not at all", async () => {
			const owner = account();
			await register.add({ accounts: [owner] });
			const installed = install(owner.id);
			const entry = auditEntry();
			await register.addInstall(installed, entry);
			expect(await installedGrants()).toContain(installed.grantId);
			expect(await auditedActions()).toContain(entry.action);
			const refused = auditEntry();
			await expect(register.addInstall(install("no account"), refused)).rejects.toThrow("FOREIGN KEY");
			expect(await auditedActions()).not.toContain(refused.action);
		});

		test("DESIGN §4.5: expired installs and old audit entries leave", async () => {
			const owner = account();
			await register.add({ accounts: [owner] });
			const short = install(owner.id, { expiresAt: now() + 10 });
			const long = install(owner.id, { expiresAt: now() + 11 });
			const old = auditEntry({ at: now() - 100 });
			const young = auditEntry({ at: now() - 99 });
			await register.addInstall(short, old);
			await register.addInstall(long, young);
			await register.purge(now() + 10, now() - 99);
			expect(await installedGrants()).not.toContain(short.grantId);
			expect(await installedGrants()).toContain(long.grantId);
			expect(await auditedActions()).not.toContain(old.action);
			expect(await auditedActions()).toContain(young.action);
		});

		test("a copy never goes back", async () => {
			const id = newSubject("key");
			expect(await copiedRev(id)).toBeNull();
			await Promise.all([3, 1, 2].map((rev) => register.copyVerdict(id, verdictAt(rev), now())));
			expect(await copiedRev(id)).toBe(3);
			await register.copyVerdict(id, verdictAt(2), now());
			expect(await copiedRev(id)).toBe(3);
			await register.copyVerdict(id, verdictAt(4), now());
			expect(await copiedRev(id)).toBe(4);
		});
	});
}

function verdictAt(rev: number): ApiKeyState {
	return { ownerId: "owner", state: "enabled", codes: [], policies: {}, rev, copiedRev: 0 };
}

function serving(accountId: string, resources: readonly string[], state: "active" | "ended" = "active") {
	return { ...registerRows().clients[0], accountId, state, options: { resources } };
}
