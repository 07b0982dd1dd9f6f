import { parseScope } from "../../domain/scope.ts";
import { refreshGrant } from "../../operations/refresh-grant.ts";
import { type GrantTypeHandler, missing } from "./grant-type.ts";

/** RFC 6749 §6. */
export const refreshToken: GrantTypeHandler = {
	name: "refresh_token",
	async handle(params, client, { address, services }) {
		const presented = params.get("refresh_token");
		if (presented === undefined) return missing("refresh_token");
		const text = params.get("scope");
		const scope = text === undefined ? null : parseScope(text);
		if (text !== undefined && !scope) {
			return { ok: false, error: "invalid_scope", reason: "scope_malformed", detail: "scope is malformed" };
		}
		// Contract 000 sends the redirect URL here too: where it is sent, it has to be the client's.
		const redirectUri = params.get("redirect_uri");
		if (redirectUri !== undefined && !client.redirectUris.includes(redirectUri)) {
			const detail = "The redirect URL is not registered for this client";
			return { ok: false, error: "invalid_grant", reason: "redirect_uri", detail };
		}
		const issued = await refreshGrant({ refreshToken: presented, scope, resource: null }, client, address, services);
		if (issued.ok) return issued;
		const detail =
			issued.error === "invalid_scope"
				? "The scope goes beyond what was granted"
				: "The refresh token is not valid for this client, or not any more";
		return { ...issued, detail };
	},
};
