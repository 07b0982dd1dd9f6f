import type { Client } from "../../domain/client.ts";
import type { Known } from "../../domain/identity-claims.ts";
import { isSameAddress } from "../../domain/profile.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Services } from "../services.ts";

/** What is known of a person, and of their place in the account that a grant is for; null where there is no such person. */
export async function knownPerson(
	subject: SubjectId,
	accountId: string,
	client: Client | null,
	{ lookups }: Services,
): Promise<Known | null> {
	const [person, account, membership] = await Promise.all([
		lookups.person(subject),
		lookups.account(accountId),
		lookups.membership(subject, accountId),
	]);
	if (!person) return null;
	const email = person.profile?.email;
	const isTheirs = (said?: string) => said !== undefined && email !== undefined && isSameAddress(said, email);
	// What they proved by a letter holds for everybody.
	const isProved = isTheirs(person.verifiedEmail);
	if (account?.state !== "active" || membership?.state !== "active") return { ...person, isEmailVerified: isProved };
	// An administrator's word is for what belongs to their own account: others would take it for their own customer's address.
	const vouched = client?.accountId === accountId ? membership.verifiedEmail : undefined;
	return {
		...person,
		membership: { slug: account.slug, role: membership.role },
		isEmailVerified: isProved || isTheirs(vouched),
	};
}
