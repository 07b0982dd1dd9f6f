import { scopeOfApi } from "../../domain/api.ts";
import { claimsIn } from "../../domain/identity-claims.ts";
import { isIdentityScope, splitScope } from "../../domain/identity.ts";
import { isPermission } from "../../domain/permission.ts";
import { answeredAt, destinationOf } from "../../domain/redirect.ts";
import { sentenceOf } from "../../domain/scope-words.ts";
import { type Scope, toScope } from "../../domain/scope.ts";
import { type Agreeable, narrow, ownScope } from "../../domain/effective-scope.ts";
import type { StepUp } from "../../domain/step-up.ts";
import type { Services } from "../../operations/services.ts";
import type { Words } from "../../words/en.ts";
import type { Shell } from "../../words/shell.ts";
import type { Offer } from "./offers.ts";
import type { AuthorizationRequest } from "./request.ts";

/** An offer, with what the client has in that account before and would have after. */
export type Given = Offer & { readonly before: Agreeable; readonly after: StepUp };

/** What is granted where a person says yes, in the words of the consent page; of several accounts one may give less. */
export function consentWords(
	{ targets, claims, redirectUri }: AuthorizationRequest,
	given: readonly Given[],
	{ issuer }: Services["config"],
	{ brand, words }: Shell,
) {
	const { apis, foreign } = targets;
	const say = (value: string) => sentenceIn(words, value, apis);
	const asked = toScope(given.flatMap((offer) => offer.scope));
	const isStep = ({ after }: Given) => after.replaces.length > 0;
	// Of several accounts one may have all of it: what is new anywhere is asked about.
	const fresh = asked.filter((value) => given.some((each) => !isStep(each) || !each.before.scope.includes(value)));
	const unchecked = fresh.filter((value) => given.some((offer) => offer.unchecked.includes(value)));
	const checked = fresh.filter((value) => !unchecked.includes(value));
	const { access, identity } = splitScope(checked);
	const byScope = new Set(claimsIn(asked));
	const byName = new Set([...claims.userinfo, ...claims.idToken].filter((claim) => !byScope.has(claim)));
	const at = (name: string, resource: string, scope: Scope) => ({
		api: { name, place: placeOf(resource) },
		sentences: narrow(access, scope).map(say),
	});
	const theirs = apis.map((api) => at(api.name, api.identifier, scopeOfApi(api)));
	const ours = apis.length > 0 ? [at(brand.name, issuer, ownScope)] : [];
	// OIDC Core §11: `offline_access` is about access, not about who somebody is.
	const others = [...(apis.length > 0 ? [] : access), ...identity.filter((value) => value === "offline_access")];
	return {
		permissions: [...theirs, ...ours, { api: null, sentences: others.map(say) }].filter(
			({ sentences }) => sentences.length > 0,
		),
		unchecked,
		identity: [
			...identity.filter((value) => value !== "offline_access").map(say),
			...[...byName].map((claim) => words.claims[claim]),
		],
		elsewhere: [...new Set(foreign.map(placeOf))],
		redirectHost: destinationOf(redirectUri),
		answered: answeredAt(redirectUri),
		accounts: given.map((each) => ({
			id: each.account.id,
			name: each.account.name,
			role: each.role,
			without: leftOut(asked, each.scope).map(say),
			already: isStep(each) ? leftOut(each.after.scope, fresh).map(say) : [],
		})),
	};
}

/** What an API's makers wrote of its permissions stands as they wrote it. */
function sentenceIn({ permissions, identity }: Words, value: string, apis: Parameters<typeof sentenceOf>[1]): string {
	if (isPermission(value)) return permissions[value];
	return isIdentityScope(value) ? identity[value] : sentenceOf(value, apis);
}

function leftOut(scope: Scope, without: Scope): Scope {
	return scope.filter((value) => !without.includes(value));
}

/** A resource that is no web address is named whole. */
function placeOf(resource: string): string {
	const { host } = new URL(resource);
	return host === "" ? resource : host;
}
