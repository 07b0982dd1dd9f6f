import { defaultResourceOf, readResources } from "../../domain/audience.ts";
import type { Client } from "../../domain/client.ts";
import { bounds, moreThan } from "../../domain/bounds.ts";
import { closedScope } from "../../domain/closed-scope.ts";
import { agreeable, defaultScope, uncheckedIn } from "../../domain/effective-scope.ts";
import { readAskedScope, type Scope } from "../../domain/scope.ts";
import { closedTarget, type Targets } from "../../domain/targets.ts";
import { type Params, resourcesOf } from "../../http/body.ts";
import { namesClient } from "../../operations/clients/names-client.ts";
import type { Services } from "../../operations/services.ts";
import { findTargets } from "../../operations/targets.ts";
import { checked, type Checked, refused } from "./refusal.ts";

/**
 * RFC 6749 §3.3, of what can be agreed to for these resources. OIDC Core §3.1.2.1 too has what is not understood ignored. What
 * the person can have of it, and in which account, the consent page says.
 */
export function readScope(params: Params, client: Client, targets: Targets): Checked<Scope> {
	const named = readAskedScope(params.get("scope"));
	if (named === "malformed") return refused("invalid_scope", "scope is malformed");
	const asked = named ?? defaultScope(client);
	const found = agreeable(asked, targets, { client, accountId: null, role: null }, targets.apis);
	if (!found) return named ? refused("invalid_scope", closedScope(named, client, targets)) : checked([]);
	// What nobody here knows is in every access token, which must stay short enough for a header.
	const unchecked = uncheckedIn(found.scope, targets, client, targets.apis);
	return unchecked.length > bounds.uncheckedScopes.most || unchecked.some((each) => each.length > longestUnchecked)
		? refused(
				"invalid_scope",
				`scope has ${moreThan(bounds.uncheckedScopes)}, or one of more than ${longestUnchecked} characters`,
			)
		: checked(found.scope);
}

const longestUnchecked = 100;

/** RFC 8707 §2: whom the access tokens are for; null where neither the request nor its client says. */
export async function readResource(
	params: Params,
	client: Client,
	services: Services,
): Promise<Checked<{ readonly resource: readonly string[] | null; readonly targets: Targets }>> {
	const { issuer } = services.config;
	const named = readResources(resourcesOf(params), issuer);
	if (!named.ok) return refused("invalid_target", named.detail);
	const resource = named.resource ?? defaultResourceOf(client, issuer);
	if (await namesClient(resource ?? [], client, services)) return refused("invalid_target", "resource names a client");
	const targets = await findTargets(resource, services);
	const problem = closedTarget(targets, null);
	return problem === null ? checked({ resource, targets }) : refused("invalid_target", problem);
}
