import type { ComponentChildren } from "preact";
import { passwordProblems } from "../../domain/new-password.ts";
import { type Headers, page, seeOther } from "../../http/reply.ts";
import { changePassword, removePassword } from "../../operations/people/my-password.ts";
import { listPasskeys } from "../../operations/people/passkeys.ts";
import type { FieldErrors } from "../../ui/error-summary.tsx";
import { doneAt } from "../frame/address.ts";
import { noProof, proofIn, unproved, waysToProve } from "../frame/proof.ts";
import { refuseVisit } from "../frame/refusal.ts";
import { forOneself, type OwnVisit } from "../frame/visit.ts";
import { type PasswordField, PasswordSection, passwordView, removePasswordView } from "./my-password.tsx";

const section = "security";

/** Of the page of sign-in and security. */
export async function passwordSection({ frame, signedIn, services }: OwnVisit): Promise<ComponentChildren> {
	const isThere = signedIn.person.passwordHash !== null;
	const mayGo = isThere && (await listPasskeys(signedIn.person, services)).length > 0;
	return PasswordSection({ frame, isThere, mayGo });
}

/** `GET`, `POST …/security/password` with a proof and `new_password`: another one, or the first. */
export const passwordPage = forOneself(section, async (visit) => {
	const { services, signedIn, actor, form, frame } = visit;
	if (!visit.isPost) return ask(visit, 200, {});
	const proof = proofIn(visit);
	if (!proof) return ask(visit, 400, { password: noProof });
	const given = { proof, next: form.get("new_password") ?? "", address: actor.address };
	const outcome = await changePassword({ person: signedIn.person, signIn: signedIn.id }, given, services);
	switch (outcome.kind) {
		case "changed":
			return doneAt(`${frame.base}/security`, "password");
		case "same":
			return ask(visit, 400, { new_password: "This is the password that you have already." });
		case "refused":
			return ask(visit, 400, { new_password: passwordProblems[outcome.problem] });
		default: {
			const [status, password, headers] = unproved(outcome, proof);
			return ask(visit, status, { password }, headers);
		}
	}
});

async function ask(visit: OwnVisit, status: number, errors: FieldErrors<PasswordField>, headers?: Headers) {
	const { frame, signedIn } = visit;
	const isThere = signedIn.person.passwordHash !== null;
	const ways = await waysToProve(visit);
	return page(status, passwordView({ frame, isThere, ways, errors }), headers);
}

/** `GET`, `POST …/security/password/remove` with a proof. */
export const removePasswordPage = forOneself(section, async (visit) => {
	const { services, signedIn, actor, frame } = visit;
	const again = async (status: number, error: string | null, headers?: Headers) =>
		page(status, removePasswordView({ frame, ways: await waysToProve(visit), error }), headers);
	if (signedIn.person.passwordHash === null) return seeOther(`${frame.base}/security`);
	if (!visit.isPost) return again(200, null);
	const proof = proofIn(visit);
	if (!proof) return again(400, noProof);
	const outcome = await removePassword(
		{ person: signedIn.person, signIn: signedIn.id },
		{ proof, address: actor.address },
		services,
	);
	switch (outcome.kind) {
		case "removed":
		case "none":
			return doneAt(`${frame.base}/security`, "password_removed");
		case "last":
			return refuseVisit(
				visit,
				409,
				"Your only way in",
				"Add a passkey first: without one you could not sign in any more.",
			);
		default:
			return again(...unproved(outcome, proof));
	}
});
