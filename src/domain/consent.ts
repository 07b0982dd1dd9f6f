import { type Client, isPublic, isSelfRegistered } from "./client.ts";
import type { ClaimsRequest } from "./identity.ts";
import { areAmong, distinct } from "./audience.ts";
import { answeredAt } from "./redirect.ts";
import { isWithin, type Scope, toScope } from "./scope.ts";
import type { Seconds } from "./brands.ts";

/**
 * What a person agreed to with a client, remembered so that they are not asked for the same again. It opens nothing: each
 * request still makes a grant of its own. One for each subject and client, in the subject's ledger.
 */
export interface Consent {
	readonly clientId: string;
	/** The account that was chosen. */
	readonly accountId: string;
	readonly scope: Scope;
	/** What of the scope nobody here gives a meaning to. Left out: none. */
	readonly unchecked?: Scope;
	readonly resource: readonly string[];
	readonly claims: ClaimsRequest;
	readonly agreedAt: Seconds;
	/** Then it is asked for anew. */
	readonly expiresAt: Seconds;
}

/** The part of a request that a person agrees to. */
export type Asked = Pick<Consent, "scope" | "unchecked" | "resource" | "claims">;

/**
 * Whether what was agreed to with a client may stand for the next time. Not where nobody vouches for it, nor where whoever
 * answers at the redirect URI may be somebody else (RFC 8252 §8.6: by a scheme, or on loopback where no secret is asked for);
 * an integration is installed each time on purpose.
 */
export function mayBeRemembered(
	client: Pick<Client, "accountId" | "kind" | "authMethods">,
	redirectUri: string,
): boolean {
	if (isSelfRegistered(client) || client.kind === "integration") return false;
	const answered = answeredAt(redirectUri);
	return answered === "site" || (answered === "loopback" && !isPublic(client));
}

/** Whether this very thing, or more, was agreed to, and nothing has ended since. */
export function covers(consent: Consent, asked: Asked, notBefore: Seconds, now: Seconds): boolean {
	return (
		now < consent.expiresAt &&
		consent.agreedAt >= notBefore &&
		isWithin(asked.scope, consent.scope) &&
		// Words that an API gives a meaning to now were not agreed to while they had none, nor the other way about.
		asked.scope.every((value) => isUnchecked(asked, value) === isUnchecked(consent, value)) &&
		areAmong(asked.resource, consent.resource) &&
		isWithin(asked.claims.userinfo, consent.claims.userinfo) &&
		isWithin(asked.claims.idToken, consent.claims.idToken)
	);
}

/** What is remembered after somebody agreed once more: in the same account it adds up, in another it begins anew. */
export function joinConsents(earlier: Consent | null, later: Consent): Consent {
	if (earlier?.accountId !== later.accountId || later.agreedAt >= earlier.expiresAt) return later;
	const scope = toScope([...earlier.scope, ...later.scope]);
	const unchecked = scope.filter((value) => isUnchecked(later.scope.includes(value) ? later : earlier, value));
	return {
		...later,
		scope,
		...(unchecked.length > 0 && { unchecked }),
		resource: distinct([...earlier.resource, ...later.resource]),
		claims: {
			userinfo: [...new Set([...earlier.claims.userinfo, ...later.claims.userinfo])],
			idToken: [...new Set([...earlier.claims.idToken, ...later.claims.idToken])],
		},
	};
}

function isUnchecked({ unchecked = [] }: Pick<Consent, "unchecked">, value: string): boolean {
	return unchecked.includes(value);
}
