import { sha256 } from "../../crypto/digest.ts";
import { hashSecret, sealToken, unsealToken } from "../../crypto/sealed-token.ts";
import { randomId } from "../../crypto/random.ts";
import { isSameHash, type Seconds } from "../../domain/brands.ts";
import type { Limited, NamedLimit } from "../../domain/limit.ts";
import type { Person } from "../../domain/person.ts";
import { type RecoveryKind, type RecoveryLink, recoveryLinkTtl } from "../../domain/recovery.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Actor, OperatorActor } from "../actor.ts";
import { afterAnswer } from "../after-answer.ts";
import { personalEntries } from "../audit-person.ts";
import { type Proof, provePerson, type Unproved } from "../checks/prove-person.ts";
import { type NetworkLimit, networkTurns, takeTurns } from "../limits.ts";
import { recoveryLetter } from "../mail/letters.ts";
import { isMailOn, sendMail } from "../mail/send-mail.ts";
import type { Services } from "../services.ts";
import { isSetupSecret } from "../setup-secret.ts";
import { portsOf } from "../ports-of.ts";
import { noticeRecovery } from "./notice-recovery.ts";

export type LinkMade =
	/** To be told to the person by whoever made it. */
	| { readonly kind: "made"; readonly url: string; readonly expiresAt: Seconds }
	/** Nobody whom they could know of; somebody who belongs elsewhere too; or it is they. */
	| { readonly kind: "unknown" | "beyond" | "self" | "not_permitted" }
	/** They show who they are once more: a browser that was left open hands nobody else's name out. */
	| Unproved;

/**
 * A link to a new password, by an administrator of the one account that the person belongs to. Who is in another one as well, or
 * runs the deployment, is beyond them: the link would hand that over too.
 */
export function makeLinkAsAdmin(
	personId: string,
	proof: Proof,
	{ subject, accountId, address }: Actor,
	services: Services,
): Promise<LinkMade> {
	const maker = { subject, address, vouches: { kind: "admin" as const, accountId, madeBy: subject } };
	return makeLink(() => portsOf(services).register.person(personId), proof, maker, services);
}

/** By an operator, for anybody. */
export function makeLinkAsOperator(
	username: string,
	proof: Proof,
	{ subject, address }: OperatorActor,
	services: Services,
): Promise<LinkMade> {
	const maker = { subject, address, vouches: { kind: "operator" as const, accountId: null, madeBy: subject } };
	return makeLink(() => portsOf(services).register.personByUsername(username), proof, maker, services);
}

interface Maker {
	readonly subject: SubjectId;
	readonly address: string | null;
	readonly vouches: Pick<RecoveryLink, "kind" | "accountId" | "madeBy">;
}

async function makeLink(
	find: () => Promise<Person | null>,
	proof: Proof,
	{ subject, address, vouches }: Maker,
	services: Services,
): Promise<LinkMade> {
	const me = await portsOf(services).register.person(subject);
	if (me?.state !== "active") return { kind: "not_permitted" };
	const verdict = await provePerson(me, { proof, address, knownAs: subject }, services);
	if (verdict.kind !== "proved") return verdict;
	const person = await find();
	if (person?.state !== "active") return { kind: "unknown" };
	// They know their password, and by it would be signed in without a trace of who let them in.
	if (person.id === subject) return { kind: "self" };
	return addLink(person, vouches, { actor: subject, address }, services);
}

/** Whatever is asked of whoever makes it has been asked, but for what the register knows. */
async function addLink(
	person: Person,
	vouches: Maker["vouches"],
	by: { readonly actor: string; readonly address: string | null },
	services: Services,
): Promise<Exclude<LinkMade, Limited>> {
	const { recovery } = portsOf(services);
	const id = randomId(services.random);
	const accountId = vouches.accountId ?? "";
	const reference = { subject: person.id, accountId, id, generation: 0, secret: services.random(32) };
	const createdAt = services.now();
	const expiresAt = createdAt + recoveryLinkTtl;
	const [sealed, hash, password] = await Promise.all([
		sealToken("recovery", reference, services.serverKeys),
		hashSecret(reference),
		passwordDigest(person),
	]);
	const act = { action: "recovery_link.make", target: person.id, address: by.address, detail: { by: vouches.kind } };
	const entries = await personalEntries(person, act, services, by.actor);
	const link: RecoveryLink = { id, hash, personId: person.id, ...vouches, password, createdAt, expiresAt };
	const outcome = await recovery.addLink(link, entries);
	if (outcome !== "added") return { kind: outcome };
	noticeRecovery("recovery_link_made", person, vouches.kind, services);
	return { kind: "made", url: `${services.config.issuer}/recover/${sealed}`, expiresAt };
}

