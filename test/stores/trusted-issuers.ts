import { describe, expect, test } from "vitest";
import { bounds } from "../../src/domain/bounds.ts";
import type { TrustedIssuer } from "../../src/domain/trusted-issuer.ts";
import { newId, type Stores, tally, times } from "./builders.ts";
import { addAccount, addMember, auditEntry, person, trustedIssuer } from "./register-builders.ts";

export function describeTrustedIssuers({ platform, auditedActions }: Stores): void {
	const { trustedIssuers, people, register } = platform;

	/** An account, and who administers it. */
	async function anAccount() {
		const { id: accountId } = await addAccount(register);
		const admin = await addMember(register, accountId, "admin");
		return { accountId, by: { personId: admin.id, accountId, roles: ["admin"] } as const };
	}

	async function added(changes: Partial<TrustedIssuer> = {}) {
		const { accountId, by } = await anAccount();
		const made = trustedIssuer({ accountId, ...changes });
		expect(await trustedIssuers.add(made, by, auditEntry())).toBe("added");
		return { made, accountId, by };
	}

	describe("trusted issuers", () => {
		test("one is listed as it was said, with its account's alone, by name", async () => {
			const { made, accountId, by } = await added({ name: "b", tenant: "acme", jwksUri: "https://idp.example/keys" });
			await added();
			const other = trustedIssuer({
				accountId,
				name: "a",
				kind: "workload",
				rules: [{ client: "c", claims: { sub: "x*" } }],
			});
			await trustedIssuers.add(other, by, auditEntry());
			expect(await trustedIssuers.list(accountId)).toEqual([
				{ ...other, rev: 0 },
				{ ...made, rev: 0 },
			]);
		});

		test("of five who add the same one it is there once, and one entry is written", async () => {
			const { accountId, by } = await anAccount();
			const [one, entries] = [trustedIssuer({ accountId }), times(5, () => auditEntry())];
			const outcomes = await Promise.all(entries.map((entry) => trustedIssuers.add(one, by, entry)));
			expect(tally(outcomes.map((kind) => ({ kind })))).toEqual({ added: 1, same: 4 });
			const actions = await auditedActions();
			expect(entries.filter(({ action }) => actions.includes(action))).toHaveLength(1);
		});

		test("an account trusts an issuer once for people and once for programs, whatever another does", async () => {
			const { made, by, accountId } = await added();
			const again = { ...made, id: newId() };
			expect(await trustedIssuers.add(again, by, auditEntry())).toBe("taken");
			expect(await trustedIssuers.add({ ...again, kind: "workload" }, by, auditEntry())).toBe("added");
			await added({ issuer: made.issuer });
			const other = trustedIssuer({ accountId });
			await trustedIssuers.add(other, by, auditEntry());
			const taken = { ...other, issuer: made.issuer, rev: 0 };
			expect(await trustedIssuers.edit(taken, by, auditEntry())).toBe("taken");
		});

		test("it is changed and deleted as it was read, or not at all, and each is noted once", async () => {
			const { made, by } = await added();
			const [entry, late] = [auditEntry(), auditEntry()];
			const edited = { ...made, name: "Another", rev: 0 };
			expect(await trustedIssuers.edit(edited, by, entry)).toBe("written");
			expect(await trustedIssuers.edit(edited, by, late)).toBe("overtaken");
			expect(await trustedIssuers.delete(edited, by, late)).toBe("overtaken");
			expect(await trustedIssuers.list(made.accountId)).toEqual([{ ...edited, rev: 1 }]);
			expect(await trustedIssuers.delete({ ...edited, rev: 1 }, by, auditEntry())).toBe("written");
			expect(await trustedIssuers.delete({ ...edited, rev: null }, by, late)).toBe("overtaken");
			expect(await trustedIssuers.list(made.accountId)).toEqual([]);
			const actions = await auditedActions();
			expect(actions.filter((action) => [entry.action, late.action].includes(action))).toEqual([entry.action]);
		});

		test("whoever administers the account no more writes nothing", async () => {
			const { made, by, accountId } = await added();
			const member = await addMember(register, accountId, "member");
			const other = { ...by, personId: member.id };
			expect(await trustedIssuers.add(trustedIssuer({ accountId }), other, auditEntry())).toBe("not_permitted");
			expect(await trustedIssuers.edit({ ...made, name: "x", rev: 0 }, other, auditEntry())).toBe("not_permitted");
			expect(await trustedIssuers.delete({ ...made, rev: 0 }, other, auditEntry())).toBe("not_permitted");
			expect(await trustedIssuers.list(accountId)).toEqual([{ ...made, rev: 0 }]);
		});

		test("an account has as many as it may, of however many at once", async () => {
			const { accountId, by } = await anAccount();
			const made = times(bounds.trustedIssuers.most + 3, () => trustedIssuer({ accountId }));
			const outcomes = await Promise.all(made.map((each) => trustedIssuers.add(each, by, auditEntry())));
			expect(tally(outcomes.map((kind) => ({ kind })))).toEqual({ added: bounds.trustedIssuers.most, full: 3 });
		});

		test("a member is found by an address that is known to be theirs, in any case, and nobody else", async () => {
			const { accountId, by } = await anAccount();
			const { accountId: elsewhere } = await anAccount();
			const email = `${newId()}@acme.example`;
			const find = () => trustedIssuers.membersByEmail(accountId, email.toUpperCase());
			expect(await find()).toEqual([]);
			const one = await addMember(register, accountId, "member");
			const said = { from: null, to: email };
			await people.setVerifiedEmail({ accountId, personId: one.id }, said, by, auditEntry());
			expect(await find()).toEqual([one.id]);
			expect(await trustedIssuers.membersByEmail(elsewhere, email)).toEqual([]);
			// Who showed that it is theirs is another one: of two, it says nobody.
			const two = person({ verifiedEmail: email, profile: { email } });
			const membership = { personId: two.id, accountId, role: "member", state: "active", notBefore: 0 } as const;
			await register.add({ people: [two], memberships: [membership] });
			expect((await find()).toSorted()).toEqual([one.id, two.id].toSorted());
			await people.removeMember({ accountId, personId: one.id }, 0, by, auditEntry());
			expect(await find()).toEqual([two.id]);
		});
	});
}
