import { alertTitles } from "../../domain/alert-words.ts";
import type { Sighting } from "../../domain/alert.ts";
import type { Person } from "../../domain/person.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";
import { alertLetter } from "./letters.ts";
import { isMailOn, sendMail } from "./send-mail.ts";

/** An account with more administrators than this has one who reads the console. */
const most = 20;

/**
 * A letter for each alert that is new, to the administrators of an account that wants them: those whose address is verified. It
 * says what kind of thing it is; of whom, stands in the console. It must not fail: the alert is there already.
 */
export async function mailAlerts(sightings: readonly Sighting[], services: Services): Promise<void> {
	if (!isMailOn(services)) return;
	for (const { accountId, kind } of sightings) {
		try {
			const recipients = await portsOf(services).alertMail.recipients(accountId, most);
			const account = recipients.length > 0 ? await services.lookups.account(accountId) : null;
			if (!account) continue;
			const page = `${services.config.issuer}/console/${account.slug}/alerts`;
			const letter = alertLetter(alertTitles[kind], page, services);
			for (const to of recipients) await sendMail({ to, letter, sender: accountId }, services);
		} catch {
			services.log("mail.failed", { letter: "alert", reason: "storage" });
		}
	}
}

/** What a person is told of themselves, wherever they belong. */
const personal = {
	password_changed: "the password that you sign in with there was changed",
	password_removed: "the password that you signed in with there was removed",
	password_recovered: "a way back in to your sign-in there was used, and a new password chosen",
	passkey_added: "a new passkey was added to your sign-in there",
	passkey_removed: "a passkey was removed from your sign-in there",
	provider_linked: "your sign-in there was linked to another way in, through a provider",
	provider_unlinked: "a provider can sign you in there no more",
	one_time_codes_changed: "another authenticator app makes your one-time codes there from now on",
	one_time_codes_on: "one-time codes are asked for at your sign-in there from now on",
	one_time_codes_off: "no one-time code is asked for at your sign-in there any more",
	recovery_codes_made: "new recovery codes were made for your sign-in there, and those of before are good no more",
	recovery_code_spent: "one of your recovery codes was used there in the place of a one-time code",
	passkey_recovered: "a way back in to your sign-in there was used, and a passkey made",
	operator_added: "you were made an operator of it",
} as const;

/** To somebody whose address is verified; nobody else can be told. It must not fail. */
export async function mailPerson(
	{ id, verifiedEmail }: Pick<Person, "id" | "verifiedEmail">,
	what: keyof typeof personal,
	services: Services,
): Promise<void> {
	if (verifiedEmail === undefined) return;
	try {
		const letter = alertLetter(personal[what], `${services.config.issuer}/console?section=security`, services);
		await sendMail({ to: verifiedEmail, letter, sender: id }, services);
	} catch {
		services.log("mail.failed", { letter: "alert", reason: "storage" });
	}
}
