/**
 * What a client is told of a request that leads to no code: RFC 6749 §4.1.2.1, RFC 8707 §2, RFC 9126 §2.3, OIDC Core §3.1.2.6,
 * and Unmet Authentication Requirements 1.0.
 */
export type AuthorizationError =
	| "invalid_request"
	| "unauthorized_client"
	| "access_denied"
	| "unsupported_response_type"
	| "invalid_scope"
	| "invalid_target"
	| "login_required"
	| "interaction_required"
	| "account_selection_required"
	| "consent_required"
	| "request_not_supported"
	| "request_uri_not_supported"
	| "invalid_request_uri"
	| "registration_not_supported"
	| "unmet_authentication_requirements";

export interface Refusal {
	readonly ok: false;
	readonly error: AuthorizationError;
	/** For the developer of the client, in the characters of RFC 6749 §4.1.2.1. */
	readonly detail: string;
}

/** What one check made of its parameters. */
export type Checked<Value> = { readonly ok: true; readonly value: Value } | Refusal;

export function refused(error: AuthorizationError, detail: string): Refusal {
	return { ok: false, error, detail };
}

export function checked<Value>(value: Value): Checked<Value> {
	return { ok: true, value };
}
