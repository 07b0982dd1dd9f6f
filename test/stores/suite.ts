import { afterEach, beforeEach, describe, vi } from "vitest";
import type { Stores } from "./builders.ts";
import { describeClients } from "./clients.ts";
import { describeConsents } from "./consents.ts";
import { describeOthers } from "./codes-rings-limits-events.ts";
import { describeGrants } from "./grants.ts";
import { describePeopleEnvironmentsAudit } from "./people-environments-audit.ts";
import { describePersonAccess } from "./person-access.ts";
import { describeKeys } from "./keys.ts";
import { describeRegister } from "./register.ts";
import { describeSearches } from "./searches-alerts-pairs.ts";
import { describeSelfRegistered } from "./self-registered.ts";
import { describeSessions } from "./sessions.ts";
import { describeVerdicts } from "./verdicts.ts";

/** What domain/ports.ts promises, for every platform. Dates are faked; a platform's clock has to be `Date`. */
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
		describeSessions(stores);
		describeVerdicts(stores);
		describeRegister(stores);
		describeKeys(stores);
		describeOthers(stores);
		describeSearches(stores);
		describeClients(stores);
		describeSelfRegistered(stores);
		describePersonAccess(stores);
		describePeopleEnvironmentsAudit(stores);
	});
}
