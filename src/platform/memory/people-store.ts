import type { Member, MemberKey, PeopleRegister } from "../../domain/ports/people.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Membership } from "../../domain/person.ts";
import { fold, type RegisterTables } from "./register-tables.ts";

export function memoryPeople(tables: RegisterTables): PeopleRegister {
	const log = (...entries: readonly AuditEntry[]) => {
		tables.audit = [...tables.audit, ...structuredClone(entries)];
	};
	const membershipOf = ({ personId, accountId }: MemberKey) => tables.memberships.get(`${personId} ${accountId}`);
	const toMember = ({ personId, role, state }: Membership): Member | null => {
		const person = tables.people.get(personId);
		if (state !== "active" || person?.state !== "active") return null;
		return { id: person.id, username: person.username, name: person.name, role };
	};
	const membersOf = (accountId: string) =>
		tables.memberships
			.where((each) => each.accountId === accountId)
			.map(toMember)
			.filter((each) => each !== null);
	const hasAnotherAdmin = ({ accountId, personId }: MemberKey) =>
		membersOf(accountId).some((each) => each.role === "admin" && each.id !== personId);

	return {
		async rename(personId, name, entries) {
			const person = tables.people.get(personId);
			if (!person || person.name === name) return;
			tables.people.set({ ...person, name });
			log(...entries);
		},
		async setProfile(personId, profile, entries) {
			const person = tables.people.get(personId);
			if (person?.state !== "active") return "unknown";
			tables.people.set({ ...person, profile });
			log(...entries);
			return "changed";
		},
		async setPassword(personId, { from, to }, entries) {
			const person = tables.people.get(personId);
			if (person?.passwordHash !== from || person.state !== "active") return "unchanged";
			tables.people.set({ ...person, passwordHash: to });
			log(...entries);
			return "changed";
		},
		async renameAccount(accountId, name, entry) {
			const account = tables.accounts.get(accountId);
			if (!account || account.name === name) return;
			tables.accounts.set({ ...account, name });
			log(entry);
		},

		async members(accountId, after, limit) {
			const found = membersOf(accountId).filter((each) => isAfter(each, after));
			return found.toSorted((a, b) => (isAfter(a, b) ? 1 : -1)).slice(0, limit);
		},
		async member(of) {
			const membership = membershipOf(of);
			return membership && toMember(membership);
		},
		async addMember(person, { accountId, role }, entry) {
			const [taken] = tables.people.where(
				(each) => each.id === person.id || fold(each.username) === fold(person.username),
			);
			const of = { accountId, personId: person.id };
			if (taken) {
				const same = taken.id === person.id && fold(taken.username) === fold(person.username);
				const membership = membershipOf(of);
				return same && membership && toMember(membership) ? "same" : "taken";
			}
			tables.transact(() => {
				tables.people.insert(person);
				tables.memberships.insert({ ...of, role, state: "active", notBefore: 0 });
				log(entry);
			});
			return "added";
		},
		async reinstate({ role, notBefore, ...of }, entry) {
			const membership = membershipOf(of);
			if (membership?.state !== "ended") return "unknown";
			const since = Math.max(membership.notBefore, notBefore);
			tables.memberships.set({ ...membership, role, state: "active", notBefore: since });
			log(entry);
			return "changed";
		},
		async setRole(of, role, entry) {
			const membership = membershipOf(of);
			const member = membership && toMember(membership);
			if (!member) return "unknown";
			if (member.role === role) return "unchanged";
			if (member.role === "admin" && !hasAnotherAdmin(of)) return "last_admin";
			tables.memberships.set({ ...membership, role });
			log(entry);
			return "changed";
		},
		async removeMember(of, notBefore, entry) {
			const membership = membershipOf(of);
			const member = membership && toMember(membership);
			if (!member) return "unknown";
			if (member.role === "admin" && !hasAnotherAdmin(of)) return "last_admin";
			const since = Math.max(membership.notBefore, notBefore);
			tables.memberships.set({ ...membership, state: "ended", notBefore: since });
			log(entry);
			return "changed";
		},
	};
}

type Names = Pick<Member, "name" | "id">;

function isAfter(a: Names, b: Names | null): boolean {
	if (!b) return true;
	return a.name === b.name ? a.id > b.id : a.name > b.name;
}
