import type { Config } from "../../config.ts";
import { createPasswords } from "../../crypto/password.ts";
import type { Random } from "../../crypto/random.ts";
import { createServerKeys } from "../../crypto/server-keys.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Mail } from "../../domain/mail.ts";
import type { Outbound } from "../../domain/outbound.ts";
import type { Platform } from "../../domain/ports/platform.ts";
import type { Party } from "../../domain/usage.ts";
import { createClientDocuments } from "../clients/client-document.ts";
import { createClientKeys } from "../clients/client-keys.ts";
import { createMissLimit } from "../clients/miss-limit.ts";
import { createOutbound } from "../clients/outbound.ts";
import { createAlertBell } from "../events/alert-bell.ts";
import { createEventQuota } from "../events/event-quota.ts";
import { createUsageCounter, type UsageCounter } from "../events/usage-counter.ts";
import { createLookups } from "../lookups.ts";
import { createOutbox, type Outbox } from "../mail/outbox.ts";
import { holdPorts } from "../ports-of.ts";
import type { Log } from "../log.ts";
import type { ReadStatic, Services, Verdicts } from "../services.ts";
import { createSignedTokens } from "../signing/signed-tokens.ts";
import { createSigningKeys } from "../signing/signing-keys.ts";
import { createVerdictMemory } from "../verdict-memory.ts";
import { createWebhookBell, sendingAtOnce, type WebhookAlarm } from "../webhook-bell.ts";

export interface Surroundings {
	readonly now: () => Seconds;
	readonly random: Random;
	readonly log: Log;
	/** Has work go on after the answer has gone. Left out where nothing would stop it. */
	readonly later?: (work: Promise<void>) => void;
	/** Left out: by the clock of the machine. */
	readonly pause?: (span: Seconds) => Promise<void>;
	/** What is fetched for strangers. Left out: by `fetch`, whose network has to know no private hosts. */
	readonly outbound?: Outbound;
	/** What mail is sent by. */
	readonly mail?: Mail | null;
	/** What rings when something is due for an endpoint of webhooks. Left out where upkeep looks for that each minute. */
	readonly webhookAlarm?: WebhookAlarm;
	/** Left out where nobody reads the documents. */
	readonly readStatic?: ReadStatic;
	/** Where a developer reads the mail that goes nowhere. */
	readonly show?: (text: string) => void;
}

export function createServices(config: Config, platform: Platform, surroundings: Surroundings): Services {
	const serverKeys = createServerKeys(config.masterSecrets);
	const { now, random, log, later = () => {}, pause = sleep, outbound = createOutbound(config) } = surroundings;
	const outbox = outboxOf(config, surroundings);
	const usage = createUsageCounter({
		counts: platform.usage,
		keys: platform.keyRegister,
		now,
		random,
		log,
		later,
		pause,
	});
	const signingKeys = createSigningKeys({
		keyRings: platform.keyRings,
		serverKeys,
		rotateEvery: config.rotateKeysEvery,
		now,
		later,
	});
	const services: Services = {
		...holdPorts(platform),
		now,
		random,
		log,
		later,
		mail: outbox ?? surroundings.mail ?? null,
		outbox,
		config,
		serverKeys,
		signingKeys,
		signedTokens: createSignedTokens({ signingKeys, issuer: config.issuer, now, later }),
		passwords: createPasswords(random),
		lookups: createLookups(
			platform.register,
			platform.apis,
			platform.trustedIssuers,
			platform.signInProviders,
			platform.accountDomains,
			{
				now,
				later,
			},
		),
		verdicts: createVerdicts(now, usage),
		usage,
		missLimit: createMissLimit(now),
		alertBell: createAlertBell({
			now,
			random,
			log,
			later,
			pause,
			raiseAll: async (sightings) => (await import("../events/raise-alerts.ts")).raiseAlerts(sightings, services),
		}),
		webhookBell: createWebhookBell({
			later,
			pause,
			hasWebhooks: async (accountId) => (await services.lookups.account(accountId))?.hasWebhooks === true,
			tell: async (accountId) => (await import("../webhooks/queue-events.ts")).queueEvents(accountId, services),
			log,
		}),
		webhookAlarm:
			surroundings.webhookAlarm ??
			sendingAtOnce({ later, now }, async (endpointId) => {
				await (await import("../webhooks/send-webhooks.ts")).sendDueWebhooks(endpointId, services);
			}),
		eventQuota: createEventQuota(platform.limiter, config.eventsPerHour, now),
		clientKeys: createClientKeys({ outbound, now }),
		clientDocuments: createClientDocuments({ outbound, now, own: config }),
		outbound,
		readStatic: surroundings.readStatic ?? (() => Promise.reject(new Error("There are no static files here."))),
	};
	return services;
}

/** What is counted each time is never answered from here. */
function createVerdicts(now: () => Seconds, usage: UsageCounter): Verdicts {
	const told = (parties: readonly Party[]) => usage.note("check", parties);
	return {
		tokens: createVerdictMemory((active) => active?.expiresAt ?? null, now, told),
		keys: createVerdictMemory((check) => (check.kind === "good" && !check.left ? check.expiresAt : null), now, told),
		boundTokens: createVerdictMemory((verdict) => (verdict.valid ? verdict.expiresAt : null), now, told),
		boundKeys: createVerdictMemory((verdict) => (verdict.valid && !verdict.left ? verdict.expiresAt : null), now, told),
	};
}

/** Where there is an address to send from and nothing to send by: on a developer's machine, and nowhere else. */
function outboxOf({ mailFrom, isLocal }: Config, { mail = null, now, show = () => {} }: Surroundings): Outbox | null {
	if (mailFrom === null || mail !== null || !isLocal) return null;
	return createOutbox(now, show);
}

function sleep(span: Seconds): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, span * 1000));
}
