import { randomId } from "../../crypto/random.ts";
import type { Environment } from "../../domain/environment.ts";
import type { SentEvent } from "../../domain/event.ts";
import type { Limited } from "../../domain/limit.ts";
import { eventIdOf } from "./event-id.ts";
import { unitsOf } from "./event-quota.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** `too_many`: more at once than an environment may store in any hour. */
export type Ingested = { kind: "stored" } | { kind: "too_many" } | Limited;

/** Stores events for an environment, all or none, while it has room in this hour. What is there already stays as it is. */
export async function ingestEvents(
	environment: Environment,
	sent: readonly SentEvent[],
	services: Services,
): Promise<Ingested> {
	const { accountId, id: environmentId, workspace, name } = environment;
	const units = unitsOf(sent.map(({ body }) => body));
	if (units > services.eventQuota.limit.attempts) return { kind: "too_many" };
	const retryAfter = await services.eventQuota.take(environmentId, units);
	if (retryAfter > 0) return { kind: "limited", limit: services.eventQuota.limit, retryAfter };
	const receivedAt = services.now();
	const ids = await Promise.all(
		sent.map(async ({ sameAs }) =>
			// Of this environment: nobody's event is in the way of another's.
			sameAs === null ? randomId(services.random) : eventIdOf(`${environmentId} ${sameAs}`),
		),
	);
	await portsOf(services).events.add(
		sent.map(({ occurredAt, body }, index) => ({
			id: ids[index] ?? "",
			accountId,
			type: "event",
			environmentId,
			environment: `${workspace}/${name}`,
			receivedAt,
			occurredAt: occurredAt ?? receivedAt * 1000,
			body,
		})),
	);
	return { kind: "stored" };
}

/** An enabled environment of an account by its `workspace/name`, or null. */
export async function environmentByName(
	accountId: string,
	text: string,
	services: Services,
): Promise<Environment | null> {
	const all = await portsOf(services).register.environments(accountId);
	return all.find(({ workspace, name }) => `${workspace}/${name}` === text) ?? null;
}
