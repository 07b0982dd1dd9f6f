import { describe, expect, test } from "vitest";
import type { Hash } from "../../src/domain/brands.ts";
import type { Role } from "../../src/domain/permission.ts";
import { newId, newSubject, now, type Stores, times } from "./builders.ts";
import { addAccount, addMember, auditEntry, byName, everyMember, passkeyOf, person } from "./register-builders.ts";

export function describePeople({ platform, auditedActions }: Stores): void {
	const { people, register } = platform;
	const anAccount = () => addAccount(register);
	const aMember = (accountId: string, role: Role = "admin") => addMember(register, accountId, role);

	describe("people", () => {
		test("a name is changed and noted, in the log of each account", async () => {
			const someone = person();
			await register.add({ people: [someone] });
			const entries = [auditEntry(), auditEntry()];
			const name = { from: someone.name, to: "Another Name" };
			expect(await people.rename(someone.id, name, entries)).toBe("changed");
			expect((await register.person(someone.id))?.name).toBe("Another Name");
			expect(await auditedActions()).toEqual(expect.arrayContaining(entries.map(({ action }) => action)));
			const same = auditEntry();
			expect(await people.rename(someone.id, name, [same])).toBe("overtaken");
			expect(await auditedActions()).not.toContain(same.action);
		});

		test("a profile takes the place of the one before, and is noted; whoever has ended says no more", async () => {
			const someone = person();
			const gone = person({ state: "ended" });
			await register.add({ people: [someone, gone] });
			expect((await register.person(someone.id))?.profile).toBeUndefined();
			const entries = [auditEntry(), auditEntry()];
			const first = { given_name: "Ada", address: { locality: "L'ondon\n" }, updated_at: 1 };
			expect(await people.setProfile(someone.id, { from: {}, to: first }, entries)).toBe("changed");
			expect((await register.person(someone.id))?.profile).toEqual(first);
			expect(await auditedActions()).toEqual(expect.arrayContaining(entries.map(({ action }) => action)));
			const second = { locale: "en-GB", updated_at: 2 };
			expect(await people.setProfile(someone.id, { from: first, to: second }, [])).toBe("changed");
			expect((await register.person(someone.id))?.profile).toEqual(second);
			const refused = auditEntry();
			expect(await people.setProfile(someone.id, { from: first, to: {} }, [refused])).toBe("overtaken");
			for (const id of [gone.id, newSubject()]) {
				expect(await people.setProfile(id, { from: {}, to: first }, [refused])).toBe("overtaken");
			}
			expect((await register.person(gone.id))?.profile).toBeUndefined();
			expect(await auditedActions()).not.toContain(refused.action);
		});

		test("an administrator asks for a second factor, once however often it is said, and no more", async () => {
			const { id } = await anAccount();
			const [admin, member] = [await aMember(id, "admin"), await aMember(id, "member")];
			const by = (of: typeof admin) => ({ personId: of.id, accountId: id, roles: ["admin"] }) as const;
			expect((await register.account(id))?.secondFactor).toBeUndefined();
			const refused = auditEntry();
			expect(await people.setSecondFactor(id, "required", by(member), refused)).toBe("not_permitted");
			const entries = times(5, () => auditEntry());
			const outcomes = await Promise.all(
				entries.map((entry) => people.setSecondFactor(id, "required", by(admin), entry)),
			);
			expect(outcomes.toSorted()).toEqual(["set", ...times(4, () => "unchanged")]);
			expect((await register.account(id))?.secondFactor).toBe("required");
			expect((await register.accountsOf(admin.id))[0]?.account.secondFactor).toBe("required");
			const actions = await auditedActions();
			expect(entries.filter(({ action }) => actions.includes(action))).toHaveLength(1);
			expect(actions).not.toContain(refused.action);
			expect(await people.setSecondFactor(id, null, by(admin), auditEntry())).toBe("set");
			expect((await register.account(id))?.secondFactor).toBeUndefined();
		});

		test("an administrator says which address is a member's, by what stood there, and it goes with the membership", async () => {
			const owner = await anAccount();
			const [admin, someone] = [await aMember(owner.id, "admin"), await aMember(owner.id, "member")];
			const of = { accountId: owner.id, personId: someone.id };
			const by = (personId: string) => ({ personId, accountId: owner.id, roles: ["admin"] }) as const;
			const say = (from: string | null, to: string | null, who = admin.id, entry = auditEntry()) =>
				people.setVerifiedEmail(of, { from, to }, by(who), entry);
			const entry = auditEntry();
			expect(await say(null, "a@a.example", admin.id, entry)).toBe("changed");
			expect(await auditedActions()).toContain(entry.action);
			expect((await register.membership(someone.id, owner.id))?.verifiedEmail).toBe("a@a.example");
			expect((await people.member(of))?.verifiedEmail).toBe("a@a.example");
			expect((await people.member({ ...of, personId: admin.id }))?.verifiedEmail).toBeUndefined();
			const refused = auditEntry();
			expect(await say(null, "b@a.example", admin.id, refused)).toBe("overtaken");
			expect(await say("a@a.example", "b@a.example", someone.id, refused)).toBe("not_permitted");
			// As it stands already: nothing is written, and who may not say it finds out nothing.
			expect(await say("a@a.example", "a@a.example", admin.id, refused)).toBe("changed");
			expect(await say("a@a.example", "a@a.example", someone.id, refused)).toBe("not_permitted");
			expect(await say("b@a.example", "b@a.example", admin.id, refused)).toBe("overtaken");
			expect(await say(null, null, admin.id, refused)).toBe("overtaken");
			const elsewhere = { ...of, personId: newSubject() };
			const change = { from: null, to: "b@a.example" };
			expect(await people.setVerifiedEmail(elsewhere, change, by(admin.id), refused)).toBe("unknown");
			expect(await auditedActions()).not.toContain(refused.action);
			expect(await people.removeMember(of, now(), by(admin.id), auditEntry())).toBe("changed");
			expect((await register.membership(someone.id, owner.id))?.verifiedEmail).toBeUndefined();
			expect(await say("a@a.example", "c@a.example")).toBe("unknown");
		});

		test("an account's name is changed and noted", async () => {
			const owner = await anAccount();
			const entry = auditEntry();
			const { id: personId } = await aMember(owner.id, "admin");
			const by = { personId, accountId: owner.id, roles: ["admin"] } as const;
			expect(await people.renameAccount(owner.id, { from: owner.name, to: "Ácme" }, by, entry)).toBe("changed");
			const refused = auditEntry();
			expect(await people.renameAccount(owner.id, { from: owner.name, to: "Late" }, by, refused)).toBe("overtaken");
			const member = { ...by, personId: (await aMember(owner.id, "member")).id };
			expect(await people.renameAccount(owner.id, { from: "Ácme", to: "Mine" }, member, refused)).toBe("overtaken");
			expect(await auditedActions()).not.toContain(refused.action);
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

		test("whoever has no password is read as such, and gets one in the place of none alone", async () => {
			const someone = person({ passwordHash: null });
			await register.add({ people: [someone] });
			expect((await register.person(someone.id))?.passwordHash).toBeNull();
			expect(await people.setPassword(someone.id, { from: "hash", to: "other" }, [])).toBe("unchanged");
			expect(await people.setPassword(someone.id, { from: null, to: "hash" }, [])).toBe("changed");
			expect(await people.setPassword(someone.id, { from: null, to: "other" }, [])).toBe("unchanged");
			expect((await register.person(someone.id))?.passwordHash).toBe("hash");
		});

		test("a password goes where a passkey stays, with the recovery codes that it made", async () => {
			const someone = person();
			await register.add({ people: [someone] });
			const codes = { password: "hash", hashes: [newId() as Hash], at: 1 };
			await platform.recovery.replaceCodes(someone.id, codes, []);
			const [refused, entry] = [auditEntry(), auditEntry()];
			expect(await people.removePassword(someone.id, "hash", [refused])).toBe("last");
			await platform.passkeys.add(passkeyOf(someone.id), []);
			expect(await people.removePassword(someone.id, "another", [refused])).toBe("wrong");
			expect((await platform.recovery.codes(someone.id)).left).toBe(1);
			expect(await people.removePassword(someone.id, "hash", [entry])).toBe("removed");
			expect(await people.removePassword(someone.id, "hash", [refused])).toBe("none");
			expect((await register.person(someone.id))?.passwordHash).toBeNull();
			expect((await platform.recovery.codes(someone.id)).left).toBe(0);
			expect(await auditedActions()).toContain(entry.action);
			expect(await auditedActions()).not.toContain(refused.action);
		});

		test("of the last two ways in that are removed at once one stays", async () => {
			for (const first of ["password", "passkey"]) {
				const someone = person();
				await register.add({ people: [someone] });
				const passkey = passkeyOf(someone.id);
				await platform.passkeys.add(passkey, []);
				const acts = [
					() => people.removePassword(someone.id, "hash", []),
					() => platform.passkeys.remove({ id: passkey.id, personId: someone.id }, []),
				];
				const outcomes = await Promise.all((first === "password" ? acts : acts.toReversed()).map((act) => act()));
				expect(outcomes.toSorted()).toEqual(["last", "removed"]);
				const hasPassword = (await register.person(someone.id))?.passwordHash !== null;
				const hasPasskey = (await platform.passkeys.list(someone.id)).length > 0;
				expect([hasPassword, hasPasskey].filter(Boolean)).toHaveLength(1);
			}
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
			const { rows: members, total } = await people.members(owner.id, everyMember, byName);
			expect([members.map(({ name }) => name), total]).toEqual([["A", "B", "C"], 4]);
			const after = ["A", members[0]?.id ?? ""];
			const second = { rows: [members[1]], next: ["B", members[1]?.id], total: 4 };
			expect(await people.members(owner.id, everyMember, { ...byName, after, limit: 1 })).toEqual(second);
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
			const by = (personId: string) => ({ ...of(personId), roles: ["admin"] as const });
			const down = { from: "admin", to: "member" } as const;
			const outcomes = await Promise.all([
				people.removeMember(of(one.id), now() + 1, by(two.id), auditEntry()),
				people.setRole(of(two.id), down, by(one.id), auditEntry()),
			]);
			// The second of them has no role any more that permits it, or is the last one.
			expect(outcomes.filter((outcome) => outcome === "changed")).toHaveLength(1);
			expect(outcomes.every((outcome) => ["changed", "last_admin", "not_permitted"].includes(outcome))).toBe(true);
			const [last] = await people
				.members(owner.id, everyMember, byName)
				.then(({ rows }) => rows.filter(({ role }) => role === "admin"));
			const refused = auditEntry();
			const itself = by(last?.id ?? "");
			expect(await people.removeMember(of(itself.personId), now(), itself, refused)).toBe("last_admin");
			expect(await people.setRole(of(itself.personId), down, itself, refused)).toBe("last_admin");
			expect(await people.setRole(of(itself.personId), { from: "member", to: "admin" }, itself, refused)).toBe(
				"overtaken",
			);
			expect(await people.setRole(of(newSubject()), down, itself, refused)).toBe("unknown");
			expect(await people.removeMember(of(newSubject()), now(), itself, refused)).toBe("unknown");
			const { id: hand } = await aMember(owner.id, "member");
			expect(await people.setRole(of(hand), { from: "member", to: "admin" }, by(hand), refused)).toBe("not_permitted");
			expect(await people.removeMember(of(hand), now(), by(hand), refused)).toBe("not_permitted");
			expect(await auditedActions()).not.toContain(refused.action);
		});
	});
}
