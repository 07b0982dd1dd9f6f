import type { Profile } from "../../domain/identity.ts";
import type { Limited } from "../../domain/limit.ts";
import type { PasswordProblem } from "../../domain/new-password.ts";
import type { Person } from "../../domain/person.ts";
import { changedFields, type ProfileDraft, type ProfileProblem, readProfile } from "../../domain/profile.ts";
import { parseSubject, type SubjectId } from "../../domain/subject.ts";
import { personalEntries } from "../audit-person.ts";
import { type Edit, untilWritten } from "../edit.ts";
import { alertLetter } from "../mail/letters.ts";
import { mailPerson } from "../mail/mail-alerts.ts";
import { sendMail } from "../mail/send-mail.ts";
import type { NameEdit, Renamed } from "./account-settings.ts";
import { signInsEnded } from "./end-sign-ins.ts";
import { choosePassword, namesOf } from "./choose-password.ts";
import type { Services } from "../services.ts";
import type { SignedIn } from "./sign-in.ts";
import { verifyPassword, verifyRepeated } from "../checks/verify-password.ts";
import { portsOf } from "../ports-of.ts";

export async function renamePerson(
	me: SignedIn,
	edit: Edit<string, NameEdit>,
	address: string | null,
	services: Services,
): Promise<Renamed> {
	const { people, register } = portsOf(services);
	let found: Person | null = me.person;
	return untilWritten<Renamed>(async () => {
		const from = (found ?? (await register.person(me.person.id)))?.name ?? "";
		found = null;
		const said = await edit(from);
		if (said === "stale") return { kind: "stale", name: from };
		const { name: to } = said;
		if (to === from) return { kind: "renamed" };
		const act = { action: "person.rename", target: me.person.id, address, detail: { name: to } };
		const entries = await personalEntries(me.person, act, services);
		const outcome = await people.rename(me.person.id, { from, to }, entries);
		return outcome === "changed" ? { kind: "renamed" } : outcome;
	});
}

/** The person behind a subject; null where it is a key or a client. */
export async function personOf(subject: SubjectId, services: Services): Promise<Person | null> {
	return parseSubject(subject)?.kind === "person" ? portsOf(services).register.person(subject) : null;
}

/**
 * What a person says of themselves (OIDC Core §5.1). Applications that may see it, see it at once where this isolate
 * answers them, and within {@link staleness} elsewhere.
 */
export async function saveProfile(
	me: Person,
	edit: Edit<Profile, ProfileDraft>,
	address: string | null,
	services: Services,
): Promise<ProfileSaved> {
	const { people, register } = portsOf(services);
	let found: Person | null = me;
	return untilWritten<ProfileSaved>(async () => {
		const person = found ?? (await register.person(me.id));
		found = null;
		if (person?.state !== "active") return { kind: "unknown" };
		const { profile: from = {} } = person;
		const draft = await edit(from);
		if (draft === "stale") return { kind: "stale", profile: from };
		const read = readProfile(draft, services.now());
		if (!read.ok) return { kind: "invalid", problems: read.problems };
		const fields = changedFields(from, read.profile);
		if (fields.length === 0) return { kind: "saved", profile: from };
		// Which of it changed, and nothing of what it says: the log is for others to read.
		const act = { action: "person.edit_profile", target: me.id, address, detail: { fields: fields.join(", ") } };
		const entries = await personalEntries(me, act, services);
		const outcome = await people.setProfile(me.id, { from, to: read.profile }, entries);
		if (outcome === "overtaken") return outcome;
		await services.lookups.person.fresh(me.id);
		if (fields.includes("email") && person.verifiedEmail !== undefined) await tellAddressBefore(person, services);
		return { kind: "saved", profile: read.profile };
	});
}

/** Whoever took somebody's browser is not to take the way back in from them unseen. */
async function tellAddressBefore({ id, verifiedEmail = "" }: Person, services: Services): Promise<void> {
	const what = "your e-mail address there was changed, and this one is not used any more";
	const letter = alertLetter(what, `${services.config.issuer}/console?section=settings`, services);
	await sendMail({ to: verifiedEmail, letter, sender: id }, services);
}

export type ProfileSaved =
	| { readonly kind: "saved"; readonly profile: Profile }
	| { readonly kind: "invalid"; readonly problems: readonly ProfileProblem[] }
	/** Whoever saves it had another one before them than this, which stands there now. */
	| { readonly kind: "stale"; readonly profile: Profile }
	| { readonly kind: "unknown" | "overtaken" };

export type PasswordChanged =
	| { readonly kind: "changed" | "wrong" | "same" | "busy" }
	| { readonly kind: "refused"; readonly problem: PasswordProblem }
	| Limited;

/**
 * A new password for whoever knows the old one. It ends every other sign-in and each login session that a password
 * opened, at once: whoever learned the old password is out. What the person allowed others stays. Where it is cut off, the
 * same request once more does what is left.
 */
export async function changePassword(
	me: SignedIn,
	given: { readonly current: string; readonly next: string; readonly address: string | null },
	services: Services,
): Promise<PasswordChanged> {
	const { current, next, address } = given;
	const { username } = me.person;
	const verdict = await verifyPassword({ username, password: current, address, knownAs: me.id }, services);
	const { ledgers } = portsOf(services);
	const endOthers = async () => {
		const ended = await ledgers.of(me.person.id).endEverything({ signIn: me.id, sessionsOf: "password" });
		await signInsEnded(me.person.id, ended, services);
	};
	if (verdict.kind === "wrong") {
		const repeated = await verifyRepeated({ username, password: next, knownAs: me.id }, services);
		if (repeated.kind !== "right") return repeated;
		await endOthers();
		return { kind: "changed" };
	}
	if (verdict.kind !== "right") return verdict;
	// Unicode has more than one way to write the same letters (crypto/password.ts).
	if (current.normalize("NFKC") === next.normalize("NFKC")) return { kind: "same" };
	const { person } = verdict;
	const chosen = await choosePassword(next, await namesOf(person, services), services);
	if (chosen.kind !== "hashed") return chosen;
	const act = { action: "password.change", target: person.id, address, detail: {} };
	const entries = await personalEntries(person, act, services);
	// Before it is stored, so that nobody who is out of it now is left signed in by what fails between the two; and after it,
	// since a sign-in under way looks at the register once more when it was opened (isPasswordOf).
	await endOthers();
	const outcome = await portsOf(services).people.setPassword(
		person.id,
		{ from: person.passwordHash, to: chosen.hash },
		entries,
	);
	if (outcome === "unchanged") return { kind: "wrong" };
	await endOthers();
	services.later(mailPerson(me.person, "password_changed", services));
	return { kind: "changed" };
}
