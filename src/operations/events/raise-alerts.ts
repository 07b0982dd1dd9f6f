import type { Sighting } from "../../domain/alert.ts";
import { mailAlerts } from "../mail/mail-alerts.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { queueEvents } from "../webhooks/queue-events.ts";

/**
 * Counts them, and tells of those that are new: letters to administrators who want them, and webhooks. What webhooks are to be told of
 * is written down with the alert; that it is on its way here only makes it quick.
 */
export async function raiseAlerts(sightings: readonly Sighting[], services: Services): Promise<void> {
	const { alerts } = portsOf(services);
	const marked = await Promise.all(
		sightings.map(async (sighting) => ({
			...sighting,
			isAwaited: (await services.lookups.account(sighting.accountId))?.hasWebhooks === true,
		})),
	);
	const made = await alerts.raise(marked);
	await mailAlerts(made, services);
	const accounts = new Set(made.flatMap(({ isAwaited = false, accountId }) => (isAwaited ? [accountId] : [])));
	for (const accountId of accounts) await queueEvents(accountId, services);
}
