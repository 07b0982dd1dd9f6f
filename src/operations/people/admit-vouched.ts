import { randomId } from "../../crypto/random.ts";
import { domainOfAddress } from "../../domain/account-domain.ts";
import { isUsername } from "../../domain/display-name.ts";
import type { Role } from "../../domain/permission.ts";
import type { Person } from "../../domain/person.ts";
import { roleFor, type Vouched } from "../../domain/provider-claims.ts";
import type { SignInProvider } from "../../domain/sign-in-provider.ts";
import { subjectId } from "../../domain/subject.ts";
import { entryOf } from "../audit.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { heldInvitation } from "./join.ts";
import { waysOf } from "./ways-in.ts";

export type Admitted =
	| { readonly kind: "member"; readonly person: Person }
	/** Nobody here is known as this one, and nobody becomes it. */
	| { readonly kind: "stranger" }
	/** They belonged to the account, and do not any more. */
	| { readonly kind: "left" }
	/** The provider puts them into no group that may come in. */
	| { readonly kind: "no_role" }
	| { readonly kind: "full" };

interface Coming {
	readonly address: string | null;
	/** Where they go from here. */
	readonly continueTo: string;
}

/** Who somebody is here whom a provider vouches for: by its name for them and no other, least of all by an address. */
export async function admitVouched(
	vouched: Vouched,
	provider: SignInProvider,
	{ address, continueTo }: Coming,
	services: Services,
): Promise<Admitted> {
	const { register, signInProviders } = portsOf(services);
	const identity = await signInProviders.identity(provider.id, vouched.subject);
	if (!identity) return admitNew(vouched, provider, { address, continueTo }, services);
	const person = await register.person(identity.personId);
	if (person?.state !== "active") return { kind: "left" };
	return provider.accountId === null
		? { kind: "member", person }
		: asMember(person, vouched, { ...provider, accountId: provider.accountId }, { address, continueTo }, services);
}

type AccountProvider = SignInProvider & { readonly accountId: string };

/** With the role that the provider's groups say, where they say any: each sign-in has it anew. */
async function asMember(
	person: Person,
	vouched: Vouched,
	provider: AccountProvider,
	{ address, continueTo }: Coming,
	services: Services,
): Promise<Admitted> {
	const { accountId, groupRoles, name } = provider;
	const { register, people } = portsOf(services);
	const membership = await register.membership(person.id, accountId);
	const isMember = membership?.state === "active";
	if (!isMember && !(await mayAccept(person, continueTo, accountId, services))) return { kind: "left" };
	if (groupRoles.length === 0) return { kind: "member", person };
	const role = roleFor(provider, vouched, await isOfOwnDomain(vouched, accountId, services));
	if (role === null) return { kind: "no_role" };
	if (!isMember || role === membership.role) return { kind: "member", person };
	const detail = { role, before: membership.role, provider: name };
	const by = { subject: person.id, accountId, address };
	const entry = entryOf(by, { action: "member.set_role", target: person.id, detail }, services);
	// An account keeps its last administrator, whatever a provider says; and who changes it at the same time has the say.
	await people.setRole({ personId: person.id, accountId }, { from: membership.role, to: role }, null, entry);
	await services.lookups.freshMembership(person.id, accountId);
	return { kind: "member", person };
}

/**
 * Whoever was removed is let in again by an invitation and nothing else, since what the provider says of them it said before; and
 * comes in so that they can accept it. Not who has a way in of their own, to accept it by themselves: who invites them may be who runs
 * the provider, and they may have left.
 */
async function mayAccept({ id }: Person, path: string, accountId: string, services: Services): Promise<boolean> {
	const [, token] = /^\/join\/([^/?#]+)$/.exec(path) ?? [];
	const held = token === undefined ? null : await heldInvitation(token, services);
	if (held?.standing !== "open" || held.accountId !== accountId) return false;
	return (await waysOf(id, services)).length === 0;
}

async function admitNew(
	vouched: Vouched,
	provider: SignInProvider,
	coming: Coming,
	services: Services,
): Promise<Admitted> {
	const { accountId, justInTime } = provider;
	const account = accountId === null ? null : await services.lookups.account(accountId);
	if (accountId === null || !account || !justInTime) return { kind: "stranger" };
	const isOwn = await isOfOwnDomain(vouched, accountId, services);
	const role = roleFor(provider, vouched, isOwn);
	if (role === null) return { kind: provider.groupRoles.length > 0 ? "no_role" : "stranger" };
	const names = usernamesFor(vouched, account.slug, services);
	return admit(names, { vouched, role, verifiedEmail: isOwn ? vouched.email : null }, { ...provider, accountId });

	async function admit(
		[username, ...others]: readonly string[],
		newcomer: { readonly vouched: Vouched; readonly role: Role; readonly verifiedEmail: string | null },
		at: AccountProvider,
	): Promise<Admitted> {
		if (username === undefined) throw new Error("no user name of random letters was free");
		const { home } = services.config;
		const id = subjectId({ kind: "person", home, id: randomId(services.random) });
		const name = vouched.name ?? vouched.username ?? username;
		const person: Person = { id, username, name, passwordHash: null, state: "active", notBefore: 0 };
		const now = services.now();
		const identity = { providerId: at.id, subject: vouched.subject, personId: id, linkedAt: now, lastUsedAt: now };
		const by = { subject: id, accountId: at.accountId, address: coming.address };
		const act = { action: "member.join", target: id, detail: { role: newcomer.role, provider: at.name } };
		const { role: as, verifiedEmail } = newcomer;
		const member = { person, role: as, verifiedEmail };
		const outcome = await portsOf(services).signInProviders.admit(member, identity, entryOf(by, act, services));
		switch (outcome) {
			case "admitted":
				await services.lookups.freshMembership(id, at.accountId);
				return { kind: "member", person };
			// In another tab at the same time.
			case "linked":
				return admitVouched(vouched, at, coming, services);
			case "taken":
				return admit(others, newcomer, at);
			case "full":
				return { kind: "full" };
			case "gone":
				return { kind: "stranger" };
		}
	}
}

/** One that reads well in the account and is nobody's elsewhere; where it is taken, one that nobody has. */
function usernamesFor({ username }: Vouched, slug: string, { random }: Services): readonly string[] {
	const nobodys = () =>
		`${randomId(random)
			.replaceAll(/[^a-z\d]/gi, "")
			.toLowerCase()
			.slice(0, 8)}@${slug}`;
	const first = `${username ?? ""}@${slug}`;
	return [...(username !== null && isUsername(first) ? [first] : []), nobodys(), nobodys()];
}

/** Whether it verified an address of a domain that was shown to be the account's: of another's domain it may say what it likes. */
async function isOfOwnDomain({ email }: Vouched, accountId: string, services: Services): Promise<boolean> {
	const domain = email === null ? null : domainOfAddress(email);
	return domain !== null && (await portsOf(services).accountDomains.verified(domain))?.accountId === accountId;
}
