/** Endpoints of webhooks, what waits to be told, and what became of it. What is written is written with its entry, or not at all. */
import type { Alert } from "../alert.ts";
import type { AuditEntry } from "../audit-entry.ts";
import type { Seconds } from "../brands.ts";
import type { Stored } from "../stored.ts";
import type { DeliveryState, DeliveryTry, WebhookDelivery, WebhookEndpoint } from "../webhook.ts";
import type { NumberedEntry } from "./audit-log.ts";
import type { WriterRole } from "./register.ts";

/** In the register: with the audit log, whose entries the outbox is filled with in the transaction that writes them. */
export interface EndpointOfAnyVersion extends WebhookEndpoint {
	readonly rev: number | null;
}

export interface WebhookRegister {
	/** All of an account's, the first that was made first. */
	list(accountId: string): Promise<readonly Stored<WebhookEndpoint>[]>;
	endpoint(id: string): Promise<Stored<WebhookEndpoint> | null>;
	/** `same`: the row was there already, of this account, under this id. */
	add(
		endpoint: WebhookEndpoint,
		by: WriterRole | null,
		entry: AuditEntry,
	): Promise<"added" | "same" | "full" | "not_permitted">;
	/** Where the row is still as it was read. */
	edit(
		endpoint: Stored<WebhookEndpoint>,
		by: WriterRole | null,
		entry: AuditEntry,
	): Promise<"written" | "overtaken" | "not_permitted">;
	/** The same; of whatever version where `rev` is null. */
	delete(
		endpoint: EndpointOfAnyVersion,
		by: WriterRole | null,
		entry: AuditEntry,
	): Promise<"written" | "overtaken" | "not_permitted">;

	/** Entries of an account that nobody has been told of yet, the first first. */
	untold(accountId: string, limit: number): Promise<readonly NumberedEntry[]>;
	/** They are on their way. */
	told(entryIds: readonly number[]): Promise<void>;
	/** Accounts with such entries. */
	waitingAccounts(limit: number): Promise<readonly string[]>;
}

/** A page of the log, and what of it is asked for. */
interface DeliveryFilter {
	readonly state: DeliveryState | null;
	readonly type: string | null;
}

interface DeliveryPosition {
	readonly at: Seconds;
	readonly id: string;
}

/** Beside the alerts, whose outbox is filled in the transaction that raises them. */
export interface WebhookDeliveries {
	/** Alerts of an account that nobody has been told of yet. */
	untold(accountId: string, limit: number): Promise<readonly Alert[]>;
	/** All or none: what is there already, of an endpoint and a message, stays as it is; and these alerts are on their way. */
	add(deliveries: readonly WebhookDelivery[], alertIds: readonly string[]): Promise<void>;
	/** Accounts with such alerts. */
	waitingAccounts(limit: number): Promise<readonly string[]>;

	/** How many wait, by endpoint. */
	waiting(accountId: string): Promise<ReadonlyMap<string, number>>;
	/** What waits and is due, the longest first. */
	due(endpointId: string, now: Seconds, limit: number): Promise<readonly WebhookDelivery[]>;
	/** When the next of an endpoint is due; null where none waits. */
	nextAt(endpointId: string): Promise<Seconds | null>;
	/** Endpoints of so many deliveries that are due, the longest first. */
	dueEndpoints(now: Seconds, limit: number): Promise<readonly string[]>;
	/** Whoever gets true sends it: nobody else does until `until`, when it counts as tried in vain. */
	claim(delivery: WebhookDelivery, until: Seconds): Promise<boolean>;
	/**
	 * What became of a try of what was claimed as it stands in `delivery`. `nextAt`: it is tried again; null: it is delivered or has
	 * failed, by `state`. What was given up meanwhile is not tried again.
	 */
	settle(
		delivery: Pick<WebhookDelivery, "endpointId" | "id" | "tries">,
		outcome: { readonly state: DeliveryState; readonly nextAt: Seconds | null; readonly last: DeliveryTry },
	): Promise<void>;
	/** Whatever of an endpoint is due before then is due then. */
	postpone(endpointId: string, until: Seconds): Promise<void>;
	/** What waits for an endpoint has failed. */
	giveUp(endpointId: string, at: Seconds, reason: string): Promise<void>;
	/** Whether anything that was made since then came through. */
	hasDelivered(endpointId: string, since: Seconds): Promise<boolean>;

	find(endpointId: string, id: string): Promise<WebhookDelivery | null>;
	/** The newest first, beyond `after`; or (`isBack`) from there towards the newest. A page may have fewer and not be the last. */
	list(
		endpointId: string,
		filter: DeliveryFilter,
		after: DeliveryPosition | null,
		limit: number,
		isBack: boolean,
	): Promise<{ readonly rows: readonly WebhookDelivery[]; readonly next: DeliveryPosition | null }>;
	/** As if it were new. */
	sendAgain(endpointId: string, id: string, now: Seconds): Promise<boolean>;

	/** Deletes all of an endpoint. */
	forget(endpointId: string): Promise<void>;
	/** Deletes all of an account, and what waits to be told of it. */
	forgetAccount(accountId: string): Promise<void>;
	/** Deletes what was made before. */
	purge(createdBefore: Seconds): Promise<void>;
}
