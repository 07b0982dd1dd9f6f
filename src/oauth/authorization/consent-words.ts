import { isOwnResource } from "../../domain/audience.ts";
import { claimsIn } from "../../domain/identity-claims.ts";
import { splitScope } from "../../domain/identity.ts";
import { answeredAt, destinationOf } from "../../domain/redirect.ts";
import { sentenceOf } from "../../domain/scope-words.ts";
import { toScope } from "../../domain/scope.ts";
import { claimWords } from "../../pages/consent/claim-words.ts";
import type { Offer } from "./offers.ts";
import type { AuthorizationRequest } from "./request.ts";

/** What is granted where a person says yes, in the words of the consent page; of several accounts one may give less. */
export function consentWords(
	{ resource, claims, redirectUri }: AuthorizationRequest,
	offers: readonly Offer[],
	issuer: string,
) {
	const scope = toScope(offers.flatMap((offer) => offer.scope));
	const { access, identity } = splitScope(scope);
	const byScope = new Set(claimsIn(scope));
	const byName = new Set([...claims.userinfo, ...claims.idToken].filter((claim) => !byScope.has(claim)));
	return {
		// OIDC Core §11: `offline_access` is about access, not about who somebody is.
		permissions: [...access, ...identity.filter((value) => value === "offline_access")].map(sentenceOf),
		identity: [
			...identity.filter((value) => value !== "offline_access").map(sentenceOf),
			...[...byName].map((claim) => claimWords[claim]),
		],
		elsewhere: [...new Set((resource ?? []).filter((each) => !isOwnResource(each, issuer)).map(hostOf))],
		redirectHost: destinationOf(redirectUri),
		answered: answeredAt(redirectUri),
		accounts: offers.map(({ account: { id, name }, role, scope: given }) => {
			const without = scope.filter((value) => !given.includes(value)).map(sentenceOf);
			return { id, name, role, without };
		}),
	};
}

/** A resource that is no web address is named whole. */
function hostOf(resource: string): string {
	const { host } = new URL(resource);
	return host === "" ? resource : host;
}
