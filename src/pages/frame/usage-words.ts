import type { Deed, RefusalReason } from "../../domain/usage.ts";

export const deedWords: Readonly<Record<Deed, string>> = {
	sign_in: "Sign-ins",
	login: "Logins",
	token: "Tokens",
	check: "Checks",
};

export const refusalWords: Readonly<Record<RefusalReason, string>> = {
	key_disabled: "The API key is disabled",
	key_deleted: "The API key is deleted",
	code_disabled: "The access code is disabled",
	code_expired: "The access code has expired",
	key_expired: "The API key has expired",
	network_refused: "The network is none of those that the API key is for",
	rate_limited: "The API key was used too often",
	uses_spent: "The API key has no uses left",
	link_disabled: "The link of the API key is disabled",
	unknown_code: "No access code of an API key that the account has",
	inactive_token: "The token is not active, or not for whoever asked",
	token_expired: "The token has expired",
	token_ended: "The token was revoked, or what it came of has ended",
	missing_permission: "The credential lacks the permission",
	invalid_client: "The client's secret is wrong",
	invalid_grant: "The code or refresh token is not good",
	invalid_scope: "The client may not have that scope",
	invalid_target: "The client gets no tokens for that resource",
	invalid_request: "The token request is malformed",
	unauthorized_client: "The client may not use that grant type",
	access_denied: "The person said no",
	expired_token: "The device code has expired",
	invalid_dpop_proof: "The DPoP proof is missing or wrong",
};
