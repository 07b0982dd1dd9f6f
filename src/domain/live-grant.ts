import { type Hash, isSameHash, type Seconds } from "./brands.ts";
import { type Grant, isLive } from "./grant.ts";
import type { LiveGrant } from "./ledger-verdicts.ts";

/** What a grant gives now; null where it does not count, or `refresh` is no hash of its current refresh token. */
export function liveGrant(
	grant: Grant,
	query: { readonly refresh?: Hash; readonly notBefore: Seconds },
	now: Seconds,
): LiveGrant | null {
	if (!isLive(grant, query.notBefore, now)) return null;
	const { clientId, accountId, scope, unchecked, resource, identity, createdAt, refresh } = grant;
	const optional = { ...(unchecked && { unchecked }), ...(resource && { resource }), ...(identity && { identity }) };
	const live = { clientId, accountId, scope, ...optional, createdAt, expiresAt: grant.expiresAt };
	if (query.refresh === undefined) return live;
	if (!refresh || !isSameHash(refresh.hash, query.refresh) || now >= refresh.idleExpiresAt) return null;
	return { ...live, expiresAt: Math.min(grant.expiresAt, refresh.idleExpiresAt) };
}
