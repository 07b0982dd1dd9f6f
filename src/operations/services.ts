import type { Config } from "../config.ts";
import { createPasswords, type Passwords } from "../crypto/password.ts";
import type { Random } from "../crypto/random.ts";
import { createServerKeys, type ServerKeys } from "../crypto/server-keys.ts";
import type { Platform } from "../domain/ports.ts";
import type { Seconds } from "../domain/words.ts";
import { createLookups, type Lookups } from "./lookups.ts";
import { createSigningKeys, type SigningKeys } from "./signing-keys.ts";

/** Everything that a use case may reach. One for each isolate: what it remembers has a stated bound. */
export interface Services extends Platform {
	readonly config: Config;
	readonly now: () => Seconds;
	readonly random: Random;
	readonly serverKeys: ServerKeys;
	readonly signingKeys: SigningKeys;
	readonly passwords: Passwords;
	readonly lookups: Lookups;
	readonly log: Log;
}

/** One line for the operator. Never a secret, a token or a password. */
export type Log = (event: string, detail: Readonly<Record<string, string | number | boolean | null>>) => void;

export interface Surroundings {
	readonly now: () => Seconds;
	readonly random: Random;
	readonly log: Log;
}

export function createServices(config: Config, platform: Platform, surroundings: Surroundings): Services {
	const serverKeys = createServerKeys(config.masterSecrets);
	const { now, random } = surroundings;
	return {
		...platform,
		...surroundings,
		config,
		serverKeys,
		signingKeys: createSigningKeys({
			keyRings: platform.keyRings,
			serverKeys,
			rotateEvery: config.rotateKeysEvery,
			now,
		}),
		passwords: createPasswords(random),
		lookups: createLookups(platform.register, now),
	};
}
