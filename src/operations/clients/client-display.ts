import { isRedirectOf, type Client, isSelfRegistered } from "../../domain/client.ts";
import { destinationOf } from "../../domain/redirect.ts";
import { findOrFetchClient } from "./find-or-fetch-client.ts";
import { findPushed, isReference } from "./pushed-request.ts";
import type { Services } from "../services.ts";

/** A client as a person is told of it. */
export interface ClientDisplay {
	readonly kind: Client["kind"];
	readonly name: string;
	readonly description: string;
	readonly logoUrl: string | null;
	/** Where it says that it comes from, else where its answer goes; null where an account here answers for it. */
	readonly unverifiedHost: string | null;
	/** Where its answer goes. */
	readonly redirectHost: string;
}

export function clientDisplayOf(client: Client, redirectUri: string): ClientDisplay {
	const { kind, name, description } = client;
	return {
		kind,
		name,
		description,
		logoUrl: logoUrl(client),
		unverifiedHost: isSelfRegistered(client) ? hostOf(client, redirectUri) : null,
		redirectHost: destinationOf(redirectUri),
	};
}

/** Null where it has none. */
function logoUrl({ id, logoSvg }: Pick<Client, "id" | "logoSvg">): string | null {
	return logoSvg === null ? null : `/integrations/${encodeURIComponent(id)}/logo.svg`;
}

/**
 * On whose behalf somebody signs in who then goes on to this path of ours; null where nobody asked. Told from the path
 * alone, so that a form cannot say something else.
 */
export async function clientDisplayAt(
	path: string,
	{ services, address }: { readonly services: Services; readonly address: string | null },
): Promise<{ readonly client: Client; readonly redirectUri: string } | null> {
	const { pathname, searchParams } = new URL(path, "http://localhost");
	const [, installed] = /^\/integrations\/([^/]+)$/.exec(pathname) ?? [];
	if (installed === undefined && pathname !== "/oauth/authorize") return null;
	const found = await findOrFetchClient(installed ?? searchParams.get("client_id") ?? "", services, address);
	if (found.kind !== "client") return null;
	const { client } = found;
	const [first] = client.redirectUris;
	const requestUri = searchParams.get("request_uri") ?? undefined;
	const pushed = isReference(requestUri) ? await findPushed(requestUri, client.id, services) : null;
	const asked = pushed ? new URLSearchParams(pushed.query) : searchParams;
	const redirectUri = (installed === undefined ? asked.get("redirect_uri") : null) ?? first;
	if (redirectUri === undefined || !isRedirectOf(client, redirectUri)) return null;
	return installed === undefined || client.kind === "integration" ? { client, redirectUri } : null;
}

/** Where the decision on the request at this path of ours is posted, by who says yes or no to it and by who does not sign in. */
export function decisionAt(path: string): string {
	return path.replace(/^\/oauth\/authorize(?=\?|$)/, "/oauth/consent");
}

/** The host that its metadata comes from, else the one that it names, else the one that the answer goes to. */
function hostOf({ id, options }: Client, redirectUri: string): string {
	const url = options.isDocument ? id : options.clientUri;
	return url !== undefined && URL.canParse(url) ? new URL(url).host : destinationOf(redirectUri);
}
