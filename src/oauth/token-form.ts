import * as v from "valibot";
import { assertionType } from "../domain/client-assertion.ts";

/**
 * RFC 7009 §2.1, RFC 7662 §2.1: a token, and the client that asks about it. Read by http/body.ts, as the parameters that they
 * are: this says what they are.
 */
export const tokenFormSchema = v.object({
	token: v.string(),
	token_type_hint: v.optional(v.string()),
	client_id: v.optional(v.string()),
	client_secret: v.optional(v.string()),
	client_assertion_type: v.optional(v.literal(assertionType)),
	client_assertion: v.optional(v.string()),
});
