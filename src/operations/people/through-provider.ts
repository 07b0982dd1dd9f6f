import { sha256 } from "../../crypto/digest.ts";
import { randomId } from "../../crypto/random.ts";
import type { Clear, Seconds } from "../../domain/brands.ts";
import type { Limited, NamedLimit } from "../../domain/limit.ts";
import type { Person } from "../../domain/person.ts";
import type { SignInProvider } from "../../domain/sign-in-provider.ts";
import { personalEntries } from "../audit-person.ts";
import { type NetworkLimit, networkTurns, takeTurn, takeTurns } from "../limits.ts";
import { mailPerson } from "../mail/mail-alerts.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { type Admitted, admitVouched } from "./admit-vouched.ts";
import { authorizationUrl, type ProviderFailure, signOutUrl, whoCameBack } from "./ask-provider.ts";
import { flowTtl, openFlow, type ProviderFlow, sealFlow } from "./provider-flow.ts";
import { type AnySignedIn, type Browser, currentSignIn, openSignInOf, type SignInOpened } from "./sign-in.ts";
import { noticeProvider } from "./notice-recovery.ts";
import { callbackOf } from "./sign-in-providers.ts";
import { openProvider } from "./ways-to-sign-in.ts";

/** How often one network may make us ask a provider what it says of itself: a whole office begins its day in a quarter of an hour. */
const beginning: NetworkLimit = { name: "provider-sign-in", attempts: 300, wide: 1200, window: 900 };
/** RFC 9700 §4.7: what came back once is done with. */
const comingBack: NamedLimit = { name: "provider-flow", attempts: 1, window: 600 };

export type Begun =
	| { readonly kind: "at"; readonly url: string; readonly cookie: Clear; readonly ttl: Seconds }
	| { readonly kind: "unknown" }
	| ProviderFailure
	| Limited;

/** Sends a browser to a provider. `linkedTo` is the sign-in of whoever wants to be known by it from now on. */
export async function beginThroughProvider(
	providerId: string,
	given: {
		readonly continueTo: string;
		readonly linkedTo: string | null;
		/** Whoever comes once more, or for something that wants it, is to show that they are still there. */
		readonly anew: boolean;
		readonly address: string | null;
	},
	services: Services,
): Promise<Begun> {
	const { address, ...kept } = given;
	const taken = await takeTurns(networkTurns(beginning, address), services);
	if (taken.kind === "limited") return taken;
	const provider = await openProvider(providerId, services);
	if (!provider) return { kind: "unknown" };
	const { random } = services;
	const flow: ProviderFlow = {
		...kept,
		state: randomId(random),
		nonce: randomId(random),
		// RFC 7636 §4.1: at least 43 characters.
		verifier: randomId(random) + randomId(random),
		startedAt: services.now(),
	};
	const asked = await authorizationUrl(provider, flow, callbackOf(provider, services), services);
	if (asked.kind !== "at") return asked;
	return { ...asked, cookie: await sealFlow(providerId, flow, services), ttl: flowTtl };
}

/** Where somebody signs out at a provider; null: it has no such place, or does not say. That is asked of it as at a sign-in. */
export async function signOutThrough(
	providerId: string,
	given: { readonly returnTo: string; readonly address: string | null },
	services: Services,
): Promise<
	| {
			readonly kind: "at";
			readonly url: string | null;
			readonly name: string;
			/** The host to name before anybody is led there: it is not where the provider is. */
			readonly elsewhere: string | null;
	  }
	| { kind: "unknown" }
	| Limited
> {
	const taken = await takeTurns(networkTurns(beginning, given.address), services);
	if (taken.kind === "limited") return taken;
	const provider = await openProvider(providerId, services);
	if (!provider) return { kind: "unknown" };
	const url = await signOutUrl(provider, given.returnTo, services);
	const there = url === null ? null : new URL(url);
	const isOwn = there === null || there.origin === new URL(provider.issuer).origin;
	return { kind: "at", url, name: provider.name, elsewhere: isOwn ? null : there.host };
}