/** What a link is bound to: another password than the one of then, and it is good no more. */
export function passwordDigest({ passwordHash }: Person) {
	return sha256(passwordHash ?? "");
}

export interface FoundLink {
	readonly id: string;
	readonly person: Person;
	readonly kind: RecoveryKind;
	/** `used` is good for one thing: to find that what it was used for is done. */
	readonly state: "good" | "used";
}

/** Null for whatever is not good: made up, for another password, expired, or no longer vouched for. */
export async function findLink(sealed: string, services: Services): Promise<FoundLink | null> {
	const reference = await unsealToken("recovery", sealed, services.serverKeys);
	const found = reference && (await portsOf(services).recovery.link(reference.id));
	if (!reference || !found || !isSameHash(await hashSecret(reference), found.link.hash)) return null;
	const { link, usedAt, holds, person } = found;
	if (services.now() >= link.expiresAt) return null;
	if (usedAt !== null) return { id: link.id, person, kind: link.kind, state: "used" };
	const isOfNow = isSameHash(link.password, await passwordDigest(person));
	return holds && isOfNow ? { id: link.id, person, kind: link.kind, state: "good" } : null;
}

/** A link for an operator who lost everything, for whoever deployed latchkey. `unknown`: nobody of that name runs it. */
export async function makeLinkBySecret(
	given: { readonly secret: string; readonly username: string; readonly address: string | null },
	services: Services,
): Promise<Exclude<LinkMade, Limited> | { readonly kind: "wrong_secret" }> {
	const { secret, username, address } = given;
	if (!(await isSetupSecret(secret, services))) return { kind: "wrong_secret" };
	const person = await portsOf(services).register.personByUsername(username);
	if (person?.state !== "active" || !person.isOperator) return { kind: "unknown" };
	const vouches = { kind: "setup" as const, accountId: null, madeBy: "setup" };
	return addLink(person, vouches, { actor: "setup", address }, services);
}

const hour: Seconds = 3600;
/** Letters that may be asked for in an hour: nobody fills a mailbox, or asks from one place for the whole world's. */
const letterOf: NamedLimit = { name: "recovery-letter-name", attempts: 3, window: hour };
const lettersHere: NetworkLimit = { name: "recovery-letter-network", attempts: 20, wide: 60, window: hour };

/**
 * Has a link go to the address that the person proved to be theirs. Whether there is such a person, and whether they proved one,
 * is found out after the answer has gone, which is the same whatever is found.
 */
export async function mailLink(
	{ username, address }: { readonly username: string; readonly address: string | null },
	services: Services,
): Promise<{ readonly kind: "heard" | "off" } | Limited> {
	if (!isMailOn(services)) return { kind: "off" };
	const turns = [...networkTurns(lettersHere, address), { limit: letterOf, of: username.toLowerCase() }];
	const taken = await takeTurns(turns, services);
	if (taken.kind === "limited") return taken;
	services.later(mailIfKnown(username, address, services));
	return { kind: "heard" };
}

async function mailIfKnown(username: string, address: string | null, services: Services): Promise<void> {
	try {
		await afterAnswer();
		const person = await portsOf(services).register.personByUsername(username);
		const to = person?.verifiedEmail;
		if (person?.state !== "active" || to === undefined) return;
		const vouches = { kind: "mail" as const, accountId: null, madeBy: to };
		const made = await addLink(person, vouches, { actor: "anonymous", address }, services);
		if (made.kind !== "made") return;
		await sendMail({ to, letter: recoveryLetter(made, services), sender: person.id }, services);
	} catch {
		services.log("mail.failed", { letter: "recovery", reason: "not made" });
	}
}
