import type { Agreeable } from "../../domain/effective-scope.ts";
import type { ListedGrant } from "../../domain/ledger-verdicts.ts";
import { heldFor, stepUp, type StepUp } from "../../domain/step-up.ts";
import type { Client } from "../../domain/client.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Targets } from "../../domain/targets.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { standingOf } from "../standing.ts";
import { visibleBeside } from "../targets.ts";

/** Who has something of whom, where, and for what. */
export interface Between {
	readonly client: Client;
	readonly subject: SubjectId;
	readonly accountId: string;
	/** RFC 8707; null for latchkey. */
	readonly resource: readonly string[] | null;
	readonly targets: Targets;
	/** Whether asking for more adds to what is there. An install is the whole of it, for one more server perhaps (contract 000). */
	readonly addsUp: boolean;
}

/** What a client has of a subject, wherever (one ledger call). None where asking for more does not add up. */
export async function heldGrants(
	{ client, subject, addsUp }: Pick<Between, "client" | "subject" | "addsUp">,
	services: Services,
): Promise<readonly ListedGrant[]> {
	return addsUp ? portsOf(services).ledgers.of(subject).grantsTo(client.id) : [];
}

/** What a client has in that account already, and what it would have with what is asked for now. */
export async function stepUpOf(
	{ client, subject, accountId, resource, targets }: Between,
	asked: Agreeable,
	grants: readonly ListedGrant[],
	services: Services,
): Promise<{ readonly before: Agreeable; readonly after: StepUp }> {
	const [standing, visible] = await Promise.all([
		standingOf(subject, accountId, client, services),
		visibleBeside(targets, accountId, services),
	]);
	if (!standing) return { before: { scope: [], unchecked: [] }, after: { ...asked, replaces: [] } };
	const { issuer } = services.config;
	const held = grants.filter((each) => each.accountId === accountId && each.createdAt >= standing.notBefore);
	const step = { asked, held, resource: resource ?? [issuer] };
	const reading = { targets, holder: standing, visible, issuer };
	return { before: heldFor(step, reading), after: stepUp(step, reading) };
}
