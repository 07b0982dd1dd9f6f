import { bounds, isFull } from "../../domain/bounds.ts";
import { readNote } from "../../domain/invitation.ts";
import type { Role } from "../../domain/permission.ts";
import { readEmail } from "../../domain/profile.ts";
import { page } from "../../http/reply.ts";
import { randomId } from "../../crypto/random.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import { isMailOn } from "../../operations/mail/send-mail.ts";
import * as operations from "../../operations/people/invitations.ts";
import { doneAt } from "../frame/address.ts";
import { notForRole, notThere, refuseVisit, sentAlready } from "../frame/refusal.ts";
import { inConsole, onlyAdministrators, type Visit } from "../frame/visit.ts";
import { inviteView, type InviteProps, invitedView, revokeInvitationView } from "./invitations.tsx";

/** `GET …/settings/people/new` */
export const newInvitationPage = inConsole("settings", "admin", async ({ frame, services }) => {
	const values = { role: "member", note: "", email: "" } as const;
	const form = { nonce: randomId(services.random), sendsMail: isMailOn(services) };
	return page(200, inviteView({ frame, ...form, values, errors: {}, problem: null }));
});

/** `POST …/settings/people/new`: answered with the link, which is on no page again. */
export const invitePage = inConsole("settings", "admin", async (visit) => {
	const { services, actor, form, frame } = visit;
	const nonce = form.get("nonce");
	if (!isFormNonce(nonce)) return sentAlready(visit);
	const sendsMail = isMailOn(services);
	const { values, errors, draft } = readDraft(form, sendsMail);
	const again = (status: number, said: Partial<Pick<InviteProps, "errors" | "problem">>) =>
		page(status, inviteView({ frame, nonce, sendsMail, values, errors: {}, problem: null, ...said }));
	if (!draft) return again(400, { errors });
	const invited = await operations.invite(draft, nonce, actor, services);
	switch (invited.kind) {
		case "invited":
			return page(200, invitedView({ frame, ...invited }));
		case "sent_already":
			return sentAlready(visit);
		case "full":
			return again(409, { problem: isFull(bounds.invitations) });
		case "not_permitted":
			return notForRole(visit, onlyAdministrators);
	}
});

/** Where no mail is sent there is no field for an address. */
function readDraft(form: Visit["form"], sendsMail: boolean) {
	const values: InviteProps["values"] = {
		role: form.get("role") === "admin" ? "admin" : "member",
		note: form.get("note") ?? "",
		email: sendsMail ? (form.get("email") ?? "").trim() : "",
	};
	const note = readNote(values.note);
	const email = values.email === "" ? null : readEmail(values.email);
	const isAddress = values.email === "" || email !== null;
	const errors = {
		...(note === null && { note: "Use at most 200 printable characters, on one line." }),
		...(!isAddress && { email: "Enter an e-mail address such as ada@example.com, or none." }),
	};
	const role: Role = values.role;
	return { values, errors, draft: note !== null && isAddress ? { role, note, email } : null };
}

/** `GET`, `POST …/settings/people/invitations/:id/revoke` */
export const revokeInvitationPage = inConsole("settings", "admin", async (visit) => {
	const { services, params, actor, frame } = visit;
	const id = params.id ?? "";
	if (!visit.isPost) {
		const invitation = await operations.findInvitation(id, actor, services);
		return invitation ? page(200, revokeInvitationView({ frame, invitation })) : notThere(visit, "invitation");
	}
	switch (await operations.revokeInvitation(id, actor, services)) {
		case "revoked":
			return doneAt(`${frame.base}/settings/people`, "revoked");
		case "accepted":
			return refuseVisit(
				visit,
				409,
				"Accepted already",
				"Somebody has accepted it. Remove them from the account instead.",
			);
		case "not_permitted":
			return notForRole(visit, onlyAdministrators);
		case "unknown":
			return notThere(visit, "invitation");
	}
});
