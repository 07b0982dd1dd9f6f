import type { InstallsOf, UnsettledInstall, UnsettledQuery } from "../../domain/ports/clients.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** What the ledgers say of installs that the register does not know about yet. */
type Waiting = InstallsOf["waiting"];

export const nothingWaits: Waiting = { pending: [], gone: [] };

/** Beyond it a list shows them as installed, until the cron has asked. Each subject costs a call to its ledger. */
const mostInAList = 500;
const mostSubjects = 40;

/**
 * A grant's row comes before the grant (DESIGN §3.2). For so long one that its ledger does not know may be about to be
 * opened: noted as ended, it would be open and in no list.
 */
export const openingGrace: Seconds = 600;

/**
 * The register lists a grant before its ledger opens it, and nobody tells it of the redemption, which costs one ledger call and
 * no more. So who draws a list asks the ledgers of what is not settled, and writes down what cannot change any more. What a
 * ledger does not answer is listed: a grant that counts is never left out.
 */
export async function settleInstalls(of: UnsettledQuery, services: Services): Promise<Waiting> {
	const { pending, gone } = await settle(of, services, { rows: mostInAList, subjects: mostSubjects });
	return { pending, gone };
}

async function settle(of: UnsettledQuery, services: Services, most: { rows: number; subjects: number }) {
	const { clients } = portsOf(services);
	const asked = await clients.unsettledInstalls(of, most.rows);
	const subjects = bySubject(asked).slice(0, most.subjects);
	const states = new Map((await Promise.all(subjects.map((each) => statesOf(each, services)))).flat());
	const idsThatAre = (state: string) => asked.map(({ grantId }) => grantId).filter((id) => states.get(id) === state);
	const [live, gone, pending] = [idsThatAre("live"), idsThatAre("gone"), idsThatAre("pending")];
	const before = services.now() - openingGrace;
	const over = asked.filter(({ grantId, createdAt }) => gone.includes(grantId) && createdAt <= before);
	if (live.length + over.length > 0) {
		await clients.settleInstalls({ live, gone: over.map(({ grantId }) => grantId) }, services.now());
	}
	return { pending, gone, asked: asked.length, settled: live.length + over.length };
}

const batchSize = 100;
const mostBatches = 4;

/** The cron's part: those that no list was drawn of. */
export async function sweepUnsettledInstalls(services: Services): Promise<void> {
	const createdBefore = services.now() - openingGrace;
	for (let batch = 0; batch < mostBatches; batch++) {
		const { asked, settled } = await settle({ createdBefore }, services, { rows: batchSize, subjects: batchSize });
		// What ledgers did not answer is asked again at the next run.
		if (asked < batchSize || settled === 0) break;
	}
}

interface OfSubject {
	readonly subject: SubjectId;
	readonly grantIds: readonly string[];
}

function bySubject(installs: readonly UnsettledInstall[]): readonly OfSubject[] {
	const subjects = new Map<SubjectId, string[]>();
	for (const { subject, grantId } of installs) subjects.set(subject, [...(subjects.get(subject) ?? []), grantId]);
	return [...subjects].map(([subject, grantIds]) => ({ subject, grantIds }));
}

async function statesOf({ subject, grantIds }: OfSubject, services: Services) {
	try {
		const states = await portsOf(services).ledgers.of(subject).grantStates(grantIds);
		return grantIds.map((id, index) => [id, states[index]] as const);
	} catch {
		services.log("installs.unsettled", { subject });
		return [];
	}
}
