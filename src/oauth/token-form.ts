import * as v from "valibot";
import { described, titled } from "../http/described.ts";
import type { ParamsOf } from "../http/body.ts";
import { clientParameters } from "./grants/token-request.ts";

/** RFC 7009 §2.1, RFC 7662 §2.1: a token, and the client that asks about it. */
export const tokenFormSchema = titled(
	"TokenForm",
	v.object({
		token: described(v.string(), "An access token or a refresh token."),
		token_type_hint: v.optional(described(v.string(), "Which of them it is; nothing depends on it.")),
		...clientParameters,
	}),
);
export type TokenForm = ParamsOf<typeof tokenFormSchema>;
