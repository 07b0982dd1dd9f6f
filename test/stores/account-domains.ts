import { describe, expect, test } from "vitest";
import { bounds } from "../../src/domain/bounds.ts";
import { newId, now, type Stores, tally, times } from "./builders.ts";
import { addAccount, addMember, auditEntry, person, signInProvider } from "./register-builders.ts";

export function describeAccountDomains({ platform, auditedActions }: Stores): void {
	const { accountDomains, accounts, register, signInProviders } = platform;

	async function anAccount() {
		const { id: accountId } = await addAccount(register);
		const admin = await addMember(register, accountId, "admin");
		return { accountId, by: { kind: "role", role: { personId: admin.id, accountId, roles: ["admin"] } } as const };
	}

	describe("domains of accounts", () => {
		test("several accounts name one, and it counts for whom it was verified for, of those who verify it at once", async () => {
			const domain = newDomain();
			const all = await Promise.all(times(4, () => anAccount()));
			for (const { accountId, by } of all) {
				expect(await accountDomains.add(named(accountId, domain), by, auditEntry())).toBe("added");
			}
			expect(await accountDomains.verified(domain)).toBeNull();
			const entries = times(4, () => auditEntry());
			const outcomes = await Promise.all(
				all.map(({ accountId, by }, index) =>
					accountDomains.verify({ accountId, domain }, byDns(), by, entries[index]!),
				),
			);
			expect(tally(outcomes.map((kind) => ({ kind })))).toEqual({ verified: 1, taken: 3 });
			const { accountId, by } = all[outcomes.indexOf("verified")]!;
			expect(await accountDomains.verified(domain)).toMatchObject({ accountId, verified: byDns() });
			expect(await accountDomains.verify({ accountId, domain }, byDns(), by, auditEntry())).toBe("same");
			const actions = await auditedActions();
			expect(entries.filter(({ action }) => actions.includes(action))).toHaveLength(1);
		});

		test("one is named once, keeps its challenge, and is listed with its account's alone", async () => {
			const { accountId, by } = await anAccount();
			const one = named(accountId);
			const late = auditEntry();
			expect(await accountDomains.add(one, by, auditEntry())).toBe("added");
			expect(await accountDomains.add({ ...one, challenge: "another" }, by, late)).toBe("same");
			expect(await accountDomains.list(accountId)).toEqual([{ ...one, verified: null }]);
			expect(await accountDomains.list((await anAccount()).accountId)).toEqual([]);
			expect(await auditedActions()).not.toContain(late.action);
			expect(await accountDomains.delete(one, by, auditEntry())).toBe("written");
			expect(await accountDomains.delete(one, by, late)).toBe("unknown");
		});

		test("it leads to a provider of its own account, and to no other's", async () => {
			const [{ accountId, by }, other] = [await anAccount(), await anAccount()];
			const [own, foreign] = [signInProvider({ accountId }), signInProvider({ accountId: other.accountId })];
			await signInProviders.add(own, by, auditEntry());
			await signInProviders.add(foreign, other.by, auditEntry());
			const one = named(accountId, newDomain(), foreign.id);
			await accountDomains.add(one, by, auditEntry());
			expect(await accountDomains.list(accountId)).toMatchObject([{ providerId: null }]);
			const lead = (to: string | null) => accountDomains.setProvider(one, to, by, auditEntry());
			expect(await lead(foreign.id)).toBe("no_provider");
			expect(await lead(own.id)).toBe("written");
			expect(await lead(own.id)).toBe("same");
			expect(await accountDomains.list(accountId)).toMatchObject([{ providerId: own.id }]);
			expect(await lead(null)).toBe("written");
		});

		test("an address leads somewhere as soon as one of them is verified and has a provider", async () => {
			const { accountId, by } = await anAccount();
			const provider = signInProvider({ accountId });
			await signInProviders.add(provider, by, auditEntry());
			const one = named(accountId, newDomain(), provider.id);
			await accountDomains.add(one, by, auditEntry());
			await accountDomains.verify(one, byDns(), by, auditEntry());
			expect(await accountDomains.leadsAnywhere()).toBe(true);
		});

		test("an operator verifies it too; whoever is neither that nor an administrator changes nothing", async () => {
			const { accountId, by } = await anAccount();
			const one = named(accountId);
			await accountDomains.add(one, by, auditEntry());
			const { id: personId } = await addMember(register, accountId, "member");
			const member = { kind: "role", role: { ...by.role, personId } } as const;
			const none = { kind: "operator", id: by.role.personId } as const;
			for (const who of [member, none]) {
				expect(await accountDomains.add(named(accountId), who, auditEntry())).toBe("not_permitted");
				expect(await accountDomains.verify(one, byDns(), who, auditEntry())).toBe("not_permitted");
				expect(await accountDomains.setProvider(one, newId(), who, auditEntry())).toBe("not_permitted");
				expect(await accountDomains.delete(one, who, auditEntry())).toBe("not_permitted");
			}
			const runs = person({ isOperator: true });
			await register.add({ people: [runs] });
			const operator = { kind: "operator", id: runs.id } as const;
			const verified = { at: now(), by: "operator" } as const;
			expect(await accountDomains.verify(one, verified, operator, auditEntry())).toBe("verified");
			expect(await accountDomains.verified(one.domain)).toEqual({ ...one, verified });
			// While its account is suspended it leads nobody anywhere.
			await accounts.suspend(accountId, now(), runs.id, []);
			expect(await accountDomains.verified(one.domain)).toBeNull();
		});

		test("an account has as many as it may, of however many at once", async () => {
			const { accountId, by } = await anAccount();
			const all = times(bounds.accountDomains.most + 2, () => named(accountId));
			const outcomes = await Promise.all(all.map((each) => accountDomains.add(each, by, auditEntry())));
			expect(tally(outcomes.map((kind) => ({ kind })))).toEqual({ added: bounds.accountDomains.most, full: 2 });
		});
	});
}

function newDomain(): string {
	return `${newId().replaceAll("_", "").toLowerCase()}.example`;
}

function named(accountId: string, domain = newDomain(), providerId: string | null = null) {
	return { accountId, domain, providerId, challenge: newId() };
}

function byDns() {
	return { at: now(), by: "dns" } as const;
}
