import { utf8 } from "../../crypto/encoding.ts";
import { hmac } from "../../crypto/digest.ts";
import type { Member, MemberChange } from "../../domain/ports/people.ts";
import { readEmail } from "../../domain/profile.ts";
import type { Role } from "../../domain/permission.ts";
import type { Person } from "../../domain/person.ts";
import { parseSubject, type SubjectId, subjectId } from "../../domain/subject.ts";
import type { Clear } from "../../domain/brands.ts";
import { randomId } from "../../crypto/random.ts";
import type { WriterRole } from "../../domain/ports/register.ts";
import type { Actor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { type Edit, untilWritten } from "../edit.ts";
import { byName, namePosition, pageOf, partOf } from "../list.ts";
import { formToken, isFormToken } from "../form-token.ts";
import type { Services } from "../services.ts";
import type { SignedIn } from "./sign-in.ts";
import { portsOf } from "../ports-of.ts";

const pageSize = 50;

/** The people of the actor's account, by name. Null for a cursor that is not of this list. */
export function listMembers(cursor: string | null, { accountId }: Actor, services: Services) {
	return pageOf(`members ${accountId}`, cursor, services, async (after) => {
		const found = await portsOf(services).people.members(accountId, namePosition(after), pageSize + 1);
		return partOf(found, pageSize, byName);
	});
}

export function findMember(personId: string, { accountId }: Actor, services: Services): Promise<Member | null> {
	return portsOf(services).people.member({ accountId, personId });
}

/** What a form that adds a person carries: their id, and that we gave it to this sign-in. */
export interface NewPerson {
	readonly id: SubjectId;
	readonly proof: string;
}

export async function newPerson(me: SignedIn, services: Services): Promise<NewPerson> {
	const id = subjectId({ kind: "person", home: services.config.home, id: randomId(services.random) });
	return { id, proof: await formToken(me.id, `add ${id}`, services.serverKeys) };
}

export type PersonAdded =
	/** To be told to the person by whoever added them; a form that is sent twice says it twice. */
	| { kind: "added"; password: Clear }
	/** Belonged to the account before: signs in with the password that they have. */
	| { kind: "reinstated" }
	| { kind: "taken" | "full" | "member" | "stale" | "busy" };

/** Adds a person to the actor's account, with a first password of ours. */
export async function addPerson(
	form: NewPerson,
	given: { readonly username: string; readonly name: string; readonly role: Role },
	me: SignedIn,
	actor: Actor,
	services: Services,
): Promise<PersonAdded> {
	const { people, register } = portsOf(services);
	const { passwords, serverKeys } = services;
	const { accountId } = actor;
	// An id of one's own choosing could be another person's.
	const isOurs = await isFormToken(form.proof, me.id, `add ${form.id}`, serverKeys);
	if (!isOurs || parseSubject(form.id)?.kind !== "person") return { kind: "stale" };
	const existing = await register.personByUsername(given.username);
	if (existing && existing.id !== form.id) return reinstate(existing, given.role, actor, services);
	const password = await firstPassword(form.id, services);
	if (existing) {
		// The form once more, to be answered the same, unless the person has chosen a password of their own by now.
		const isFirst = await passwords.verify(password, existing.passwordHash);
		if (isFirst !== true) return { kind: isFirst === "busy" ? "busy" : "member" };
	}
	const passwordHash = existing?.passwordHash ?? (await passwords.hash(password));
	if (passwordHash === null) return { kind: "busy" };
	const { username, name, role } = given;
	const person: Person = { id: form.id, username, name, passwordHash, state: "active", notBefore: 0 };
	const entry = entryOf(actor, { action: "member.add", target: form.id, detail: { role } }, services);
	const outcome = await people.addMember(person, { accountId, personId: form.id, role }, adminOf(actor), entry);
	return outcome === "taken" || outcome === "full" ? { kind: outcome } : { kind: "added", password };
}

async function reinstate(existing: Person, role: Role, actor: Actor, services: Services): Promise<PersonAdded> {
	const { accountId } = actor;
	const membership = await portsOf(services).register.membership(existing.id, accountId);
	// Whoever never belonged here is not drawn in by name: they would not be asked, and their sign-ins would be told here.
	if (!membership || existing.state !== "active") return { kind: "taken" };
	if (membership.state === "active") return { kind: "member" };
	const entry = entryOf(actor, { action: "member.add", target: existing.id, detail: { role } }, services);
	const outcome = await portsOf(services).people.reinstate(
		{ accountId, personId: existing.id, role, notBefore: services.now() },
		adminOf(actor),
		entry,
	);
	await services.lookups.freshMembership(existing.id, accountId);
	return { kind: outcome === "full" ? "full" : "reinstated" };
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

/** People are for an administrator to change, who is one still while it is written. */
function adminOf({ subject, accountId }: Actor): WriterRole {
	return { personId: subject, accountId, roles: ["admin"] };
}

/** What the person held in the account ends here at once, elsewhere within half a minute, and stays ended should they come back. */
export async function removePerson(personId: string, actor: Actor, services: Services): Promise<MemberChange> {
	const entry = entryOf(actor, { action: "member.remove", target: personId }, services);
	// What began in this very second is older than the next one.
	const of = { accountId: actor.accountId, personId };
	const outcome = await portsOf(services).people.removeMember(of, services.now() + 1, adminOf(actor), entry);
	if (outcome === "changed") await services.lookups.freshMembership(personId, actor.accountId);
	return outcome;
}

/**
 * 100 bits as people can read them out. Made from the person's id, so that a form that was sent twice brings the same one,
 * and nothing readable is stored.
 */
async function firstPassword(id: SubjectId, services: Services): Promise<Clear> {
	const { serverKeys } = services;
	const key = await serverKeys.hmac("first password", serverKeys.newest);
	if (!key) throw new RangeError("There is no newest server key");
	const letters = "abcdefghjkmnpqrstuvwxyz023456789";
	const text = [...(await hmac(key, utf8(id)))].slice(0, 20).map((byte) => letters[byte % 32]);
	return [0, 5, 10, 15].map((at) => text.slice(at, at + 5).join("")).join("-") as Clear;
}
