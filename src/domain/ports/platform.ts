import type { AccountDomainRegister } from "./account-domains.ts";
import type { AccountExport } from "./account-export.ts";
import type { AccountRemoval } from "./account-removal.ts";
import type { AccountRegister } from "./accounts.ts";
import type { AlertMail } from "./alert-mail.ts";
import type { Alerts, ApiKeyCopies } from "./alerts.ts";
import type { ApiKeyRegister } from "./api-keys.ts";
import type { ApiRegister } from "./apis.ts";
import type { AuditLog } from "./audit-log.ts";
import type { ClientRegister } from "./clients.ts";
import type { Codes } from "./codes.ts";
import type { DeploymentClients } from "./deployment-clients.ts";
import type { DeviceRequests } from "./device-requests.ts";
import type { EmailLinks } from "./email-links.ts";
import type { EnvironmentRegister } from "./environments.ts";
import type { Events } from "./events.ts";
import type { IdempotencyKeys } from "./idempotency.ts";
import type { InvitationRegister } from "./invitations.ts";
import type { Ledgers } from "./ledgers.ts";
import type { Limiter } from "./limiter.ts";
import type { OneTimeCodeRegister } from "./one-time-codes.ts";
import type { OperatorRegister } from "./operators.ts";
import type { PairInstalls } from "./pair-installs.ts";
import type { PasskeyRegister } from "./passkeys.ts";
import type { PeopleRegister } from "./people.ts";
import type { RecoveryRegister } from "./recovery.ts";
import type { Register } from "./register.ts";
import type { SignInProviderRegister } from "./sign-in-providers.ts";
import type { SigningKeyRings } from "./signing-key-rings.ts";
import type { TrustedIssuerRegister } from "./trusted-issuers.ts";
import type { UsageCounts } from "./usage.ts";
import type { WebhookDeliveries, WebhookRegister } from "./webhooks.ts";

/**
 * Everything that latchkey asks of where it runs. Ports are atomic verbs: none asks its caller to read first and write
 * after. One test suite (test/stores/) holds each platform to what is written here. Anything may throw when storage fails:
 * the app answers 503.
 */
export interface Platform {
	readonly codes: Codes;
	readonly ledgers: Ledgers;
	readonly keyRings: SigningKeyRings;
	readonly limiter: Limiter;
	readonly deviceRequests: DeviceRequests;
	readonly register: Register;
	readonly keyRegister: ApiKeyRegister;
	readonly events: Events;
	readonly environments: EnvironmentRegister;
	readonly people: PeopleRegister;
	readonly passkeys: PasskeyRegister;
	readonly invitations: InvitationRegister;
	readonly recovery: RecoveryRegister;
	readonly oneTimeCodes: OneTimeCodeRegister;
	readonly apis: ApiRegister;
	readonly trustedIssuers: TrustedIssuerRegister;
	readonly signInProviders: SignInProviderRegister;
	readonly accountDomains: AccountDomainRegister;
	readonly operators: OperatorRegister;
	readonly emailLinks: EmailLinks;
	readonly accounts: AccountRegister;
	readonly accountExport: AccountExport;
	readonly accountRemoval: AccountRemoval;
	readonly auditLog: AuditLog;
	readonly clients: ClientRegister;
	readonly deploymentClients: DeploymentClients;
	readonly pairInstalls: PairInstalls;
	readonly alerts: Alerts;
	readonly alertMail: AlertMail;
	readonly keyCopies: ApiKeyCopies;
	readonly usage: UsageCounts;
	readonly webhooks: WebhookRegister;
	readonly webhookDeliveries: WebhookDeliveries;
	readonly idempotency: IdempotencyKeys;
}
