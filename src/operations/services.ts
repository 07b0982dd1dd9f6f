import type { Config } from "../config.ts";
import { createPasswords, type Passwords } from "../crypto/password.ts";
import type { Random } from "../crypto/random.ts";
import { createServerKeys, type ServerKeys } from "../crypto/server-keys.ts";
import type { Outbound } from "../domain/outbound.ts";
import type { Platform } from "../domain/ports.ts";
import type { Seconds } from "../domain/words.ts";
import { type AlertBell, createAlertBell } from "./alert-bell.ts";
import { type ClientDocuments, createClientDocuments } from "./client-document.ts";
import { type ClientKeys, createClientKeys } from "./client-keys.ts";
import { createEventQuota, type EventQuota } from "./event-quota.ts";
import { createLookups, type Lookups } from "./lookups.ts";
import { createOutbound } from "./outbound.ts";
import { createUnknownClients, type UnknownClients } from "./unknown-clients.ts";
import { createSignedTokens, type SignedTokens } from "./signed-tokens.ts";
import { createSigningKeys, type SigningKeys } from "./signing-keys.ts";

/** Everything that a use case may reach. One for each isolate: what it remembers has a stated bound. */
export interface Services extends Platform {
	readonly config: Config;
	readonly now: () => Seconds;
	readonly random: Random;
	readonly serverKeys: ServerKeys;
	readonly signingKeys: SigningKeys;
	readonly signedTokens: SignedTokens;
	readonly passwords: Passwords;
	readonly lookups: Lookups;
	readonly unknownClients: UnknownClients;
	readonly alertBell: AlertBell;
	readonly eventQuota: EventQuota;
	readonly clientKeys: ClientKeys;
	readonly clientDocuments: ClientDocuments;
	readonly log: Log;
	/** Has work go on after the answer has gone. It must not fail. */
	readonly later: (work: Promise<void>) => void;
}

/** One line for the operator. Never a secret, a token or a password. */
export type Log = (event: string, detail: Readonly<Record<string, string | number | boolean | null>>) => void;

export interface Surroundings {
	readonly now: () => Seconds;
	readonly random: Random;
	readonly log: Log;
	/** Has work go on after the answer has gone. Left out where nothing would stop it. */
	readonly later?: (work: Promise<void>) => void;
	/** What is fetched for strangers. Left out: by `fetch`, whose network has to know no private hosts. */
	readonly outbound?: Outbound;
}

export function createServices(config: Config, platform: Platform, surroundings: Surroundings): Services {
	const serverKeys = createServerKeys(config.masterSecrets);
	const { now, random, log, later = () => {}, outbound = createOutbound(config) } = surroundings;
	const signingKeys = createSigningKeys({
		keyRings: platform.keyRings,
		serverKeys,
		rotateEvery: config.rotateKeysEvery,
		now,
	});
	return {
		...platform,
		...surroundings,
		later,
		config,
		serverKeys,
		signingKeys,
		signedTokens: createSignedTokens({ signingKeys, issuer: config.issuer, now }),
		passwords: createPasswords(random),
		lookups: createLookups(platform.register, now),
		unknownClients: createUnknownClients(now),
		alertBell: createAlertBell({ alerts: platform.alerts, now, random, log, later }),
		eventQuota: createEventQuota(platform.limiter, config.eventsPerHour, now),
		clientKeys: createClientKeys({ outbound, now }),
		clientDocuments: createClientDocuments({ outbound, now, own: config }),
	};
}
