import { isRedirectOf, type Client } from "../../domain/client.ts";
import { isFapi } from "../../domain/client-profile.ts";
import type { Params } from "../../http/body.ts";
import type { Call } from "../../endpoint/call.ts";
import { findOrFetchClient } from "../../operations/clients/find-or-fetch-client.ts";
import type { ProblemWords, Words } from "../../words/en.ts";

/** The client that asks, and where it wants its answer. */
export interface ClientAndRedirect {
	readonly client: Client;
	/** The one that was asked for, whose port may differ from the registered one's (RFC 8252 §7.3). */
	readonly redirectUri: string;
	/** Whether the request named it (then the token request has to, RFC 6749 §4.1.3). */
	readonly redirectUriNamed: boolean;
}

/** RFC 6749 §4.1.2.1: while this is in doubt nothing goes back to anybody; the person is told. */
export type FoundClientAndRedirect = { kind: "addressee"; addressee: ClientAndRedirect } | Unanswerable;

/** `client` is what the one that asks is called, where it is known. */
export interface Unanswerable {
	readonly kind: "unanswerable";
	readonly said: (problems: Words["problems"]) => ProblemWords;
	readonly client?: string;
}

export async function findClientAndRedirect(
	params: Params,
	{ services, address }: Pick<Call, "services" | "address">,
): Promise<FoundClientAndRedirect> {
	const id = params.get("client_id");
	if (id === undefined) {
		return unanswerable(({ missingClientId }) => missingClientId);
	}
	const found = await findOrFetchClient(id, services, address);
	switch (found.kind) {
		case "unknown":
			return unanswerable(({ unknownApplication }) => unknownApplication);
		case "unusable":
			return unanswerable(({ unusableApplication: said }) => ({ ...said, detail: said.detail(found.detail) }));
		case "client":
			break;
	}
	const { client } = found;
	const named = params.get("redirect_uri");
	// RFC 6749 §3.1.2.3: with one registered, it may be left out, but not by FAPI 2.0 §5.3.2.2 (6).
	const redirectUri =
		named ?? (client.redirectUris.length === 1 && !isFapi(client) ? client.redirectUris[0] : undefined);
	if (redirectUri === undefined) {
		return unanswerable(({ missingRedirect }) => missingRedirect, client);
	}
	if (!isRedirectOf(client, redirectUri)) {
		return unanswerable(({ wrongRedirect }) => wrongRedirect, client);
	}
	return { kind: "addressee", addressee: { client, redirectUri, redirectUriNamed: named !== undefined } };
}

function unanswerable(said: Unanswerable["said"], client?: Client): Unanswerable {
	return { kind: "unanswerable", said, ...(client && { client: client.name }) };
}
