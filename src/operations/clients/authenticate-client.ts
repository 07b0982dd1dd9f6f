import { isClientSecret, isOurClientId } from "../../crypto/client-secret.ts";
import { documentIdProblem, isUrlId } from "../../domain/client-document.ts";
import { type Client, type ClientAuthMethod, isPublic } from "../../domain/client.ts";
import { partiesOfClient } from "../parties.ts";
import { auditFirst, entryOf } from "../audit.ts";
import type { Services } from "../services.ts";

/** What a client showed of itself. */
export interface ClientCredentials {
	readonly id: string;
	/** Two where it showed the same secret in two places. */
	readonly methods: readonly ClientAuthMethod[];
	/** Null with the method `none`, which stands alone. */
	readonly secret: string | null;
}

/**
 * The client by its id, where it was registered and has not ended. Ids that we never gave out look nothing up, nor do URLs
 * that can be no client's; for those that can, what was kept at a consent is all that counts here. Of an id that a stranger
 * named and nothing vouches for, named-client.ts is asked first.
 */
export async function findClient(id: string, services: Services): Promise<Client | null> {
	if (!(await mayBeClient(id, services))) return null;
	const client = await services.lookups.client(id);
	if (client?.state !== "active") return null;
	// A client does not outlive the account that owns it.
	if (client.accountId === null) return client;
	const owner = await services.lookups.account(client.accountId);
	return owner?.state === "active" ? client : null;
}

/** {@link findClient}, but for those whose id is the URL of a document: what only a client that was registered here may do. */
export async function findRegisteredHere(id: string, services: Services): Promise<Client | null> {
	return isUrlId(id) ? null : findClient(id, services);
}

/** How a client is found by what it calls itself. */
export type FindClient = typeof findClient;

/** RFC 6749 §3.2.1: the client, authenticated by a method that it registered; null for every reason alike. */
export async function authenticateClient(
	credentials: ClientCredentials,
	services: Services,
	find: FindClient = findClient,
): Promise<Client | null> {
	const { id, methods, secret } = credentials;
	// What describes itself for everybody to read has no secret.
	if (isUrlId(id) && secret !== null) return null;
	const client = await find(id, services);
	if (!client?.authMethods.some((method) => methods.includes(method))) return null;
	if (secret === null) return isPublic(client) ? client : null;
	if (await isClientSecret(secret, client.secrets, services.serverKeys, services.now())) return client;
	services.usage.note("invalid_client", partiesOfClient(client));
	noteWrongSecret(client, services);
	return null;
}

/** The first of a day, in the log of the account that owns the client. Nobody's is in no log: strangers make those. */
function noteWrongSecret({ id, accountId }: Client, services: Services): void {
	if (accountId === null) return;
	const by = { subject: "anonymous", accountId, address: null };
	auditFirst(entryOf(by, { action: "client.refused", target: id }, services), services);
}

/** Whether anybody needs to look for it. For one that is remembered nobody does, so that its MAC is not asked for again. */
export function mayBeClient(id: string, { config, serverKeys, lookups }: Services): Promise<boolean> | boolean {
	if (!isUrlId(id)) return lookups.client.has(id) || isOurClientId(id, serverKeys);
	return config.clientMetadataDocuments && documentIdProblem(id, config) === null;
}
