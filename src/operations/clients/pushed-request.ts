import { randomId } from "../../crypto/random.ts";
import { sealText, unsealText } from "../../crypto/sealing.ts";
import type { Sealed } from "../../domain/brands.ts";
import { type PushedRequest, pushedTtl, usedFor } from "../../domain/pushed-request.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";

/** RFC 9126 §2.2. Other `request_uri`s name request objects elsewhere (OIDC Core §6.2). */
const prefix = "urn:ietf:params:oauth:request_uri:";
const purpose = "pushed request";

export function isReference(requestUri: string | undefined): requestUri is string {
	return requestUri?.startsWith(prefix) ?? false;
}

/** Of a request that was found good: its `request_uri`. */
export function push(query: string, clientId: string, services: Services): Promise<string> {
	const id = randomId(services.random);
	return referenceTo({ id, query, expiresAt: services.now() + pushedTtl, openedAt: null }, clientId, services);
}

/** RFC 9126 §2.2: sealed for this client, so that it is none of another's, and garbage is refused before all storage. */
export async function referenceTo(
	{ id, query, expiresAt, openedAt }: PushedRequest,
	clientId: string,
	{ serverKeys }: Pick<Services, "serverKeys">,
): Promise<string> {
	return prefix + (await sealText(serverKeys, purpose, clientId, JSON.stringify([id, expiresAt, openedAt, query])));
}

/** Null for what this client has not pushed. It may be over, or used. */
export async function findPushed(
	requestUri: string,
	clientId: string,
	{ serverKeys }: Pick<Services, "serverKeys">,
): Promise<PushedRequest | null> {
	const text = await unsealText(serverKeys, purpose, clientId, requestUri.slice(prefix.length) as Sealed);
	if (text === null) return null;
	const [id, expiresAt, openedAt, query] = JSON.parse(text) as [string, number, number | null, string];
	return { id, expiresAt, openedAt, query };
}

/** RFC 9126 §4, §7.3: one use. It is one when a code is given for it: before that a person may load the page again. */
export async function usePushed({ id }: PushedRequest, services: Services): Promise<boolean> {
	return (await portsOf(services).limiter.take(`pushed ${id}`, { attempts: 1, window: usedFor })) === 0;
}
