import { describe, expect, test } from "vitest";
import type { Hash, Sealed } from "../../src/domain/brands.ts";
import type { RecoveryLink } from "../../src/domain/recovery.ts";
import { newId, now, type Stores } from "./builders.ts";
import { addAccount, addMember, person as aPerson } from "./register-builders.ts";

const day = 86_400;

export function describeRecovery({ platform }: Stores): void {
	const { oneTimeCodes, people, recovery, register } = platform;
	const addPerson = async (changes: Parameters<typeof aPerson>[0] = {}) => {
		const someone = aPerson(changes);
		await register.add({ people: [someone] });
		return someone;
	};

	describe("ways back in", () => {
		test("codes are replaced as a whole, where the password is the one that was given", async () => {
			const person = await addPerson();
			const [first, second] = [hashes(), hashes()];
			const make = (of: readonly Hash[], password = person.passwordHash) =>
				recovery.replaceCodes(person.id, { password, hashes: of, at: now() }, []);
			expect(await recovery.codes(person.id)).toEqual({ left: 0, madeAt: null });
			expect(await make(first, "another")).toBe("unchanged");
			expect(await make(first)).toBe("changed");
			expect(await make(second)).toBe("changed");
			expect(await recovery.codes(person.id)).toEqual({ left: 3, madeAt: now() });
			expect(await recovery.byCode(person.username, first[0]!)).toBeNull();
			expect(await recovery.byCode("nobody", second[0]!)).toBeNull();
			expect(await recovery.byCode(person.username.toUpperCase(), second[0]!)).toMatchObject({ usedAt: null });
		});

		test("one is used once, with the password that it replaces, and the same ones made again are used as they were", async () => {
			const person = await addPerson();
			const made = hashes();
			const make = (password: string | null) =>
				recovery.replaceCodes(person.id, { password, hashes: made, at: now() }, []);
			await make(person.passwordHash);
			const use = (index: number, from: string | null, to: string) =>
				recovery.useCode({ personId: person.id, hash: made[index]!, at: now() }, { from, to }, []);
			expect(await use(0, "another", "new")).toBe("unchanged");
			expect(await use(0, person.passwordHash, "new")).toBe("changed");
			expect(await use(0, "new", "newer")).toBe("unchanged");
			expect(await make("new")).toBe("changed");
			expect(await recovery.codes(person.id)).toMatchObject({ left: 2 });
			expect(await use(1, "new", "newer")).toBe("changed");
			// A password that was changed ends them.
			expect(await people.setPassword(person.id, { from: "newer", to: "newest" }, [])).toBe("changed");
			expect(await recovery.codes(person.id)).toEqual({ left: 0, madeAt: null });
		});

		test("a link is used once, where it holds and the password is the one of then", async () => {
			const { id: accountId } = await addAccount(register);
			const person = await addMember(register, accountId, "member");
			const maker = await addMember(register, accountId, "admin");
			const { id: personId } = person;
			const link = (changes: Partial<RecoveryLink> = {}): RecoveryLink => ({
				id: newId(),
				hash: newId() as Hash,
				personId,
				kind: "admin",
				accountId,
				madeBy: maker.id,
				password: "digest" as Hash,
				createdAt: now(),
				expiresAt: now() + day,
				...changes,
			});
			const [good, late] = [link(), link({ expiresAt: now() })];
			expect(await recovery.addLink(good, [])).toBe("added");
			expect(await recovery.addLink(late, [])).toBe("added");
			expect(await recovery.addLink(link({ madeBy: personId }), [])).toBe("not_permitted");
			expect(await recovery.addLink(link({ kind: "operator" }), [])).toBe("not_permitted");
			expect(await recovery.addLink(link({ personId: (await addPerson()).id }), [])).toBe("unknown");
			expect(await recovery.link(good.id)).toMatchObject({ link: good, usedAt: null, holds: true });
			const use = (id: string, from: string | null, digest = "digest") =>
				recovery.useLink({ id, password: digest as Hash, at: now() }, { from, to: "new" }, []);
			expect(await use(late.id, person.passwordHash)).toBe("unchanged");
			expect(await use(good.id, "another")).toBe("unchanged");
			expect(await use(good.id, person.passwordHash, "another")).toBe("unchanged");
			expect(await use(good.id, person.passwordHash)).toBe("changed");
			expect((await register.person(personId))?.passwordHash).toBe("new");
			expect(await use(good.id, "new")).toBe("unchanged");
			expect(await recovery.link(good.id)).toMatchObject({ usedAt: now() });
			await register.purge(now() + day, 0);
			expect(await recovery.link(good.id)).toBeNull();
		});

		test("whom a code or a link is of is read with all that is known of them, their second factor too", async () => {
			const { id, username, passwordHash: password } = await addPerson({ isOperator: true });
			const codes = { sealedSecret: newId() as Sealed, lastStep: 1, at: now(), password };
			expect(await oneTimeCodes.turnOn(id, codes, [])).toBe("on");
			await people.noteWrongPassword(id, now());
			const [hash] = hashes();
			await recovery.replaceCodes(id, { password, hashes: [hash!], at: now() }, []);
			const of = { id: newId(), hash: hash!, personId: id, kind: "setup", accountId: null, madeBy: "setup" } as const;
			const link = { ...of, password: "digest" as Hash, createdAt: now(), expiresAt: now() + day };
			expect(await recovery.addLink(link, [])).toBe("added");
			const person = await register.person(id);
			expect(person).toHaveProperty("oneTimeCodes");
			expect((await recovery.byCode(username, hash!))?.person).toEqual(person);
			expect((await recovery.link(of.id))?.person).toEqual(person);
		});

		test("a link of an administrator holds for nobody who belongs elsewhere", async () => {
			const [one, other] = [await addAccount(register), await addAccount(register)];
			const person = await addMember(register, one.id, "member");
			const maker = await addMember(register, one.id, "admin");
			const member = { personId: person.id, role: "member", state: "active", notBefore: 0 } as const;
			const link: RecoveryLink = {
				id: newId(),
				hash: newId() as Hash,
				personId: person.id,
				kind: "admin",
				accountId: one.id,
				madeBy: maker.id,
				password: "digest" as Hash,
				createdAt: now(),
				expiresAt: now() + day,
			};
			expect(await recovery.addLink(link, [])).toBe("added");
			await register.add({ memberships: [{ ...member, accountId: other.id }] });
			expect(await recovery.addLink({ ...link, id: newId() }, [])).toBe("beyond");
			expect(await recovery.link(link.id)).toMatchObject({ holds: false });
			const use = { id: link.id, password: link.password, at: now() };
			expect(await recovery.useLink(use, { from: person.passwordHash, to: "new" }, [])).toBe("unchanged");
		});
	});
}

function hashes(): readonly Hash[] {
	return Array.from({ length: 3 }, () => newId() as Hash);
}
