import type { SigningKeyRing, RingAlgorithm } from "../../src/domain/signing-key-ring.ts";
import type { Event } from "../../src/domain/event.ts";
import type { RegisterRows } from "../../src/domain/ports/register.ts";
import type { Standing } from "../../src/domain/standing.ts";
import type { SubjectId } from "../../src/domain/subject.ts";
import type { ApiKeyChange, ApiKeyChanged } from "../../src/domain/api-key-state.ts";
import type { Seconds } from "../../src/domain/brands.ts";

/** What a test does to a deployment behind its back, since no request can: an operator's work, and time. */
export interface Backstage {
	readonly now: () => Seconds;
	/** The only way in which time passes. */
	readonly advance: (seconds: Seconds) => Promise<void>;
	readonly addRows: (rows: RegisterRows) => Promise<void>;
	/** As a store has them, whatever a version before took. */
	readonly addEvents: (events: readonly Event[]) => Promise<void>;
	readonly changeKey: (keyId: SubjectId, change: ApiKeyChange) => Promise<ApiKeyChanged>;
	/** Ends something of the register, or begins it anew, without touching a ledger. */
	readonly setStanding: (of: HasStanding, standing: Standing) => Promise<void>;
	/** As if an account had so many, which nobody could wait for. */
	readonly setTotal: (accountId: string, kind: "keys", n: number) => Promise<void>;
	readonly runCron: () => Promise<void>;
	/** What the alarm of a ledger does, or the upkeep of a server, about clients that are to be told of a logout by now. */
	readonly sendDueLogouts: (subject: SubjectId) => Promise<void>;
	/** What the alarm of an endpoint of webhooks does: sends what is due by now. Answers with when the next is. */
	readonly sendDueWebhooks: (endpointId: string) => Promise<Seconds | null>;
	/** The signing keys, sealed as they are stored: of access tokens, unless another algorithm is named. */
	readonly keyRing: (algorithm?: RingAlgorithm) => Promise<SigningKeyRing | null>;
	/** Every line for the operator, since the start. */
	readonly logged: () => Promise<readonly string[]>;
}

export type HasStanding =
	| { readonly kind: "account" | "client" | "person"; readonly id: string }
	| { readonly kind: "membership"; readonly personId: SubjectId; readonly accountId: string };

/** What a global setup answers when it has started one more deployment. */
export interface Started {
	readonly id: string;
	readonly origin: string;
	/** Where its backstage work is asked for: a method for each path. */
	readonly backstage: string;
	readonly now: Seconds;
	/** Whether a connection is for one request: workerd ends it after a refusal that came before the body was read. */
	readonly endsConnections: boolean;
}
