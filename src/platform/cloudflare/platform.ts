import type { Platform } from "../../domain/ports/platform.ts";
import { accountDomainStore } from "../sql/account-domain-store.ts";
import { accountExportStore } from "../sql/account-export-store.ts";
import { accountRemovalStore } from "../sql/account-removal-store.ts";
import { accountStore } from "../sql/account-store.ts";
import { alertMail } from "../sql/alert-mail.ts";
import { idempotencyStore } from "../sql/idempotency-store.ts";
import { alertStore } from "../sql/alert-store.ts";
import { auditStore } from "../sql/audit-store.ts";
import { clientStore } from "../sql/client-store.ts";
import { codes } from "./codes.ts";
import { deploymentClients } from "../sql/deployment-clients.ts";
import { deviceRequests } from "./device-requests.ts";
import { emailLinks } from "../sql/email-links.ts";
import { environmentStore } from "../sql/environment-store.ts";
import { events } from "../sql/events.ts";
import { invitationStore } from "../sql/invitation-store.ts";
import { keyCopies } from "../sql/key-copies.ts";
import { keyRings } from "./key-rings.ts";
import { keyStore } from "../sql/key-store.ts";
import { ledgers } from "./ledgers.ts";
import type { Replicas } from "./near-ledgers.ts";
import { limiter } from "./limiter.ts";
import { oneTimeCodeStore } from "../sql/one-time-code-store.ts";
import { operatorStore } from "../sql/operator-store.ts";
import { pairInstalls } from "../sql/pair-installs.ts";
import { signInProviderStore } from "../sql/sign-in-provider-store.ts";
import { trustedIssuerStore } from "../sql/trusted-issuer-store.ts";
import { apiStore } from "../sql/api-store.ts";
import { passkeyStore } from "../sql/passkey-store.ts";
import { peopleStore } from "../sql/people-store.ts";
import { recoveryStore } from "../sql/recovery-store.ts";
import { register } from "../sql/register.ts";
import { usageStore } from "../sql/usage-store.ts";
import { webhookDeliveryStore } from "../sql/webhook-delivery-store.ts";
import { webhookStore } from "../sql/webhook-store.ts";
import { toldAnalytics } from "./told-analytics.ts";

type Bindings = Env & Pick<Cloudflare.Env, "USAGE">;

/** `colo` says where the isolate is; without it the subjects' homes alone are asked. */
export function cloudflarePlatform(env: Bindings, colo: Replicas["colo"] | null = null): Platform {
	return {
		codes: codes(env.CODES),
		ledgers: ledgers(env.LEDGER, colo && { namespace: env.REPLICA, colo }),
		keyRings: keyRings(env.KEY_RING, env.CODES),
		limiter: limiter(env.LIMITER),
		deviceRequests: deviceRequests(env.DEVICE_REQUESTS),
		register: register(env.DB),
		keyRegister: keyStore(env.DB),
		events: events(env.EVENTS),
		alerts: alertStore(env.EVENTS),
		usage: toldAnalytics(usageStore(env.EVENTS), env),
		alertMail: alertMail(env.DB),
		idempotency: idempotencyStore(env.DB),
		keyCopies: keyCopies(env.DB),
		pairInstalls: pairInstalls(env.DB),
		clients: clientStore(env.DB),
		deploymentClients: deploymentClients(env.DB),
		environments: environmentStore(env.DB),
		people: peopleStore(env.DB),
		passkeys: passkeyStore(env.DB),
		emailLinks: emailLinks(env.DB),
		invitations: invitationStore(env.DB),
		recovery: recoveryStore(env.DB),
		oneTimeCodes: oneTimeCodeStore(env.DB),
		apis: apiStore(env.DB),
		trustedIssuers: trustedIssuerStore(env.DB),
		signInProviders: signInProviderStore(env.DB),
		accountDomains: accountDomainStore(env.DB),
		operators: operatorStore(env.DB),
		accounts: accountStore(env.DB),
		accountExport: accountExportStore(env.DB, env.EVENTS),
		accountRemoval: accountRemovalStore(env.DB),
		auditLog: auditStore(env.DB),
		webhooks: webhookStore(env.DB),
		webhookDeliveries: webhookDeliveryStore(env.EVENTS),
	};
}
