import { isStrongEnoughFor } from "../../domain/account.ts";
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
 * Whether somebody is to sign in by their second factor before they change their ways in: an account that they belong to asks for one,
 * and they have one. Whoever stole their password would else make another beside it, which is as good (NIST SP 800-63B-4 §4.1.2.1).
 */
export async function hasToShowSecondFactor(
	personId: SubjectId,
	amr: readonly AuthenticationMethod[],
	services: Services,
): Promise<boolean> {
	const accounts = await portsOf(services).register.accountsOf(personId);
	const isAsked = accounts.some(({ account }) => !isStrongEnoughFor(account, amr));
	return isAsked && hasSecondFactor(personId, services);
}
