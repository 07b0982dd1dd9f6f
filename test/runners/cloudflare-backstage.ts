import type { Seconds } from "../../src/domain/brands.ts";
import * as keys from "../../src/operations/keys/change-key.ts";
import { cloudflarePlatform } from "../../src/platform/cloudflare/platform.ts";
import type { LedgerObject } from "../../src/platform/cloudflare/ledger-object.ts";
import type { WebhookAlarmObject } from "../../src/platform/cloudflare/webhook-alarm-object.ts";
import { homeOf } from "../../src/platform/cloudflare/placement.ts";
import worker from "../../src/worker.ts";
import type { Backstage } from "./backstage.ts";
import { holdPorts } from "../../src/operations/ports-of.ts";
import { setStanding } from "./set-standing.ts";
import { setTotal } from "./set-total.ts";

/** For code that runs inside the Worker. What it logs and what time it is are for the caller to say. */
export function cloudflareBackstage(env: Env): Omit<Backstage, "now" | "advance" | "logged"> {
	const platform = cloudflarePlatform(env);
	return {
		addRows: (rows) => platform.register.add(rows),
		addEvents: (events) => platform.events.add(events),
		changeKey: (keyId, change) => keys.changeKey(keyId, change, { ...holdPorts(platform), now }),
		setStanding: (of, standing) => setStanding(env.DB, of, standing),
		setTotal: (accountId, kind, n) => setTotal(env.DB, accountId, kind, n),
		keyRing: (algorithm = "ES256") => platform.keyRings.published(algorithm),
		sendDueLogouts: (subject) =>
			homeOf<Pick<LedgerObject, "sendDueLogouts">>(env.LEDGER, subject).sendDueLogouts(subject),
		sendDueWebhooks: (endpointId) =>
			(env.WEBHOOK_ALARM as DurableObjectNamespace<WebhookAlarmObject>)
				.getByName(endpointId)
				.sendDueWebhooks(endpointId),
		async runCron() {
			await worker.scheduled();
		},
	};
}

function now(): Seconds {
	return Math.floor(Date.now() / 1000);
}
