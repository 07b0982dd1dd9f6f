import { readResources } from "../../domain/audience.ts";
import { readAskedScope } from "../../domain/scope.ts";
import { resourcesOf } from "../../http/body.ts";
import { grantByIdJag, grantByWorkload } from "../../operations/tokens/jwt-grant.ts";
import { type GrantTypeHandler, invalidTarget, missing, scopeMalformed } from "./grant-type.ts";

/** RFC 7523 §2.1: of a client that authenticates an ID-JAG; of one that is only named, what shows that a workload is it. */
export const jwtBearer: GrantTypeHandler = async (params, client, { address, isProven, sender, services }) => {
	const assertion = params.get("assertion");
	if (assertion === undefined) return missing("assertion");
	const scope = readAskedScope(params.get("scope"));
	if (scope === "malformed") return scopeMalformed;
	const named = readResources(resourcesOf(params), services.config.issuer);
	if (!named.ok) return invalidTarget(named.detail);
	const request = { assertion, scope, resource: named.resource, sender, address };
	return isProven ? grantByIdJag(request, client, services) : grantByWorkload(request, client, services);
};
