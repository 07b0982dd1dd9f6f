import type { Client } from "../../domain/client.ts";
import type { Call } from "../../endpoint/call.ts";
import type { Sender } from "../../operations/checks/dpop.ts";
import type { TokenRequest } from "./token-request.ts";
import type { IssuedTokens, TokenRefusal } from "../../operations/tokens/issued-tokens.ts";

/** A grant type fills in only what is its own; the endpoint has read the body and knows the client. */
export type GrantTypeHandler = (
	params: TokenRequest,
	client: Client,
	call: Pick<Call, "address" | "services"> & {
		/** Whether the client authenticated, and did not only name itself. */
		readonly isProven: boolean;
		/**
		 * Whose key its tokens are bound to (RFC 9449 §5); null where it proved to have none. The operation uses the proof up, when nothing is
		 * left that it could refuse by itself, and before anything changes.
		 */
		readonly sender: Sender | null;
	},
) => Promise<IssuedTokens | ToldRefusal>;

/** A refusal, and what the developer of the client is told of it. */
export type ToldRefusal = TokenRefusal & { readonly detail: string };

/** RFC 6749 §5.2 */
export const scopeMalformed: ToldRefusal = {
	ok: false,
	error: "invalid_scope",
	reason: "scope_malformed",
	detail: "scope is malformed",
};

/** RFC 8707 §2: a resource that may not be named at all. */
export function invalidTarget(detail: string): ToldRefusal {
	return { ok: false, error: "invalid_target", reason: "resource_malformed", detail };
}

/** A parameter that the grant type cannot do without. */
export function missing(name: string): ToldRefusal {
	return { ok: false, error: "invalid_request", reason: `no_${name}`, detail: `${name} is missing` };
}
