import { readResources, scopeForAny } from "../../domain/audience.ts";
import type { Client } from "../../domain/client.ts";
import { isIdentityScope, splitScope } from "../../domain/identity.ts";
import { isPermission } from "../../domain/permission.ts";
import { isWithin, parseScope, type Scope } from "../../domain/scope.ts";
import { type Params, resourcesOf } from "../../http/body.ts";
import { namesClient } from "../../operations/clients/names-client.ts";
import type { Services } from "../../operations/services.ts";
import { checked, type Checked, refused } from "./refusal.ts";

/**
 * RFC 6749 §3.3, of what can be agreed to for these resources (null: latchkey). Left out, it means what the client may do; who
 * somebody is has to be asked for.
 */
export function readScope(
	params: Params,
	client: Client,
	resource: readonly string[] | null,
	issuer: string,
): Checked<Scope> {
	const text = params.get("scope");
	const open = scopeForAny(client.scope, resource ?? [issuer], issuer);
	if (text === undefined) return checked(splitScope(open).access);
	const asked = parseScope(text);
	if (!asked) return refused("invalid_scope", "scope is malformed");
	const isKnown = (value: string) => isPermission(value) || isIdentityScope(value) || client.scope.includes(value);
	// OIDC Core §3.1.2.1: scope values that are not understood SHOULD be ignored.
	const scope = asked.includes("openid") ? asked.filter(isKnown) : asked;
	if (!isWithin(scope, client.scope)) return refused("invalid_scope", "The scope is not open to this client");
	const left = scope.filter((value) => open.includes(value));
	return left.length === 0
		? refused("invalid_scope", "None of the scope is of the resource that is named")
		: checked(left);
}

/** RFC 8707 §2: whom the access tokens are for; null where the request does not say. */
export async function readResource(
	params: Params,
	client: Client,
	services: Services,
): Promise<Checked<readonly string[] | null>> {
	const named = readResources(resourcesOf(params), services.config.issuer);
	if (!named.ok) return refused("invalid_target", named.detail);
	const namesOne = await namesClient(named.resource ?? [], client, services);
	return namesOne ? refused("invalid_target", "resource names a client") : checked(named.resource);
}
