import { documentIdProblem, isUrlId } from "../../domain/client-document.ts";
import type { Client } from "../../domain/client.ts";
import { findClient } from "./authenticate-client.ts";
import { type NetworkLimit, networkTurns, takeTurns } from "../limits.ts";
import type { Services } from "../services.ts";

export type FoundOrFetchedClient =
	| { readonly kind: "client"; readonly client: Client }
	| { readonly kind: "unknown" }
	/** The id is the URL of a document that cannot be used; `detail` is a sentence for its developer. */
	| { readonly kind: "unusable"; readonly detail: string };

/** Strangers choose what is fetched, and from whom: not more often than this from one network address. */
const fetchLimit: NetworkLimit = { name: "client-documents-network", attempts: 30, wide: 120, window: 60 };

/**
 * The client that an authorization request names: one that is registered here, or the one that the document at its URL
 * describes now. Only here are documents fetched: everywhere else counts what was kept when a person consented.
 */
export async function findOrFetchClient(
	id: string,
	services: Services,
	address: string | null = null,
): Promise<FoundOrFetchedClient> {
	if (!isUrlId(id)) {
		const client = await findClient(id, services);
		return client ? { kind: "client", client } : { kind: "unknown" };
	}
	const { config, clientDocuments, lookups } = services;
	if (!config.clientMetadataDocuments) return { kind: "unknown" };
	const problem = documentIdProblem(id, config);
	if (problem !== null) return unusable(`The client_id ${problem}`);
	if (!clientDocuments.has(id)) {
		const taken = await takeTurns(networkTurns(fetchLimit, address), services);
		if (taken.kind === "limited") return unusable("Too many documents are asked for: wait");
	}
	// One that an operator ended stays so, whatever its document says. After the limit: invented URLs look nothing up.
	if ((await lookups.client(id))?.state === "ended") return { kind: "unknown" };
	const loaded = await clientDocuments.get(id);
	if (loaded.kind === "failed") {
		services.log("client.document_refused", { host: new URL(id).host, reason: loaded.reason });
		return unusable(loaded.reason);
	}
	const client = loaded.value;
	return { kind: "client", client: { ...client, options: { ...client.options, registeredAt: services.now() } } };
}

function unusable(detail: string): FoundOrFetchedClient {
	return { kind: "unusable", detail };
}
