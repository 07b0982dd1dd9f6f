import { isUsername, nameRule, readName, usernameRule } from "../../domain/display-name.ts";
import type { Member } from "../../domain/ports/people.ts";
import { page, seeOther } from "../../http/reply.ts";
import * as operations from "../../operations/people/people.ts";
import type { FieldErrors } from "../../ui/error-summary.tsx";
import { doneAt, nextUrl } from "../frame/address.ts";
import { notThere } from "../frame/refusal.ts";
import { inConsole, type Visit } from "../frame/visit.ts";
import { memberView, newPersonView, peopleView, personAddedView, removeMemberView } from "./people.tsx";

/** `GET /console/:slug/settings/people` */
export const peoplePage = inConsole("settings", null, async (visit) => {
	const { services, url, actor, role, frame } = visit;
	const found = await operations.listMembers(url.searchParams.get("cursor"), actor, services);
	if (!found) return notThere(visit);
	return page(
		200,
		peopleView({
			frame,
			members: found.rows.map((member) => shown(member, visit)),
			nextUrl: nextUrl(visit, found.next),
			mayChange: role === "admin",
		}),
	);
});

/** `GET`, `POST …/settings/people/new` */
export const newPersonPage = inConsole("settings", "admin", async (visit) => {
	const { services, signedIn, actor, form, frame } = visit;
	const values = {
		username: (form.get("username") ?? "").trim(),
		name: (form.get("name") ?? "").trim(),
		role: form.get("role") === "admin" ? ("admin" as const) : ("member" as const),
	};
	const fresh = await operations.newPerson(signedIn, services);
	const person = { id: form.get("id") ?? fresh.id, proof: form.get("proof") ?? fresh.proof };
	const again = (status: number, errors: FieldErrors<"username" | "name">, problem: string | null = null) =>
		page(status, newPersonView({ frame, person: problem === null ? person : fresh, values, errors, problem }));
	if (!visit.isPost) return again(200, {});

	const name = readName(values.name);
	const errors = {
		...(name === null && { name: nameRule }),
		...(!isUsername(values.username) && { username: usernameRule }),
	};
	if (name === null || errors.username !== undefined) return again(400, errors);
	const { username, role } = values;
	const outcome = await operations.addPerson(person, { username, name, role }, signedIn, actor, services);
	switch (outcome.kind) {
		case "added":
			return page(200, personAddedView({ frame, name, username, password: outcome.password }));
		case "reinstated":
			return doneAt(baseOf(visit), "reinstated");
		case "member":
			return again(409, { username: "Somebody with this user name belongs to the account already." });
		case "taken":
			return again(409, { username: "This user name is taken. Choose another one." });
		case "stale":
			return again(403, {}, "This form was out of date, so nobody was added. Please send it again.");
		case "busy":
			return again(503, {}, "The server is busy. Please try again.");
	}
});

/** `GET`, `POST …/settings/people/:id` with `role` */
export const memberPage = inConsole("settings", "admin", async (visit) => {
	const { services, actor, form } = visit;
	const member = await findMember(visit);
	if (!member) return notThere(visit, "person");
	if (!visit.isPost) return showMember(visit, 200, member, null);
	const role = form.get("role");
	if (role !== "admin" && role !== "member") return showMember(visit, 400, member, "Choose a role.");
	const outcome = await operations.changeRole(member.id, role, actor, services);
	if (outcome === "unknown") return notThere(visit, "person");
	if (outcome === "last_admin") return showMember(visit, 409, member, lastAdmin);
	return doneAt(baseOf(visit), "role");
});

/** `GET`, `POST …/settings/people/:id/remove` */
export const removeMemberPage = inConsole("settings", "admin", async (visit) => {
	const { services, actor, signedIn, frame } = visit;
	const member = await findMember(visit);
	if (!member) return notThere(visit, "person");
	if (!visit.isPost) return page(200, removeMemberView({ frame, member: shown(member, visit) }));
	const outcome = await operations.removePerson(member.id, actor, services);
	if (outcome === "unknown") return notThere(visit, "person");
	if (outcome === "last_admin") return showMember(visit, 409, member, lastAdmin);
	// Whoever removed themselves sees another account, or that there is none.
	return member.id === signedIn.person.id ? seeOther("/console") : doneAt(baseOf(visit), "removed");
});

const lastAdmin = "This is the account's only administrator. Make somebody else one first.";

function showMember(visit: Visit, status: number, member: Member, error: string | null): Response {
	return page(status, memberView({ frame: visit.frame, member: shown(member, visit), error }));
}

function findMember({ services, params, actor }: Visit): Promise<Member | null> {
	return operations.findMember(params.id ?? "", actor, services);
}

function shown(member: Member, { signedIn }: Visit) {
	return { ...member, isMe: member.id === signedIn.person.id };
}

function baseOf({ frame }: Visit): string {
	return `${frame.base}/settings/people`;
}
