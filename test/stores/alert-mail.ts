import { describe, expect, test } from "vitest";
import { newId, type Stores, times } from "./builders.ts";
import { account, addAccount, addMember, auditEntry, person } from "./register-builders.ts";

const address = () => `${newId()}@mail.example`;

export function describeAlertMail({ platform, auditedActions }: Stores): void {
	const { alertMail, register } = platform;

	describe("mail of alerts", () => {
		test("is off until an administrator wants it, and each change is noted once", async () => {
			const { id } = await addAccount(register);
			const [admin, member] = [await addMember(register, id, "admin"), await addMember(register, id, "member")];
			const by = (of: typeof admin) => ({ personId: of.id, accountId: id, roles: ["admin"] }) as const;
			expect(await alertMail.isOn(id)).toBe(false);
			const refused = auditEntry();
			expect(await alertMail.set(id, true, by(member), refused)).toBe("not_permitted");
			const entries = times(5, () => auditEntry());
			const outcomes = await Promise.all(entries.map((entry) => alertMail.set(id, true, by(admin), entry)));
			expect(outcomes.toSorted()).toEqual(["set", ...times(4, () => "unchanged")]);
			expect(await alertMail.isOn(id)).toBe(true);
			const actions = await auditedActions();
			expect(entries.filter(({ action }) => actions.includes(action))).toHaveLength(1);
			expect(actions).not.toContain(refused.action);
			expect(await alertMail.set(id, false, by(admin), auditEntry())).toBe("set");
			expect(await alertMail.isOn(id)).toBe(false);
		});

		test("goes to administrators who are there, whose address is verified", async () => {
			const [owner, other] = [account(), account()];
			const people = {
				admin: person({ verifiedEmail: address() }),
				member: person({ verifiedEmail: address() }),
				unverified: person({ profile: { email: address() } }),
				gone: person({ verifiedEmail: address(), state: "ended" }),
				left: person({ verifiedEmail: address() }),
				elsewhere: person({ verifiedEmail: address() }),
			};
			const membership = (of: keyof typeof people, changes: object = {}) =>
				({
					personId: people[of].id,
					accountId: owner.id,
					role: "admin",
					state: "active",
					notBefore: 0,
					...changes,
				}) as const;
			await register.add({
				accounts: [owner, other],
				people: Object.values(people),
				memberships: [
					membership("admin"),
					membership("member", { role: "member" }),
					membership("unverified"),
					membership("gone"),
					membership("left", { state: "ended" }),
					membership("elsewhere", { accountId: other.id }),
				],
			});
			expect(await alertMail.recipients(owner.id, 10)).toEqual([]);
			const by = { personId: people.admin.id, accountId: owner.id, roles: ["admin"] } as const;
			await alertMail.set(owner.id, true, by, auditEntry());
			expect(await alertMail.recipients(owner.id, 10)).toEqual([people.admin.verifiedEmail]);
			expect(await alertMail.recipients(owner.id, 0)).toEqual([]);
			expect(await alertMail.recipients(other.id, 10)).toEqual([]);
		});
	});
}