export type CameBack = (
	| { readonly kind: "signed_in"; readonly opened: SignInOpened }
	| { readonly kind: "linked" | "taken" | "not_theirs" }
	| { readonly kind: Exclude<Admitted, { kind: "member" }>["kind"] }
	| ProviderFailure
) & { readonly provider: SignInProvider; readonly continueTo: string };

/**
 * What a browser came back with from a provider. `unbegun`: not this browser began it, or it is over (login CSRF, RFC 6749 §10.12;
 * an answer that is shown twice, RFC 9700 §4.7).
 */
export async function comeBackFromProvider(
	providerId: string,
	given: {
		readonly returned: URLSearchParams;
		readonly flow: string | null;
		readonly cookie: string | null;
		readonly browser: Browser;
	},
	services: Services,
): Promise<CameBack | { readonly kind: "unbegun" | "unknown" }> {
	const { returned, cookie, browser } = given;
	const flow = await openFlow(providerId, given.flow, services);
	// Looked at before anybody is asked: what a stranger sends here makes no call.
	if (!flow || returned.get("state") !== flow.state) return { kind: "unbegun" };
	if (await takeTurn({ limit: comingBack, of: await sha256(flow.state) }, services)) return { kind: "unbegun" };
	const provider = await openProvider(providerId, services);
	if (!provider) return { kind: "unknown" };
	const at = { provider, continueTo: flow.continueTo };
	const who = await whoCameBack(provider, flow, returned, callbackOf(provider, services), services);
	if (who.kind !== "vouched") return { ...who, ...at };
	const { vouched } = who;
	if (flow.linkedTo !== null) {
		const me = await currentSignIn(cookie, services);
		return { kind: await link(provider, vouched.subject, me, flow.linkedTo, browser.address, services), ...at };
	}
	const admitted = await admitVouched(
		vouched,
		provider,
		{ address: browser.address, continueTo: at.continueTo },
		services,
	);
	if (admitted.kind !== "member") return { ...admitted, ...at };
	const { person } = admitted;
	const proven = {
		person,
		amr: vouched.amr,
		within: provider.accountId,
		through: provider.id,
		// GitHub has no way to be told.
		...(provider.kind === "oidc" && !flow.anew && { unasked: true as const, shownAt: vouched.shownAt }),
		holds: () => isStill(provider, vouched.subject, person, services),
	};
	const opened = await openSignInOf(proven, { cookie, browser }, services);
	if (!opened) return { kind: "stranger", ...at };
	await portsOf(services).signInProviders.noteUse(provider.id, vouched.subject, services.now());
	return { kind: "signed_in", opened, ...at };
}

/** Whether the provider lets people in still, and this one is that person. */
async function isStill(
	provider: SignInProvider,
	subject: string,
	{ id }: Person,
	services: Services,
): Promise<boolean> {
	const [there, identity, person] = await Promise.all([
		openProvider(provider.id, services),
		portsOf(services).signInProviders.identity(provider.id, subject),
		portsOf(services).register.person(id),
	]);
	return there !== null && identity?.personId === id && person?.state === "active";
}

/**
 * By whoever is signed in as themselves in the browser that asked for it: an address, which anybody may have had before, links nobody
 * (OIDC Core §5.7).
 */
async function link(
	{ id: providerId, accountId, name }: SignInProvider,
	subject: string,
	me: AnySignedIn | null,
	askedBy: string,
	address: string | null,
	services: Services,
): Promise<"linked" | "taken" | "not_theirs"> {
	if (me?.within !== null || me.id !== askedBy) return "not_theirs";
	const { person } = me;
	const { register, signInProviders } = portsOf(services);
	const isTheirs = accountId === null || (await register.membership(person.id, accountId))?.state === "active";
	if (!isTheirs) return "not_theirs";
	const identity = { providerId, subject, personId: person.id, linkedAt: services.now(), lastUsedAt: null };
	const act = { action: "provider.link", target: person.id, address, detail: { provider: name } };
	const linked = await signInProviders.link(identity, await personalEntries(person, act, services));
	if (linked === "taken") return linked;
	if (linked === "gone") return "not_theirs";
	if (linked === "linked") {
		services.later(mailPerson(person, "provider_linked", services));
		noticeProvider(person, name, services);
	}
	return "linked";
}
