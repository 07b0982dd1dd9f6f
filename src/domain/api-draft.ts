import type { Api, ApiPermission } from "./api.ts";
import { isOwnResource, resourceProblem } from "./audience.ts";
import { atMost, bounds } from "./bounds.ts";
import { accessTokenTtls } from "./client-draft.ts";
import type { FieldProblem } from "./client-option-problems.ts";
import { readLine, readName } from "./display-name.ts";
import { isIdentityScope } from "./identity.ts";
import { isPermission, pairScopes } from "./permission.ts";
import { parseScope } from "./scope.ts";

/** What people say of an API when they register or change it; none of it is checked yet. */
export type ApiDraft = Omit<Api, "id" | "accountId">;
/** What of it can be changed: tokens and grants that are out there know it by its identifier. */
export type ApiEdit = Partial<Omit<ApiDraft, "identifier">>;

export const maxApiDescription = 200;

/** The draft as it would be registered. */
export function tidyApi(draft: ApiDraft): ApiDraft {
	return {
		...draft,
		identifier: draft.identifier.trim(),
		name: readName(draft.name) ?? draft.name,
		description: tidyLine(draft.description),
		permissions: draft.permissions.map(tidyPermission),
		servers: [...new Set(draft.servers.map((each) => each.trim()))],
	};
}

function tidyPermission(permission: ApiPermission): ApiPermission {
	const { name, title, description } = permission;
	return { ...permission, name: name.trim(), title: readName(title) ?? title, description: tidyLine(description) };
}

function tidyLine(text: string): string {
	return text.trim() === "" ? "" : (readLine(text, maxApiDescription) ?? text);
}

/** Everything that is wrong with a tidy draft, by the names of the JSON API, so that it can be mended at once. */
export function apiProblems(draft: ApiDraft, issuer: string): readonly FieldProblem[] {
	const { identifier, name, description, permissions, tokenTtl, servers } = draft;
	const problems: FieldProblem[] = [];
	const add = (field: string, detail: string) => problems.push({ field, detail });
	const ofIdentifier = identifierProblem(identifier, issuer);
	if (ofIdentifier !== null) add("identifier", ofIdentifier);
	if (readName(name) !== name) add("name", "The name must have 1 to 100 printable characters.");
	if (!isLineOrNone(description)) {
		add("description", `The description may have ${maxApiDescription} printable characters, on one line.`);
	}
	const { least, most } = accessTokenTtls;
	if (tokenTtl !== null && (!Number.isInteger(tokenTtl) || tokenTtl < least || tokenTtl > most)) {
		add("access_token_ttl", `Access tokens may live from ${least} to ${most} seconds.`);
	}
	if (servers.length > bounds.apiServers.most) add("servers", `An API has ${atMost(bounds.apiServers)}.`);
	if (permissions.length > bounds.apiPermissions.most) {
		add("permissions", `An API has ${atMost(bounds.apiPermissions)}.`);
	} else {
		for (const [index, permission] of permissions.entries()) {
			for (const [member, detail] of permissionProblems(permission)) add(`permissions.${index}.${member}`, detail);
			const folded = foldedName(permission.name);
			if (permissions.findIndex((each) => foldedName(each.name) === folded) < index) {
				add(`permissions.${index}.name`, "The API has another permission of this name.");
			}
		}
	}
	return problems;
}

/** RFC 8707 §2, and that no token for it could be taken for one that opens latchkey. */
function identifierProblem(identifier: string, issuer: string): string | null {
	const problem = resourceProblem(identifier);
	if (problem !== null) return `${problem.replace("resource", "The identifier")}.`;
	// Every client, and whoever reads a token or the metadata, is told it.
	const { username, password } = new URL(identifier);
	if (username !== "" || password !== "") return "The identifier has a user name or a password in it.";
	return isOwnResource(identifier, issuer) ? "That is latchkey's own address, which is an API already." : null;
}

function* permissionProblems({ name, title, description }: ApiPermission): Generator<readonly [string, string]> {
	const ofName = permissionNameProblem(name);
	if (ofName !== null) yield ["name", ofName];
	if (readName(title) !== title) yield ["title", "The title must have 1 to 100 printable characters."];
	if (!isLineOrNone(description)) {
		yield ["description", `The description may have ${maxApiDescription} printable characters, on one line.`];
	}
}

/** RFC 6749 §3.3: a scope-token. Those that mean something here already are latchkey's. */
export function permissionNameProblem(name: string): string | null {
	const scope = name.length <= 100 ? parseScope(name) : null;
	if (scope?.length !== 1 || scope[0] !== name) {
		return "A name has 1 to 100 visible ASCII characters, without spaces, quotation marks and backslashes.";
	}
	const folded = foldedName(name);
	const isOurs = isPermission(folded) || isIdentityScope(folded) || pairScopes.some((each) => each === folded);
	return isOurs ? "latchkey itself has a permission of this name." : null;
}

/** Scope values are case-sensitive (RFC 6749 §3.3), and people take `Orders:read` for `orders:read`: there is one of them. */
function foldedName(name: string): string {
	return name.toLowerCase();
}

function isLineOrNone(text: string): boolean {
	return text === "" || readLine(text, maxApiDescription) === text;
}
