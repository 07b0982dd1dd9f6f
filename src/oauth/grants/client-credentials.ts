import { readResources } from "../../domain/audience.ts";
import { splitScope } from "../../domain/identity.ts";
import { readAskedScope } from "../../domain/scope.ts";
import { resourcesOf } from "../../http/body.ts";
import { grantClientCredentials } from "../../operations/tokens/client-credentials-grant.ts";
import { latchkeyAlone } from "../../domain/targets.ts";
import { closedScope } from "../../domain/closed-scope.ts";
import { type GrantTypeHandler, invalidTarget, scopeMalformed } from "./grant-type.ts";

/** RFC 6749 §4.4: a client that acts for itself, in the account that owns it. */
export const clientCredentials: GrantTypeHandler = async (params, client, { sender, services }) => {
	const scope = readAskedScope(params.get("scope"));
	if (scope === "malformed") return scopeMalformed;
	const named = readResources(resourcesOf(params), services.config.issuer);
	if (!named.ok) return invalidTarget(named.detail);
	const issued = await grantClientCredentials({ scope, resource: named.resource, sender }, client, services);
	if (issued.ok) return issued;
	const { error } = issued;
	if (error === "invalid_dpop_proof") return issued;
	// What tells of people is no client's, and was not what was missing.
	switch (error) {
		case "invalid_scope":
			return { ...issued, detail: closedScope(splitScope(scope ?? []).access, client, latchkeyAlone) };
		case "invalid_target":
			return { ...issued, detail: issued.detail ?? "resource names a client" };
		case "unauthorized_client":
			return { ...issued, detail: "The client may not act for itself" };
	}
};
