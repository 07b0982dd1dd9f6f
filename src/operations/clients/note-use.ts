import { type Client, isSelfRegistered } from "../../domain/client.ts";
import type { Seconds } from "../../domain/brands.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";

/** To the day, so that it is one write a day for each client, however often it is used. */
const apart: Seconds = 86_400;

/**
 * A client that registered itself is forgotten some time after its last use (`UNUSED_CLIENT_DAYS`). A use is what a person who is
 * signed in has before them, or what the client proves: no request that anybody can send in its name.
 */
export function noteUse({ id, accountId, options, usedAt }: Client, services: Services): void {
	const now = services.now();
	const since = now - apart;
	// A document is where its id points to, and what is kept of it counts from the consent.
	const isForgotten = isSelfRegistered({ accountId }) && options.isDocument !== true;
	if (isForgotten && (usedAt === undefined || usedAt <= since)) services.later(note(id, now, since, services));
}

async function note(id: string, at: Seconds, since: Seconds, services: Services): Promise<void> {
	try {
		await portsOf(services).clients.noteUse(id, at, since);
		// So that this isolate does not write it down again.
		await services.lookups.client.fresh(id);
	} catch {
		services.log("client.use_not_noted", { client: id });
	}
}
