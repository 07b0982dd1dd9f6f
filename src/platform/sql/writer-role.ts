import type { WriterRole } from "../../domain/ports/register.ts";

/**
 * For the WHERE of a write: whether the person who writes still has a role that permits it, in their account and now, and the
 * account is neither suspended nor ended. One
 * value is bound to it, {@link writerValue}, at the place that is named (`?7`).
 */
export function writerMay(place: string): string {
	return `(${place} IS NULL OR EXISTS (
		SELECT 1 FROM memberships AS writing JOIN people AS writer ON writer.id = writing.person_id
			JOIN accounts AS written ON written.id = writing.account_id
		WHERE writing.person_id = ${place} ->> '$.personId' AND writing.account_id = ${place} ->> '$.accountId'
			AND writing.state = 'active' AND writer.state = 'active'
			AND written.state = 'active' AND written.suspended_at IS NULL
			AND EXISTS (SELECT 1 FROM json_each(${place}, '$.roles') WHERE json_each.value = writing.role)))`;
}

export function writerValue(by: WriterRole | null): string | null {
	return by && JSON.stringify(by);
}
