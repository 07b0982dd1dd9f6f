import type { Client } from "../../domain/client.ts";
import type { PushedRequest } from "../../domain/pushed-request.ts";
import { openPushed } from "../../domain/pushed-request.ts";
import type { Params } from "../../http/body.ts";
import { findPushed, isReference } from "../../operations/clients/pushed-request.ts";
import type { Services } from "../../operations/services.ts";
import { type Refusal, refused } from "./refusal.ts";

/** How the parameters of a request came here. */
export type Source =
	/** Through the person's browser. */
	| { readonly kind: "query" }
	/** From the client itself, this very moment (RFC 9126 §2.1). */
	| { readonly kind: "push" }
	/** From the client itself, before; null where that is too long ago. */
	| { readonly kind: "reference"; readonly pushed: PushedRequest | null };

/** What a request says, wherever that stands. */
export interface Said {
	readonly params: Params;
	readonly source: Source;
}

/**
 * RFC 9101 §6.3, RFC 9126 §4: where there is a `request_uri` of ours, what was pushed and nothing that stands beside it. Null
 * where nobody pushed it, or another client did (§2.2).
 */
export async function readSaid(query: Params, services: Services): Promise<Said | null> {
	const requestUri = query.get("request_uri");
	const clientId = query.get("client_id");
	// Without a client id it is no request, whatever was pushed: the next check says so.
	if (!isReference(requestUri) || clientId === undefined) return { params: query, source: { kind: "query" } };
	const pushed = await findPushed(requestUri, clientId, services);
	if (!pushed) return null;
	const params = new Map([...new URLSearchParams(pushed.query), ["client_id", clientId] as const]);
	return { params, source: { kind: "reference", pushed: openPushed(pushed, services.now()) } };
}

/** RFC 9126 §4: what is over, and what had to be pushed and was not. */
export function refuseSource(source: Source, client: Client, { config }: Pick<Services, "config">): Refusal | null {
	if (source.kind === "reference" && !source.pushed) {
		return refused("invalid_request_uri", "request_uri has expired: push the request again");
	}
	const isDemanded = config.requirePushedRequests || client.options.requirePushedRequests === true;
	return isDemanded && source.kind === "query"
		? refused("invalid_request", "require_pushed_authorization_requests is set: push the request first (RFC 9126)")
		: null;
}
