import { randomId } from "../crypto/random.ts";
import type { Environment } from "../domain/ports.ts";
import type { Services } from "./services.ts";

/** Stores events for an environment, all or none. */
export async function ingestEvents(
	environment: Environment,
	sent: readonly { occurredAt: number | null; body: string }[],
	services: Services,
): Promise<void> {
	const receivedAt = services.now();
	await services.events.add(
		sent.map(({ occurredAt, body }) => ({
			id: randomId(services.random),
			accountId: environment.accountId,
			environmentId: environment.id,
			receivedAt,
			occurredAt: occurredAt ?? receivedAt * 1000,
			body,
		})),
	);
}
