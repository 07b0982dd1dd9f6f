/** What an action of the log says in words: "replaced the public key of", and "environment" for what it was done to. */
interface ActionWords {
	readonly did: string;
	/** What the target is; empty where the words say it already. */
	readonly what: string;
	/** Whether naming the target would only repeat who did it. */
	readonly isOnSelf: boolean;
}

/** In words for every action: those that have a sentence of their own, and the others by their noun and verb. */
export function actionWords(action: string): ActionWords {
	const own = sentences.get(action);
	if (own !== undefined) return { what: "", isOnSelf: false, ...own };
	const [noun = "", verb = ""] = action.split(".");
	return { did: verbs.get(verb) ?? plain(verb), what: nouns.get(noun) ?? plain(noun), isOnSelf: false };
}

// Maps, since an action named `constructor.toString` would find what every object has.
const sentences = new Map<string, { did: string; isOnSelf?: true }>(
	Object.entries({
		"account.create": { did: "created the account" },
		"account.suspend": { did: "suspended the account" },
		"account.reinstate": { did: "reinstated the account" },
		"account.schedule_deletion": { did: "said when the account is deleted:" },
		"account.keep": { did: "cancelled the deletion of the account" },
		"audit.export": { did: "exported the audit log", isOnSelf: true },
		"account.export": { did: "exported the account" },
		"account.delete": { did: "deleted the account" },
		"account.rename": { did: "renamed the account" },
		"account.mail_alerts": { did: "had alerts mailed to the administrators of" },
		"account.stop_mailing_alerts": { did: "had no more alerts mailed to the administrators of" },
		"second_factor.demand": { did: "asked everybody for a second factor in" },
		"second_factor.release": { did: "asked nobody for a second factor any more in" },
		"alert.acknowledge": { did: "acknowledged an alert", isOnSelf: true },
		"alert.acknowledge_all": { did: "acknowledged all alerts of" },
		"alert.reopen": { did: "reopened an alert", isOnSelf: true },
		"account.allow_reveal": { did: "allowed to show access codes again in" },
		"account.forbid_reveal": { did: "forbade to show access codes again in" },
		"code.replayed": { did: "presented an authorization code twice, which ended the grant to" },
		"refresh_token.reused": { did: "presented an old refresh token, which ended the grant to" },
		"grant.open": { did: "allowed the grant to" },
		"grant.assert": { did: "was vouched for by an identity provider, which allowed the grant to" },
		"grant.revoke": { did: "revoked the grant to" },
		"grants.revoke_all": { did: "revoked everything that they had allowed", isOnSelf: true },
		"session.open": { did: "logged in by the API, the first time that day", isOnSelf: true },
		"session.revoke": { did: "ended a login session", isOnSelf: true },
		"sign_in.open": { did: "signed in", isOnSelf: true },
		"sign_in.end": { did: "signed one of their browsers out", isOnSelf: true },
		"sign_in.end_all": { did: "signed out everywhere", isOnSelf: true },
		"sign_in.refused": { did: "gave a wrong password for" },
		"sign_in.limited": { did: "failed too often to sign in as" },
		"logout.deliver": { did: "was signed out of" },
		"logout.give_up": { did: "could not be signed out of" },
		"password.recover": { did: "set a new password without the old one", isOnSelf: true },
		"recovery_codes.make": { did: "created new recovery codes", isOnSelf: true },
		"recovery_codes.spend": { did: "used a recovery code in the place of a one-time code", isOnSelf: true },
		"one_time_codes.change": { did: "changed the authenticator app of their one-time codes", isOnSelf: true },
		"one_time_codes.on": { did: "enabled one-time codes", isOnSelf: true },
		"one_time_codes.off": { did: "disabled one-time codes", isOnSelf: true },
		"recovery_link.make": { did: "created a link to a new password for" },
		"password.change": { did: "changed their password", isOnSelf: true },
		"passkey.add": { did: "added a passkey to their sign-in:" },
		"passkey.recover": { did: "created a passkey by a way back in", isOnSelf: true },
		"passkey.rename": { did: "renamed their passkey" },
		"passkey.remove": { did: "removed their passkey" },
		"passkey.copied": { did: "signed with a count of before by passkey" },
		"password.remove": { did: "removed their password", isOnSelf: true },
		"provider.link": { did: "linked a provider to their sign-in", isOnSelf: true },
		"proof.refused": { did: "gave a proof of who they are that was no good", isOnSelf: true },
		"member.unlink_provider": { did: "unlinked a provider from the sign-in of" },
		"provider.unlink": { did: "unlinked a provider from their sign-in", isOnSelf: true },
		"person.rename": { did: "changed their own name", isOnSelf: true },
		"person.edit_profile": { did: "changed their profile", isOnSelf: true },
		"person.verify_email": { did: "showed that their e-mail address is theirs", isOnSelf: true },
		"consent.withdraw": { did: "revoked the consent to" },
		"member.add": { did: "added to the account:" },
		"member.set_role": { did: "changed the role of" },
		"member.verify_email": { did: "said which e-mail address is that of" },
		"member.remove": { did: "removed from the account:" },
		"client.end_for_all": { did: "ended for the whole deployment client" },
		"signing_key.rotate": { did: "had this signing key sign before its time:" },
		"signing_key.withdraw": { did: "revoked signing key" },
		"operator.add": { did: "added to the operators of the deployment:" },
		"operator.remove": { did: "removed from the operators of the deployment:" },
		"member.join": { did: "joined the account", isOnSelf: true },
		"member.leave": { did: "left the account", isOnSelf: true },
		"invitation.create": { did: "invited somebody to the account", isOnSelf: true },
		"invitation.revoke": { did: "revoked an invitation to the account", isOnSelf: true },
		"token_pairs.generate": { did: "generated API tokens", isOnSelf: true },
		"token.exchange": { did: "exchanged tokens, for other APIs, of client" },
		"workload.admit": { did: "was let in as a workload, without a secret,", isOnSelf: true },
		"id_jag.issue": { did: "was vouched for to another server, by" },
		"client.refused": { did: "showed a wrong secret, the first time that day, as client" },
		"client.end_tokens": { did: "ended every token of client" },
		"access_code.rotate": { did: "rotated access code" },
		"key.refused": { did: "was refused with a dead access code, the first time that day, of API key" },
		"access.refused": { did: "was refused, the first time that day, for want of the permission" },
		"key.end_tokens": { did: "ended every login token of API key" },
		"client.end_registration": { did: "revoked the registration token of client" },
		"account_domain.add": { did: "named domain" },
		"account_domain.lead": { did: "said through which provider people come in of domain" },
		"account_domain.verify": { did: "verified domain" },
		"account_domain.remove": { did: "removed domain" },
		"environment.rotate_key": { did: "replaced the public key of environment" },
	}),
);

