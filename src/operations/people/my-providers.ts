import type { Seconds } from "../../domain/brands.ts";
import type { SignInProvider } from "../../domain/sign-in-provider.ts";
import { personalEntries } from "../audit-person.ts";
import { type Proof, provePerson, type Unproved } from "../checks/prove-person.ts";
import { mailPerson } from "../mail/mail-alerts.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { signInsEnded } from "./end-sign-ins.ts";
import { belongsTo, type SignedIn } from "./sign-in.ts";
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
export async function listMyProviders(me: SignedIn, services: Services): Promise<readonly MyProvider[]> {
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
	{ provider }: MyProvider,
	{ person }: SignedIn,
	address: string | null,
	services: Services,
): Promise<"unlinked" | "unknown"> {
	const { signInProviders, ledgers } = portsOf(services);
	const own = (await signInProviders.identitiesOf(person.id)).filter(({ providerId }) => providerId === provider.id);
	if (own.length === 0) return "unknown";
	const act = { action: "provider.unlink", target: person.id, address, detail: { provider: provider.name } };
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
		await signInProviders.unlink(identity, await personalEntries(person, act, services));
	}
	// And after it: a sign-in under way looks once more when it is open.
	await endThose();
	services.later(mailPerson(person, "provider_unlinked", services));
	return "unlinked";
}
