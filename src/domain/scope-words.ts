import type { Api } from "./api.ts";
import { identityScopes, isIdentityScope } from "./identity.ts";
import { isPermission, permissions } from "./permission.ts";

/** What a scope value lets its holder do or learn, as a sentence; one that is not known (any more) stands for itself. */
export function sentenceOf(value: string, apis: readonly Pick<Api, "permissions">[] = []): string {
	if (isPermission(value)) return permissions[value];
	if (isIdentityScope(value)) return identityScopes[value];
	const found = apis.flatMap((api) => api.permissions).find(({ name }) => name === value);
	if (!found) return value;
	return found.description === "" ? found.title : `${found.title}: ${found.description}`;
}
