import { hashSecret, sealToken, type TokenReference, unsealToken } from "../../crypto/sealed-token.ts";
import { randomId } from "../../crypto/random.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { NamedLimit } from "../../domain/limit.ts";
import type { Person } from "../../domain/person.ts";
import type { EmailProved } from "../../domain/ports/email-links.ts";
import { personalEntries } from "../audit-person.ts";
import { type Proof, provePerson, type Unproved } from "../checks/prove-person.ts";
import { takeTurn } from "../limits.ts";
import { verificationLetter } from "../mail/letters.ts";
import { isMailOn, sendMail } from "../mail/send-mail.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";

const emailLinkTtl: Seconds = 86_400;

/** Of one person: they may be wrong about what their address is, and it is others who get the letters. */
const askingAddresses: NamedLimit = { name: "address-links", attempts: 10, window: 3600 };

export type VerificationAsked =
	| { readonly kind: "on_its_way"; readonly email: string }
	/** `none`: no address is entered; `verified`: it is theirs already; `off`: this deployment sends no mail. */
	| { readonly kind: "none" | "verified" | "off" }
	| Unproved;

/** Whether a link can be had for the address that somebody has entered. */
export function verificationOf(person: Person, services: Services): "can_be" | "none" | "verified" | "off" {
	const email = person.profile?.email;
	if (email === undefined) return "none";
	if (person.verifiedEmail === email) return "verified";
	return isMailOn(services) ? "can_be" : "off";
}

/**
 * Mails a link to the address that the person has entered, in the place of any before it. They show once more who they are,
 * as for a new password: a verified address is a way back in, which nobody who only sits at their browser is to make their own.
 */
export async function askForVerification(
	person: Person,
	given: { readonly proof: Proof; readonly address: string | null; readonly knownAs: string | null },
	services: Services,
): Promise<VerificationAsked> {
	const state = verificationOf(person, services);
	const email = person.profile?.email;
	if (state !== "can_be" || email === undefined) return { kind: state === "can_be" ? "none" : state };
	const verdict = await provePerson(person, given, services);
	if (verdict.kind !== "proved") return verdict;
	const limited = await takeTurn({ limit: askingAddresses, of: person.id }, services);
	if (limited) return limited;
	const reference: TokenReference = {
		subject: person.id,
		accountId: "",
		id: randomId(services.random),
		generation: 0,
		secret: services.random(32),
	};
	const expiresAt = services.now() + emailLinkTtl;
	const [sealed, hash] = await Promise.all([
		sealToken("verification", reference, services.serverKeys),
		hashSecret(reference),
	]);
	const letter = verificationLetter({ url: `${services.config.issuer}/verify/${sealed}`, expiresAt }, services);
	// First the letter: where none may be sent, the link that they have stays good.
	const mailed = await sendMail({ to: email, letter, sender: person.id }, services);
	if (mailed.kind === "limited") return mailed;
	if (mailed.kind !== "on_its_way") return { kind: mailed.kind === "off" ? "off" : "none" };
	await portsOf(services).emailLinks.put({ personId: person.id, hash, email, expiresAt });
	return { kind: "on_its_way", email };
}

export type FoundEmailLink =
	| { readonly kind: "open"; readonly email: string }
	/** Not ours, used, over, or there is a later one. */
	| { readonly kind: "gone" }
	| { readonly kind: "of_another" };

/** What a link asks the person who opened it. That it is another person's its seal says, whether or not it is still good. */
export async function findEmailLink(sealed: string, me: Person, services: Services): Promise<FoundEmailLink> {
	const opened = await openLink(sealed, me, services);
	if (opened.kind !== "opened") return opened;
	const link = await portsOf(services).emailLinks.find(me.id, opened.hash, services.now());
	return link ? { kind: "open", email: link.email } : { kind: "gone" };
}

/** Says that the address is theirs. It counts here at once, elsewhere within half a minute. */
export async function useEmailLink(
	sealed: string,
	me: Person,
	address: string | null,
	services: Services,
): Promise<EmailProved | "of_another"> {
	const opened = await openLink(sealed, me, services);
	if (opened.kind !== "opened") return opened.kind;
	// Not which address: the log is for others to read.
	const entries = await personalEntries(
		me,
		{ action: "person.verify_email", target: me.id, address, detail: {} },
		services,
	);
	const proved = await portsOf(services).emailLinks.use(me.id, opened.hash, services.now(), entries);
	if (proved === "verified") await services.lookups.person.fresh(me.id);
	return proved;
}

async function openLink(sealed: string, me: Person, { serverKeys }: Services) {
	const reference = await unsealToken("verification", sealed, serverKeys);
	if (!reference) return { kind: "gone" } as const;
	if (reference.subject !== me.id) return { kind: "of_another" } as const;
	return { kind: "opened", hash: await hashSecret(reference) } as const;
}
