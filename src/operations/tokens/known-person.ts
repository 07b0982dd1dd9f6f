import type { Known } from "../../domain/identity-claims.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Services } from "../services.ts";

/** What is known of a person, and of their place in the account that a grant is for; null where there is no such person. */
export async function knownPerson(subject: SubjectId, accountId: string, { lookups }: Services): Promise<Known | null> {
	const [person, account, membership] = await Promise.all([
		lookups.person(subject),
		lookups.account(accountId),
		lookups.membership(subject, accountId),
	]);
	if (!person) return null;
	const isMember = account?.state === "active" && membership?.state === "active";
	return { ...person, ...(isMember && { membership: { slug: account.slug, role: membership.role } }) };
}
