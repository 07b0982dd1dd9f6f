import { randomId } from "../../crypto/random.ts";
import type { Passkey } from "../../domain/passkey.ts";
import type { Person } from "../../domain/person.ts";
import { subjectId, type SubjectId } from "../../domain/subject.ts";
import { byPasskey } from "../../domain/authentication.ts";
import { isPasskeyOf, verifyPasskeyRegistration } from "../checks/verify-passkey.ts";
import type { Services } from "../services.ts";
import { choosePassword, type PasswordChosen } from "./choose-password.ts";
import { creationOptions } from "./passkeys.ts";
import { type ProvenPerson, provenByPassword } from "./sign-in.ts";

/** By what somebody is to get in who has no way in yet, or none any more. */
export type WayIn =
	| { readonly kind: "password"; readonly password: string }
	| ({ readonly kind: "passkey" } & PasskeyMade);

/** What a browser made of {@link askForNewPasskey}. */
interface PasskeyMade {
	readonly response: string;
	/** For whom it was asked for, as the form says. */
	readonly person: SubjectId;
	/** Which browser, and what for. */
	readonly browser: string;
	/** What it is called from then on. */
	readonly name: string;
}

export type WayInMade =
	| { readonly kind: "made"; readonly id: SubjectId; readonly passwordHash: string | null; readonly passkey?: Passkey }
	/** The passkey is not what was asked for, or was too late. */
	| { readonly kind: "not_made" }
	| Exclude<PasswordChosen, { kind: "hashed" }>;

/** `names` are those that a password is not to be made of. */
export async function makeWayIn(given: WayIn, names: readonly string[], services: Services): Promise<WayInMade> {
	if (given.kind === "password") {
		const chosen = await choosePassword(given.password, names, services);
		return chosen.kind === "hashed" ? { kind: "made", id: newPersonId(services), passwordHash: chosen.hash } : chosen;
	}
	const passkey = await passkeyMade(given, services);
	return passkey ? { kind: "made", id: given.person, passwordHash: null, passkey } : { kind: "not_made" };
}

/** Null where it is not what was asked for. That it is for this person, its challenge says. */
async function passkeyMade(given: PasskeyMade, services: Services): Promise<Passkey | null> {
	const { response, person, browser, name } = given;
	const wanted = { purpose: "register", browser, person } as const;
	const made = await verifyPasskeyRegistration(response, wanted, services);
	if (made.kind !== "right") return null;
	return { ...made.passkey, personId: person, name, createdAt: services.now(), lastUsedAt: null };
}

/** For somebody who is not there yet: their id is made up now, and is theirs if they go on. */
export async function askForNewPasskey(
	names: Pick<Person, "username" | "name">,
	browser: string,
	services: Services,
): Promise<{ readonly person: SubjectId; readonly options: string }> {
	const id = newPersonId(services);
	return { person: id, options: JSON.stringify(await creationOptions({ id, ...names }, browser, services)) };
}

/** For whoever was made just now. */
export function provenByFirst(person: Person, passkey: Passkey | undefined, services: Services): ProvenPerson {
	if (!passkey) return provenByPassword(person, services);
	return { person, amr: byPasskey, within: null, holds: () => isPasskeyOf(passkey.id, person, services) };
}

function newPersonId({ config, random }: Services): SubjectId {
	return subjectId({ kind: "person", home: config.home, id: randomId(random) });
}
