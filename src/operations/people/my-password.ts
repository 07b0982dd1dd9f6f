import type { PasswordProblem } from "../../domain/new-password.ts";
import type { Person } from "../../domain/person.ts";
import { personalEntries } from "../audit-person.ts";
import { type Proof, provePerson, type Unproved } from "../checks/prove-person.ts";
import { verifyRepeated } from "../checks/verify-password.ts";
import { mailPerson } from "../mail/mail-alerts.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { choosePassword, namesOf } from "./choose-password.ts";
import { signInsEnded } from "./end-sign-ins.ts";

export type PasswordChanged =
	| { readonly kind: "changed" | "same" }
	| { readonly kind: "refused"; readonly problem: PasswordProblem }
	| Unproved;

/** Whose it is, and their sign-in in this browser, which goes on; null where a program asks, whose token ends with the others. */
interface Me {
	readonly person: Person;
	readonly signIn: string | null;
}

/**
 * A new password, or the first one, for whoever shows once more who they are. It ends every other sign-in and each login session that
 * a password opened, at once: whoever learned the old password is out. What the person allowed others stays. Where it is cut off, the
 * same request once more does what is left.
 */
export async function changePassword(
	me: Me,
	given: { readonly proof: Proof; readonly next: string; readonly address: string | null },
	services: Services,
): Promise<PasswordChanged> {
	const { proof, next, address } = given;
	const proved = await provePerson(me.person, { proof, address, knownAs: me.signIn ?? me.person.id }, services);
	if (proved.kind === "wrong" && proof.kind === "password") {
		const repeated = await verifyRepeated(
			{ username: me.person.username, password: next, knownAs: me.signIn ?? me.person.id },
			services,
		);
		if (repeated.kind !== "right") return repeated;
		await endOthers(me, services);
		return { kind: "changed" };
	}
	if (proved.kind !== "proved") return proved;
	// Unicode has more than one way to write the same letters (crypto/password.ts).
	if (proof.kind === "password" && proof.password.normalize("NFKC") === next.normalize("NFKC")) return { kind: "same" };
	const { person } = proved;
	const chosen = await choosePassword(next, await namesOf(person, services), services);
	if (chosen.kind !== "hashed") return chosen;
	const act = { action: "password.change", target: person.id, address, detail: {} };
	const entries = await personalEntries(person, act, services);
	// Before it is stored, so that nobody who is out of it now is left signed in by what fails between the two; and after it,
	// since a sign-in under way looks at the register once more when it was opened (isPasswordOf).
	await endOthers(me, services);
	const password = { from: person.passwordHash, to: chosen.hash };
	if ((await portsOf(services).people.setPassword(person.id, password, entries)) === "unchanged")
		return { kind: "wrong" };
	await endOthers(me, services);
	services.later(mailPerson(person, "password_changed", services));
	return { kind: "changed" };
}

export type PasswordRemoved =
	/** `last`: they have no passkey, and would not get in any more. */
	{ readonly kind: "removed" | "none" | "last" } | Unproved;

/** From now on by passkey alone. It ends what a new password would. */
export async function removePassword(
	me: Me,
	{ proof, address }: { readonly proof: Proof; readonly address: string | null },
	services: Services,
): Promise<PasswordRemoved> {
	const proved = await provePerson(me.person, { proof, address, knownAs: me.signIn ?? me.person.id }, services);
	if (proved.kind !== "proved") return proved;
	const { person } = proved;
	if ((await portsOf(services).passkeys.list(person.id)).length === 0) return { kind: "last" };
	const act = { action: "password.remove", target: person.id, address, detail: {} };
	const entries = await personalEntries(person, act, services);
	await endOthers(me, services);
	const removed = await portsOf(services).people.removePassword(person.id, person.passwordHash, entries);
	// Done already, be it by a request that was cut off here.
	if (removed === "removed" || removed === "none") await endOthers(me, services);
	if (removed === "removed") services.later(mailPerson(person, "password_removed", services));
	return { kind: removed };
}

async function endOthers({ signIn, person }: Me, services: Services): Promise<void> {
	const but = signIn === null ? null : { signIn, sessionsOf: "password" };
	await signInsEnded(person.id, await portsOf(services).ledgers.of(person.id).endEverything(but), services);
}
