import type { Client } from "./client.ts";
import { destinationOf } from "./redirect.ts";

/**
 * Where a client comes from, for people to judge one that nobody vouches for: the host of its metadata document (Client ID
 * Metadata Document, whose fetch proved it), else of the place that its answers go to. Its own word (`client_uri`) proves nothing.
 */
export function hostOf({ id, options, redirectUris }: Pick<Client, "id" | "options" | "redirectUris">): string {
	return destinationOf(options.isDocument ? id : (redirectUris[0] ?? id));
}
