import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { ListShape } from "../../domain/list-query.ts";
import type { Role } from "../../domain/permission.ts";
import type { Member, MemberChange, MemberKey } from "../../domain/ports/people.ts";
import type { WriterRole } from "../../domain/ports/register.ts";
import { readEmail } from "../../domain/profile.ts";
import { thrown } from "../../domain/log-line.ts";
import type { Actor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { type Edit, untilWritten } from "../edit.ts";
import { byName, type ListedPage, type ListedQuery, listedPageOf } from "../list.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { sendLogouts } from "../tokens/send-logouts.ts";
import { adminOf } from "./invitations.ts";

/** What may be asked of an account's people. */
export const memberList = {
	list: "people",
	rows: ["person", "people"],
	search: "A part of the name or the user name, or an id.",
	filters: {
		role: {
			kind: "choice",
			label: "Role",
			doc: "What they are in the account.",
			choices: { admin: "Administrator", member: "Member" },
		},
		second_factor: {
			kind: "choice",
			label: "Second factor",
			doc: "Whether they have a passkey or one-time codes.",
			choices: { some: "Has one", none: "Has none" },
		},
	},
	sorts: { name: "Name", "-name": "Name, from Z to A" },
} as const satisfies ListShape;

/** The people of the actor's account. Null for a cursor that is not of this list. */
export function listMembers(
	query: ListedQuery<typeof memberList>,
	{ accountId }: Actor,
	services: Services,
): Promise<ListedPage<Member> | null> {
	const { q, limit, filters } = query;
	const { role, second_factor: factor } = filters;
	const sort = query.sort ?? "name";
	const narrowing = { q, role, hasSecondFactor: factor && factor === "some" };
	return listedPageOf(memberList, accountId, query, services, byName, (walk) =>
		portsOf(services).people.members(accountId, narrowing, { ...walk, sort, limit }),
	);
}

export function findMember(personId: string, { accountId }: Actor, services: Services): Promise<Member | null> {
	return portsOf(services).people.member({ accountId, personId });
}

export type RoleChanged =
	| { readonly kind: Exclude<MemberChange, "last_admin"> | "overtaken" }
	/** This is how it stands, and stays. */
	| { readonly kind: "last_admin" | "stale"; readonly member: Member };

export async function changeRole(
	personId: string,
	edit: Edit<Member, Role>,
	actor: Actor,
	services: Services,
): Promise<RoleChanged> {
	const { people } = portsOf(services);
	const { accountId } = actor;
	return untilWritten<RoleChanged>(async () => {
		const member = await people.member({ accountId, personId });
		if (!member) return { kind: "unknown" };
		const { id, role: from } = member;
		const to = await edit(member);
		if (to === "stale") return { kind: "stale", member };
		if (to === from) return { kind: "changed" };
		const entry = entryOf(
			actor,
			{ action: "member.set_role", target: id, detail: { role: to, before: from } },
			services,
		);
		const outcome = await people.setRole({ accountId, personId: id }, { from, to }, adminOf(actor), entry);
		if (outcome === "overtaken") return outcome;
		await services.lookups.freshMembership(id, accountId);
		return outcome === "last_admin" ? { kind: outcome, member } : { kind: outcome };
	});
}

export type EmailVerified =
	| { readonly kind: "unknown" | "not_permitted" | "overtaken" | "malformed" }
	| { readonly kind: "saved"; readonly from: string | null; readonly to: string | null }
	/** This is how it stands, and stays. */
	| { readonly kind: "stale"; readonly member: Member };

/**
 * An administrator says which e-mail address is a person's, null for none. It counts in this account and for what belongs to it,
 * while it is the one that the person has entered; of that they are told nothing here.
 */
export async function verifyEmail(
	personId: string,
	edit: Edit<Member, string | null>,
	actor: Actor,
	services: Services,
): Promise<EmailVerified> {
	const { people } = portsOf(services);
	const { accountId } = actor;
	return untilWritten<EmailVerified>(async () => {
		const member = await people.member({ accountId, personId });
		if (!member) return { kind: "unknown" };
		const { id, verifiedEmail: from = null } = member;
		const to = await edit(member);
		if (to === "stale") return { kind: "stale", member };
		if (to !== null && readEmail(to) === null) return { kind: "malformed" };
		const act = { action: "member.verify_email", target: id, detail: { email: to ?? "", before: from ?? "" } };
		const entry = entryOf(actor, act, services);
		const outcome = await people.setVerifiedEmail({ accountId, personId: id }, { from, to }, adminOf(actor), entry);
		if (outcome === "overtaken") return outcome;
		await services.lookups.freshMembership(id, accountId);
		return outcome === "changed" ? { kind: "saved", from, to } : { kind: outcome };
	});
}

/** What the person held in the account ends here at once, elsewhere within half a minute, and stays ended should they come back. */
export async function removePerson(personId: string, actor: Actor, services: Services): Promise<MemberChange> {
	const entry = entryOf(actor, { action: "member.remove", target: personId }, services);
	return endMembership({ accountId: actor.accountId, personId }, adminOf(actor), entry, services);
}

/** Whoever leaves keeps what is theirs elsewhere. An administrator who is the last stays. */
export async function leaveAccount(actor: Actor, services: Services): Promise<Exclude<MemberChange, "not_permitted">> {
	const { subject: personId, accountId } = actor;
	const entry = entryOf(actor, { action: "member.leave", target: personId }, services);
	const outcome = await endMembership({ accountId, personId }, null, entry, services);
	if (outcome === "not_permitted") throw new Error("nobody had to permit it");
	return outcome;
}

async function endMembership(of: MemberKey, by: WriterRole | null, entry: AuditEntry, services: Services) {
	// What began in this very second is older than the next one.
	const outcome = await portsOf(services).people.removeMember(of, services.now() + 1, by, entry);
	if (outcome === "changed") {
		await services.lookups.freshMembership(of.personId, of.accountId);
		await logOutOf(of, services);
	}
	return outcome;
}

/** Applications where they are signed in for that account are told. It has ended whatever fails here. */
async function logOutOf({ personId, accountId }: MemberKey, services: Services): Promise<void> {
	try {
		const logouts = await portsOf(services).ledgers.of(personId).logOutOf(accountId);
		if (logouts.length > 0) services.later(sendLogouts(personId, logouts, services));
	} catch (error) {
		services.log("logout.failed", thrown(error));
	}
}
