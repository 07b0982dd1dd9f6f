import { type Headers, page } from "../../http/reply.ts";
import { findMember } from "../../operations/people/people.ts";
import { makeLinkAsAdmin } from "../../operations/people/recovery-links.ts";
import { noProof, proofIn, unproved, waysToProve } from "../frame/proof.ts";
import { notForRole, notThere, refuseVisit } from "../frame/refusal.ts";
import { inConsole, onlyAdministrators, type Visit } from "../frame/visit.ts";
import { askForLinkView, linkMadeView } from "../frame/recovery-link.tsx";

/** `GET`, `POST …/settings/people/:id/recovery` with `password`: a link to a new password, shown this once. */
export const memberRecoveryPage = inConsole("settings", "admin", async (visit) => {
	const { services, actor, params, frame } = visit;
	const id = params.id ?? "";
	if (!visit.isPost) return ask(visit, 200, null);
	const proof = proofIn(visit);
	if (!proof) return ask(visit, 400, noProof);
	const made = await makeLinkAsAdmin(id, proof, actor, services);
	switch (made.kind) {
		case "made": {
			const { url, expiresAt } = made;
			return page(200, linkMadeView({ frame, url, expiresAt, back: `${frame.base}/settings/people/${id}` }));
		}
		case "wrong":
		case "limited":
		case "busy":
			return ask(visit, ...unproved(made, proof));
		case "unknown":
			return notThere(visit, "person");
		case "beyond":
			return refuseVisit(
				visit,
				409,
				"Not yours to create",
				"This person has more than this account, and the link would open all of it. Whoever runs this deployment can create one.",
			);
		case "self":
			return refuseVisit(visit, 409, "Not for yourself", "You know your password: change it in your settings.");
		case "not_permitted":
			return notForRole(visit, onlyAdministrators);
	}
});

async function ask(visit: Visit, status: number, error: string | null, headers?: Headers): Promise<Response> {
	const { services, actor, params, frame } = visit;
	const member = await findMember(params.id ?? "", actor, services);
	if (!member) return notThere(visit, "person");
	const base = `${frame.base}/settings/people/${member.id}`;
	const form = { action: `${base}/recovery`, cancel: base, name: member.name, username: null };
	return page(
		status,
		askForLinkView({ frame, ...form, ways: await waysToProve(visit), errors: { password: error } }),
		headers,
	);
}
