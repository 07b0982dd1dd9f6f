import type { Profile } from "../../domain/identity.ts";
import type { Person } from "../../domain/person.ts";
import { changedFields, type ProfileDraft, type ProfileProblem, readProfile } from "../../domain/profile.ts";
import { parseSubject, type SubjectId } from "../../domain/subject.ts";
import { personalEntries } from "../audit-person.ts";
import { type Edit, untilWritten } from "../edit.ts";
import { alertLetter } from "../mail/letters.ts";
import { sendMail } from "../mail/send-mail.ts";
import type { NameEdit, Renamed } from "./account-settings.ts";
import type { Services } from "../services.ts";
import type { SignedIn } from "./sign-in.ts";
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
