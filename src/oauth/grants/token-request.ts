import * as v from "valibot";
import { described, titled } from "../../http/described.ts";
import { assertionType } from "../../domain/client-assertion.ts";
import { idJagType, idTokenType } from "../../domain/identity-assertion.ts";
import { accessTokenType } from "../../domain/token-exchange.ts";
import { grantTypeNames } from "../../domain/client.ts";
import type { ParamsOf } from "../../http/body.ts";

// A body of parameters (RFC 6749 §3.2), which http/body.ts reads. What is not here is neither documented nor read.

/** RFC 6749 §2.3.1, RFC 7521 §4.2 */
export const clientParameters = {
	client_id: v.optional(described(v.string(), "The client's id.")),
	client_secret: v.optional(described(v.string(), "Its secret, where HTTP Basic does not bring it.")),
	client_assertion_type: v.optional(described(v.literal(assertionType), "That `client_assertion` is a JWT.")),
	client_assertion: v.optional(described(v.string(), "A JWT that the client signed (RFC 7523 §2.2).")),
};

/** RFC 6749 §4.1.3, §4.4.2 and §6, RFC 8628 §3.4 */
export const tokenRequestSchema = titled(
	"TokenRequest",
	v.object({
		grant_type: described(v.picklist(grantTypeNames), "What it is got for."),
		...clientParameters,
		code: v.optional(described(v.string(), "The code of the redirect.")),
		redirect_uri: v.optional(
			described(v.string(), "The redirect URL of the authorization request, where it named one."),
		),
		code_verifier: v.optional(described(v.string(), "RFC 7636 §4.1.")),
		refresh_token: v.optional(described(v.string(), "The refresh token.")),
		device_code: v.optional(described(v.string(), "The code of the device authorization (RFC 8628).")),
		scope: v.optional(described(v.string(), "Values with spaces between: some of what was granted.")),
		// RFC 8707 §2: may be repeated in a form.
		resource: v.optional(
			described(v.union([v.string(), v.array(v.string())]), "Whom the access token is for (RFC 8707)."),
		),
		// RFC 8693 §2.1
		audience: v.optional(
			described(v.union([v.string(), v.array(v.string())]), "The same as `resource`, for an exchange (RFC 8693)."),
		),
		requested_token_type: v.optional(
			described(
				v.picklist([accessTokenType, idJagType]),
				"What an exchange is for: an access token, also where it is left out, or an assertion for another server (ID-JAG).",
			),
		),
		subject_token: v.optional(
			described(v.string(), "Whom an exchange is for: an access token of theirs, or for an assertion their id_token."),
		),
		subject_token_type: v.optional(
			described(v.picklist([accessTokenType, idTokenType]), "Which of them `subject_token` is."),
		),
		assertion: v.optional(described(v.string(), "A JWT of an issuer that the account trusts (RFC 7523 §2.1).")),
		actor_token: v.optional(described(v.string(), "Who acts for them: an access token; left out, the client.")),
		actor_token_type: v.optional(described(v.literal(accessTokenType), "That `actor_token` is one.")),
		authorization_details: v.optional(
			described(
				v.string(),
				"RFC 9396: none are understood here. An exchange for an assertion (ID-JAG) is refused with them.",
			),
		),
	}),
);
export type TokenRequest = ParamsOf<typeof tokenRequestSchema>;
