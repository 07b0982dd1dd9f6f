import type { Services } from "./services.ts";

/** The cron: signing keys that are due, and rows whose time has passed. Ledgers sweep themselves. */
export async function sweep(services: Services): Promise<void> {
	const { config, now } = services;
	await Promise.all([
		services.signingKeys.rotate(),
		services.register.purge(now(), now() - config.auditTtl),
		services.events.purge(now() - config.eventsTtl),
	]);
}
