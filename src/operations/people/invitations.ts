import { base64url } from "../../crypto/encoding.ts";
import { hashSecret, sealToken, type TokenReference } from "../../crypto/sealed-token.ts";
import { type Invitation, invitationTtl } from "../../domain/invitation.ts";
import type { Role } from "../../domain/permission.ts";
import type { ListedInvitation } from "../../domain/ports/invitations.ts";
import type { WriterRole } from "../../domain/ports/register.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Actor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { bytesFor } from "../form-nonce.ts";
import { type ListPage, type ListQuery, pageOf, partOf } from "../list.ts";
import { accountNameOf } from "../lookups.ts";
import { invitationLetter } from "../mail/letters.ts";
import { type Mailed, sendMail } from "../mail/send-mail.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";

/** What whoever invites says; read, and in bounds. */
export interface InvitationDraft {
	readonly role: Role;
	readonly note: string;
	/** Where the link is mailed to; null for nowhere. */
	readonly email: string | null;
}

export type Invited =
	| {
			readonly kind: "invited";
			readonly invitation: ListedInvitation;
			/** Opens it, for whoever has it, and is shown this once. */
			readonly url: string;
			/** What became of the letter; null where nobody asked for one, or it was on its way before. */
			readonly mailed: Mailed["kind"] | null;
	  }
	/** The same form was sent before, and stands for another invitation or for one that has ended. */
	| { readonly kind: "sent_already" | "full" | "not_permitted" };

/** Invites to the actor's account. The same nonce again finds the same invitation, and a link to it that is as good. */
export async function invite(
	draft: InvitationDraft,
	nonce: string,
	actor: Actor,
	services: Services,
	by: WriterRole | { readonly operator: SubjectId } = adminOf(actor),
): Promise<Invited> {
	const { accountId, subject } = actor;
	const { role, email } = draft;
	const reference = await referenceFor(nonce, actor, services);
	const createdAt = services.now();
	const times = { createdAt, expiresAt: createdAt + invitationTtl };
	const invitation: Invitation = { id: reference.id, accountId, ...draft, invitedBy: subject, ...times, state: "open" };
	const detail = { role, ...(email !== null && { email }) };
	const entry = entryOf(actor, { action: "invitation.create", target: invitation.id, detail }, services);
	const { invitations } = portsOf(services);
	const added = await invitations.add(invitation, await hashSecret(reference), by, entry);
	if (added.kind === "full" || added.kind === "not_permitted") return { kind: added.kind };
	if (added.kind === "same" && !isStill(draft, added.invitation)) return { kind: "sent_already" };
	const found = await invitations.one(accountId, invitation.id);
	if (!found) throw new Error("an invitation that was just made is gone");
	const url = await urlOf(reference, services);
	const isNew = added.kind === "added";
	return { kind: "invited", invitation: found, url, mailed: isNew ? await mail(invitation, url, services) : null };
}

async function mail({ accountId, email, expiresAt }: Invitation, url: string, services: Services) {
	if (email === null) return null;
	const letter = invitationLetter(await accountNameOf(accountId, services.lookups), { url, expiresAt }, services);
	return (await sendMail({ to: email, letter, sender: accountId }, services)).kind;
}

function isStill({ role, note, email }: InvitationDraft, there: Invitation): boolean {
	return there.state === "open" && there.role === role && there.note === note && there.email === email;
}

/** Made from the form's nonce, so that nothing readable is stored and the form that is sent twice brings the same. */
async function referenceFor(nonce: string, { accountId, subject }: Actor, services: Services): Promise<TokenReference> {
	const whose = `${accountId} ${subject} ${nonce}`;
	const [id, secret] = await Promise.all([
		bytesFor("invitation id", whose, services.serverKeys),
		bytesFor("invitation secret", whose, services.serverKeys),
	]);
	return { subject, accountId, id: base64url(id.slice(0, 16)), generation: 0, secret };
}

async function urlOf(reference: TokenReference, { config, serverKeys }: Services): Promise<string> {
	return `${config.issuer}/join/${await sealToken("invitation", reference, serverKeys)}`;
}

/** Newest first, those that have ended too, while they are kept. Null for a cursor that is not of this list. */
export function listInvitations(
	{ cursor, limit }: ListQuery,
	{ accountId }: Actor,
	services: Services,
): Promise<ListPage<ListedInvitation> | null> {
	return pageOf(`invitations ${accountId}`, cursor, services, async (after) => {
		const before = after && { createdAt: Number(after[0]), id: String(after[1]) };
		const found = await portsOf(services).invitations.list(accountId, before, limit + 1);
		return partOf(found, limit, ({ createdAt, id }) => [createdAt, id]);
	});
}

export function findInvitation(id: string, { accountId }: Actor, services: Services): Promise<ListedInvitation | null> {
	return portsOf(services).invitations.one(accountId, id);
}

/** Nobody can accept it from now on. */
export function revokeInvitation(id: string, actor: Actor, services: Services) {
	const entry = entryOf(actor, { action: "invitation.revoke", target: id }, services);
	return portsOf(services).invitations.revoke({ id, accountId: actor.accountId }, adminOf(actor), entry);
}

/** People are for an administrator to change, who is one still while it is written. */
export function adminOf({ subject, accountId }: Actor): WriterRole {
	return { personId: subject, accountId, roles: ["admin"] };
}
