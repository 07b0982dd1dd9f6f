import { readName } from "../../domain/display-name.ts";
import type { Member } from "../../domain/ports/people.ts";
import { page, seeOther } from "../../http/reply.ts";
import * as operations from "../../operations/people/people.ts";
import { memberView, newPersonView, peopleView, personAddedView, removeMemberView } from "./people.tsx";
import { forAdministrators } from "../frame/administrators.ts";
import { missingInConsole } from "../frame/missing.ts";
import { noticeOf } from "../frame/notice.ts";
import { inConsole, type Visit } from "../frame/visit.ts";

/** `GET /console/:slug/settings/people` */
export const showPeople = inConsole("settings", null, async (visit) => {
	const { call, actor, role, frame } = visit;
	const found = await operations.listMembers(call.url.searchParams.get("cursor"), actor, call.services);
	if (!found) return missingInConsole(visit);
	return page(
		200,
		peopleView({
			frame,
			notice: noticeOf(call.url, sentences),
			members: found.rows.map((member) => shown(member, visit)),
			nextUrl: found.next && `${baseOf(visit)}?cursor=${encodeURIComponent(found.next)}`,
			mayChange: role === "admin",
		}),
	);
});

/** `GET`, `POST …/settings/people/new` */
export const addPerson = inConsole("settings", null, forAdministrators(takePerson));

async function takePerson(visit: Visit): Promise<Response> {
	const { call, signedIn, actor, form, frame } = visit;
	const { services } = call;
	const values = {
		username: (form.get("username") ?? "").trim(),
		name: (form.get("name") ?? "").trim(),
		role: form.get("role") === "admin" ? ("admin" as const) : ("member" as const),
	};
	const fresh = await operations.newPerson(signedIn, services);
	const person = { id: form.get("id") ?? fresh.id, proof: form.get("proof") ?? fresh.proof };
	const again = (status: number, errors: { username?: string; name?: string }, problem: string | null = null) =>
		page(status, newPersonView({ frame, person: problem === null ? person : fresh, values, errors, problem }));
	if (call.request.method !== "POST") return again(200, {});

	const name = readName(values.name);
	const errors = {
		...(name === null && { name: "Enter a name of 1 to 100 printable characters." }),
		...(!/^[\p{L}\p{N}._@+-]{3,100}$/u.test(values.username) && {
			username: "Use 3 to 100 letters, digits and the signs . _ @ + -",
		}),
	};
	if (name === null || errors.username !== undefined) return again(400, errors);
	const { username, role } = values;
	const outcome = await operations.addPerson(person, { username, name, role }, signedIn, actor, services);
	switch (outcome.kind) {
		case "added":
			return page(200, personAddedView({ frame, name, username, password: outcome.password }));
		case "reinstated":
			return seeOther(`${baseOf(visit)}?done=reinstated`);
		case "member":
			return again(409, { username: "Somebody with this user name belongs to the account already." });
		case "taken":
			return again(409, { username: "This user name is taken. Choose another one." });
		case "stale":
			return again(403, {}, "This form was out of date, so nobody was added. Please send it again.");
		case "busy":
			return again(503, {}, "The server is busy. Please try again.");
	}
}

/** `GET`, `POST …/settings/people/:id` with `role` */
export const changeMember = inConsole(
	"settings",
	null,
	forAdministrators(async (visit) => {
		const { call, actor, form, frame } = visit;
		const member = await findMember(visit);
		if (!member) return missingInConsole(visit);
		const shownMember = shown(member, visit);
		if (call.request.method !== "POST") return page(200, memberView({ frame, member: shownMember, error: null }));
		const role = form.get("role");
		if (role !== "admin" && role !== "member") {
			return page(400, memberView({ frame, member: shownMember, error: "Choose a role." }));
		}
		const outcome = await operations.changeRole(member.id, role, actor, call.services);
		if (outcome === "unknown") return missingInConsole(visit);
		if (outcome === "last_admin") return page(409, memberView({ frame, member: shownMember, error: lastAdmin }));
		return seeOther(`${baseOf(visit)}?done=role`);
	}),
);

/** `GET`, `POST …/settings/people/:id/remove` */
export const removeMember = inConsole(
	"settings",
	null,
	forAdministrators(async (visit) => {
		const { call, actor, signedIn, frame } = visit;
		const member = await findMember(visit);
		if (!member) return missingInConsole(visit);
		const shownMember = shown(member, visit);
		if (call.request.method !== "POST") return page(200, removeMemberView({ frame, member: shownMember }));
		const outcome = await operations.removePerson(member.id, actor, call.services);
		if (outcome === "unknown") return missingInConsole(visit);
		if (outcome === "last_admin") return page(409, memberView({ frame, member: shownMember, error: lastAdmin }));
		// Whoever removed themselves sees another account, or that there is none.
		return seeOther(member.id === signedIn.person.id ? "/console" : `${baseOf(visit)}?done=removed`);
	}),
);

const lastAdmin = "This is the account's only administrator. Make somebody else one first.";

function findMember({ call, actor }: Visit): Promise<Member | null> {
	return operations.findMember(call.params.id ?? "", actor, call.services);
}

function shown(member: Member, { signedIn }: Visit) {
	return { ...member, isMe: member.id === signedIn.person.id };
}

function baseOf({ account }: Visit): string {
	return `/console/${account.slug}/settings/people`;
}

const sentences = {
	reinstated: "They belong to the account again, and sign in with the password that they had.",
	role: "The role is saved. Tokens that they hold have it within 30 seconds.",
	removed: "Removed. What they held in the account ends within 30 seconds.",
};
