import type { Seconds } from "../../domain/brands.ts";
import { shownName } from "../../domain/display-name.ts";
import type { Services } from "../services.ts";

/** Every text that latchkey mails, and what each is for. */
export interface Letter {
	/** What it is counted and logged as. */
	readonly kind: "invitation" | "recovery" | "verification" | "alert";
	readonly subject: string;
	readonly text: string;
}

/** The one secret of a letter: a page of ours with a sealed token at its end. */
interface Link {
	readonly url: string;
	readonly expiresAt: Seconds;
}

type Issuer = Pick<Services, "config">;

/** To somebody whom an administrator wants in an account, and who may know nothing of latchkey. */
export function invitationLetter(account: string, link: Link, services: Issuer): Letter {
	return {
		kind: "invitation",
		subject: `Invitation to ${hostOf(services)}`,
		text: letter(services, [
			`You are invited to the account “${quoted(account)}” at ${hostOf(services)}. This link shows who invites you, and takes you in:`,
			...linked(link),
			"If you do not expect it, do nothing: without you nothing happens.",
		]),
	};
}

/** To whoever lost their way in, be it a password or not. */
export function recoveryLetter(link: Link, services: Issuer): Letter {
	return {
		kind: "recovery",
		subject: `Your way back in to ${hostOf(services)}`,
		text: letter(services, [
			`Somebody asked for a way back in to your sign-in at ${hostOf(services)}. With this link you set it up anew:`,
			...linked(link),
			"If it was not you, do nothing: your sign-in stays as it is. Give the link to nobody; nobody who works here asks for it.",
		]),
	};
}

/** To an address that somebody says is theirs. */
export function verificationLetter(link: Link, services: Issuer): Letter {
	return {
		kind: "verification",
		subject: `Is this your address? ${hostOf(services)} asks`,
		text: letter(services, [
			`Somebody entered this address as theirs at ${hostOf(services)}. If it was you, say so by this link, in the browser in which you are signed in:`,
			...linked(link),
			"If it was not you, do nothing: the address is not used.",
		]),
	};
}

/** What was noticed, in a sentence of ours; what is known of it stands in the console, behind a sign-in. */
export function alertLetter(what: string, page: string, services: Issuer): Letter {
	return {
		kind: "alert",
		subject: `Alert of ${hostOf(services)}: ${what}`,
		text: letter(services, [
			`${hostOf(services)} noticed: ${what}. What it knows of that, and what to do, stands here:`,
			page,
		]),
	};
}

function linked({ url, expiresAt }: Link): readonly string[] {
	const until = new Date(expiresAt * 1000).toISOString().slice(0, 16).replace("T", " ");
	return [url, `It works once, until ${until} UTC.`];
}

function letter({ config }: Issuer, paragraphs: readonly string[]): string {
	return `${[...paragraphs, `${config.issuer} wrote this by itself. Nobody reads what is answered to it.`].join("\n\n")}\n`;
}

function hostOf({ config }: Issuer): string {
	return new URL(config.issuer).host;
}

/**
 * A name that somebody chose, in a letter that they do not sign: one line of at most 60 characters, and nothing in it that a
 * mail program would make a link of.
 */
function quoted(name: string): string {
	const line = shownName(name.replaceAll(/\s+/g, " ")).trim();
	const short = Array.from(line).length > 60 ? `${Array.from(line).slice(0, 59).join("")}…` : line;
	return short.replaceAll(/([.:/@\\])(?=\S)/g, "$1 ").replaceAll(/[\u201c\u201d]/g, "'");
}
