import { invitationKept } from "../../domain/invitation.ts";
import { day, daysKept, hoursKept } from "../../domain/usage.ts";
import { deleteAccounts, forgetLateUsage } from "./delete-accounts.ts";
import { deliveriesKept } from "../../domain/webhook.ts";
import { catchUpWebhooks } from "../webhooks/queue-events.ts";
import { warnOfExpiry } from "./warn-of-expiry.ts";
import { sweepEndedClients } from "../clients/installs.ts";
import { sweepUnsettledInstalls } from "../clients/settle-installs.ts";
import { sweepUnusedClients } from "../clients/register-client.ts";
import { idempotencyKeyTtl } from "../idempotency.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** The cron: signing keys that are due, rows whose time has passed, and what is about to end. Ledgers sweep themselves. */
export async function sweep(services: Services): Promise<void> {
	const { config, now } = services;
	await Promise.all([
		services.signingKeys.rotate(),
		portsOf(services).register.purge(now(), now() - config.auditTtl),
		portsOf(services).keyRegister.forgetSealed(),
		portsOf(services).invitations.purge(now() - invitationKept),
		portsOf(services).events.purge(now() - config.eventsTtl),
		sweepEndedClients(services),
		sweepUnusedClients(services),
		sweepUnsettledInstalls(services),
		portsOf(services).alerts.purge(now() - config.eventsTtl),
		portsOf(services).usage.fold(now() - hoursKept, now() - day),
		portsOf(services).usage.purge(now() - daysKept),
		portsOf(services).idempotency.purge(now() - idempotencyKeyTtl),
		warnOfExpiry(services),
		portsOf(services).webhookDeliveries.purge(now() - deliveriesKept),
		catchUpWebhooks(services),
		deleteAccounts(services),
		forgetLateUsage(services),
	]);
}
