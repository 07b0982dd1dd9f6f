import { type Client, isPublic } from "../domain/client.ts";
import { isWithin, parseScope, type Scope } from "../domain/scope.ts";
import type { Params } from "../http/body.ts";
import { findClient } from "../operations/authenticate-client.ts";
import type { Services } from "../operations/services.ts";

/** An authorization request that may be put to a person. */
export interface AuthorizationRequest {
	readonly client: Client;
	readonly redirectUri: string;
	/** Whether the request named it (then the token request has to, RFC 6749 §4.1.3). */
	readonly redirectUriNamed: boolean;
	readonly scope: Scope;
	readonly state: string | null;
	readonly codeChallenge: string | null;
	/** The word for it: an integration is installed, an application is authorized. */
	readonly verb: "install" | "authorize";
}

export type ReadAuthorization =
	| { kind: "request"; request: AuthorizationRequest }
	/** RFC 6749 §4.1.2.1: with a bad client or redirect URI nothing goes back to it; the person is told. */
	| { kind: "unanswerable"; title: string; detail: string }
	/** For the client to know, at its redirect URI. */
	| { kind: "refused"; redirectUri: string; state: string | null; error: AuthorizationError; detail: string };

type AuthorizationError =
	| "invalid_request"
	| "unauthorized_client"
	| "unsupported_response_type"
	| "invalid_scope"
	| "access_denied";

/** RFC 6749 §4.1.1 and RFC 7636 §4.3: the checks in the order in which their answers become possible. */
export async function readAuthorizationRequest(params: Params, services: Services): Promise<ReadAuthorization> {
	const client = await findClient(params.get("client_id") ?? "", services);
	if (!client) return unanswerable("Unknown application", "The link names an application that is not registered here.");

	const named = params.get("redirect_uri");
	const redirectUri = named ?? (client.redirectUris.length === 1 ? client.redirectUris[0] : undefined);
	// RFC 9700 §4.1.3: exact string comparison.
	if (redirectUri === undefined || !client.redirectUris.includes(redirectUri)) {
		return unanswerable(
			"Wrong redirect URL",
			"The link asks for an answer at a URL that the application did not register.",
		);
	}
	const state = params.get("state") ?? null;
	const refused = (error: AuthorizationError, detail: string): ReadAuthorization => ({
		kind: "refused",
		redirectUri,
		state,
		error,
		detail,
	});
	if (!params.has("response_type")) return refused("invalid_request", "response_type is missing");
	if (params.get("response_type") !== "code") return refused("unsupported_response_type", "Only code is supported");
	const mode = params.get("response_mode");
	if (mode !== undefined && mode !== "query") return refused("invalid_request", "response_mode must be query");
	if (!client.grantTypes.includes("authorization_code")) {
		return refused("unauthorized_client", "The client is not registered for the code flow");
	}

	const codeChallenge = params.get("code_challenge") ?? null;
	const method = params.get("code_challenge_method");
	// RFC 7636 §4.3: absent means `plain`, which RFC 9700 §2.1.1 rules out.
	if (codeChallenge !== null && method !== "S256")
		return refused("invalid_request", "code_challenge_method must be S256");
	if (codeChallenge === null && method !== undefined) return refused("invalid_request", "code_challenge is missing");
	if (codeChallenge !== null && !/^[A-Za-z0-9_-]{43}$/.test(codeChallenge)) {
		return refused("invalid_request", "code_challenge is malformed");
	}
	// RFC 9700 §2.1.1: public clients MUST use PKCE.
	if (codeChallenge === null && isPublic(client)) return refused("invalid_request", "code_challenge is required");

	const text = params.get("scope");
	const scope = text === undefined ? client.scope : parseScope(text);
	if (!scope || !isWithin(scope, client.scope)) return refused("invalid_scope", "The scope is not open to this client");
	const request = { client, redirectUri, redirectUriNamed: named !== undefined, scope, state, codeChallenge };
	return { kind: "request", request: { ...request, verb: "authorize" } };
}

function unanswerable(title: string, detail: string): ReadAuthorization {
	return { kind: "unanswerable", title, detail };
}
