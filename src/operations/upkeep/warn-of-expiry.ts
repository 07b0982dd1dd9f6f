import { writeInstant } from "../../domain/instant.ts";
import { randomId } from "../../crypto/random.ts";
import { expiryNotice, type Sighting } from "../../domain/alert.ts";
import type { ApiKeyCopy, CodeEnd } from "../../domain/ports/alerts.ts";
import type { Seconds } from "../../domain/brands.ts";
import { raiseAlerts } from "../events/raise-alerts.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

const page = 100;
const day: Seconds = 86_400;

/**
 * Once a day (the cron rings each hour): an alert for each access code, and each key, that is good now and will not be in 30 days. It is
 * read from the register's copies, so that no ledger is woken; a copy that lags is put right by the next day.
 */
export async function warnOfExpiry(services: Services): Promise<void> {
	const { limiter, keyCopies } = portsOf(services);
	const { now } = services;
	// A little less than a day, so that the cron's own hour does not slip.
	const name = "warn of expiry";
	if ((await limiter.take(name, { attempts: 1, window: day - 1800 })) > 0) return;
	try {
		for (let after: CodeEnd | null = { endsAt: now() + 1, keyId: "" }; after !== null;) {
			const ending: readonly (ApiKeyCopy & CodeEnd)[] = await keyCopies.expiring(now() + expiryNotice, after, page);
			await raiseAlerts(
				ending.flatMap((copy) => warningsOf(copy, services)),
				services,
			);
			after = ending.length < page ? null : (ending.at(-1) ?? null);
		}
	} catch (error) {
		await limiter.giveBack(name);
		throw error;
	}
}

function warningsOf(
	{ keyId, verdict, name, descriptions, endsAt }: ApiKeyCopy & CodeEnd,
	services: Services,
): readonly Sighting[] {
	const at = services.now();
	// One that was replaced ends as somebody meant it to.
	const ending = verdict.codes.filter((code) => code.enabled && !code.replaced && code.expiresAt === endsAt);
	const common = { accountId: verdict.ownerId, subject: keyId, count: 1, at };
	const ofCodes = ending.map((code) => ({
		...common,
		id: randomId(services.random),
		kind: "access_code_expiring" as const,
		target: code.id,
		detail: { key: name, access_code: descriptions[code.id] ?? "", expires_at: writeInstant(code.expiresAt) },
	}));
	if (verdict.state !== "enabled" || verdict.limits?.expiresAt !== endsAt) return ofCodes;
	const ofKey = { id: randomId(services.random), kind: "api_key_expiring", target: "" } as const;
	return [...ofCodes, { ...common, ...ofKey, detail: { key: name, expires_at: writeInstant(endsAt) } }];
}
