import { readUnverified } from "../../crypto/jwt.ts";
import type { Client } from "../../domain/client.ts";
import type { Params } from "../../http/body.ts";
import { checked, type Checked, type Refusal, refused } from "./refusal.ts";

/** OAuth 2.0 Multiple Response Type Encoding Practices §2.1, OAuth 2.0 Form Post Response Mode §2. */
export const responseModes = ["query", "form_post"] as const;
export type ResponseMode = (typeof responseModes)[number];

/** How whatever is answered gets to the client. A mode that cannot be is answered by the query: {@link readFlow} refuses it. */
export function responseModeOf(params: Params, redirectUri: string): ResponseMode {
	const mode = params.get("response_mode") ?? modeInside(params.get("request"));
	return mode === "form_post" && canBePostedTo(redirectUri) ? "form_post" : "query";
}

/**
 * A client may say in its request object alone how it takes answers (OIDC Core §6.1), and that we refuse the object is one.
 * Nothing else of the object is looked at: not believed, it says where to knock at a door that is the client's anyway.
 */
function modeInside(request: string | undefined): unknown {
	return request === undefined ? undefined : readUnverified(request)?.claims.response_mode;
}

/** OIDC Core §6.1, §6.2 and §7.2.1: what says something else than the rest of the request may not be passed over. */
export function refuseObjects(params: Params): Refusal | null {
	if (params.has("request")) return refused("request_not_supported", "Request objects are not supported");
	if (params.has("request_uri")) return refused("request_uri_not_supported", "Request objects are not supported");
	if (params.has("registration")) return refused("registration_not_supported", "registration is not supported");
	return null;
}

/** The code flow, for a client that is registered for it. */
export function readFlow(params: Params, client: Client, redirectUri: string): Checked<ResponseMode> {
	if (!params.has("response_type")) return refused("invalid_request", "response_type is missing");
	if (params.get("response_type") !== "code") return refused("unsupported_response_type", "Only code is supported");
	const mode = params.get("response_mode") ?? "query";
	if (mode !== "query" && mode !== "form_post") {
		return refused("invalid_request", "response_mode must be query or form_post");
	}
	if (mode === "form_post" && !canBePostedTo(redirectUri)) {
		return refused("invalid_request", "response_mode form_post needs a redirect_uri of http or https");
	}
	if (!client.grantTypes.includes("authorization_code")) {
		return refused("unauthorized_client", "The client is not registered for the code flow");
	}
	return checked(mode);
}

function canBePostedTo(redirectUri: string): boolean {
	return /^https?:$/.test(new URL(redirectUri).protocol);
}
