import { readResources, scopeOfGrant } from "../../domain/audience.ts";
import type { Client } from "../../domain/client.ts";
import { defaultScope, effectiveScope, ownScope } from "../../domain/effective-scope.ts";
import { readAskedScope, type Scope } from "../../domain/scope.ts";
import { type Params, resourcesOf } from "../../http/body.ts";
import { namesClient } from "../../operations/clients/names-client.ts";
import type { Services } from "../../operations/services.ts";
import { closedScope } from "../../domain/closed-scope.ts";
import { checked, type Checked, refused } from "./refusal.ts";

/**
 * RFC 6749 §3.3, of what can be agreed to for these resources (null: latchkey). OIDC Core §3.1.2.1 too has what is not
 * understood ignored. What the person can have of it, the consent page says.
 */
export function readScope(
	params: Params,
	client: Client,
	resource: readonly string[] | null,
	issuer: string,
): Checked<Scope> {
	const asked = readAskedScope(params.get("scope"));
	if (asked === "malformed") return refused("invalid_scope", "scope is malformed");
	const api = scopeOfGrant(ownScope, resource ?? [issuer], issuer);
	if (asked === null) return checked(defaultScope(client, api));
	const scope = effectiveScope(asked, client.scope, api);
	return scope ? checked(scope) : refused("invalid_scope", closedScope(asked, client.scope));
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
