import { digest, isSameBytes } from "../../crypto/digest.ts";
import { randomId } from "../../crypto/random.ts";
import { sealToken, unsealToken } from "../../crypto/sealed-token.ts";
import type { Clear, Seconds } from "../../domain/brands.ts";
import type { OneTimeCodes, Person } from "../../domain/person.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** What the browser keeps while it is asked: it opens nothing. */
export interface SecondFactorAsked {
	readonly token: Clear;
	readonly ttl: Seconds;
}

/** Whose password does not do alone. */
export type WithCodes = Person & { readonly oneTimeCodes: OneTimeCodes };

const ttl: Seconds = 5 * 60;

/** For whoever has just given the right password; bound to that, so that a new one ends it. */
export async function askSecondFactor(person: Person, services: Services): Promise<SecondFactorAsked> {
	const reference = {
		subject: person.id,
		accountId: "",
		id: randomId(services.random),
		generation: services.now() + ttl,
		secret: await digest(person.passwordHash ?? ""),
	};
	return { token: await sealToken("second_factor", reference, services.serverKeys), ttl };
}

/** Who is asked by this token; null where it is over, their password is another, or they are asked no more. */
export async function askedForSecondFactor(token: string | null, services: Services): Promise<WithCodes | null> {
	const asked = token === null ? null : await unsealToken("second_factor", token, services.serverKeys);
	if (!asked || services.now() >= asked.generation) return null;
	const person = await portsOf(services).register.person(asked.subject);
	if (person?.state !== "active" || asked.generation - ttl < person.notBefore) return null;
	const { oneTimeCodes } = person;
	if (!oneTimeCodes || !isSameBytes(asked.secret, await digest(person.passwordHash ?? ""))) return null;
	return { ...person, oneTimeCodes };
}
