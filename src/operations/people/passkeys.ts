import { base64url, utf8 } from "../../crypto/encoding.ts";
import { readName } from "../../domain/display-name.ts";
import type { Passkey } from "../../domain/passkey.ts";
import type { Person } from "../../domain/person.ts";
import { personalEntries } from "../audit-person.ts";
import { type ChallengeFor, challengeTtl, makeChallenge } from "../checks/passkey-challenge.ts";
import { rpIdOf, verifyPasskeyRegistration } from "../checks/verify-passkey.ts";
import { mailPerson } from "../mail/mail-alerts.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";
import { signInsEnded } from "./end-sign-ins.ts";

export function listPasskeys(person: Pick<Person, "id">, services: Services): Promise<readonly Passkey[]> {
	return portsOf(services).passkeys.list(person.id);
}

/**
 * WebAuthn §5.4, `PublicKeyCredentialCreationOptionsJSON`: for a passkey of this person, who need not be there yet. One that can be
 * found without a user name, behind a PIN or a finger.
 */
export async function creationOptions(
	person: Pick<Person, "id" | "username" | "name">,
	browser: string,
	services: Services,
) {
	const { id, username, name } = person;
	const known = await listPasskeys(person, services);
	const host = rpIdOf(services.config.issuer);
	return {
		rp: { id: host, name: host },
		// WebAuthn §14.6.1: an id that tells nothing of them.
		user: { id: base64url(utf8(id)), name: username, displayName: name },
		challenge: await makeChallenge({ purpose: "register", browser, person: id }, services),
		// WebAuthn §5.4: the most preferred first, and RS256 for Windows' own.
		pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
		timeout: challengeTtl * 1000,
		excludeCredentials: known.map(descriptorOf),
		authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
		attestation: "none",
	};
}

/** WebAuthn §5.5, `PublicKeyCredentialRequestOptionsJSON`: by one of the person's, or by anybody's where it is not known who they are. */
export async function requestOptions(wanted: ChallengeFor, services: Services) {
	const known = wanted.person === null ? [] : await listPasskeys({ id: wanted.person }, services);
	return {
		challenge: await makeChallenge(wanted, services),
		timeout: challengeTtl * 1000,
		rpId: rpIdOf(services.config.issuer),
		allowCredentials: known.map(descriptorOf),
		userVerification: "required",
	};
}

function descriptorOf({ credentialId: id, transports }: Passkey) {
	return { type: "public-key", id, transports };
}

export function isPasskeyName(text: string): boolean {
	return readName(text) !== null;
}

export type PasskeyAdded =
	| { readonly kind: "added"; readonly passkey: Passkey }
	/** `taken`: it is registered already; `full`: there are as many as there may be. */
	| { readonly kind: "wrong" | "late" | "name" | "taken" | "full" };

/** Registers what the person's browser made of {@link creationOptions}, and has them and their accounts hear of it. */
export async function addPasskey(
	person: Person,
	given: {
		readonly response: string;
		readonly name: string;
		readonly browser: string;
		readonly address: string | null;
	},
	services: Services,
): Promise<PasskeyAdded> {
	const { response, browser, address } = given;
	const name = readName(given.name);
	if (name === null) return { kind: "name" };
	const wanted = { purpose: "register", browser, person: person.id } as const;
	const made = await verifyPasskeyRegistration(response, wanted, services);
	if (made.kind !== "right") return made;
	const rest = { personId: person.id, name, createdAt: services.now(), lastUsedAt: null };
	const passkey = { ...made.passkey, ...rest };
	const act = { action: "passkey.add", target: passkey.id, address, detail: { name } };
	const outcome = await portsOf(services).passkeys.add(passkey, await personalEntries(person, act, services));
	if (outcome === "unknown") return { kind: "wrong" };
	if (outcome !== "added") return { kind: outcome };
	noticePasskey(person, name, services);
	return { kind: "added", passkey };
}

/** Tells a person, and each account that they belong to, of another way in to it. */
function noticePasskey(person: Person, name: string, services: Services): void {
	services.later(mailPerson(person, "passkey_added", services));
	services.alertBell.ring("passkey_added", person.id, async () => {
		const accounts = await portsOf(services).register.accountsOf(person.id);
		const detail = { username: person.username, passkey: name };
		return accounts.map(({ account }) => ({ accountId: account.id, subject: person.id, target: "", detail }));
	});
}

export type PasskeyRenamed =
	| { readonly kind: "renamed"; readonly passkey: Passkey }
	| { readonly kind: "name" | "unknown" };

export async function renamePasskey(
	person: Person,
	given: { readonly id: string; readonly name: string; readonly address: string | null },
	services: Services,
): Promise<PasskeyRenamed> {
	const { id, address } = given;
	const name = readName(given.name);
	if (name === null) return { kind: "name" };
	const passkey = await findPasskey(id, person, services);
	if (!passkey) return { kind: "unknown" };
	const act = { action: "passkey.rename", target: id, address, detail: { name } };
	const entries = await personalEntries(person, act, services);
	const kind = await portsOf(services).passkeys.rename({ id, personId: person.id }, name, entries);
	return kind === "renamed" ? { kind, passkey: { ...passkey, name } } : { kind };
}

/**
 * With every browser that is signed in but `signIn`, since nobody knows which of them it opened. `last`: the person could not sign in
 * any more.
 */
export async function removePasskey(
	person: Person,
	given: { readonly id: string; readonly signIn: string | null; readonly address: string | null },
	services: Services,
): Promise<"removed" | "last" | "unknown"> {
	const { id, signIn, address } = given;
	const all = await listPasskeys(person, services);
	const passkey = all.find((each) => each.id === id);
	if (!passkey) return "unknown";
	// For whoever stays as they are nothing ends; which of two is the last, the statement says.
	if (all.length === 1 && person.passwordHash === null) return "last";
	const act = { action: "passkey.remove", target: id, address, detail: { name: passkey.name } };
	const entries = await personalEntries(person, act, services);
	// Programs log in by other means.
	const but = { signIn: signIn ?? "", sessionsOf: "passkey" };
	const endOthers = async () =>
		signInsEnded(person.id, await portsOf(services).ledgers.of(person.id).endEverything(but), services);
	// Before it is gone, so that what fails between the two leaves nobody signed in by it: the same request once more finds it no more.
	await endOthers();
	const outcome = await portsOf(services).passkeys.remove({ id, personId: person.id }, entries);
	if (outcome !== "removed") return outcome;
	// And after it: a sign-in under way looks once more when it is open (isPasskeyOf).
	await endOthers();
	services.later(mailPerson(person, "passkey_removed", services));
	return outcome;
}

export async function findPasskey(id: string, person: Pick<Person, "id">, services: Services): Promise<Passkey | null> {
	return (await listPasskeys(person, services)).find((each) => each.id === id) ?? null;
}
