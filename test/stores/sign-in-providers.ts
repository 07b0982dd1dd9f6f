import { describe, expect, test, vi } from "vitest";
import { bounds } from "../../src/domain/bounds.ts";
import type { SignInProvider } from "../../src/domain/sign-in-provider.ts";
import { newId, newSubject, now, sealed, type Stores, tally, times } from "./builders.ts";
import { addAccount, addMember, auditEntry, identityAt, person, signInProvider } from "./register-builders.ts";

export function describeSignInProviders({ platform, databases, auditedActions }: Stores): void {
	const { accountDomains, accounts, register, signInProviders } = platform;

	/** An account, and who administers it. */
	async function anAccount() {
		const { id: accountId } = await addAccount(register);
		const admin = await addMember(register, accountId, "admin");
		return { accountId, by: { kind: "role", role: { personId: admin.id, accountId, roles: ["admin"] } } as const };
	}

	async function anOperator() {
		const runs = person({ isOperator: true });
		await register.add({ people: [runs] });
		return { kind: "operator", id: runs.id } as const;
	}

	async function added(changes: Partial<SignInProvider> = {}) {
		const { accountId, by } = await anAccount();
		const made = signInProvider({ accountId, ...changes });
		expect(await signInProviders.add(made, by, auditEntry())).toBe("added");
		return { made, accountId, by };
	}

	async function entriesOf(...entries: readonly { readonly action: string }[]) {
		const actions = await auditedActions();
		return entries.map(({ action }) => actions.filter((each) => each === action).length);
	}

	describe("sign-in providers", () => {
		test("one is found as it was said, and listed with its owner's alone, by name", async () => {
			const { made, accountId, by } = await added({ name: "b", state: "off" });
			await added();
			const other = signInProvider({ accountId, name: "a", kind: "github", groupsClaim: null, defaultRole: "member" });
			await signInProviders.add(other, by, auditEntry());
			const ours = signInProvider({ accountId: null });
			expect(await signInProviders.add(ours, await anOperator(), auditEntry())).toBe("added");
			expect(await signInProviders.list(accountId)).toEqual([
				{ ...other, rev: 0 },
				{ ...made, rev: 0 },
			]);
			expect(await signInProviders.list(null)).toContainEqual({ ...ours, rev: 0 });
			expect((await signInProviders.list(null)).map(({ accountId: of }) => of)).not.toContain(accountId);
			expect(await signInProviders.provider(made.id)).toEqual({ ...made, rev: 0 });
			expect(await signInProviders.provider(newId())).toBeNull();
		});

		test("an account tells which is its only way in, while that is on", async () => {
			const { made, accountId, by } = await added({ only: true });
			const told = async () => {
				const account = await register.account(accountId);
				const [own] = await register.accountsOf(by.role.personId);
				const bySlug = await register.accountBySlug(account?.slug ?? "");
				return [account, own?.account, bySlug].map((each) => each?.onlyThrough);
			};
			expect(await told()).toEqual([made.id, made.id, made.id]);
			expect(await signInProviders.edit({ ...made, state: "off", rev: 0 }, by, auditEntry())).toBe("written");
			expect(await told()).toEqual([undefined, undefined, undefined]);
			const { accountId: without } = await added({ only: false });
			expect((await register.account(without))?.onlyThrough).toBeUndefined();
		});

		test("of five who add the same one it is there once, and one entry is written", async () => {
			const { accountId, by } = await anAccount();
			const [one, entries] = [signInProvider({ accountId }), times(5, () => auditEntry())];
			const outcomes = await Promise.all(entries.map((entry) => signInProviders.add(one, by, entry)));
			expect(tally(outcomes.map((kind) => ({ kind })))).toEqual({ added: 1, same: 4 });
			expect((await entriesOf(...entries)).filter((count) => count > 0)).toEqual([1]);
		});

		test("an account has as many as it may, of however many at once", async () => {
			const { accountId, by } = await anAccount();
			const made = times(bounds.signInProviders.most + 3, () => signInProvider({ accountId }));
			const outcomes = await Promise.all(made.map((each) => signInProviders.add(each, by, auditEntry())));
			expect(tally(outcomes.map((kind) => ({ kind })))).toEqual({ added: bounds.signInProviders.most, full: 3 });
		});

		test("it is changed and deleted as it was read, or not at all, and each is noted once", async () => {
			const { made, by, accountId } = await added();
			const [entry, late] = [auditEntry(), auditEntry()];
			const edited = { ...made, name: "Another", sealedSecret: sealed("later"), state: "off", rev: 0 } as const;
			expect(await signInProviders.edit(edited, by, entry)).toBe("written");
			expect(await signInProviders.edit(edited, by, late)).toBe("overtaken");
			expect(await signInProviders.delete(edited, by, late)).toBe("overtaken");
			expect(await signInProviders.list(accountId)).toEqual([{ ...edited, rev: 1 }]);
			expect(await signInProviders.delete({ ...edited, rev: 1 }, by, auditEntry())).toBe("written");
			expect(await signInProviders.delete({ ...edited, rev: null }, by, late)).toBe("overtaken");
			expect(await signInProviders.list(accountId)).toEqual([]);
			expect(await entriesOf(entry, late)).toEqual([1, 0]);
		});

		test("what a `sub` means something in stays: kind, issuer and client", async () => {
			const { made, by } = await added();
			const other = { kind: "github", issuer: "https://other.example", clientId: "other" } as const;
			expect(await signInProviders.edit({ ...made, ...other, rev: 0 }, by, auditEntry())).toBe("written");
			expect(await signInProviders.provider(made.id)).toEqual({ ...made, rev: 1 });
		});

		test("whoever administers the account no more, and an operator, writes nothing of it; nor an administrator of the deployment's", async () => {
			const { made, accountId, by } = await added();
			const { id: personId } = await addMember(register, accountId, "member");
			const member = { kind: "role", role: { ...by.role, personId } } as const;
			expect(await signInProviders.add(signInProvider({ accountId }), member, auditEntry())).toBe("not_permitted");
			expect(await signInProviders.edit({ ...made, rev: 0 }, member, auditEntry())).toBe("not_permitted");
			expect(await signInProviders.delete({ ...made, rev: 0 }, member, auditEntry())).toBe("not_permitted");
			const ours = signInProvider({ accountId: null });
			const none = { kind: "operator", id: by.role.personId } as const;
			expect(await signInProviders.add(ours, none, auditEntry())).toBe("not_permitted");
			await signInProviders.add(ours, await anOperator(), auditEntry());
			expect(await signInProviders.edit({ ...ours, accountId, rev: 0 }, by, auditEntry())).toBe("overtaken");
			expect(await signInProviders.delete({ ...ours, accountId, rev: 0 }, by, auditEntry())).toBe("overtaken");
			expect(await signInProviders.provider(ours.id)).toEqual({ ...ours, rev: 0 });
			expect(await signInProviders.list(accountId)).toEqual([{ ...made, rev: 0 }]);
		});

		test("one that goes takes with it who is whom there, and no domain leads to it any more", async () => {
			const { made, accountId, by } = await added();
			const kept = signInProvider({ accountId });
			await signInProviders.add(kept, by, auditEntry());
			const { id: personId } = await addMember(register, accountId, "member");
			const [gone, stays] = [identityAt(made.id, personId), identityAt(kept.id, personId)];
			await signInProviders.link(gone, []);
			await signInProviders.link(stays, []);
			const domain = { accountId, domain: `${newId().toLowerCase()}.example`, providerId: made.id, challenge: "c" };
			await accountDomains.add(domain, by, auditEntry());
			expect(await signInProviders.delete({ ...made, rev: 7 }, by, auditEntry())).toBe("overtaken");
			expect(await signInProviders.identitiesOf(personId)).toHaveLength(2);
			expect(await signInProviders.delete({ ...made, rev: 0 }, by, auditEntry())).toBe("written");
			expect(await signInProviders.identitiesOf(personId)).toEqual([stays]);
			expect(await accountDomains.list(accountId)).toMatchObject([{ providerId: null }]);
		});

		test("one whose terms cannot be read makes nobody a member, and stays the only way in", async () => {
			const { made } = await added({ defaultRole: "admin", only: false });
			await databases.register.prepare("UPDATE sign_in_providers SET terms = '{' WHERE id = ?").bind(made.id).run();
			const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
			const read = await signInProviders.provider(made.id);
			said.mockRestore();
			expect(read).toMatchObject({
				justInTime: false,
				defaultRole: null,
				groupRoles: [],
				only: true,
				trustsAmr: false,
			});
		});
	});

	describe("who somebody is at a provider", () => {
		test("one there is one person here, whoever else is linked at the same time", async () => {
			const { made, accountId } = await added();
			const people = await Promise.all(times(4, () => addMember(register, accountId, "member")));
			const all = people.map(({ id }) => identityAt(made.id, id, "sub-1"));
			const outcomes = await Promise.all(all.map((each) => signInProviders.link(each, [])));
			expect(tally(outcomes.map((kind) => ({ kind })))).toEqual({ linked: 1, taken: 3 });
			const linked = all[outcomes.indexOf("linked")]!;
			expect(await signInProviders.identity(made.id, "sub-1")).toEqual(linked);
			const late = auditEntry();
			expect(await signInProviders.link(linked, [late])).toBe("same");
			expect(await entriesOf(late)).toEqual([0]);
			// The same `sub` at another provider is somebody else.
			const { made: other } = await added();
			expect(await signInProviders.identity(other.id, "sub-1")).toBeNull();
		});

		test("who is linked is noted, used and unlinked, by themselves alone", async () => {
			const { made, accountId } = await added();
			const { id: personId } = await addMember(register, accountId, "member");
			const [linked, unlinked] = [[auditEntry(), auditEntry()], auditEntry()];
			const identity = identityAt(made.id, personId);
			expect(await signInProviders.link(identity, linked)).toBe("linked");
			await signInProviders.noteUse(made.id, identity.subject, now() + 5);
			expect(await signInProviders.identitiesOf(personId)).toEqual([{ ...identity, lastUsedAt: now() + 5 }]);
			const other = { ...identity, personId: newSubject() };
			expect(await signInProviders.unlink(other, [unlinked])).toBe("unknown");
			expect(await signInProviders.unlink(identity, [unlinked])).toBe("unlinked");
			expect(await signInProviders.unlink(identity, [unlinked])).toBe("unknown");
			expect(await signInProviders.identity(made.id, identity.subject)).toBeNull();
			expect(await entriesOf(...linked, unlinked)).toEqual([1, 1, 1]);
		});

		test("nobody is linked at one that is off or gone, of a suspended account, or who has ended", async () => {
			const { made, accountId, by } = await added();
			const { id } = await addMember(register, accountId, "member");
			const ended = person({ state: "ended" });
			await register.add({ people: [ended] });
			expect(await signInProviders.link(identityAt(made.id, ended.id), [])).toBe("gone");
			expect(await signInProviders.link(identityAt(newId(), id), [])).toBe("gone");
			await signInProviders.edit({ ...made, state: "off", rev: 0 }, by, auditEntry());
			expect(await signInProviders.link(identityAt(made.id, id), [])).toBe("gone");
			await signInProviders.edit({ ...made, rev: 1 }, by, auditEntry());
			await accounts.suspend(accountId, now(), (await anOperator()).id, []);
			expect(await signInProviders.link(identityAt(made.id, id), [])).toBe("gone");
		});

		test("of two who are the same one there, one becomes a person, a member and that identity", async () => {
			const { made, accountId } = await added();
			const both = times(2, () => ({ ...newcomer(), verifiedEmail: "ada@acme.example" }));
			const entries = times(2, () => auditEntry());
			const outcomes = await Promise.all(
				both.map((each, index) =>
					signInProviders.admit(each, identityAt(made.id, each.person.id, "new"), entries[index]!),
				),
			);
			expect(tally(outcomes.map((kind) => ({ kind })))).toEqual({ admitted: 1, linked: 1 });
			const [who] = both.filter((_, index) => outcomes[index] === "admitted");
			const [loser] = both.filter((_, index) => outcomes[index] === "linked");
			expect(await signInProviders.identity(made.id, "new")).toEqual(identityAt(made.id, who!.person.id, "new"));
			expect(await register.person(who!.person.id)).toMatchObject({ username: who!.person.username });
			expect(await register.membership(who!.person.id, accountId)).toMatchObject({
				role: "member",
				state: "active",
				verifiedEmail: "ada@acme.example",
			});
			expect(await register.person(loser!.person.id)).toBeNull();
			expect((await entriesOf(...entries)).filter((count) => count > 0)).toEqual([1]);
		});

		test("nobody becomes a member by a name that is taken, at one that is off, or at the deployment's", async () => {
			const { made, by, accountId } = await added();
			const { username } = await addMember(register, accountId, "member");
			const admit = (who: ReturnType<typeof newcomer>, at: string) =>
				signInProviders.admit(who, identityAt(at, who.person.id), auditEntry());
			const taken = newcomer({ username: username.toUpperCase() });
			expect(await admit(taken, made.id)).toBe("taken");
			expect(await register.person(taken.person.id)).toBeNull();
			const ours = signInProvider({ accountId: null });
			await signInProviders.add(ours, await anOperator(), auditEntry());
			expect(await admit(newcomer(), ours.id)).toBe("gone");
			await signInProviders.edit({ ...made, state: "off", rev: 0 }, by, auditEntry());
			expect(await admit(newcomer(), made.id)).toBe("gone");
		});
	});
}

function newcomer(changes = {}) {
	return { person: person(changes), role: "member", verifiedEmail: null } as const;
}
