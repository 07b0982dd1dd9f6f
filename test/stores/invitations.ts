import { describe, expect, test } from "vitest";
import { invitationTtl } from "../../src/domain/invitation.ts";
import type { Accepter, InvitationLink } from "../../src/domain/ports/invitations.ts";
import { hash, newId, newSubject, now, type Stores, times } from "./builders.ts";
import { addAccount, addMember, auditEntry, byName, everyMember, invitationOf, person } from "./register-builders.ts";

function anew(): Accepter {
	return { kind: "new", person: person() };
}

export function describeInvitations({ platform, databases, auditedActions }: Stores): void {
	const { invitations, people, register } = platform;

	async function added(accountId: string, changes: Parameters<typeof invitationOf>[2] = {}): Promise<InvitationLink> {
		const link = { id: newId(), hash: hash(newId()) };
		const invitation = invitationOf(accountId, link.id, changes);
		expect(await invitations.add(invitation, link.hash, null, auditEntry())).toEqual({ kind: "added" });
		return link;
	}
	const accept = (link: InvitationLink, who: Accepter, at = now(), entry = auditEntry()) =>
		invitations.accept(link, who, at, entry);

	describe("invitations", () => {
		test("one is added once and noted; whoever administers the account no more adds none", async () => {
			const { id: accountId } = await addAccount(register);
			const [admin, hand] = [
				await addMember(register, accountId, "admin"),
				await addMember(register, accountId, "member"),
			];
			const by = (personId: string) => ({ personId, accountId, roles: ["admin"] }) as const;
			const invitation = invitationOf(accountId, newId(), {
				invitedBy: admin.id,
				note: "For Bo",
				email: "bo@a.example",
			});
			const secret = hash(newId());
			const [entry, refused] = [auditEntry(), auditEntry()];
			expect(await invitations.add(invitation, secret, by(hand.id), refused)).toEqual({ kind: "not_permitted" });
			expect(await invitations.add(invitation, secret, by(admin.id), entry)).toEqual({ kind: "added" });
			expect(await invitations.add({ ...invitation, note: "x" }, secret, by(admin.id), refused)).toEqual({
				kind: "same",
				invitation,
			});
			expect(await auditedActions()).toContain(entry.action);
			expect(await auditedActions()).not.toContain(refused.action);
			const listed = { ...invitation, inviterName: admin.name, accepterName: null };
			expect(await invitations.one(accountId, invitation.id)).toEqual(listed);
			expect(await invitations.one((await addAccount(register)).id, invitation.id)).toBeNull();
		});

		test("they are listed newest first, in pages, and no other account's", async () => {
			const { id: accountId } = await addAccount(register);
			await added((await addAccount(register)).id);
			const ids: string[] = [];
			for (const createdAt of [now() - 2, now() - 1, now()]) ids.unshift((await added(accountId, { createdAt })).id);
			const all = await invitations.list(accountId, null, 10);
			expect(all.map(({ id }) => id)).toEqual(ids);
			expect(await invitations.list(accountId, all[0] ?? null, 1)).toEqual([all[1]]);
		});

		test("of ten who accept one at once one belongs, and no more is written", async () => {
			const { id: accountId } = await addAccount(register);
			const link = await added(accountId, { role: "admin" });
			const entry = auditEntry();
			const all = times(10, anew);
			const outcomes = await Promise.all(all.map((who) => accept(link, who, now(), entry)));
			expect(outcomes.toSorted()).toEqual(["accepted", ...times(9, () => "closed")]);
			expect((await auditedActions()).filter((action) => action === entry.action)).toHaveLength(1);
			const winner = all[outcomes.indexOf("accepted")];
			const { rows: members } = await people.members(accountId, everyMember, byName);
			expect(members.map(({ id, role }) => [id, role])).toEqual([
				[winner?.kind === "new" ? winner.person.id : "", "admin"],
			]);
			for (const who of all.filter((each) => each !== winner)) {
				expect(await register.person(who.kind === "new" ? who.person.id : "")).toBeNull();
			}
			const found = await invitations.one(accountId, link.id);
			expect([found?.state, found?.accepterName]).toEqual(["accepted", members[0]?.name]);
		});

		test("of one who accepts two at once one is spent, and the other stays open", async () => {
			const { id: accountId } = await addAccount(register);
			const someone = person();
			await register.add({ people: [someone] });
			const links = [await added(accountId), await added(accountId, { role: "admin" })];
			const outcomes = await Promise.all(links.map((link) => accept(link, { kind: "here", personId: someone.id })));
			expect(outcomes.toSorted()).toEqual(["accepted", "member"]);
			const states = await Promise.all(links.map(async (link) => (await invitations.find(link))?.state));
			expect(states[outcomes.indexOf("member")]).toBe("open");
			const [member] = (await people.members(accountId, everyMember, byName)).rows;
			expect(member?.role).toBe(outcomes[0] === "accepted" ? "member" : "admin");
		});

		test("by another secret, after its end, revoked, or of an account that takes nobody in: closed", async () => {
			const { id: accountId } = await addAccount(register);
			const link = await added(accountId);
			const entry = auditEntry();
			expect(await accept({ ...link, hash: hash("another") }, anew(), now(), entry)).toBe("closed");
			expect(await invitations.find({ ...link, hash: hash("another") })).toBeNull();
			expect(await accept(link, anew(), now() + invitationTtl, entry)).toBe("closed");
			const db = databases.register;
			for (const [away, back] of [
				["state = 'ended'", "state = 'active'"],
				["suspended_at = 1", "suspended_at = NULL"],
			]) {
				await db.prepare(`UPDATE accounts SET ${away} WHERE id = ?`).bind(accountId).run();
				expect(await accept(link, anew(), now(), entry)).toBe("closed");
				expect((await invitations.find(link))?.account.isActive).toBe(false);
				await db.prepare(`UPDATE accounts SET ${back} WHERE id = ?`).bind(accountId).run();
			}
			expect(await invitations.revoke({ id: link.id, accountId }, null, auditEntry())).toBe("revoked");
			expect(await accept(link, anew(), now(), entry)).toBe("closed");
			expect((await people.members(accountId, everyMember, byName)).rows).toEqual([]);
			expect(await auditedActions()).not.toContain(entry.action);
		});

		test("nobody gets another's user name, and whoever has ended does not come in", async () => {
			const { id: accountId } = await addAccount(register);
			const [someone, gone] = [person({ username: `Some.${newId()}` }), person({ state: "ended" })];
			await register.add({ people: [someone, gone] });
			const link = await added(accountId);
			const twin = person({ username: someone.username.toUpperCase() });
			expect(await accept(link, { kind: "new", person: twin })).toBe("taken");
			expect(await register.person(twin.id)).toBeNull();
			expect(await accept(link, { kind: "here", personId: gone.id })).toBe("closed");
			expect((await invitations.find(link))?.state).toBe("open");
		});

		test("who comes back has the role of the invitation, and holds nothing of before", async () => {
			const { id: accountId } = await addAccount(register);
			await addMember(register, accountId, "admin");
			const someone = await addMember(register, accountId, "member");
			const of = { accountId, personId: someone.id };
			const link = await added(accountId, { role: "admin" });
			const who = { kind: "here", personId: someone.id } as const;
			expect(await accept(link, who)).toBe("member");
			expect(await people.removeMember(of, now() + 1, null, auditEntry())).toBe("changed");
			expect(await people.removeMember(of, now() + 1, null, auditEntry())).toBe("unknown");
			expect(await accept(link, who)).toBe("accepted");
			const back = { ...of, role: "admin", state: "active", notBefore: now() + 1 };
			expect(await register.membership(someone.id, accountId)).toEqual(back);
		});

		test("one that is revoked or accepted is not revoked again, nor by who may not", async () => {
			const { id: accountId } = await addAccount(register);
			const hand = await addMember(register, accountId, "member");
			const by = { personId: hand.id, accountId, roles: ["admin"] } as const;
			const [one, other] = [await added(accountId), await added(accountId)];
			const refused = auditEntry();
			expect(await invitations.revoke({ id: one.id, accountId }, by, refused)).toBe("not_permitted");
			const elsewhere = (await addAccount(register)).id;
			expect(await invitations.revoke({ id: one.id, accountId: elsewhere }, null, refused)).toBe("unknown");
			expect(await accept(other, anew())).toBe("accepted");
			expect(await invitations.revoke({ id: other.id, accountId }, null, refused)).toBe("accepted");
			const entry = auditEntry();
			const outcomes = await Promise.all(times(5, () => invitations.revoke({ id: one.id, accountId }, null, entry)));
			expect(outcomes.toSorted()).toEqual(["revoked", ...times(4, () => "unknown")]);
			expect((await auditedActions()).filter((action) => action === entry.action)).toHaveLength(1);
			expect(await auditedActions()).not.toContain(refused.action);
		});

		test("revoked and accepted at once, it is one of the two", async () => {
			const { id: accountId } = await addAccount(register);
			for (const _ of times(10, () => null)) {
				const link = await added(accountId);
				const [joined, revoked] = await Promise.all([
					accept(link, anew()),
					invitations.revoke({ id: link.id, accountId }, null, auditEntry()),
				]);
				expect(["accepted accepted", "closed revoked"]).toContain(`${joined} ${revoked}`);
			}
		});

		test("who administers the account no more leaves no open one behind; others' stay", async () => {
			const { id: accountId } = await addAccount(register);
			const [one, two, three] = await Promise.all(times(3, () => addMember(register, accountId, "admin")));
			const byOne = await added(accountId, { invitedBy: one?.id ?? "" });
			const byTwo = await added(accountId, { invitedBy: two?.id ?? "" });
			const others = await added(accountId, { invitedBy: three?.id ?? "" });
			const down = { from: "admin", to: "member" } as const;
			await people.setRole({ accountId, personId: one?.id ?? "" }, down, null, auditEntry());
			await people.removeMember({ accountId, personId: two?.id ?? "" }, now(), null, auditEntry());
			const states = await Promise.all(
				[byOne, byTwo, others].map(async (link) => (await invitations.find(link))?.state),
			);
			expect(states).toEqual(["revoked", "revoked", "open"]);
		});

		test("what is long over is deleted", async () => {
			const { id: accountId } = await addAccount(register);
			const [old, young] = [await added(accountId, { expiresAt: now() - 10 }), await added(accountId)];
			await invitations.purge(now() - 9);
			expect(await invitations.find(old)).toBeNull();
			expect((await invitations.find(young))?.id).toBe(young.id);
			expect(await invitations.one(accountId, newSubject())).toBeNull();
		});
	});
}
