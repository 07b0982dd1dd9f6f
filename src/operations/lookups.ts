import { isSameResource, type Spellings, spellingsOf } from "../domain/audience.ts";
import { type Api, foldedIdentifier } from "../domain/api.ts";
import type { Client } from "../domain/client.ts";
import type { Account } from "../domain/account.ts";
import type { Environment } from "../domain/environment.ts";
import type { Membership, Person } from "../domain/person.ts";
import type { Policy } from "../domain/policy.ts";
import type { AccountDomainRegister } from "../domain/ports/account-domains.ts";
import type { ApiRegister } from "../domain/ports/apis.ts";
import type { Register } from "../domain/ports/register.ts";
import type { SignInProviderRegister } from "../domain/ports/sign-in-providers.ts";
import type { TrustedIssuerRegister } from "../domain/ports/trusted-issuers.ts";
import type { TrustedIssuer } from "../domain/trusted-issuer.ts";
import type { SignInProvider } from "../domain/sign-in-provider.ts";
import type { SubjectId } from "../domain/subject.ts";
import type { Clear, Sealed, Seconds } from "../domain/brands.ts";
import { type CacheBounds, ttlCache, type TtlCache } from "./ttl-cache.ts";

/** What of the register an isolate remembers, and for no longer than this: the bound of DESIGN §4.9. */
export const staleness: Seconds = 30;

export interface Lookups {
	readonly client: TtlCache<string, Client>;
	/** Whether a client has one of these ids, with a space between each two: remembered too where none has. */
	readonly hasClient: TtlCache<string, boolean>;
	/**
	 * The registered API that a resource names; null for latchkey's own and for what nobody registered, which is remembered too.
	 * Its answers say {@link Api} as it was within {@link staleness}.
	 */
	readonly apiAt: (resource: string) => Promise<Api | null>;
	/** Those that people would take these resources for, for whoever compares the rest. However many are named, it is one look-up. */
	readonly apisNear: (resources: readonly string[]) => Promise<readonly Api[]>;
	/** The APIs that an account can be given something of, latchkey's own not among them. */
	readonly apisOf: TtlCache<string, readonly Api[]>;
	/** Remembers no API any more, where one was changed. */
	readonly forgetApis: () => void;
	/** The resources that an account's clients serve, ready to be compared. */
	readonly servedIn: TtlCache<string, Spellings>;
	readonly account: TtlCache<string, Account>;
	readonly person: TtlCache<SubjectId, Person>;
	readonly accountBySlug: TtlCache<string, Account>;
	membership(personId: SubjectId, accountId: string): Promise<Membership | null>;
	/** Asks anew, and remembers that. */
	readonly freshMembership: (personId: SubjectId, accountId: string) => Promise<Membership | null>;
	/** Those that an account trusts. */
	readonly trustedIssuers: TtlCache<string, readonly TrustedIssuer[]>;
	/** Those that people of an account sign in through, or (`""`) of the whole deployment; those that are off among them. */
	readonly signInProviders: TtlCache<string, readonly SignInProvider[]>;
	/** Whether an address may lead to a provider. */
	readonly leadsAnywhere: TtlCache<"", boolean>;
	readonly environment: TtlCache<string, Environment>;
	readonly policies: TtlCache<string, readonly Policy[]>;
	/**
	 * The owner, account and policies that a key was last seen with. Only a guess that saves a call: the key's ledger compares it
	 * with its own.
	 */
	readonly keyHints: Map<string, { ownerId: string; accountId: string; ids: readonly string[] }>;
	/** The session that a login last gave, likewise: it saves a signature, and opening the one that the ledger keeps. */
	readonly sessionHints: Map<string, SessionHint>;
}

export interface SessionHint {
	readonly sid: string;
	readonly scope: string;
	readonly expiresAt: Seconds;
	readonly kept: KeptToken | null;
}

/** A token, and the sealed signature by which a ledger has it: where that is the same, so is the token. */
export interface KeptToken {
	readonly sealed: Sealed;
	readonly token: Clear;
}

const most = 5000;

export function createLookups(
	register: Register,
	apis: ApiRegister,
	issuers: Pick<TrustedIssuerRegister, "list">,
	providers: Pick<SignInProviderRegister, "list">,
	domains: Pick<AccountDomainRegister, "leadsAnywhere">,
	{ now, later }: Pick<CacheBounds, "now" | "later">,
): Lookups {
	const bounds = { ttl: staleness, most, now, later };
	const membership = ttlCache((pair: string) => {
		const [personId = "", accountId = ""] = pair.split(" ");
		return register.membership(personId, accountId);
	}, bounds);
	// Who asks names at most eight resources of 512 characters, many of them nobody's: what is not there is remembered as such.
	const byFolded = ttlCache((folded: string) => apis.byFolded(folded.split(" ")), { ...bounds, most: most / 10 });
	const apisNear = async (resources: readonly string[]) =>
		(await byFolded(resources.map(foldedIdentifier).toSorted().join(" "))) ?? [];
	const apisOf = ttlCache((accountId: string) => apis.openTo(accountId), bounds);
	return {
		apiAt: async (resource) => {
			const near = await apisNear([resource]);
			return near.find(({ identifier }) => isSameResource(identifier, resource)) ?? null;
		},
		apisNear,
		apisOf,
		forgetApis: () => {
			byFolded.clear();
			apisOf.clear();
		},
		client: ttlCache((id: string) => register.client(id), bounds),
		// Eight ids of 512 characters are the longest keys of all.
		hasClient: ttlCache((ids: string) => register.hasClient(ids.split(" ")), { ...bounds, most: most / 10 }),
		servedIn: ttlCache(async (accountId: string) => spellingsOf(await register.servedIn(accountId)), bounds),
		account: ttlCache((id: string) => register.account(id), bounds),
		person: ttlCache((id: string) => register.person(id), bounds),
		accountBySlug: ttlCache((slug: string) => register.accountBySlug(slug), bounds),
		membership: (personId, accountId) => membership(`${personId} ${accountId}`),
		freshMembership: (personId, accountId) => membership.fresh(`${personId} ${accountId}`),
		trustedIssuers: ttlCache((accountId: string) => issuers.list(accountId), bounds),
		signInProviders: ttlCache((accountId: string) => providers.list(accountId === "" ? null : accountId), bounds),
		leadsAnywhere: ttlCache(() => domains.leadsAnywhere(), bounds),
		environment: ttlCache((id: string) => register.environment(id), bounds),
		policies: ttlCache((accountId: string) => register.policies(accountId), bounds),
		keyHints: new Map(),
		sessionHints: new Map(),
	};
}

/** For people who hold something of that account, or gave it something. */
export async function accountNameOf(id: string, { account }: Pick<Lookups, "account">): Promise<string> {
	return (await account(id))?.name ?? "An account that is gone";
}
