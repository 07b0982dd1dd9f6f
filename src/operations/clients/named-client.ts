import { unsealToken } from "../../crypto/sealed-token.ts";
import { isUrlId } from "../../domain/client-document.ts";
import type { Limited, NamedLimit, Turn } from "../../domain/limit.ts";
import { type NetworkLimit, networkTurns } from "../limits.ts";
import type { Services } from "../services.ts";

/** Whoever names a client, before anybody has looked whether there is such a one. */
export interface Asker {
	readonly address: string | null;
	/** The codes and tokens of the same request, good or not. */
	readonly shown: readonly (string | undefined)[];
}

/** In vain, and in how long: a person who mistypes needs one, a flood thousands. */
const fromNetwork: NetworkLimit = { name: "unknown-clients-network", attempts: 20, wide: 80, window: 10 };
const byGrant: NamedLimit = { name: "unknown-clients-grant", attempts: 20, window: 10 };

/**
 * Our own client ids carry a MAC, so that invented ones look nothing up; URLs (Client ID Metadata Documents) cannot. A flood of
 * invented URLs must not become a flood of queries: what is looked for in vain counts against the network that asks, and never
 * against anybody else; and not there either where a seal or a signature of ours came with it, whose grant it counts against.
 */
export function asNamed<Found>(
	id: string,
	asker: Asker,
	services: Services,
	look: () => Promise<Found>,
): Promise<Found | Limited> {
	return !isUrlId(id) || services.lookups.client.has(id) ? look() : counted(id, asker, services, look);
}

async function counted<Found>(...[id, asker, services, look]: Parameters<typeof asNamed<Found>>) {
	const { lookups, missLimit } = services;
	const turns = await turnsOf(asker, services);
	const limited = missLimit.take(turns);
	if (limited) return limited;
	const found = await look();
	// What is not there is not remembered.
	if (lookups.client.has(id)) missLimit.giveBack(turns);
	return found;
}

async function turnsOf({ address, shown }: Asker, services: Services): Promise<readonly Turn[]> {
	for (const text of shown) {
		const of = text === undefined ? null : await vouchedBy(text, services);
		if (of !== null) return [{ limit: byGrant, of }];
	}
	return networkTurns(fromNetwork, address);
}

/** What an authentic code or token was given for, whether or not it still counts; null for any other text. */
async function vouchedBy(text: string, { serverKeys, signedTokens }: Services): Promise<string | null> {
	for (const kind of ["code", "refresh", "device"] as const) {
		const sealed = await unsealToken(kind, text, serverKeys);
		if (sealed) return sealed.id;
	}
	const facts = await signedTokens.read(text);
	if (!facts) return null;
	return facts.origin !== "client" && "grantId" in facts.origin ? facts.origin.grantId : facts.subject;
}
