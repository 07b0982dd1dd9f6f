import * as v from "valibot";
import { assertionType } from "../../domain/client-assertion.ts";
import { grantTypeNames } from "../../domain/client.ts";
import type { ParamsOf } from "../../http/body.ts";

// A body of parameters (RFC 6749 §3.2), which http/body.ts reads. What is not here is neither documented nor read.

/** RFC 6749 §2.3.1, RFC 7521 §4.2 */
export const clientParameters = {
	client_id: v.optional(v.string()),
	client_secret: v.optional(v.string()),
	client_assertion_type: v.optional(v.literal(assertionType)),
	client_assertion: v.optional(v.string()),
};

/** RFC 6749 §4.1.3, §4.4.2 and §6 */
export const tokenRequestSchema = v.object({
	grant_type: v.picklist(grantTypeNames),
	...clientParameters,
	code: v.optional(v.string()),
	redirect_uri: v.optional(v.string()),
	code_verifier: v.optional(v.string()),
	refresh_token: v.optional(v.string()),
	scope: v.optional(v.string()),
	// RFC 8707 §2: may be repeated in a form.
	resource: v.optional(v.union([v.string(), v.array(v.string())])),
});
export type TokenRequest = ParamsOf<typeof tokenRequestSchema>;
