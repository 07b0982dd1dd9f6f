import { randomId } from "../../crypto/random.ts";
import type { Environment } from "../../domain/environment.ts";
import type { Limited } from "../../domain/limit.ts";
import { unitsOf } from "./event-quota.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export type Ingested = { kind: "stored" } | Limited;

/** Stores events for an environment, all or none, while it has room in this hour. */
export async function ingestEvents(
	environment: Environment,
	sent: readonly { occurredAt: number | null; body: string }[],
	services: Services,
): Promise<Ingested> {
	const { accountId, id: environmentId, workspace, name } = environment;
	const retryAfter = await services.eventQuota.take(environmentId, unitsOf(sent.map(({ body }) => body)));
	if (retryAfter > 0) return { kind: "limited", limit: services.eventQuota.limit, retryAfter };
	const receivedAt = services.now();
	await portsOf(services).events.add(
		sent.map(({ occurredAt, body }) => ({
			id: randomId(services.random),
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
