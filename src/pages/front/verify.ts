import { notFromHere, readOwnForm } from "../../http/own-form.ts";
import { readSessionCookie } from "../../http/cookies.ts";
import { page, seeOther } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { refusedForm, shellOf } from "../../endpoint/shell.ts";
import { formToken, isFormToken } from "../../operations/form-token.ts";
import { belongsTo, currentSignIn } from "../../operations/people/sign-in.ts";
import { findEmailLink, useEmailLink } from "../../operations/people/verify-address.ts";
import { problemView } from "../../ui/problem.tsx";
import { doneAt } from "../frame/address.ts";
import { verifyView } from "./verify.tsx";

/**
 * `GET /verify/:token`: asks whether the address is theirs, of whoever is signed in and had the link sent. Opening it does
 * nothing: programs that look at mail for people open every link in it.
 */
export async function verifyPage(call: Call): Promise<Response> {
	const { request, params, services } = call;
	const signedIn = await currentSignIn(readSessionCookie(request), services);
	// By the provider of an account nobody has shown that they are whoever the link was sent for, everywhere.
	if (signedIn?.within !== null) return toSignIn(call);
	const found = await findEmailLink(params.token ?? "", signedIn.person, services);
	if (found.kind !== "open") return refuse(call, found.kind);
	const csrf = await formToken(signedIn.id, action(call), services.serverKeys);
	return page(
		200,
		verifyView({ shell: await shellOf(call), action: action(call), csrf, email: found.email, person: signedIn.person }),
	);
}

/** `POST /verify/:token` */
export async function takeVerifyPage(call: Call): Promise<Response> {
	const { request, params, address, services } = call;
	const form = await readOwnForm(request, services.config.issuer);
	if (!form.ok) return page(form.status, problemView(refusedForm(form, await shellOf(call))));
	const signedIn = await currentSignIn(readSessionCookie(request), services);
	if (signedIn?.within !== null) return toSignIn(call);
	const isOurs = await isFormToken(form.params.get("csrf"), signedIn.id, action(call), services.serverKeys);
	if (!isOurs) return page(notFromHere.status, problemView(refusedForm(notFromHere, await shellOf(call))));
	const used = await useEmailLink(params.token ?? "", signedIn.person, address, services);
	if (used !== "verified") return refuse(call, used);
	const first = (await belongsTo(signedIn, services)).find(({ account }) => account.state === "active");
	return first ? doneAt(`/console/${first.account.slug}/settings/profile`, "email_verified") : seeOther("/console");
}

function action({ params }: Call): string {
	return `/verify/${params.token ?? ""}`;
}

function toSignIn(call: Call): Response {
	return seeOther(`/sign-in?continue=${encodeURIComponent(action(call))}`);
}

async function refuse(call: Call, kind: keyof typeof refusals): Promise<Response> {
	const { status, said } = refusals[kind];
	const shell = await shellOf(call);
	return page(status, problemView({ shell, ...shell.words.verify[said] }));
}

const refusals = {
	gone: { status: 410, said: "gone" },
	of_another: { status: 403, said: "ofAnother" },
	entered_another: { status: 409, said: "enteredAnother" },
	taken: { status: 409, said: "taken" },
} as const;
