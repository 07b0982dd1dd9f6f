import type { ComponentChildren } from "preact";
import { slugRule } from "../domain/account.ts";
import { nameRule, usernameRule } from "../domain/display-name.ts";
import { identityScopes, type IdentityClaim, type IdentityScope } from "../domain/identity.ts";
import { passwordProblems } from "../domain/new-password.ts";
import { type Permission, permissions, type Role } from "../domain/permission.ts";

/** What stands in a sentence that is put together: a name, as an element of its own. */
export type Gap = ComponentChildren;

/** Why somebody stays on a page of ours, and what they can do. */
export interface ProblemWords {
	readonly title: string;
	readonly detail: string;
	readonly what?: string;
}

/** What every catalogue has, in English. What takes something says it in each language where it belongs. */
export const en = {
	/** BCP 47: the `lang` of a page. */
	tag: "en" as string,
	dir: "ltr" as "ltr" | "rtl",

	shell: {
		skip: "Skip to content",
		failed: (title: string) => `Error: ${title}`,
		whichRequest: "When you ask somebody about this page, say which request it was:",
		support: "Support",
		privacy: "Privacy",
		terms: "Terms",
		legalNotice: "Legal notice",
		about: "latchkey issues, checks and revokes credentials: OAuth tokens and API keys.",
		runsOn: "Runs on latchkey, which issues, checks and revokes credentials: OAuth tokens and API keys.",
		docs: "API documentation",
		language: "Language",
	},

	common: {
		signIn: "Sign in",
		signOut: "Sign out",
		userName: "User name",
		password: "Password",
		newPassword: "New password",
		newPasswordHint: "At least 12 characters. Best created and kept by a password manager.",
		yourName: "Your name",
		cancel: "Cancel",
		goToConsole: "Go to the console",
		toStart: "Go to the start page",
		otherWay: "Sign in another way",
		somebodyElse: "Sign in as somebody else",
		whatYouCanDo: "What you can do",
		theApplication: (name: Gap): Gap => ["The application: ", name],
		whereNext: "Where you go next",
		signedInAs: (person: Gap): Gap => ["You are signed in as ", person, "."],
		notYou: (person: Gap): Gap => ["Signed in as ", person, ". Not you?"],
		lookAgain: (count: number) => `Please look at these ${count} things again:`,
		justNow: "just now",
		tryAgain: (minutes: number) => `Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
		busy: "The server is busy. Please try again.",
		tooManyAttempts: "Too many attempts.",
		outOfDate: "This form was out of date. Please look again and decide.",
		chooseButton: "Please choose one of the two buttons.",
		unseenName: "(a name that cannot be seen)",
		usual:
			"Go back to where you came from and try again. If this page returns, tell the people who run that site: they have to mend it.",
	},

	passkey: {
		use: "Use a passkey instead",
		signIn: "Sign in with a passkey",
		title: "Create your passkey",
		intro:
			"Your device asks for your finger, your face or its PIN, and keeps the passkey. There is nothing to remember, and nothing that somebody could read off you.",
		make: "Create the passkey",
		notMade: "The passkey was not created as it should be, or that took too long. Please try again.",
		needsScript: "A passkey needs JavaScript, which is disabled in this browser.",
		unknown: "This browser knows no passkeys here.",
		cancelled: "Nothing was done: it was cancelled, or took too long.",
		there: "This device has a passkey for you here already.",
		notHere: "Passkeys do not work at this address.",
		failed: "That did not work. Please try again.",
		none: "Or this device has no passkey for you here.",
	},

	signIn: {
		toContinue: (client: Gap): Gap => ["to continue to ", client],
		unchecked: "Nobody here has checked who this is.",
		saysItIsFrom: (host: Gap): Gap => ["It says that it is from ", host, ". Nobody here has checked that."],
		answerGoesTo: (host: Gap): Gap => ["Its answer goes to ", host, "."],
		byAddress: "Or your e-mail address at work, with no password, if your company signs you in elsewhere.",
		or: "or",
		continueWith: (provider: Gap): Gap => ["Continue with ", provider],
		cannotGetIn: "Cannot get in?",
		staysWith: {
			integration: (us: string) => `Your password stays with ${us}. The integration never sees it.`,
			application: (us: string) => `Your password stays with ${us}. The application never sees it.`,
		},
		through: (provider: Gap): Gap => ["You sign in through ", provider, ". From there you come back here."],
		peopleThrough: (address: Gap, provider: Gap): Gap => [
			"People with an address such as ",
			address,
			" sign in through ",
			provider,
			". From there you come back here.",
		],
		missing: "Enter your user name and your password.",
		wrong: "The user name or the password is wrong.",
		tooMany: "Too many failed attempts.",
		busy: "Many people are signing in just now. Please try again.",
		noPasskey: "No passkey was sent. It needs JavaScript in your browser.",
		late: "That took too long. Please try again.",
		wrongPasskey: "Nobody signs in with this passkey here, or it was not used as it should be. Please try again.",
		again: "You are signed in already. For this, please sign in again.",
		otherPerson: "You are signed in as somebody else than this is meant for. Please sign in as that person.",
		againByTwo:
			"You are signed in already. For this, please sign in again, by a passkey, or by your password and a one-time code.",
		againByPasskey: "You are signed in already. For this, please sign in again, by a passkey.",
		againByPassword: "You are signed in already. For this, please sign in again, by your password.",
	},

	secondFactor: {
		code: "One-time code",
		codeHint: "The six digits that your authenticator app shows now.",
		recovery: "Recovery code",
		recoveryHint: "One of the ten that you kept. It is good once, and the others stay.",
		useRecovery: "Use a recovery code",
		useApp: "Use your authenticator app",
		missingCode: "Enter the code of your app.",
		missingRecovery: "Enter one of your recovery codes.",
		wrongCode: "This code is wrong, or was used already. Wait for the next one that your app shows.",
		wrongRecovery: "This is no recovery code of yours, or it was used.",
		tooMany: "Too many wrong codes.",
	},

	provider: {
		signedOutTitle: "You are signed out",
		stillThere: (name: Gap): Gap => [
			"Nobody is signed in here in this browser. At ",
			name,
			" you still are: whoever uses this browser next could come in as you once more.",
		],
		signOutThere: (name: string) => `Sign out at ${name} too`,
		signOutElsewhere: {
			title: "Go on to another site?",
			detail: (name: Gap, host: Gap): Gap => [name, " signs people out at ", host, ". Go on if you know that place."],
			go: (host: string) => `Go on to ${host}`,
		},
		it: "the provider",
		tooMany: { title: "Too many sign-ins", detail: "Too many people began to sign in from your network." },
		noSignOut: {
			title: "Not from here",
			detail: "This provider has no page for it.",
			what: (name: string) => `Sign out where you signed in, at ${name}.`,
		},
		unreachable: {
			title: "No answer",
			detail: (name: string) =>
				`${name} could not be reached, or took too long. Every other way to sign in works as before.`,
			what: "Try again in a moment, or sign in another way.",
		},
		refused: {
			title: "Not signed in",
			detail: (name: string) => `What ${name} answered does not hold, so nobody was signed in.`,
			what: "Try again. If it stays so, tell an administrator of your account.",
		},
		denied: {
			title: "Not signed in",
			detail: (name: string) => `There was no sign-in at ${name}.`,
			what: "Try again, or another way.",
		},
		unknown: { title: "No such provider", detail: "Nobody signs in through this provider here, or not now." },
		unbegun: {
			title: "Begin again",
			detail: "This sign-in was not begun in this browser, took longer than ten minutes, or was finished already.",
			what: "Begin again here. If you did not begin it at all, somebody may have wanted you to sign in as them.",
		},
		stranger: {
			title: "Not known here",
			detail: "The provider says who you are, and nobody here is linked to that.",
			what: "If you have a name here, sign in by it and link the provider under Sign-in and security; else ask an administrator of your account.",
		},
		left: {
			title: "Not a member",
			detail: "You do not belong to this account any more.",
			what: "Ask an administrator of your account.",
		},
		noRole: {
			title: "Not for your groups",
			detail: "None of the groups that the provider has you in may come in here.",
			what: "Ask an administrator of your account.",
		},
		full: {
			title: "No room",
			detail: "This account has no room for more people.",
			what: "Ask an administrator of your account.",
		},
		taken: {
			title: "Linked to somebody else",
			detail: "Somebody else here is linked to who you are at this provider.",
			what: "Sign in through it to see who that is, and unlink it there.",
		},
		notTheirs: {
			title: "Not linked",
			detail: "You signed out or in as somebody else meanwhile, or do not belong to the account of this provider.",
			what: "Sign in as yourself, and link it again.",
		},
	},

	home: {
		tab: "Start",
		title: "Keys and tokens, kept in one place",
		lead: "This is the authorization server of an API platform. People sign in here to create keys and to approve integrations; programs come here to get tokens and to have them checked.",
		you: "You",
		signedInAs: (person: Gap): Gap => ["Signed in as ", person],
		notSignedIn: "You are not signed in.",
		programs: "For programs",
		issuer: "Issuer",
		metadata: "Server metadata",
		jwks: "Public signing keys (JWKS)",
		openapi: "The API (OpenAPI 3.1)",
		docs: "The API, for people",
		noAccount: "You do not belong to an account yet. An administrator of one can invite you.",
		accounts: "Your accounts",
		suspended: "Suspended",
		openConsole: "Open the console",
	},

	roles: { admin: "Administrator", member: "Member" } satisfies Record<Role, string> as Readonly<Record<Role, string>>,

	rules: {
		name: nameRule as string,
		username: usernameRule as string,
		slug: slugRule as string,
		password: passwordProblems,
	},

	join: {
		title: "You are invited",
		invitedTo: (account: Gap, role: string): Gap => ["You are invited to ", account, ` as ${role}.`],
		invitesYou: (inviter: Gap, account: Gap, role: string): Gap => [
			inviter,
			" invites you to ",
			account,
			` as ${role}.`,
		],
		accept: "Accept",
		belongTitle: "You belong there already",
		belong: (person: Gap, account: Gap): Gap => [
			"You are signed in as ",
			person,
			", and belong to ",
			account,
			" already. The invitation stays good, for somebody else.",
		],
		joinAs: (username: Gap): Gap => ["You join as ", username, ", and sign in by this passkey from then on."],
		known: "If you have signed in here before",
		signInToAccept: "Sign in to accept",
		isNew: "If you are new here",
		usernameHint: "You sign in with it. It cannot be changed.",
		join: "Join",
		taken: "This user name is taken. Choose another one, or sign in if it is yours.",
		tooMany: "Too many user names were tried.",
		full: (most: number) => `There are as many as there may be: an account has at most ${most} people.`,
		noRoom: { title: "No room", what: "Ask whoever invited you." },
		none: {
			title: "No such invitation",
			detail: "There is no such invitation. The link may have been cut off on its way.",
			what: "Open the link again, whole.",
		},
		open: {
			title: "Not accepted",
			detail: "Others did something at the same time.",
			what: "Open the link again.",
		},
		accepted: {
			title: "Accepted already",
			detail: (account: string) => `This invitation to ${account} has been accepted. It is good for one person, once.`,
			what: "If it was you, sign in. If not, ask whoever invited you for another one.",
		},
		revoked: {
			title: "Revoked",
			detail: (account: string) => `This invitation to ${account} was revoked.`,
			what: "Ask whoever invited you.",
		},
		expired: {
			title: "Expired",
			detail: (account: string) => `This invitation to ${account} was good for 7 days, which are over.`,
			what: "Ask whoever invited you for another one.",
		},
		closed: {
			title: "Not now",
			detail: (account: string) => `${account} takes nobody in at the moment.`,
			what: "Ask whoever invited you.",
		},
	},

	recover: {
		title: "Cannot get in?",
		code: {
			label: "A recovery code",
			intro: "Choose a new password, or create a passkey, with one of the recovery codes that you printed or kept.",
			submit: "Set the new password",
		},
		mail: {
			label: "A link by mail",
			intro: "A link to a new password is sent to the address that you proved to be yours, if there is one.",
			submit: "Send me a link",
		},
		secret: {
			label: "You run this deployment",
			intro: "An operator who has lost everything comes back by the setup secret of the deployment.",
			submit: "Go on to a new password",
		},
		codeHint: "Such as abcd-efgh-jkmn-pqrs-tuvw-xyz2. Each is good once.",
		otherWays: "Other ways back in",
		byAdministrator:
			"An administrator of your account can create a link for you, if you belong to no other account. Whoever runs this deployment can create one for anybody.",
		back: "Back to signing in",
		sentTitle: "Look into your mailbox",
		sent: "If somebody has this user name, and has proved an address to be theirs, a link is on its way there. It is good once, for 24 hours.",
		nothingComes: (anotherWay: Gap): Gap => [
			"Nothing comes? Look among what was sorted out as spam, or take ",
			anotherWay,
			".",
		],
		anotherWay: "another way",
		second: "One-time code or recovery code",
		secondHint: "A passkey is two factors by itself, so one more is asked for before you create one.",
		forByPasskey: (username: Gap): Gap => [
			"For the user name ",
			username,
			". Your password goes, every browser is signed out, and every login session ends.",
		],
		doneByPasskey: "Your passkey is created",
		doneByPassword: "Your new password is set",
		done: "Every browser is signed out, and login sessions of the old password have ended. What you allowed integrations and applications stays: look at it under “My sessions and grants”. Under “Sign-in and security” remove the passkeys that you have lost, and see whether you have recovery codes for the next time.",
		linkTitle: "Choose a new way in",
		forByLink: (username: Gap): Gap => [
			"For the user name ",
			username,
			". Every browser is signed out by it, and every login session ends.",
		],
		missingUsername: "Enter your user name.",
		wrongCode: "The user name and the code do not belong together, or the code was used.",
		wrongSecond: "This is no one-time code of yours, nor another recovery code.",
		secondNeeded: "You use one-time codes: enter one here too, or another recovery code.",
		recoveryNeeded: "You have passkeys: enter one of your recovery codes here too. Without any, choose a password.",
		full: (most: number) =>
			`There are as many as there may be: a person has at most ${most} passkeys. Choose a password.`,
		noOperator: "Nobody who runs this deployment has this user name.",
		gone: {
			title: "No way back in",
			detail:
				"This link is good no more, or is not whole. Each is good once, for 24 hours, and for the way in of then.",
			what: "If you have just used it, sign in. Else have another link created, or take another way.",
		},
	},

	setup: {
		title: (us: string) => `Set up ${us}`,
		intro:
			"This creates the first account, and the person who administers it and runs the deployment: its first operator. It can be done once.",
		secret: "Setup secret",
		secretHint: (us: string) => `Whoever deployed ${us} has it. It shows that this deployment is yours.`,
		recoverSecretHint: (us: string) => `Whoever deployed ${us} has it.`,
		account: "The account",
		accountName: "Account name",
		accountHint: "Your company or team, as people call it.",
		slug: "Short name",
		slugHint: "Stands for the account in URLs, such as acme.",
		administrator: "Its administrator",
		usernameHint: "You sign in with it.",
		submit: "Set up",
		asPasskey: (us: string, username: Gap): Gap => [
			`You set ${us} up as `,
			username,
			", and sign in by this passkey from then on. Add a second one, or create recovery codes, as soon as you are in.",
		],
		doneTitle: (us: string) => `${us} is set up`,
		done: (operator: Gap): Gap => [
			"The account and its administrator are there, who runs the deployment, too: add a second operator at ",
			operator,
			", so that not everything hangs on one. All that the setup secret opens from now on is a way back in for those who run the deployment.",
		],
		missingSecret: "Enter the setup secret.",
		wrongSecret: "This is not the setup secret of this deployment.",
		closed: {
			title: "Nothing to set up",
			detail: "This deployment has been set up already, or has no setup secret.",
			what: "Sign in, or ask whoever deployed it.",
		},
	},

	verify: {
		title: "Is this your address?",
		why: (person: Gap): Gap => [
			"Applications that may see it are told that it is that of ",
			person,
			", and it can bring them back in when their password is lost.",
		],
		yes: "Yes, it is mine",
		no: "No, it is not",
		gone: {
			title: "This link is over",
			detail: "It was used, a day has passed, or there is a later one. Only the last one works.",
			what: "Ask for another link in your profile, under Settings.",
		},
		ofAnother: {
			title: "Somebody else’s link",
			detail: "It was sent for another person than the one who is signed in here.",
			what: "Sign out, and open it again as whoever had it sent.",
		},
		enteredAnother: {
			title: "Another address by now",
			detail: "You have entered another address in your profile since this link was sent.",
			what: "Ask for another link in your profile, under Settings.",
		},
		taken: {
			title: "Taken",
			detail: "Another person here has verified this address as theirs, and it can be of one alone.",
			what: "Enter another address in your profile, or sign in as that other person.",
		},
	},

	device: {
		title: "Connect a device",
		intro: "A program or a device without a browser shows you a code. Type it here.",
		warning:
			"Did somebody send you a code, or ask you for this by telephone? Then close this page: they would act in your name.",
		code: "Code",
		codeHint: "Eight letters, such as BCDF-GHJK.",
		submit: "Continue",
		missing: "Type the code that the device shows.",
		tooMany: "Too many wrong codes.",
		unknown: "No device waits with this code. Codes last ten minutes: look at it again.",
		gone: "What asked with this code cannot be let in any more.",
		tooLate: "This code was answered already. The device has to show another.",
		allowedTitle: "Go back to your device",
		allowed: "It goes on within a few seconds. You can close this page.",
		deniedTitle: "It was not let in",
		denied: "The device is told that you said no. You can close this page.",
		onWhich: "On which device",
		sameCode: "Does your device show this code? If it shows another, or you have no device before you, choose Deny.",
		asked: (program: string, when: Gap): Gap => [program, " asked ", when, "."],
		askedFrom: (program: string, when: Gap, from: Gap): Gap => [program, " asked ", when, " from ", from, "."],
		isNear: "That is the network that you are in, too.",
		isFar: "That is another network than the one that you are in.",
		onlyIf:
			"Go on only if you have just started this yourself. Whoever else gave you the code or the link would act in your name.",
	},

	consent: {
		installTab: (client: string) => `Install ${client}`,
		allowTab: (client: string) => `Allow access for ${client}`,
		installTitle: (client: Gap): Gap => ["Install ", client],
		allowTitle: (client: Gap): Gap => [client, " asks for access"],
		registeredBy: (owner: Gap): Gap => ["Registered by ", owner],
		uncheckedTitle: "Nobody here has checked who this is",
		itself: "It registered itself, and may call itself whatever it likes.",
		actsInYourName: "Whoever has the device acts in your name.",
		saysAndGoes: (host: Gap, redirectHost: Gap): Gap => [
			"It says that it is from ",
			host,
			", and its answer goes to ",
			redirectHost,
			".",
		],
		privacyPolicy: "Its privacy policy",
		termsOfService: "Its terms of service",
		at: (page: Gap, host: Gap): Gap => [page, " at ", host],
		atApi: (api: Gap, place: Gap): Gap => ["At ", api, ", ", place, ":"],
		and: "And:",
		ableTo: "What it will be able to do",
		aboutYou: "What it will know about you",
		nothing: "Nothing in your account: it learns only that you agreed.",
		elsewhereTitle: "Where this is used",
		elsewhere: "The access is for what is kept elsewhere, and is told there who you are:",
		uncheckedThere: "It asks for this there. Nobody here has checked what that means:",
		toSite: (host: Gap): Gap => [
			"The answer is sent to ",
			host,
			". Go on only if you know this site and meant to come from it.",
		],
		toLoopback: (host: Gap): Gap => [
			"The answer stays on this computer, at ",
			host,
			", where any program can claim to be this one. Go on only if you have just started this yourself, in a program that you know.",
		],
		toProgram: (scheme: Gap): Gap => [
			"The answer goes to the program that opens ",
			scheme,
			" links here, and any program can claim to be that one. Go on only if you have just started this yourself, in a program that you know.",
		],
		install: "Install",
		allow: "Allow",
		deny: "Deny",
		goBack: "Go back",
		already: "What you allowed before, and it keeps",
		inWhich: "In which account",
		without: (what: string) => `Not given there: ${what}`,
		keeps: (what: string) => `It keeps what you allowed there before: ${what}`,
		chooseAccount: "Please choose the account to use.",
		tooStrong: "Not with this sign-in",
		twoFactors:
			"It asks for two factors: a passkey, or a password and a one-time code. Whoever has one of them signs in once more, and whoever has none yet sets one up first.",
		signInAgain: "Sign in again",
		setOneUp: "Set one up",
		ownProvider: (account: Gap): Gap => [
			account,
			" lets its people in through its own provider alone. Whoever was here before links it once, under Sign-in and security.",
		],
		throughIt: "Sign in through it",
		forAccount: (account: string) => `, for ${account}`,
		cannotGive: "You cannot give it anything",
		noApi:
			"What it asks for belongs to an account that you are not in. Ask an administrator of that account to invite you, then open this page again; or sign out below and use another user name.",
		noRoleInstall:
			"Your role permits nothing of what it asks for. Ask an administrator to install it; or sign out below and use another user name.",
		noRoleAllow:
			"Your role permits nothing of what it asks for. Ask an administrator to allow it; or sign out below and use another user name.",
		noAccountTitle: "You have no account that is open",
		noAccountInstall:
			"An integration is installed in an account. Ask an administrator of one to invite you, or, where yours is suspended, whoever runs this deployment to reinstate it, then open this page again; or sign out below and use another user name.",
		noAccountAllow:
			"Access is given to an account. Ask an administrator of one to invite you, or, where yours is suspended, whoever runs this deployment to reinstate it, then open this page again; or sign out below and use another user name.",
	},

	permissions: permissions as Readonly<Record<Permission, string>>,
	identity: identityScopes as Readonly<Record<IdentityScope, string>>,
	/** What a client learns by a claim that it asks for by its name (OIDC Core §5.1, §5.5). */
	claims: {
		name: "See your full name",
		family_name: "See your family name",
		given_name: "See your given name",
		middle_name: "See your middle name",
		nickname: "See your nickname",
		preferred_username: "See your user name",
		profile: "See the address of your profile page",
		picture: "See your picture",
		website: "See the address of your web site",
		gender: "See your gender",
		birthdate: "See your date of birth",
		zoneinfo: "See your time zone",
		locale: "See your language",
		updated_at: "See when you last changed your profile",
		email: "See your e-mail address",
		email_verified: "See whether your e-mail address was confirmed",
		address: "See your postal address",
		phone_number: "See your phone number",
		groups: "See the account that you choose, and your role in it",
		phone_number_verified: "See whether your phone number was confirmed",
	} satisfies Record<IdentityClaim, string> as Readonly<Record<IdentityClaim, string>>,

	onward: {
		title: "Going on",
		onYourWay: (host: Gap): Gap => ["You are on your way to ", host, "."],
		goOn: "Go on",
		goOnTo: (host: Gap): Gap => ["Go on to ", host],
		cannotAsk: "This cannot be asked",
		asked: (client: Gap, why: string): Gap => [
			client,
			` asked for something in a way that does not work here: ${why}.`,
		],
		leadsTo: (host: Gap): Gap => [
			"Nobody here has checked who is behind this application. Its answer would lead you to ",
			host,
			". Go on only if you know this site and meant to come from it.",
		],
	},

	logout: {
		title: "Sign out?",
		asks: (client: Gap): Gap => [client, " asks you to sign out"],
		itself: "It registered itself: nobody here has checked who it is.",
		saysItIsFrom: (host: Gap): Gap => ["It says that it comes from ", host, ". Nobody here has checked that."],
		intro: (person: Gap): Gap => [
			"You are signed in here as ",
			person,
			". Signing out ends that in this browser. What you allowed applications to do stays allowed.",
		],
		forAnother:
			"This was asked for somebody else than you: another person used the application. Sign out only if you want to.",
		returnTo: (host: Gap): Gap => ["Once you are signed out you return to ", host, "."],
		notSignedOut: "You have not been signed out, and will not be sent anywhere.",
		signOutHere: (person: Gap): Gap => [
			"You are signed in here as ",
			person,
			". You can sign out here, and go back to where you came from by yourself.",
		],
		stay: "Stay signed in",
		doneTitle: "You are signed out",
		done: "Nobody is signed in here in this browser.",
		stillTitle: "You are still signed in",
		still: "Nothing was changed. You can close this page.",
		otherServer: { title: "Wrong id_token_hint", detail: "The link names a sign-in that is not of this server." },
		twoApplications: { title: "Wrong id_token_hint", detail: "The link names two different applications." },
		tooMany: {
			title: "Too many requests",
			detail: "Too many links from here name applications that are not registered here. Wait a moment.",
		},
		unknown: {
			title: "Unknown application",
			detail: "The link names an application that is not registered here (any more).",
		},
		whose: {
			title: "Unknown application",
			detail: "The link says where to go on to, but not which application it is of.",
		},
		wrongReturn: {
			title: "Wrong return URL",
			detail: "The link goes on to a URL that the application did not register.",
		},
	},

	problems: {
		notFromHere: { title: "Not from here", detail: "This form was sent from another site, so nothing was done." },
		malformedForm: { title: "Malformed form", detail: (why: string) => why },
		malformedLink: { title: "Malformed link", detail: (why: string) => why },
		malformedRequest: { title: "Malformed request", detail: (why: string) => why },
		nothingHere: {
			title: "Nothing here",
			detail: "There is nothing at this address.",
			what: "Look whether the address is complete. If a link brought you here, tell the people who run that site.",
		},
		notForBrowser: { title: "Not for a browser", detail: (methods: string) => `This address takes ${methods}.` },
		noSuchAccount: { title: "No such account", detail: "There is no such account, or you do not belong to it." },
		suspended: {
			title: "Suspended",
			detail: (account: string) =>
				`${account} is suspended: nobody gets into it, and nothing that belongs to it opens anything.`,
			what: "Ask whoever runs this deployment. When they reinstate it, everything of it works again as before.",
			leave: "Leave this account",
		},
		unknownIntegration: {
			title: "Unknown integration",
			detail: "There is no integration at this address. It may have been deleted by its makers.",
		},
		notInstallable: {
			title: "Cannot be installed",
			detail: "Its makers registered it for an API that is not here under that name.",
			what: "Tell its makers.",
		},
		missingClientId: {
			title: "Missing client ID",
			detail: "client_id is missing: the link has to say which application asks.",
		},
		unknownApplication: {
			title: "Unknown application",
			detail: "The link names an application that is not registered here.",
		},
		unusableApplication: { title: "Unusable application", detail: (why: string) => why },
		missingRedirect: {
			title: "Missing redirect URL",
			detail: "redirect_uri is missing: the request has to say at which of its URLs the application wants its answer.",
		},
		wrongRedirect: {
			title: "Wrong redirect URL",
			detail: "The request asks for an answer at a URL that the application did not register.",
		},
		unknownRequest: {
			title: "Unknown request",
			detail: "The link names a request that this application has not made here.",
		},
	},

	noAccount: {
		title: "No account yet",
		invite: (person: Gap): Gap => [
			"You are signed in as ",
			person,
			", and belong to no account. Whoever administers one can invite you: they send you a link, which takes you in.",
		],
		make: "Create an account",
		operate: "Operate this deployment",
	},
};

/** A catalogue: what lacks a message, or has one that English has not, does not compile. */
export type Words = typeof en;
