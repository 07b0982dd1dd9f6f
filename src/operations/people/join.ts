import { hashSecret, unsealToken } from "../../crypto/sealed-token.ts";
import { invitationState } from "../../domain/invitation.ts";
import type { Limited, NamedLimit } from "../../domain/limit.ts";
import type { Person } from "../../domain/person.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Accepter, FoundInvitation, InvitationLink } from "../../domain/ports/invitations.ts";
import { entryOf } from "../audit.ts";
import { takeTurns } from "../limits.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { askForNewPasskey, makeWayIn, provenByFirst, type WayIn, type WayInMade } from "./first-way-in.ts";
import { type Browser, openSignInOf, type SignInOpened } from "./sign-in.ts";

/** An invitation as the holder of its link finds it. */
export interface HeldInvitation extends FoundInvitation {
	readonly link: InvitationLink;
	/** `closed`: its account takes nobody in just now. */
	readonly standing: "open" | "accepted" | "revoked" | "expired" | "closed";
}

/** Null for whatever is no link of ours. The seal stands before the register: guesses cost no query. */
export async function heldInvitation(token: string, services: Services): Promise<HeldInvitation | null> {
	const reference = await unsealToken("invitation", token, services.serverKeys);
	if (!reference) return null;
	const link = { id: reference.id, hash: await hashSecret(reference) };
	const found = await portsOf(services).invitations.find(link);
	if (!found) return null;
	const state = invitationState(found, services.now());
	return { ...found, link, standing: state === "open" && !found.account.isActive ? "closed" : state };
}

export async function belongsTo({ accountId }: FoundInvitation, person: Pick<Person, "id">, services: Services) {
	return (await portsOf(services).register.membership(person.id, accountId))?.state === "active";
}

/** `member`: who belongs to the account already leaves it for whom it is meant. */
export type Joined = "accepted" | "member" | "taken" | "full" | "closed";

/** Somebody who has a name here joins the account by it. */
export function acceptInvitation(
	invitation: HeldInvitation,
	{ id: personId }: Pick<Person, "id">,
	address: string | null,
	services: Services,
): Promise<Joined> {
	return accept(invitation, { kind: "here", personId }, address, services);
}

async function accept(
	invitation: HeldInvitation,
	who: Accepter,
	address: string | null,
	services: Services,
): Promise<Joined> {
	const { link, accountId, role } = invitation;
	const subject = who.kind === "new" ? who.person.id : who.personId;
	const detail = { role, invitation: link.id };
	const entry = entryOf({ subject, accountId, address }, { action: "member.join", target: subject, detail }, services);
	const outcome = await portsOf(services).invitations.accept(link, who, services.now(), entry);
	if (outcome === "accepted") await services.lookups.freshMembership(subject, accountId);
	return outcome;
}

export type JoinedAsNew =
	| { readonly kind: Exclude<Joined, "accepted" | "member"> }
	| Exclude<WayInMade, { kind: "made" }>
	| { readonly kind: "accepted"; readonly signedIn: SignInOpened }
	| Limited;

/**
 * User names that were found taken: who holds a good link learns of one at a time which they are, and nobody of all of them, as many
 * links as an account may have made.
 */
const byLink: NamedLimit = { name: "join-names", attempts: 20, window: 3600 };
const byAccount: NamedLimit = { name: "join-names-account", attempts: 100, window: 3600 };

interface Newcomer {
	readonly username: string;
	readonly name: string;
	readonly wayIn: WayIn;
}

/** Makes a person of whoever has no name here yet, and signs them in. */
export async function joinAsNew(
	invitation: HeldInvitation,
	given: Newcomer,
	from: { readonly cookie: string | null; readonly browser: Browser },
	services: Services,
): Promise<JoinedAsNew> {
	const { link, accountId, standing } = invitation;
	if (standing !== "open") return { kind: "closed" };
	return counted({ link, accountId }, () => joinCounted(invitation, given, from, services), services);
}

type PasskeyAsked =
	| { readonly kind: "asked"; readonly person: SubjectId; readonly options: string }
	| { readonly kind: "taken" | "closed" }
	| Limited;

/** Before a passkey is made, which stays in its device, whether its person can have this user name is known. */
export async function askToJoinByPasskey(
	{ link, accountId, standing }: HeldInvitation,
	names: Pick<Newcomer, "username" | "name">,
	browser: string,
	services: Services,
): Promise<PasskeyAsked> {
	if (standing !== "open") return { kind: "closed" };
	const ask = async () => {
		if (await portsOf(services).register.personByUsername(names.username)) return { kind: "taken" } as const;
		return { kind: "asked", ...(await askForNewPasskey(names, browser, services)) } as const;
	};
	return counted({ link, accountId }, ask, services);
}

async function counted<Outcome extends { readonly kind: string }>(
	{ link, accountId }: Pick<HeldInvitation, "link" | "accountId">,
	attempt: () => Promise<Outcome>,
	services: Services,
): Promise<Outcome | Limited> {
	const turns = [
		{ limit: byLink, of: link.id },
		{ limit: byAccount, of: accountId },
	];
	const taken = await takeTurns(turns, services);
	if (taken.kind === "limited") return taken;
	const outcome = await attempt();
	if (outcome.kind !== "taken") await taken.giveBack();
	return outcome;
}

async function joinCounted(
	invitation: HeldInvitation,
	{ username, name, wayIn }: Newcomer,
	from: { readonly cookie: string | null; readonly browser: Browser },
	services: Services,
): Promise<Exclude<JoinedAsNew, Limited>> {
	// Before the hash, which is dear; the write decides.
	if (await portsOf(services).register.personByUsername(username)) return { kind: "taken" };
	const { slug, name: accountName } = invitation.account;
	const made = await makeWayIn(wayIn, [username, name, slug, accountName], services);
	if (made.kind !== "made") return made;
	const { id, passwordHash, passkey } = made;
	const person: Person = { id, username, name, passwordHash, state: "active", notBefore: 0 };
	const who = { kind: "new", person, ...(passkey && { passkey }) } as const;
	const outcome = await accept(invitation, who, from.browser.address, services);
	if (outcome === "member") throw new Error("a person who was made just now belongs to the account");
	if (outcome !== "accepted") return { kind: outcome };
	const signedIn = await openSignInOf(provenByFirst(person, passkey, services), from, services);
	if (!signedIn) throw new Error("a person who was made just now has lost their way in");
	return { kind: "accepted", signedIn };
}
