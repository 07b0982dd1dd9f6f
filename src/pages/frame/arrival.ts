import { readSessionCookie } from "../../http/cookies.ts";
import type { Params } from "../../http/body.ts";
import { foreignForm, type FormReader, readForm } from "../../http/own-form.ts";
import { page, seeOther } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { formToken, isFormToken } from "../../operations/form-token.ts";
import { mayMakeAccounts } from "../../operations/people/accounts.ts";
import { type AnySignedIn, belongsTo, currentSignIn } from "../../operations/people/sign-in.ts";
import { problemView } from "../../ui/problem.tsx";
import type { Frame } from "./frame.ts";
import { addressOf, doneHere } from "./address.ts";
import { keptFor, signInAndBack } from "./kept-form.ts";
import { refuseVisit } from "./refusal.ts";
import { englishShell } from "../../words/shell.ts";

type Accounts = Awaited<ReturnType<typeof belongsTo>>;

/** Somebody who is signed in, at a page of the console, whatever they may see of it. */
export interface Arrival {
	readonly kind: "arrived";
	readonly signedIn: AnySignedIn;
	/** Those that are suspended too, by name. */
	readonly accounts: Accounts;
	readonly isPost: boolean;
	/** What every frame has. */
	readonly common: Pick<
		Frame,
		"shell" | "accounts" | "person" | "mayMakeAccounts" | "csrf" | "signOutCsrf" | "now" | "timeZone" | "done" | "kept"
	>;
}

export async function arrive(call: Call, read?: FormReader): Promise<Arrival | { kind: "turned_away"; to: Response }> {
	const { request, url, services } = call;
	const shell = englishShell(services.config.brand);
	const isPost = request.method === "POST";
	const foreign = isPost && foreignForm(request, services.config.issuer);
	if (foreign) return { kind: "turned_away", to: page(foreign.status, problemView({ shell, ...foreign })) };
	const signedIn = await currentSignIn(readSessionCookie(request), services);
	if (!signedIn) {
		if (isPost) return { kind: "turned_away", to: await signInAndBack(call, read) };
		const back = addressOf(url);
		return { kind: "turned_away", to: seeOther(`/sign-in?continue=${encodeURIComponent(back)}`) };
	}
	const accounts = await belongsTo(signedIn, services);
	const { name, username } = signedIn.person;
	// What is of the person, and of no account, is not to be seen by whoever vouches for them to one.
	const { isOperator = false, wrongPasswords = null, profile } = signedIn.within === null ? signedIn.person : {};
	const common = {
		shell,
		accounts: accounts.map(({ account: { slug, name: called, state } }) => ({
			slug,
			name: called,
			isSuspended: state !== "active",
		})),
		person: { name, username, isOperator, isVouchedFor: signedIn.within !== null, wrongPasswords },
		mayMakeAccounts: signedIn.within === null && mayMakeAccounts({ isOperator }, services),
		csrf: await formToken(signedIn.id, "console", services.serverKeys),
		signOutCsrf: await formToken(signedIn.id, "sign-out", services.serverKeys),
		now: services.now(),
		timeZone: profile?.zoneinfo ?? null,
		done: doneHere(request, url),
		kept: isPost ? null : keptFor(request, url),
	};
	return { kind: "arrived", signedIn, accounts, isPost, common };
}

/** The fields of a form whose token is good; none for a GET. A refusal stands in the frame. */
export async function readVisit(
	{ request, services }: Call,
	{ signedIn, isPost }: Arrival,
	frame: Frame,
	read?: FormReader,
): Promise<Params | Response> {
	if (!isPost) return new Map();
	const form = await readForm(request, read);
	if (!form.ok) return refuseVisit({ frame }, form.status, form.title, form.detail);
	const isOurs = await isFormToken(form.params.get("csrf"), signedIn.id, "console", services.serverKeys);
	return isOurs ? form.params : refuseVisit({ frame }, 403, "Out of date", outOfDate);
}

const outOfDate = "This form was out of date, so nothing was done. Go back, reload the page, and try again.";
