import { identityScopes, isIdentityScope } from "./identity.ts";
import { isPermission, permissions } from "./permission.ts";

/** What a scope value lets its holder do or learn, as a sentence; one that is not known (any more) stands for itself. */
export function sentenceOf(value: string): string {
	if (isPermission(value)) return permissions[value];
	return isIdentityScope(value) ? identityScopes[value] : value;
}
