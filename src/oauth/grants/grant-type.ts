import type { Client, GrantType } from "../../domain/client.ts";
import type { Params } from "../../http/body.ts";
import type { Call } from "../../operations/call.ts";
import type { IssuedTokens, TokenRefusal } from "../../operations/issued-tokens.ts";

/** A grant type fills in only what is its own; the endpoint has read the body and knows the client. */
export interface GrantTypeHandler {
	readonly name: GrantType;
	handle(
		params: Params,
		client: Client,
		call: Pick<Call, "address" | "services">,
	): Promise<IssuedTokens | (TokenRefusal & { detail: string })>;
}

/** A parameter that the grant type cannot do without. */
export function missing(name: string): TokenRefusal & { detail: string } {
	return { ok: false, error: "invalid_request", reason: `no_${name}`, detail: `${name} is missing` };
}
