import type { EventType, StoredEvent } from "../../domain/event.ts";
import type { Actor } from "../actor.ts";
import { audit, entryOf } from "../audit.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** Null for one of another account as for none. */
export function findEvent(id: string, { accountId }: Actor, services: Services): Promise<StoredEvent | null> {
	return portsOf(services).events.find(accountId, id);
}

/** Whatever is in it: one that no search can read goes as others do. */
export async function removeEvent(
	id: string,
	type: EventType,
	actor: Actor,
	services: Services,
): Promise<"removed" | "unknown"> {
	const outcome = await portsOf(services).events.remove(actor.accountId, type, id);
	if (outcome === "removed") await audit(entryOf(actor, { action: `${type}.delete`, target: id }, services), services);
	return outcome;
}
