import type { Config } from "../config.ts";
import type { Passwords } from "../crypto/password.ts";
import type { Random } from "../crypto/random.ts";
import type { ServerKeys } from "../crypto/server-keys.ts";
import type { Seconds } from "../domain/brands.ts";
import type { Mail } from "../domain/mail.ts";
import type { Outbound } from "../domain/outbound.ts";
import type { AlertBell } from "./events/alert-bell.ts";
import type { ClientDocuments } from "./clients/client-document.ts";
import type { ClientKeys } from "./clients/client-keys.ts";
import type { EventQuota } from "./events/event-quota.ts";
import type { UsageCounter } from "./events/usage-counter.ts";
import type { Log } from "./log.ts";
import type { Lookups } from "./lookups.ts";
import type { HoldsPorts } from "./ports-of.ts";
import type { Outbox } from "./mail/outbox.ts";
import type { MissLimit } from "./clients/miss-limit.ts";
import type { ApiKeyVerdict, TokenVerdict, VerifiedKey } from "./checks/verdicts.ts";
import type { SignedTokens } from "./signing/signed-tokens.ts";
import type { SigningKeys } from "./signing/signing-keys.ts";
import type { ActiveToken } from "./tokens/active-token.ts";
import type { VerdictMemory } from "./verdict-memory.ts";
import type { WebhookAlarm, WebhookBell } from "./webhook-bell.ts";

/** Everything that a use case may reach. One for each isolate: what it remembers has a stated bound. */
export interface Services extends HoldsPorts {
	readonly config: Config;
	readonly now: () => Seconds;
	readonly random: Random;
	readonly serverKeys: ServerKeys;
	readonly signingKeys: SigningKeys;
	readonly signedTokens: SignedTokens;
	readonly passwords: Passwords;
	readonly lookups: Lookups;
	readonly verdicts: Verdicts;
	readonly missLimit: MissLimit;
	readonly alertBell: AlertBell;
	readonly webhookBell: WebhookBell;
	readonly webhookAlarm: WebhookAlarm;
	readonly eventQuota: EventQuota;
	readonly usage: UsageCounter;
	readonly clientKeys: ClientKeys;
	readonly clientDocuments: ClientDocuments;
	/** For what is sent to URLs that strangers chose. */
	readonly outbound: Outbound;
	/** Null where this deployment sends none. For operations/mail. */
	readonly mail: Mail | null;
	/** The same, where it goes nowhere but to a developer. */
	readonly outbox: Outbox | null;
	/** The text of a file of src/ui/public/static, by its path there. For what is too large to be read with the program. */
	readonly readStatic: ReadStatic;
	readonly log: Log;
	/** Has work go on after the answer has gone. It must not fail. */
	readonly later: (work: Promise<void>) => void;
}

export type ReadStatic = (path: string) => Promise<string>;

/** For callers who take an answer of a moment ago (`max_staleness`). */
export interface Verdicts {
	readonly tokens: VerdictMemory<ActiveToken | null>;
	readonly keys: VerdictMemory<VerifiedKey>;
	/** Of the service binding. */
	readonly boundTokens: VerdictMemory<TokenVerdict>;
	readonly boundKeys: VerdictMemory<ApiKeyVerdict>;
}
