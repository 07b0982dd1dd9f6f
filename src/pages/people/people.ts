import { bounds, isFull } from "../../domain/bounds.ts";
import { permittedBy } from "../../domain/api.ts";
import { isUsername, nameRule, readName, usernameRule } from "../../domain/display-name.ts";
import type { Role } from "../../domain/permission.ts";
import { deedsOf } from "../../domain/permission-sentence.ts";
import type { Member } from "../../domain/ports/people.ts";
import { page, seeOther } from "../../http/reply.ts";
import { choosableApis } from "../../operations/keys/policies.ts";
import * as operations from "../../operations/people/people.ts";
import type { FieldErrors } from "../../ui/error-summary.tsx";
import { doneAt, nextUrl } from "../frame/address.ts";
import { roleLabel } from "../../ui/role-label.ts";
import { changedAllTheTime, drawnFrom, inWords, isConflict, savedMeanwhile, settle } from "../frame/drawn.ts";
import { notForRole, notThere, refuseVisit } from "../frame/refusal.ts";
import { inConsole, onlyAdministrators, type Visit } from "../frame/visit.ts";
import { memberView, newPersonView, peopleView, personAddedView, removeMemberView } from "./people.tsx";

/** `GET /console/:slug/settings/people` */
export const peoplePage = inConsole("settings", null, async (visit) => {
	const { services, url, actor, role, frame } = visit;
	const found = await operations.listMembers(url.searchParams.get("cursor"), actor, services);
	if (!found) return notThere(visit);
	const apis = await choosableApis(visit.account.id, services);
	return page(
		200,
		peopleView({
			frame,
			memberDeeds: deedsOf(permittedBy("member", apis), apis),
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
		case "full":
			return again(409, {}, isFull(bounds.people));
		case "stale":
			return again(403, {}, "This form was out of date, so nobody was added. Please send it again.");
		case "busy":
			return again(503, {}, "The server is busy. Please try again.");
	}
});

/** `GET`, `POST …/settings/people/:id` with `role` */
export const memberPage = inConsole("settings", "admin", async (visit) => {
	const { services, actor, form, params } = visit;
	const role = form.get("role");
	if (role !== "admin" && role !== "member") {
		const member = await findMember(visit);
		if (!member) return notThere(visit, "person");
		return showMember(visit, visit.isPost ? 400 : 200, member, visit.isPost ? "Choose a role." : null);
	}
	const edit = async (now: Member) => {
		const { conflicts, values } = await settle<{ role: Role }>(form, { role }, { role: now.role });
		return isConflict(conflicts) ? "stale" : values.role;
	};
	const changed = await operations.changeRole(params.id ?? "", edit, actor, services);
	switch (changed.kind) {
		case "changed":
			return doneAt(baseOf(visit), "role");
		case "last_admin":
			return showMember(visit, 409, changed.member, lastAdmin);
		case "stale":
			return showMember(
				visit,
				409,
				changed.member,
				`${savedMeanwhile} ${inWords(roleLabel[changed.member.role])}`,
				role,
			);
		case "overtaken":
			return refuseVisit(visit, 409, "Not saved", changedAllTheTime);
		case "not_permitted":
			return notForRole(visit, onlyAdministrators);
		case "unknown":
			return notThere(visit, "person");
	}
});

/** `GET`, `POST …/settings/people/:id/remove` */
export const removeMemberPage = inConsole("settings", "admin", async (visit) => {
	const { services, params, actor, signedIn, frame } = visit;
	const id = params.id ?? "";
	const outcome = visit.isPost ? await operations.removePerson(id, actor, services) : "asked";
	// Whoever removed themselves sees another account, or that there is none.
	if (outcome === "changed") return id === signedIn.person.id ? seeOther("/console") : doneAt(baseOf(visit), "removed");
	if (outcome === "not_permitted") return notForRole(visit, onlyAdministrators);
	const member = await findMember(visit);
	if (!member) return notThere(visit, "person");
	if (outcome === "last_admin") return showMember(visit, 409, member, lastAdmin);
	return page(200, removeMemberView({ frame, member: shown(member, visit) }));
});

const lastAdmin = "This is the account's only administrator. Make somebody else one first.";

async function showMember(
	visit: Visit,
	status: number,
	member: Member,
	error: string | null,
	typed: Role = member.role,
): Promise<Response> {
	const fields = await drawnFrom({ role: member.role });
	return page(status, memberView({ frame: visit.frame, member: shown(member, visit), fields, role: typed, error }));
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
