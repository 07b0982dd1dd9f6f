import * as v from "valibot";
import type { Member, MemberChange } from "../../domain/ports/people.ts";
import type { Call } from "../../endpoint/call.ts";
import { described, titled } from "../../http/described.ts";
import { empty, json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import * as operations from "../../operations/people/people.ts";
import type { Body } from "../guard/access.ts";
import { bodyEndpointForAdministrator, endpointForLogin, forAdministrators } from "../guard/administrator.ts";
import { narrowedListEndpoint } from "../list-endpoint.ts";
import { conflict, notFound, overtaken } from "../refusals.ts";
import { role } from "./role.ts";

const personSchema = titled(
	"Member",
	v.object({
		id: described(v.string(), "The person's id, the `sub` of their tokens."),
		username: described(v.string(), "What they sign in with."),
		name: described(v.string(), "What they are called."),
		role: described(v.picklist(["admin", "member"]), "What they are in the account."),
		second_factor: described(v.boolean(), "Whether they have a passkey or one-time codes."),
		verified_email: v.nullable(described(v.string(), "The address that is said to be theirs; null where none is.")),
	}),
);

/** `GET /v1/people` */
export const listPeopleEndpoint = narrowedListEndpoint("admin", {
	tag: "People",
	summary: "List the people of the account",
	rows: "By name. `next` is null on the last page.",
	name: "MemberList",
	member: "people",
	schema: personSchema,
	shape: operations.memberList,
	find: operations.listMembers,
	show,
});

const roleSchema = titled("ChangeRole", v.strictObject({ role }));

/** `PATCH /v1/people/{id}` */
async function changeRole({ params, services }: Call, actor: Actor, body: Body<typeof roleSchema>): Promise<Response> {
	const changed = await operations.changeRole(params.id ?? "", () => body.role, actor, services);
	if (changed.kind === "overtaken" || changed.kind === "stale") return overtaken();
	if (changed.kind !== "changed") return refuse(changed.kind);
	const member = await operations.findMember(params.id ?? "", actor, services);
	return member ? json(200, show(member)) : notFound("person");
}

export const changeRoleEndpoint = bodyEndpointForAdministrator(changeRole, {
	tag: "People",
	summary: "Change a person's role in the account",
	description:
		"Tokens that they hold have it within 30 seconds. Invitations of somebody who administers the account no more are revoked.",
	path: { id: "The person, by the `sub` of their tokens." },
	body: { schema: roleSchema, example: { role: "admin" } },
	answers: {
		200: { description: "The person, as they stand now.", schema: personSchema },
		400: { description: "A member that is missing or malformed." },
		404: { description: "Nobody of that id belongs to the account." },
		409: { description: "They are the only administrator, or it is changed all the time." },
	},
});

/** `DELETE /v1/people/{id}`: an administrator removes anybody, and anybody removes themselves. */
async function endMembership({ params, services }: Call, actor: Actor): Promise<Response> {
	const id = params.id ?? "";
	const isSelf = id === "me" || id === actor.subject;
	const outcome = isSelf
		? await operations.leaveAccount(actor, services)
		: await operations.removePerson(id, actor, services);
	return outcome === "changed" ? empty(204) : refuse(outcome);
}

export const endMembershipEndpoint = endpointForLogin(endMembership, {
	tag: "People",
	summary: "Remove a person from the account, or leave it",
	description:
		"An administrator removes anybody; `me`, or one's own id, leaves. Login sessions, API tokens and what was allowed in the account " +
		"end at once here, elsewhere within 30 seconds, and stay ended should the person come back.",
	path: { id: "The person, by the `sub` of their tokens; `me` for whose login token it is." },
	answers: {
		204: { description: "They belong to the account no more." },
		403: { description: "It is somebody else, and the login token is not an administrator's." },
		404: { description: "Nobody of that id belongs to the account." },
		409: { description: "They are the only administrator." },
	},
});

function refuse(outcome: Exclude<MemberChange, "changed">): Response {
	switch (outcome) {
		case "last_admin":
			return conflict("They are the account's only administrator. Make somebody else an administrator first.");
		case "not_permitted":
			return forAdministrators();
		case "unknown":
			return notFound("person");
	}
}

function show(member: Member): v.InferOutput<typeof personSchema> {
	const { id, username, name, role: given, hasSecondFactor, verifiedEmail } = member;
	return { id, username, name, role: given, second_factor: hasSecondFactor, verified_email: verifiedEmail ?? null };
}
