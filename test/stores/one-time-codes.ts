import { describe, expect, test } from "vitest";
import type { Hash, Sealed } from "../../src/domain/brands.ts";
import type { SubjectId } from "../../src/domain/subject.ts";
import { newId, type Stores, times } from "./builders.ts";
import { auditEntry, person } from "./register-builders.ts";

export function describeOneTimeCodes({ platform, auditedActions }: Stores): void {
	const { oneTimeCodes, people, recovery, register } = platform;
	const at = 1_000_000;
	const secretOf = async (id: SubjectId) => (await register.person(id))?.oneTimeCodes;

	async function somebody(changes: Parameters<typeof person>[0] = {}) {
		const added = person(changes);
		await register.add({ people: [added] });
		const sealedSecret = newId() as Sealed;
		return { ...added, made: { sealedSecret, lastStep: 100, at, password: added.passwordHash } };
	}
	async function withCodes(changes: Parameters<typeof person>[0] = {}) {
		const who = await somebody(changes);
		expect(await oneTimeCodes.turnOn(who.id, who.made, [])).toBe("on");
		return { ...who, secret: who.made.sealedSecret };
	}

	describe("one-time codes", () => {
		test("are turned on once, of twenty at once, are read with their person, and it is noted once", async () => {
			const { id, username, made } = await somebody();
			expect(await secretOf(id)).toBeUndefined();
			const entries = times(20, () => auditEntry());
			const outcomes = await Promise.all(entries.map((entry) => oneTimeCodes.turnOn(id, made, [entry])));
			expect(new Set(outcomes)).toEqual(new Set(["on"]));
			const shown = { sealedSecret: made.sealedSecret, since: at };
			expect(await secretOf(id)).toEqual(shown);
			expect((await register.personByUsername(username))?.oneTimeCodes).toEqual(shown);
			const actions = await auditedActions();
			expect(entries.filter(({ action }) => actions.includes(action))).toHaveLength(1);
		});

		test("take no other secret's place, and are not turned on by a password of before", async () => {
			const { id, made, secret } = await withCodes();
			expect(await oneTimeCodes.turnOn(id, { ...made, sealedSecret: newId() as Sealed }, [])).toBe("overtaken");
			expect((await secretOf(id))?.sealedSecret).toBe(secret);
			const other = await somebody();
			await people.setPassword(other.id, { from: other.passwordHash, to: "next" }, []);
			expect(await oneTimeCodes.turnOn(other.id, other.made, [])).toBe("overtaken");
			expect(await secretOf(other.id)).toBeUndefined();
		});

		test("are changed once, of twenty at once, from the secret that is on, and it is noted once", async () => {
			const { id, secret } = await withCodes();
			const next = () => ({ sealedSecret: newId() as Sealed, lastStep: 200, at: at + 9 });
			expect(await oneTimeCodes.change(id, newId() as Sealed, next(), [])).toBe(false);
			const tries = times(20, () => ({ codes: next(), entry: auditEntry() }));
			const outcomes = await Promise.all(
				tries.map(({ codes, entry }) => oneTimeCodes.change(id, secret, codes, [entry])),
			);
			expect(outcomes.filter(Boolean)).toHaveLength(1);
			const won = tries[outcomes.indexOf(true)];
			expect(await secretOf(id)).toEqual({ sealedSecret: won?.codes.sealedSecret, since: at + 9 });
			const actions = await auditedActions();
			expect(tries.filter(({ entry }) => actions.includes(entry.action))).toHaveLength(1);
			expect(await oneTimeCodes.use(id, secret, 300)).toBe(false);
			expect(await oneTimeCodes.use(id, won?.codes.sealedSecret ?? secret, 200)).toBe(false);
		});

		test("RFC 6238 §5.2: of twenty at once one is taken, and none of its step or of before again", async () => {
			const { id, secret } = await withCodes();
			expect(await oneTimeCodes.use(id, secret, 100)).toBe(false);
			const outcomes = await Promise.all(times(20, () => oneTimeCodes.use(id, secret, 102)));
			expect(outcomes.filter(Boolean)).toHaveLength(1);
			expect(await oneTimeCodes.use(id, secret, 101)).toBe(false);
			expect(await oneTimeCodes.use(id, newId() as Sealed, 103)).toBe(false);
			expect(await oneTimeCodes.use(id, secret, 103)).toBe(true);
		});

		test.each([
			["setup", false],
			["mail", true],
		] as const)("a link to a new password, by %s: whether they stay is %s", async (kind, isLeft) => {
			const email = `${newId()}@mail.example`;
			const { id, passwordHash: from } = await withCodes({ verifiedEmail: email, isOperator: true });
			const of = { id: newId(), personId: id, kind, accountId: null, madeBy: kind === "mail" ? email : kind };
			const password = newId() as Hash;
			const link = { ...of, hash: newId() as Hash, password, createdAt: at, expiresAt: at + 10 };
			expect(await recovery.addLink(link, [])).toBe("added");
			const use = (digest: Hash) => recovery.useLink({ id: of.id, password: digest, at }, { from, to: newId() }, []);
			expect(await use(newId() as Hash)).toBe("unchanged");
			expect(await secretOf(id)).toBeDefined();
			expect(await use(password)).toBe("changed");
			expect((await secretOf(id)) !== undefined).toBe(isLeft);
		});

		test("a recovery code in their place: once, of twenty at once, by the password of now, and the others stay", async () => {
			const { id, passwordHash: password } = await withCodes();
			const hashes = times(3, () => newId() as Hash);
			await recovery.replaceCodes(id, { password, hashes, at }, []);
			const of = { personId: id, hash: hashes[0]!, at, password };
			expect(await recovery.spendCode({ ...of, password: "another" }, [])).toBe("unchanged");
			const entries = times(20, () => auditEntry());
			const outcomes = await Promise.all(entries.map((entry) => recovery.spendCode(of, [entry])));
			expect(outcomes.filter((each) => each === "changed")).toHaveLength(1);
			const actions = await auditedActions();
			expect(entries.filter(({ action }) => actions.includes(action))).toHaveLength(1);
			expect(await recovery.codes(id)).toMatchObject({ left: 2 });
			expect((await register.person(id))?.passwordHash).toBe(password);
		});

		test("are turned off once, by the secret that was looked at, and others' stay", async () => {
			const [{ id, secret }, other] = [await withCodes(), await withCodes()];
			expect(await oneTimeCodes.turnOff(id, other.secret, [])).toBe(false);
			const entries = times(2, () => auditEntry());
			const outcomes = await Promise.all(entries.map((entry) => oneTimeCodes.turnOff(id, secret, [entry])));
			expect(outcomes.filter(Boolean)).toHaveLength(1);
			const actions = await auditedActions();
			expect(entries.filter(({ action }) => actions.includes(action))).toHaveLength(1);
			expect(await secretOf(id)).toBeUndefined();
			expect(await secretOf(other.id)).toBeDefined();
		});
	});
}
