import { digest, sha256 } from "../../crypto/digest.ts";
import { base64url, fromUtf8 } from "../../crypto/encoding.ts";
import { type Assertion, isSignedBy, readAssertion, readRegistration } from "../../crypto/webauthn.ts";
import {
	type AuthenticatorData,
	type Ceremony,
	type ClientData,
	maxCredentialIdBytes,
	type Passkey,
	problemOf,
} from "../../domain/passkey.ts";
import type { Limited } from "../../domain/limit.ts";
import type { Person } from "../../domain/person.ts";
import { auditPerson } from "../audit-person.ts";
import { type NetworkLimit, networkTurns, takeTurns } from "../limits.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";
import { noteRefusedSignIn } from "./note-refused-sign-in.ts";
import { type ChallengeFor, checkChallenge } from "./passkey-challenge.ts";

export type PasskeyVerdict =
	| { readonly kind: "right"; readonly person: Person; readonly passkeyId: string }
	/** Whatever it is that was wrong: the log has it. */
	| { readonly kind: "wrong" }
	/** The challenge was ours, and too long ago. */
	| { readonly kind: "late" }
	| Limited;

/** As of wrong passwords: one challenge is good for as many looks at invented passkeys as it is sent with. */
const failures: NetworkLimit = { name: "passkey-network", attempts: 60, wide: 240, window: 900 };

/**
 * WebAuthn §7.2: what a browser made of the options for this. `address` is where it came from, for the audit log of whoever's device
 * it is.
 */
export async function verifyPasskeyAssertion(
	response: string,
	wanted: ChallengeFor & { readonly address: string | null },
	services: Services,
): Promise<PasskeyVerdict> {
	const assertion = await readAssertion(response);
	if (!assertion) return refused("malformed", services);
	const asked = await checkCeremony(assertion, "webauthn.get", wanted, services);
	if (asked.kind !== "open") return asked;
	// Whoever is signed in asks about their own.
	const turns = wanted.person === null ? networkTurns(failures, wanted.address) : [];
	const taken = await takeTurns(turns, services);
	if (taken.kind === "limited") return taken;
	const { passkeys } = portsOf(services);
	const found = await passkeys.find(await passkeyIdOf(assertion.credentialId));
	if (found?.person.state !== "active") return refused("unknown", services);
	const { passkey, person } = found;
	// WebAuthn §7.2 (6): of whoever is known already; else its device says whose it is, and both have to agree.
	if (!isOwner(person, assertion, wanted)) return refused("another_person", services);
	const refusedOf = (reason: string) => {
		noteRefusedSignIn(person, "passkey", wanted.address, services);
		return refused(reason, services);
	};
	// WebAuthn §7.2 (19)
	if (assertion.device.mayBeBackedUp !== passkey.isSynced) return refusedOf("backup");
	if (!isSignedBy(passkey.key, assertion)) return refusedOf("signature");
	if (!(await asked.used())) return refusedOf("replayed");
	// WebAuthn §7.2 (22): somebody may have a copy of it, and which of the two this is nobody knows.
	if (!(await passkeys.use(passkey.id, { signCount: assertion.device.signCount, at: services.now() }))) {
		noticeCopy(passkey, person, wanted.address, services);
		return refusedOf("count");
	}
	await taken.giveBack();
	return { kind: "right", person, passkeyId: passkey.id };
}

/** Whether it is there still, and its person: asked after what it opened was opened. */
export async function isPasskeyOf(passkeyId: string, person: Person, services: Services): Promise<boolean> {
	const found = await portsOf(services).passkeys.find(passkeyId);
	return found?.person.id === person.id && found.person.state === "active";
}

type NewPasskey = Pick<Passkey, "id" | "credentialId" | "key" | "signCount" | "isSynced" | "transports">;

export type RegistrationVerdict =
	| { readonly kind: "right"; readonly passkey: NewPasskey }
	| { readonly kind: "wrong" | "late" };

/** WebAuthn §7.1, up to whether somebody has it already, which whoever stores it is told. */
export async function verifyPasskeyRegistration(
	response: string,
	wanted: ChallengeFor,
	services: Services,
): Promise<RegistrationVerdict> {
	const made = readRegistration(response);
	if (!made || made.credentialId.length > maxCredentialIdBytes) return refused("malformed", services);
	const asked = await checkCeremony(made, "webauthn.create", wanted, services);
	if (asked.kind !== "open") return asked;
	if (!(await asked.used())) return refused("replayed", services);
	const { key, transports, device } = made;
	const credentialId = base64url(made.credentialId);
	const id = await passkeyIdOf(credentialId);
	const { signCount, mayBeBackedUp: isSynced } = device;
	return { kind: "right", passkey: { id, credentialId, key, signCount, isSynced, transports } };
}

async function checkCeremony(
	{ client, device }: { readonly client: ClientData; readonly device: AuthenticatorData },
	type: Ceremony["type"],
	wanted: ChallengeFor,
	services: Services,
) {
	const { issuer, origin } = services.config;
	const problem = problemOf(client, device, { type, origin, rpIdHash: await sha256(rpIdOf(issuer)) });
	if (problem !== null) return refused(problem, services);
	// WebAuthn §7.1 (8), §7.2 (11)
	const challenge = await checkChallenge(client.challenge, wanted, services);
	return challenge.kind === "foreign" ? refused("challenge", services) : challenge;
}

/** WebAuthn §5.1.2: a passkey is for a host, whatever its port. */
export function rpIdOf(issuer: string): string {
	return new URL(issuer).hostname;
}

async function passkeyIdOf(credentialId: string): Promise<string> {
	return base64url((await digest(credentialId)).subarray(0, 16));
}

function isOwner({ id }: Person, { userHandle }: Assertion, { person }: ChallengeFor): boolean {
	const isSaid = userHandle !== null && textOf(userHandle) === id;
	return person === null ? isSaid : person === id && (userHandle === null || isSaid);
}

function textOf(bytes: Uint8Array): string | null {
	try {
		return fromUtf8(bytes);
	} catch {
		return null;
	}
}

function noticeCopy(passkey: Passkey, person: Person, address: string | null, services: Services): void {
	const act = { action: "passkey.copied", target: passkey.id, address, detail: { name: passkey.name } };
	const note = async () => void (await auditPerson(person, act, services, "anonymous"));
	services.later(note());
	services.alertBell.ring("passkey_copied", passkey.id, async () => {
		const accounts = await portsOf(services).register.accountsOf(person.id);
		const detail = { username: person.username, passkey: passkey.name };
		return accounts.map(({ account }) => ({ accountId: account.id, subject: person.id, target: "", detail }));
	});
}

function refused(reason: string, services: Services): { readonly kind: "wrong" } {
	services.log("passkey.refused", { reason });
	return { kind: "wrong" };
}
