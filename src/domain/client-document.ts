import type { Client } from "./client.ts";
import { documentMethods } from "./client-auth-methods.ts";
import { hasDotSegment } from "./dot-segment.ts";
import { fetchProblem, type Own } from "./public-host.ts";
import { strangersScope } from "./effective-scope.ts";
import { nameOf, type Registration, registered } from "./registration.ts";
import { readRegistration } from "./registration.ts";

/**
 * Client ID Metadata Documents (draft-ietf-oauth-client-id-metadata-document): a client whose id is the URL at which it says
 * what it is. Nobody registered it, and nobody vouches for it but whoever has that host.
 */

const maxDocumentIdLength = 512;

/** Whether an id is a URL at all: none of ours is. */
export function isUrlId(id: string): boolean {
	return /^https?:/i.test(id);
}

/** Null when the id may be such a URL, else what is wrong with it (§3). Ids are compared as strings, and never tidied. */
export function documentIdProblem(id: string, own: Own): string | null {
	if (id.length > maxDocumentIdLength) return `is longer than ${maxDocumentIdLength} characters`;
	const problem = fetchProblem(id, own);
	if (problem !== null) return problem;
	const [, path = ""] = /^https?:\/\/[^/?]*([^?]*)/.exec(id) ?? [];
	if (path === "" || path === "/") return "has no path";
	return hasDotSegment(id) ? "has a segment of dots in its path" : null;
}

export type ReadDocument =
	| { readonly ok: true; readonly client: Client }
	/** For the developer of the client; it repeats nothing of the document. */
	| { readonly ok: false; readonly detail: string };

/** The client that the document at `id` describes (§4). */
export function readDocument(id: string, document: unknown, own: Own): ReadDocument {
	if (typeof document !== "object" || document === null || Array.isArray(document)) {
		return refuse("is not a JSON object");
	}
	const sent: Record<string, unknown> = { ...document };
	// §4: byte for byte, or whoever copies a document would have its name.
	if (sent.client_id !== id) return refuse("says another client_id than its own URL");
	// §4.1: what everybody can read is no secret.
	if (sent.client_secret !== undefined || sent.client_secret_expires_at !== undefined) {
		return refuse("has a client secret in it");
	}
	const read = readRegistration(
		// §4.3: a software statement may be there, and is for servers that know who signed it.
		{ ...sent, software_statement: undefined },
		{ own, methods: documentMethods, registrableScope: strangersScope, isLimit: false, mayActAlone: false },
	);
	if (!read.ok) return refuse(`is not good here: ${read.error.detail}`);
	return { ok: true, client: toClient(id, read.registration) };
}

function toClient(id: string, registration: Registration): Client {
	const fields = registered(registration);
	return {
		...fields,
		id,
		accountId: null,
		kind: "application",
		name: registration.name ?? nameOf({ name: null, redirectUris: [id] }),
		description: "",
		logoSvg: null,
		secrets: [],
		// RFC 9700 §4.14.2
		rotation: "rotate",
		accessTokenTtl: 3600,
		options: { ...fields.options, isDocument: true },
		state: "active",
		notBefore: 0,
	};
}

function refuse(detail: string): ReadDocument {
	return { ok: false, detail: `The document ${detail}` };
}
