import { writeInstant } from "./instant.ts";
import type { Alert, AlertKind } from "./alert.ts";

/** Alerts in words: what happened, and what to do about it. */
export const alertTitles: Readonly<Record<AlertKind, string>> = {
	code_replayed: "Authorization code used twice",
	refresh_token_reused: "Refresh token used again",
	failed_logins: "Many failed sign-ins",
	failed_codes: "Many wrong one-time codes",
	recovery_link_made: "Link to a new password created",
	password_recovered: "Password set without the old one",
	passkey_recovered: "Passkey created by a way back in",
	passkey_added: "New passkey added",
	passkey_copied: "Passkey that may have been copied",
	provider_linked: "Provider linked to a sign-in",
	one_time_codes_changed: "Second factor changed",
	second_factor_changed: "What sign-ins are asked for changed",
	dead_key_used: "Dead API key still in use",
	access_code_expiring: "Access code about to expire",
	api_key_expiring: "API key about to expire",
	webhook_disabled: "Webhook endpoint disabled",
};

export function describeAlert({ kind, detail, subject }: Pick<Alert, "kind" | "detail" | "subject">): {
	readonly what: string;
	readonly advice: string;
} {
	const text = (name: string, otherwise: string) => String(detail[name] ?? "") || otherwise;
	const who = text("username", subject);
	switch (kind) {
		case "code_replayed":
			return {
				what: `A code that ${who} gave to ${text("client", "an application")} was used a second time. Its tokens have been revoked.`,
				advice: "Somebody may have read the code on its way. Ask who runs the application, then allow it again.",
			};
		case "refresh_token_reused":
			return {
				what: `A refresh token of ${who} for ${text("client", "an application")} came back after it had been replaced. That grant has been revoked.`,
				advice: "Two places hold the same token: one of them may be a thief. Find out which, then make new tokens.",
			};
		case "failed_logins":
			return {
				what: `Somebody tried too many passwords for ${who}. Further attempts are held off for up to a quarter of an hour.`,
				advice: `Ask ${who} whether it was them. If not, see that their password is long and used nowhere else.`,
			};
		case "failed_codes":
			return {
				what: `Somebody who has the password of ${who} tried too many one-time codes. Further attempts are held off for up to a day.`,
				advice: `Ask ${who} whether it was them. If not, have them change their password: somebody knows it.`,
			};
		case "recovery_link_made":
			return {
				what: `A link by which a new password for ${who} can be set was created${vouched.get(text("by", "")) ?? ""}. It is good once, for 24 hours.`,
				advice: `Ask ${who} whether they lost their password. If not, have them change it: the link is good no more then.`,
			};
		case "password_recovered":
			return {
				what: `The password of ${who} was set anew${means.get(text("by", "")) ?? ""}. Their sign-ins and login sessions have ended.`,
				advice: `Ask ${who} whether it was them. If not, have an operator create a link for them, and look at what they allowed.`,
			};
		case "passkey_added":
			return {
				what: `A passkey, ${text("passkey", "without a name")}, was added to the sign-in of ${who}. Whoever has it signs in as them.`,
				advice: `Ask ${who} whether it is theirs. If not, have them remove it under Sign-in and security, and change their password.`,
			};
		case "passkey_copied":
			return {
				what: `The passkey ${text("passkey", "without a name")} of ${who} signed with a count that it had passed before, and was refused.`,
				advice: `There may be a copy of it, or it is damaged. Have ${who} remove it and add a new one.`,
			};
		case "provider_linked":
			return {
				what: `The provider ${text("provider", "without a name")} was linked to the sign-in of ${who}. Whoever signs in there as them comes in here.`,
				advice: `Ask ${who} whether it was them. If not, have them unlink it under Sign-in and security, and change their password.`,
			};
		case "one_time_codes_changed":
			return {
				what:
					detail.now === "changed"
						? `The authenticator app of ${who} was changed: another one makes their one-time codes.`
						: `The one-time codes of ${who} were turned ${text("now", "on or off")}.`,
				advice: `Ask ${who} whether it was them. If not, have an operator create a link for them: it sets a new password, and ends the codes.`,
			};
		case "passkey_recovered":
			return {
				what: `A passkey of ${who} was created, and their password removed,${means.get(text("by", "")) ?? " by a way back in"}. Their sign-ins and login sessions have ended.`,
				advice: `Ask ${who} whether it was them. If not, have an operator create a link for them, and look at their passkeys with them.`,
			};
		case "second_factor_changed":
			return {
				what: `A second factor is asked ${text("now", "") === "off" ? "for no more" : "of everybody in this account"}: ${who} switched it.`,
				advice: `Ask ${who} whether it was them. It is switched under Settings → Account.`,
			};
		case "dead_key_used":
			return {
				what: `The API key ${text("key", subject)} was refused: ${deaths.get(text("reason", "")) ?? "it is not good any more"}.`,
				advice: "Find the program that still uses it. Give it a new access code, or switch it off.",
			};
		case "api_key_expiring":
			return {
				what: `The API key ${text("key", subject)} expires on ${dayOf(detail.expires_at)}, with all of its access codes.`,
				advice:
					"If it is still needed, move its end under Limits. Else see that nothing uses it any more, and delete it.",
			};
		case "access_code_expiring":
			return {
				what: `The access code ${text("access_code", "without a description")} of the API key ${text("key", subject)} expires on ${dayOf(detail.expires_at)}.`,
				advice: "Create the key's second access code, give it to the program, then disable and delete this one.",
			};
		case "webhook_disabled":
			return {
				what: `The webhook endpoint ${text("description", text("host", subject))} was disabled: ${text("reason", "") === "gone" ? "it answered 410 Gone" : "nothing that it was sent for three days came through"}.`,
				advice:
					"Its log, under Settings → Webhooks, says what it answered. Put it right there, enable it, and send again what it missed.",
			};
	}
}

const vouched: ReadonlyMap<string, string> = new Map([
	["admin", " by an administrator"],
	["operator", " by an operator of this deployment"],
	["mail", " and sent to their address"],
	["setup", " by the setup secret of this deployment"],
]);

const means: ReadonlyMap<string, string> = new Map([
	["code", " by one of their recovery codes"],
	["admin", " by a link that an administrator created"],
	["operator", " by a link that an operator of this deployment created"],
	["mail", " by a link that was sent to their address"],
	["setup", " by whoever has the setup secret of this deployment"],
]);

const deaths: ReadonlyMap<string, string> = new Map([
	["key_disabled", "the key is disabled"],
	["key_deleted", "the key was deleted"],
	["key_expired", "the key has expired"],
	["code_disabled", "this access code is disabled"],
	["code_expired", "this access code has expired"],
]);

function dayOf(instant: string | number | undefined): string {
	// A number is of one that was noted before texts were.
	const text = typeof instant === "number" ? writeInstant(instant) : instant;
	return text?.slice(0, 10) ?? "a day soon";
}
