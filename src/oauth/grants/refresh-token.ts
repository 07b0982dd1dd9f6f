import { readResources } from "../../domain/audience.ts";
import { readAskedScope } from "../../domain/scope.ts";
import { resourcesOf } from "../../http/body.ts";
import { refreshGrant } from "../../operations/tokens/refresh-grant.ts";
import type { TokenRefusal } from "../../operations/tokens/issued-tokens.ts";
import { type GrantTypeHandler, invalidTarget, missing, scopeMalformed } from "./grant-type.ts";

/** RFC 6749 §6, RFC 8707 §2.2. */
export const refreshToken: GrantTypeHandler = async (params, client, { address, isProven, sender, services }) => {
	const presented = params.get("refresh_token");
	if (presented === undefined) return missing("refresh_token");
	const scope = readAskedScope(params.get("scope"));
	if (scope === "malformed") return scopeMalformed;
	const named = readResources(resourcesOf(params), services.config.issuer);
	if (!named.ok) return invalidTarget(named.detail);
	// Contract 000 sends the redirect URL here too: where it is sent, it has to be the client's.
	const redirectUri = params.get("redirect_uri");
	if (redirectUri !== undefined && !client.redirectUris.includes(redirectUri)) {
		const detail = "The redirect URL is not registered for this client";
		return { ok: false, error: "invalid_grant", reason: "redirect_uri", detail };
	}
	const { resource } = named;
	const asked = { refreshToken: presented, isProven, scope, resource, sender };
	const issued = await refreshGrant(asked, client, address, services);
	return issued.ok ? issued : { ...issued, detail: issued.detail ?? detailOf(issued.error) };
};

function detailOf(error: TokenRefusal["error"]): string {
	switch (error) {
		case "invalid_scope":
			return "The scope goes beyond what was granted";
		case "invalid_target":
			return "A resource was not granted";
		default:
			return "The refresh token is not valid for this client, or not any more";
	}
}
