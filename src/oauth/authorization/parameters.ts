import * as v from "valibot";
import { described } from "../../http/described.ts";
import type { Documentation } from "../../http/documentation.ts";

// What an authorization request says (RFC 6749 §4.1.1), for whoever takes one: as a link, a form, or one that is pushed.

/** Cloudflare takes URLs of 16 KB. */
export const longestQuery = 15 * 1024;

export const requestExample = {
	response_type: "code",
	client_id: "lkid_…",
	redirect_uri: "https://radar.example/done",
	state: "af0ifjsldkj",
	code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
	code_challenge_method: "S256",
};

/** In the order of the checks. A parameter that is not here is ignored (RFC 6749 §3.1). */
export const requestParameters: NonNullable<Documentation["query"]> = {
	client_id: { description: "The client.", example: requestExample.client_id },
	redirect_uri: {
		description:
			"One of its registered redirect URLs, exactly; for a public client on loopback (`http://127.0.0.1`, `http://[::1]`, " +
			"`http://localhost`) with any port (RFC 8252 §7.3). May be left out where the client has one.",
		example: requestExample.redirect_uri,
	},
	state: { description: "Comes back with the answer, as it is.", example: requestExample.state },
	response_type: { description: "`code`.", example: requestExample.response_type },
	response_mode: { description: "`query`, which it is where it is left out, or `form_post`." },
	code_challenge: {
		description:
			"RFC 7636 §4.2. May be left out by a confidential client that asks for `openid`, unless its `require_pkce` is set.",
		example: requestExample.code_challenge,
	},
	code_challenge_method: { description: "`S256`.", example: requestExample.code_challenge_method },
	dpop_jkt: {
		description:
			"RFC 9449 §10: the thumbprint (RFC 7638, SHA-256) of the key that the code is bound to. It is redeemed by nobody else.",
	},
	scope: {
		description:
			"Permissions of the APIs that `resource` names and the scopes of OpenID Connect, separated by spaces; the permissions that " +
			"the client registered where it is left out. What the client, the API or the person cannot have is dropped, and `scope` of the " +
			"token answer says what is left; `invalid_scope` where nothing is. For a resource that nobody registered, at most 20 values " +
			"that are unknown here are passed on as they are, and shown as unchecked. Who asks for more access than it has for the same " +
			"resources is granted both, and what it had ends when the code is redeemed.",
	},
	resource: {
		description:
			"RFC 8707: whom the access tokens are for, latchkey, a registered API or any absolute URI; the client's `default_resource`, " +
			"else latchkey, where it is left out. May be given several times. `invalid_target` for what is a registered API but for a " +
			"slash or the case of its letters.",
	},
	prompt: { description: "`none`, or some of `login`, `consent` and `select_account`." },
	max_age: { description: "How many seconds ago the person may have signed in." },
	acr_values: {
		description:
			"Authentication contexts, the preferred first: where one of them is among `acr_values_supported`, the sign-in has one of " +
			"those; others are passed over. As an essential claim (`claims`, `id_token`, `acr`) what cannot be had is " +
			"`unmet_authentication_requirements`.",
	},
	claims: { description: "OIDC Core §5.5: claims by name, for `userinfo` and `id_token`. At most 4 KiB." },
	nonce: { description: "Stands in the id_token, as it is." },
	id_token_hint: { description: "An id_token of this client: only that person will do." },
	login_hint: { description: "The user name to begin the sign-in with." },
	ui_locales: {
		description:
			"The languages that the person prefers (BCP 47), separated by spaces, the preferred first. The pages are in the first of them " +
			"that is among `ui_locales_supported`, unless the person chose another one here.",
	},
};

/** RFC 9126 §4: the request, or a reference to one that was pushed. */
export const requestOrReference: typeof requestParameters = {
	...requestParameters,
	request_uri: {
		description:
			"What `POST /oauth/par` answered (RFC 9126): then nothing but `client_id` is needed beside it, and nothing else counts.",
	},
};

/** Of a form, what is a query elsewhere. */
export function membersOf(parameters: typeof requestParameters) {
	return Object.fromEntries(
		Object.entries(parameters).map(([name, { description }]) => [name, v.optional(described(v.string(), description))]),
	);
}
