import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Person } from "../../domain/person.ts";
import type { SignInProvider } from "../../domain/sign-in-provider.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Actor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { personalEntries } from "../audit-person.ts";
import { type Proof, provePerson, type Unproved } from "../checks/prove-person.ts";
import { mailPerson } from "../mail/mail-alerts.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { signInsEnded } from "./end-sign-ins.ts";
import { type AnySignedIn, belongsTo, type SignedIn } from "./sign-in.ts";
import { beginThroughProvider, type Begun } from "./through-provider.ts";

/** A provider that a person may come in through, where they belong. */
export interface MyProvider {
	readonly provider: SignInProvider;
	/** Null for one of the whole deployment. */
	readonly accountName: string | null;
	/** Since when they are somebody there, and when they last came in so; null: they are not linked. */
	readonly linked: { readonly at: Seconds; readonly lastUsedAt: Seconds | null } | null;
}

/** Those of the deployment and of every account of theirs, by name. */
export async function listMyProviders(
	me: Pick<AnySignedIn, "person" | "within">,
	services: Services,
): Promise<readonly MyProvider[]> {
	const [accounts, identities] = await Promise.all([
		belongsTo(me, services),
		portsOf(services).signInProviders.identitiesOf(me.person.id),
	]);
	const owners = [
		{ id: "", name: null },
		...accounts.flatMap(({ account: { id, name, state } }) => (state === "active" ? [{ id, name }] : [])),
	];
	const found = await Promise.all(
		owners.map(async ({ id, name }) =>
			((await services.lookups.signInProviders(id)) ?? []).map((provider) => {
				const [identity] = identities.filter(({ providerId }) => providerId === provider.id);
				const linked = identity ? { at: identity.linkedAt, lastUsedAt: identity.lastUsedAt } : null;
				return { provider, accountName: name, linked };
			}),
		),
	);
	return found.flat().filter(({ provider, linked }) => provider.state === "on" || linked);
}

/** Off to the provider, for it to be known there who comes back. Whoever found a browser open has no way in made for them. */
export async function beginLinking(
	{ provider }: MyProvider,
	me: SignedIn,
	given: { readonly proof: Proof; readonly continueTo: string; readonly address: string | null },
	services: Services,
): Promise<Begun | { readonly kind: "unproved"; readonly why: Unproved }> {
	const { proof, continueTo, address } = given;
	const proved = await provePerson(me.person, { proof, address, knownAs: me.id }, services);
	if (proved.kind !== "proved") return { kind: "unproved", why: proved };
	return beginThroughProvider(provider.id, { continueTo, linkedTo: me.id, anew: false, address }, services);
}

/** They come in through it no more, and are signed out wherever they did: who is here as themselves has a password or a passkey. */
export async function unlinkProvider(
	{ provider }: Pick<MyProvider, "provider">,
	person: Person,
	address: string | null,
	services: Services,
): Promise<"unlinked" | "unknown"> {
	const act = { action: "provider.unlink", target: person.id, address, detail: { provider: provider.name } };
	return unlink(provider, person, () => personalEntries(person, act, services), services);
}

/** The providers of the actor's account that one of its people is linked to. */
export async function listMemberProviders(
	personId: SubjectId,
	{ accountId }: Actor,
	services: Services,
): Promise<readonly SignInProvider[]> {
	const { signInProviders } = portsOf(services);
	const [providers, identities] = await Promise.all([
		services.lookups.signInProviders(accountId),
		signInProviders.identitiesOf(personId),
	]);
	return (providers ?? []).filter(({ id }) => identities.some(({ providerId }) => providerId === id));
}

/** The same by an administrator, of a provider of their own account alone: what else somebody comes in by is none of theirs. */
export async function unlinkMember(
	personId: string,
	providerId: string,
	actor: Actor,
	services: Services,
): Promise<"unlinked" | "unknown"> {
	const { people, register } = portsOf(services);
	const member = await people.member({ accountId: actor.accountId, personId });
	const person = member && (await register.person(member.id));
	if (!person) return "unknown";
	const mine = await listMemberProviders(person.id, actor, services);
	const provider = mine.find(({ id }) => id === providerId);
	if (!provider) return "unknown";
	const act = { action: "member.unlink_provider", target: person.id, detail: { provider: provider.name } };
	return unlink(provider, person, async () => [entryOf(actor, act, services)], services);
}

async function unlink(
	provider: Pick<SignInProvider, "id">,
	person: Person,
	entries: () => Promise<readonly AuditEntry[]>,
	services: Services,
): Promise<"unlinked" | "unknown"> {
	const { signInProviders, ledgers } = portsOf(services);
	const own = (await signInProviders.identitiesOf(person.id)).filter(({ providerId }) => providerId === provider.id);
	if (own.length === 0) return "unknown";
	const ledger = ledgers.of(person.id);
	const endThose = async () => {
		const open = await ledger.listSignIns({ after: "", limit: 10_000 });
		for (const { id } of open.filter(({ through }) => through === provider.id)) {
			await signInsEnded(person.id, await ledger.endSignIn(id), services);
		}
	};
	// Before it is unlinked, so that what fails between the two leaves nobody signed in: the same request once more finds no link.
	await endThose();
	for (const identity of own) {
		await signInProviders.unlink(identity, await entries());
	}
	// And after it: a sign-in under way looks once more when it is open.
	await endThose();
	services.later(mailPerson(person, "provider_unlinked", services));
	return "unlinked";
}
