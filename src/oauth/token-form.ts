import * as v from "valibot";
import type { ParamsOf } from "../http/body.ts";
import { clientParameters } from "./grants/token-request.ts";

/** RFC 7009 §2.1, RFC 7662 §2.1: a token, and the client that asks about it. */
export const tokenFormSchema = v.object({
	token: v.string(),
	token_type_hint: v.optional(v.string()),
	...clientParameters,
});
export type TokenForm = ParamsOf<typeof tokenFormSchema>;
