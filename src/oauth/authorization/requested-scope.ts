import { isOwnResource } from "../../domain/audience.ts";
import { claimsIn } from "../../domain/identity-claims.ts";
import { identityScopes, isIdentityScope, splitScope } from "../../domain/identity.ts";
import { isPermission, permissions, type Role, roles } from "../../domain/permission.ts";
import { answeredAt, destinationOf } from "../../domain/redirect.ts";
import { claimWords } from "../../pages/consent/claim-words.ts";
import type { AuthorizationRequest } from "./request.ts";

/** What a request asks for, in the words of the consent page. */
export function requestedScope(
	{ scope, resource, claims, redirectUri }: AuthorizationRequest,
	accounts: readonly { readonly role: Role }[],
	issuer: string,
) {
	const { access, identity } = splitScope(scope);
	const byScope = new Set(claimsIn(scope));
	const byName = new Set([...claims.userinfo, ...claims.idToken].filter((claim) => !byScope.has(claim)));
	return {
		permissions: [
			...access
				// What the person's own roles do not allow is not granted, and so not asked.
				.filter((value) => accounts.length === 0 || accounts.some(({ role }) => isWithinRole(value, role)))
				.map((value) => (isPermission(value) ? permissions[value] : value)),
			// OIDC Core §11: it is about access, not about who somebody is.
			...(identity.includes("offline_access") ? [identityScopes.offline_access] : []),
		],
		identity: [
			...identity.filter((value) => value !== "offline_access").map((value) => identityScopes[value]),
			...[...byName].map((claim) => claimWords[claim]),
		],
		elsewhere: [...new Set((resource ?? []).filter((each) => !isOwnResource(each, issuer)).map(hostOf))],
		redirectHost: destinationOf(redirectUri),
		answered: answeredAt(redirectUri),
	};
}

/** Who somebody is, is theirs to tell whatever their role. */
export function isWithinRole(value: string, role: Role): boolean {
	return isIdentityScope(value) || roles[role].some((permission) => permission === value);
}

/** A resource that is no web address is named whole. */
function hostOf(resource: string): string {
	const { host } = new URL(resource);
	return host === "" ? resource : host;
}
