import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Seconds } from "../domain/brands.ts";
import { thrown } from "../domain/log-line.ts";
import { eventOfAction } from "../domain/webhook-event.ts";
import type { Log } from "./log.ts";

/** Rings for an endpoint of webhooks at an instant, or sooner. It must not be lost where it answers. */
export type WebhookAlarm = (endpointId: string, at: Seconds) => Promise<void>;

/**
 * Hears which entries of the audit log are written, and has the endpoints of their accounts told when that is done. What it does not
 * hear of, or does not come to, waits in the outbox, where the cron finds it. An account without endpoints costs nothing.
 */
export interface WebhookBell {
	ring(entry: Pick<AuditEntry, "accountId" | "action">): void;
	/** One for a request: it rings when the answer has been made, and everything before it been written. */
	held(): HeldBell;
}

interface HeldBell extends WebhookBell {
	release(): void;
}

interface Parts {
	readonly later: (work: Promise<void>) => void;
	readonly pause: (span: Seconds) => Promise<void>;
	readonly hasWebhooks: (accountId: string) => Promise<boolean>;
	/** Sends what waits in the outbox of an account on its way. */
	readonly tell: (accountId: string) => Promise<void>;
	readonly log: Log;
}

/** For what is written beside an answer: by then it has been. */
const patience: Seconds = 1;

export function createWebhookBell({ later, pause, hasWebhooks, tell, log }: Parts): WebhookBell {
	async function tellOf(accountId: string): Promise<void> {
		try {
			if (await hasWebhooks(accountId)) await tell(accountId);
		} catch (error) {
			log("webhooks.failed", { account: accountId, ...thrown(error) });
		}
	}

	const bell: WebhookBell = {
		ring(entry) {
			const accountId = toldOf(entry);
			if (accountId !== null) later(pause(patience).then(() => tellOf(accountId)));
		},
		held() {
			let heard: Set<string> | null = null;
			let isReleased = false;
			return {
				ring(entry) {
					if (isReleased) return bell.ring(entry);
					const accountId = toldOf(entry);
					if (accountId !== null) (heard ??= new Set()).add(accountId);
				},
				held: () => bell.held(),
				release() {
					isReleased = true;
					for (const accountId of heard ?? []) later(tellOf(accountId));
				},
			};
		},
	};
	return bell;
}

/** The account that is told of it; null where nobody is. */
function toldOf({ accountId, action }: Pick<AuditEntry, "accountId" | "action">): string | null {
	return eventOfAction(action) === null ? null : accountId;
}

/** Where upkeep looks for what is due each minute: only what is due by now is sent beside the answer. */
export function sendingAtOnce(
	{ later, now }: Pick<Parts, "later"> & { readonly now: () => Seconds },
	send: (endpointId: string) => Promise<void>,
): WebhookAlarm {
	return async (endpointId, at) => {
		if (at <= now()) later(send(endpointId));
	};
}
