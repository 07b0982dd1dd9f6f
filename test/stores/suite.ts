import { afterEach, beforeEach, describe, vi } from "vitest";
import type { Stores } from "./builders.ts";
import { describeAccountExport } from "./account-export.ts";
import { describeAccountRemoval } from "./account-removal.ts";
import { describeAccountDomains } from "./account-domains.ts";
import { describeAccounts } from "./accounts.ts";
import { describeAlertMail } from "./alert-mail.ts";
import { describeAlerts } from "./alerts.ts";
import { describeApis } from "./apis.ts";
import { describeApiKeys } from "./api-keys.ts";
import { describeAuditLog } from "./audit-log.ts";
import { describeClients } from "./clients.ts";
import { describeClientsOfNoAccount } from "./clients-of-no-account.ts";
import { describeBounds } from "./bounds.ts";
import { describeCodes } from "./codes.ts";
import { describeDeploymentClients } from "./deployment-clients.ts";
import { describeDeviceRequests } from "./device-requests.ts";
import { describeEmailLinks } from "./email-links.ts";
import { describeEnvironments } from "./environments.ts";
import { describeEvents } from "./events.ts";
import { describeApiKeyStates } from "./ledgers/api-key-states.ts";
import { describeAccountEnds } from "./ledgers/account-ends.ts";
import { describeConsents } from "./ledgers/consents.ts";
import { describeGrants } from "./ledgers/grants.ts";
import { describeLogouts } from "./ledgers/logouts.ts";
import { describeSessions } from "./ledgers/sessions.ts";
import { describeSignIns } from "./ledgers/sign-ins.ts";
import { describeIdempotency } from "./idempotency.ts";
import { describeInvitations } from "./invitations.ts";
import { describeListedKeys } from "./listed-keys.ts";
import { describeLimiter } from "./limiter.ts";
import { describeOneTimeCodes } from "./one-time-codes.ts";
import { describeOperators } from "./operators.ts";
import { describePairInstalls } from "./pair-installs.ts";
import { describePasskeys } from "./passkeys.ts";
import { describePeople } from "./people.ts";
import { describeRecovery } from "./recovery.ts";
import { describeRegister } from "./register.ts";
import { describeSignInProviders } from "./sign-in-providers.ts";
import { describeSigningKeyRings } from "./signing-key-rings.ts";
import { describeTotals } from "./totals.ts";
import { describeWebhooks } from "./webhooks.ts";
import { describeTrustedIssuers } from "./trusted-issuers.ts";
import { describeUnreadableRows } from "./unreadable-rows.ts";
import { describeUsage } from "./usage.ts";

/**
 * What src/domain/ports promises, for every platform: a file or a folder for each port. Dates are faked; a platform's clock
 * has to be `Date`.
 */
export function describeStores(name: string, stores: Stores): void {
	describe(`the stores of ${name}`, () => {
		beforeEach(() => {
			// A whole second that stands still: so that instants can be compared.
			vi.useFakeTimers({ toFake: ["Date"], now: Math.ceil(Date.now() / 1000) * 1000 });
		});
		afterEach(() => {
			vi.useRealTimers();
		});
		describeGrants(stores);
		describeConsents(stores);
		describeAccountEnds(stores);
		describeSessions(stores);
		describeSignIns(stores);
		describeLogouts(stores);
		describeApiKeyStates(stores);
		describeCodes(stores);
		describeSigningKeyRings(stores);
		describeLimiter(stores);
		describeDeviceRequests(stores);
		describeRegister(stores);
		describePasskeys(stores);
		describePeople(stores);
		describeRecovery(stores);
		describeOneTimeCodes(stores);
		describeOperators(stores);
		describeEmailLinks(stores);
		describeAccounts(stores);
		describeAccountRemoval(stores);
		describeAccountExport(stores);
		describeIdempotency(stores);
		describeInvitations(stores);
		describeEnvironments(stores);
		describeApis(stores);
		describeTrustedIssuers(stores);
		describeSignInProviders(stores);
		describeAccountDomains(stores);
		describeApiKeys(stores);
		describeListedKeys(stores);
		describeClients(stores);
		describeClientsOfNoAccount(stores);
		describeDeploymentClients(stores);
		describePairInstalls(stores);
		describeAuditLog(stores);
		describeEvents(stores);
		describeAlerts(stores);
		describeAlertMail(stores);
		describeWebhooks(stores);
		describeUsage(stores);
		describeUnreadableRows(stores);
		describeTotals(stores);
		// Last: it says that there are more keys than anybody could wait for.
		describeBounds(stores);
	});
}
