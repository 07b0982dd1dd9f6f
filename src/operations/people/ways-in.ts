import { type AuthenticationMethod, byAllOf, byPasskey } from "../../domain/authentication.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";

/** What somebody can sign in by, as they have set it up: what is asked for beyond that is out of their reach. */
export async function waysOf(
	personId: SubjectId,
	services: Services,
): Promise<readonly (readonly AuthenticationMethod[])[]> {
	const { register, passkeys } = portsOf(services);
	const [person, keys] = await Promise.all([register.person(personId), passkeys.list(personId)]);
	if (!person) return [];
	return [...(keys.length > 0 ? [byPasskey] : []), ...(person.passwordHash === null ? [] : [byAllOf(person)])];
}

/** Whether somebody could sign in by two factors. */
export async function hasSecondFactor(personId: SubjectId, services: Services): Promise<boolean> {
	return (await waysOf(personId, services)).some((way) => way.includes("mfa"));
}

/**
 * NIST SP 800-63B-4 §4.1.2.1: a new way in takes a sign-in as strong as what somebody has, or as what it makes. Whoever stole the password
 * of somebody who has a second factor would else make one of their own beside it, which is as good.
 */
export async function hasToShowSecondFactor(
	personId: SubjectId,
	amr: readonly AuthenticationMethod[],
	services: Services,
): Promise<boolean> {
	return !amr.includes("mfa") && (await hasSecondFactor(personId, services));
}
