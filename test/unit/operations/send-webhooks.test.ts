import { expect, test } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { WebhookDeliveries } from "../../../src/domain/ports/webhooks.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { sendDueWebhooks } from "../../../src/operations/webhooks/send-webhooks.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";
import { now } from "../../stores/builders.ts";
import { addAccount, auditEntry, webhookDelivery, webhookEndpoint } from "../../stores/register-builders.ts";

const config = readConfig({ ISSUER: "http://localhost", SEAL_KEYS: `1:${developmentSealKey}` });

test.each(["claim", "settle"] as const)(
	"an alarm never rings again at once for what a fault of the database kept it from: %s",
	async (verb) => {
		const { platform } = openPlatform(":memory:", { now });
		const { id: accountId } = await addAccount(platform.register);
		const endpoint = webhookEndpoint({ accountId });
		await platform.webhooks.add(endpoint, null, auditEntry());
		await platform.webhookDeliveries.add([webhookDelivery(endpoint), webhookDelivery(endpoint)], []);
		const webhookDeliveries: WebhookDeliveries = {
			...platform.webhookDeliveries,
			[verb]: () => Promise.reject(new Error("The database is full")),
		};
		const lines: string[] = [];
		const log = (event: string) => lines.push(event);
		const services = createServices(config, { ...platform, webhookDeliveries }, { now, random: systemRandom, log });
		expect(await sendDueWebhooks(endpoint.id, services)).toBeGreaterThan(now() + 30);
		expect(lines).toContain("webhook.failed");
	},
);
