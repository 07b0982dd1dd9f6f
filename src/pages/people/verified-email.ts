import type { Member } from "../../domain/ports/people.ts";
import { page } from "../../http/reply.ts";
import { findMember, verifyEmail } from "../../operations/people/people.ts";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime, drawnFrom, isConflict, savedMeanwhile, settle } from "../frame/drawn.ts";
import { notForRole, notThere, refuseVisit } from "../frame/refusal.ts";
import { inConsole, onlyAdministrators, type Visit } from "../frame/visit.ts";
import { verifiedEmailView } from "./verified-email.tsx";

/** `GET`, `POST …/settings/people/:id/email` */
export const verifiedEmailPage = inConsole("settings", "admin", async (visit) => {
	const { services, actor, form, params, frame } = visit;
	const id = params.id ?? "";
	const again = async (status: number, member: Member | null, typed: string | null, error: string | null) => {
		if (!member) return notThere(visit, "person");
		const fields = await drawnFrom(valuesOf(member));
		const values = typed === null ? valuesOf(member) : { email: typed };
		return page(status, verifiedEmailView({ frame, member, fields, values, error }));
	};
	if (!visit.isPost) return again(200, await findMember(id, actor, services), null, null);

	const typed = (form.get("email") ?? "").trim();
	const edit = async (now: Member) => {
		const { conflicts, values } = await settle(form, { email: typed }, valuesOf(now));
		return isConflict(conflicts) ? "stale" : values.email === "" ? null : values.email;
	};
	const saved = await verifyEmail(id, edit, actor, services);
	switch (saved.kind) {
		case "saved":
			return doneAt(`${baseOf(visit)}/${id}`, doneOf(saved));
		case "malformed":
			return again(
				400,
				await findMember(id, actor, services),
				typed,
				"Enter an e-mail address such as ada@example.com.",
			);
		case "stale":
			return again(409, saved.member, typed, `${savedMeanwhile} ${valuesOf(saved.member).email || "none"}`);
		case "overtaken":
			return refuseVisit(visit, 409, "Not saved", changedAllTheTime);
		case "not_permitted":
			return notForRole(visit, onlyAdministrators);
		case "unknown":
			return notThere(visit, "person");
	}
});

/** Nothing of what the person has entered themselves, which is not for an administrator to find out. */
function doneOf({ from, to }: { readonly from: string | null; readonly to: string | null }) {
	return from === to ? "email_as_before" : to === null ? "email_taken_back" : "email_verified";
}

function valuesOf({ verifiedEmail = "" }: Member): { readonly email: string } {
	return { email: verifiedEmail };
}

function baseOf({ frame }: Visit): string {
	return `${frame.base}/settings/people`;
}
