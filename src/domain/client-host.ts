import type { Client } from "./client.ts";

/**
 * Where a client comes from, for people to judge one that nobody vouches for: the host of its metadata document (Client ID
 * Metadata Document, whose fetch proved it), else of the place that its answers go to. Its own word (`client_uri`) proves nothing.
 */
export function hostOf({ id, options, redirectUris }: Pick<Client, "id" | "options" | "redirectUris">): string {
	return destinationOf(options.isDocument ? id : (redirectUris[0] ?? id));
}

/** The host of a URL as people read it. What a private-use scheme has after it is no host, whatever it looks like. */
export function destinationOf(uri: string): string {
	const { protocol, host } = new URL(uri);
	return protocol === "https:" || protocol === "http:" ? host : protocol;
}
