import * as v from "valibot";
import { nonceOf } from "../nonce-of.ts";
import { writeInstant } from "../../domain/instant.ts";
import { bounds } from "../../domain/bounds.ts";
import { invitationState, readNote } from "../../domain/invitation.ts";
import type { ListedInvitation } from "../../domain/ports/invitations.ts";
import { readEmail } from "../../domain/profile.ts";
import type { Call } from "../../endpoint/call.ts";
import { described, instant, titled } from "../../http/described.ts";
import { pageParameters, readListPage, wrongCursor } from "../../http/list-page.ts";
import { empty, json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import * as operations from "../../operations/people/invitations.ts";
import type { Services } from "../../operations/services.ts";
import type { Body } from "../guard/access.ts";
import { bodyEndpointForAdministrator, endpointForAdministrator, forAdministrators } from "../guard/administrator.ts";
import { next } from "../list-endpoint.ts";
import { conflict, notFound, limitReached } from "../refusals.ts";
import { role } from "./role.ts";

const members = {
	id: described(v.string(), "Its id."),
	role: described(v.picklist(["admin", "member"]), "What whoever accepts it is in the account."),
	note: described(v.string(), "A word to whoever is invited; empty where there is none."),
	email: v.nullable(described(v.string(), "Where the link is mailed to; null for nowhere.")),
	state: described(
		v.picklist(["open", "accepted", "revoked", "expired"]),
		"Only one that is `open` can be accepted. Whoever administers the account no more has theirs revoked.",
	),
	invited_by: described(
		titled(
			"Inviter",
			v.object({
				id: described(v.string(), "The person's id."),
				name: v.nullable(described(v.string(), "Their name, while they are known here.")),
			}),
		),
		"Who invites.",
	),
	accepted_by: v.nullable(described(v.string(), "The name of whoever accepted it.")),
	created_at: instant("When it was made."),
	expires_at: instant("Until when it can be accepted."),
};
const invitationSchema = titled("Invitation", v.object(members));
const madeSchema = titled(
	"MadeInvitation",
	v.object({
		...members,
		url: described(v.string(), "The link, which is shown this once. Whoever opens it can accept it."),
		mailed: described(
			v.boolean(),
			"Whether it is on its way to `email`: not without one, where no mail is sent, nor without end.",
		),
	}),
);

const createSchema = titled(
	"CreateInvitation",
	v.strictObject({
		role,
		note: v.optional(
			described(
				v.pipe(
					v.string("is a string"),
					v.check((text) => readNote(text) !== null, "has at most 200 printable characters, on one line"),
				),
				"A word to whoever is invited, up to 200 characters on one line.",
			),
		),
		email: v.optional(
			described(
				v.nullable(
					v.pipe(
						v.string("is a string or null"),
						v.check((text) => readEmail(text) !== null, "is an e-mail address such as ada@example.com"),
					),
				),
				"Where the link is mailed to, if the deployment sends mail. The link is in the answer as well.",
			),
		),
	}),
);

/** `POST /v1/invitations` */
async function createInvitation(call: Call, actor: Actor, body: Body<typeof createSchema>): Promise<Response> {
	const { services } = call;
	const { role: wanted, note = "", email = null } = body;
	const draft = { role: wanted, note: readNote(note) ?? "", email };
	const invited = await operations.invite(draft, nonceOf(call), actor, services);
	switch (invited.kind) {
		case "invited":
			return json(201, {
				...show(invited.invitation, services),
				url: invited.url,
				mailed: invited.mailed === "on_its_way",
			});
		case "full":
			return limitReached(bounds.invitations);
		case "not_permitted":
			return forAdministrators();
		case "sent_already":
			return conflict("The invitation was made, and is not open any more: look at the list, and invite once more.");
	}
}

export const createInvitationEndpoint = bodyEndpointForAdministrator(createInvitation, {
	tag: "People",
	repeatable: true,
	summary: "Invite somebody to the account",
	description:
		"The answer has a link, good for 7 days and for one person, once: whoever opens it accepts it as who they are signed in as, or " +
		"chooses a user name and a password. Nothing says whether there is a person already.",
	body: { schema: createSchema, example: { role: "member", note: "For Rosalind" } },
	answers: {
		201: { description: "The invitation, with its link.", schema: madeSchema },
		400: { description: "A member that is missing or malformed." },
		409: { description: `The account has ${bounds.invitations.most} open invitations.` },
	},
});

/** `GET /v1/invitations` */
async function listInvitations({ url, services }: Call, actor: Actor): Promise<Response> {
	const asked = readListPage(url);
	if (!asked.ok) return asked.response;
	const found = await operations.listInvitations(asked.page, actor, services);
	if (!found) return wrongCursor();
	return json(200, { invitations: found.rows.map((each) => show(each, services)), next: found.next });
}

export const listInvitationsEndpoint = endpointForAdministrator(listInvitations, {
	tag: "People",
	summary: "List the account's invitations",
	description: "Without their links. One that has ended is there for 30 days after it would have expired.",
	query: pageParameters,
	answers: {
		200: {
			description: "Newest first.",
			schema: titled(
				"InvitationList",
				v.object({ invitations: described(v.array(invitationSchema), "A page of them."), next }),
			),
		},
		400: { description: "A limit out of range, or a cursor that is not of this list." },
	},
});

/** `DELETE /v1/invitations/{id}` */
async function revokeInvitation({ params, services }: Call, actor: Actor): Promise<Response> {
	switch (await operations.revokeInvitation(params.id ?? "", actor, services)) {
		case "revoked":
			return empty(204);
		case "accepted":
			return conflict("Somebody has accepted it. Remove them from the account instead.");
		case "not_permitted":
			return forAdministrators();
		case "unknown":
			return notFound("invitation");
	}
}

export const revokeInvitationEndpoint = endpointForAdministrator(revokeInvitation, {
	tag: "People",
	summary: "Revoke an invitation",
	path: { id: "The invitation." },
	answers: {
		204: { description: "Its link opens nothing any more." },
		404: { description: "The account has no such invitation, or it was revoked before." },
		409: { description: "It has been accepted." },
	},
});

function show(invitation: ListedInvitation, { now }: Pick<Services, "now">): v.InferOutput<typeof invitationSchema> {
	const { id, role: given, note, email, invitedBy, inviterName, accepterName, createdAt, expiresAt } = invitation;
	return {
		id,
		role: given,
		note,
		email,
		state: invitationState(invitation, now()),
		invited_by: { id: invitedBy, name: inviterName },
		accepted_by: accepterName,
		created_at: writeInstant(createdAt),
		expires_at: writeInstant(expiresAt),
	};
}
