import { sha256 } from "../../crypto/digest.ts";
import type { Clear, Hash } from "../../domain/brands.ts";
import type { Person } from "../../domain/person.ts";
import type { RecoveryCodes } from "../../domain/ports/recovery.ts";
import { recoveryCodeBytes, recoveryCodeCount, readRecoveryCode, writeRecoveryCode } from "../../domain/recovery.ts";
import { personalEntries } from "../audit-person.ts";
import { type Proof, provePerson, type Unproved } from "../checks/prove-person.ts";
import { bytesFor } from "../form-nonce.ts";
import { mailPerson } from "../mail/mail-alerts.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export function recoveryCodesOf(person: Person, services: Services): Promise<RecoveryCodes> {
	return portsOf(services).recovery.codes(person.id);
}

export type CodesMade = { readonly kind: "made"; readonly codes: readonly Clear[] } | Unproved;

/**
 * Ten new ones in the place of all that there are, for whoever shows once more who they are: each of them is as good as that.
 * Shown now and never again. `nonce` is that of a form, which gets the same ones when it is sent twice.
 */
export async function makeRecoveryCodes(
	me: { readonly person: Person; readonly knownAs: string },
	given: { readonly proof: Proof; readonly nonce: string | null; readonly address: string | null },
	services: Services,
): Promise<CodesMade> {
	const { proof, nonce, address } = given;
	const verdict = await provePerson(me.person, { proof, address, knownAs: me.knownAs }, services);
	if (verdict.kind !== "proved") return verdict;
	const made = await replaceRecoveryCodes(verdict.person, { nonce, address }, services);
	if (made.kind === "made") services.later(mailPerson(verdict.person, "recovery_codes_made", services));
	return made;
}

/** For whoever has just shown who they are. */
export async function replaceRecoveryCodes(
	person: Person,
	{ nonce, address }: { readonly nonce: string | null; readonly address: string | null },
	services: Services,
): Promise<{ readonly kind: "made"; readonly codes: readonly Clear[] } | { readonly kind: "wrong" }> {
	const codes = await newCodes(person, nonce, services);
	const hashes = await Promise.all(codes.map(hashRecoveryCode));
	const act = { action: "recovery_codes.make", target: person.id, address, detail: {} };
	const made = await portsOf(services).recovery.replaceCodes(
		person.id,
		{ password: person.passwordHash, hashes, at: services.now() },
		await personalEntries(person, act, services),
	);
	return made === "changed" ? { kind: "made", codes } : { kind: "wrong" };
}

function newCodes({ id }: Person, nonce: string | null, { random, serverKeys }: Services): Promise<readonly Clear[]> {
	return Promise.all(
		Array.from({ length: recoveryCodeCount }, async (_, index) => {
			const bytes = nonce === null ? null : await bytesFor(`recovery code ${index} of ${id}`, nonce, serverKeys);
			return writeRecoveryCode(bytes?.subarray(0, recoveryCodeBytes) ?? random(recoveryCodeBytes)) as Clear;
		}),
	);
}

/** Of what was typed; text that is no code has one as well, which nobody has. */
export function hashRecoveryCode(typed: string): Promise<Hash> {
	return sha256(readRecoveryCode(typed) ?? `not a code: ${typed.slice(0, 100)}`);
}