/** Those that have no sentence of their own. */
const plainActions = [
	...["create", "edit", "edit_policies", "enable", "disable", "delete"].map((verb) => `key.${verb}`),
	...["create", "edit", "enable", "disable", "delete", "rotate", "reveal", "reveal_refused"].map(
		(verb) => `access_code.${verb}`,
	),
	...["create", "edit_policies", "enable", "disable", "delete", "ended"].map((verb) => `link.${verb}`),
	...["create", "register", "edit", "delete", "rotate_secret", "end_secret"].map((verb) => `client.${verb}`),
	...["create", "enable", "disable"].map((verb) => `environment.${verb}`),
	...["policy", "api", "trusted_issuer", "sign_in_provider"].flatMap((noun) =>
		["create", "edit", "delete"].map((verb) => `${noun}.${verb}`),
	),
];

/** Every action, and every noun for all of its actions, with its words, to choose from. */
export function actionChoices(): readonly { readonly value: string; readonly label: string }[] {
	const actions = [...sentences.keys(), ...plainActions].toSorted();
	const all = [...new Set(actions.map((action) => action.split(".")[0] ?? ""))];
	return all.flatMap((noun) => [
		{ value: noun, label: `${noun}: all of it` },
		...actions
			.filter((action) => action.startsWith(`${noun}.`))
			.map((value) => {
				const { did, what } = actionWords(value);
				return { value, label: `${value}: ${`${did} ${what}`.replace(/[:,]?\s*$/, "")}` };
			}),
	]);
}

const nouns = new Map(
	Object.entries({
		key: "API key",
		code: "access code",
		access_code: "access code",
		api: "API",
		link: "the link of key",
		sign_in_provider: "provider to sign in through",
	}),
);

const verbs = new Map(
	Object.entries({
		create: "created",
		register: "registered",
		add: "added",
		edit: "changed",
		update: "changed",
		change: "changed",
		describe: "described",
		rename: "renamed",
		delete: "deleted",
		remove: "removed",
		enable: "enabled",
		disable: "disabled",
		reveal: "looked at the secret of",
		download: "downloaded",
		rotate: "replaced the secret of",
		rotate_secret: "replaced the secret of",
		revoke: "revoked",
		open: "opened",
		link: "linked",
		unlink: "unlinked",
		edit_policies: "changed the policies of",
		edit_limits: "changed the limits of",
		end_secret: "ended the earlier secret of",
		reveal_refused: "gave a wrong password to see the secret of",
		ended: "ended",
	}),
);

function plain(word: string): string {
	return word.replaceAll("_", " ");
}
