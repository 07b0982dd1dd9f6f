import { permittedBy } from "../../domain/api.ts";
import { invitationState } from "../../domain/invitation.ts";
import type { Role } from "../../domain/permission.ts";
import { deedsOf } from "../../domain/permission-sentence.ts";
import type { ListedInvitation } from "../../domain/ports/invitations.ts";
import type { Member } from "../../domain/ports/people.ts";
import { page, seeOther } from "../../http/reply.ts";
import { choosableApis } from "../../operations/keys/policies.ts";
import { listInvitations } from "../../operations/people/invitations.ts";
import { listMemberProviders, unlinkMember } from "../../operations/people/my-providers.ts";
import * as operations from "../../operations/people/people.ts";
import { doneAt, nextUrl } from "../frame/address.ts";
import { around, cleanAddress, readList } from "../frame/list.ts";
import { roleLabel } from "../../ui/role-label.ts";
import { changedAllTheTime, drawnFrom, inWords, isConflict, savedMeanwhile, settle } from "../frame/drawn.ts";
import { notForRole, notThere, refuseVisit } from "../frame/refusal.ts";
import { inConsole, onlyAdministrators, type Visit } from "../frame/visit.ts";
import { memberView, peopleView, removeMemberView } from "./people.tsx";

/** `GET /console/:slug/settings/people`; each of its lists goes on by a cursor of its own. */
export const peoplePage = inConsole("settings", null, async (visit) => {
	const { services, url, actor, role, frame } = visit;
	const shape = role === "admin" ? operations.memberList : forMembers;
	const list = readList(shape, url);
	const clean = cleanAddress(url, list);
	if (clean) return clean;
	const { asked, cursor } = list;
	const query = asked && { ...asked, filters: { second_factor: null, ...asked.filters }, cursor, limit: 50 };
	const withStanding = (each: ListedInvitation) => ({ ...each, standing: invitationState(each, frame.now) });
	const [found, invitations] = await Promise.all([
		query && operations.listMembers(query, actor, services),
		role === "admin"
			? listInvitations({ cursor: url.searchParams.get("invitations"), limit: 20 }, actor, services)
			: nothing,
	]);
	if ((asked && !found) || !invitations) return notThere(visit);
	const apis = await choosableApis(visit.account.id, services);
	return page(
		asked ? 200 : 400,
		peopleView({
			frame,
			...around(shape, url, list, found),
			memberDeeds: deedsOf(permittedBy("member", apis), apis),
			members: (found?.rows ?? []).map((member) => shown(member, visit)),
			invitations:
				role === "admin"
					? {
							invitations: invitations.rows.map(withStanding),
							nextUrl: nextUrl(visit, invitations.next, {}, "invitations"),
						}
					: null,
		}),
	);
});

const nothing = { rows: [], next: null };

/** Who has no second factor is for administrators to know. */
const { second_factor: _, ...filtersOfMembers } = operations.memberList.filters;
const forMembers = { ...operations.memberList, filters: filtersOfMembers };

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

/** `POST …/settings/people/:id/providers/:provider/unlink` */
export const unlinkMemberPage = inConsole("settings", "admin", async (visit) => {
	const { services, params, actor } = visit;
	const id = params.id ?? "";
	const outcome = await unlinkMember(id, params.provider ?? "", actor, services);
	return outcome === "unlinked" ? doneAt(`${baseOf(visit)}/${id}`, "unlinked") : notThere(visit, "link to a provider");
});

const lastAdmin = "This is the account's only administrator. Make somebody else an administrator first.";

async function showMember(
	visit: Visit,
	status: number,
	member: Member,
	error: string | null,
	typed: Role = member.role,
): Promise<Response> {
	const { frame, actor, services } = visit;
	const [fields, providers] = await Promise.all([
		drawnFrom({ role: member.role }),
		listMemberProviders(member.id, actor, services),
	]);
	return page(status, memberView({ frame, member: shown(member, visit), providers, fields, role: typed, error }));
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
