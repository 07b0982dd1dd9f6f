import { type Acr, isInReach, isOneOf } from "../../domain/authentication.ts";
import { readSessionCookie } from "../../http/cookies.ts";
import { isSelfRegistered } from "../../domain/client.ts";
import { mayBeRemembered } from "../../domain/consent.ts";
import { signInTtl } from "../../domain/sign-in.ts";
import { onwardPage } from "../../http/reply.ts";
import { clientDisplayOf } from "../../operations/clients/client-display.ts";
import { askForPasskey } from "../../endpoint/ask-for-passkey.ts";
import type { Call } from "../../endpoint/call.ts";
import { shellOf } from "../../endpoint/shell.ts";
import { noteUse } from "../../operations/clients/note-use.ts";
import type { Services } from "../../operations/services.ts";
import { type AnySignedIn, currentSignIn } from "../../operations/people/sign-in.ts";
import { waysOf } from "../../operations/people/ways-in.ts";
import { waysToSignIn } from "../../operations/people/ways-to-sign-in.ts";
import { signInView } from "../../pages/front/sign-in.tsx";
import type { Question } from "./question.ts";
import { afterSignIn } from "./prompt.ts";
import { refused } from "./refusal.ts";
import type { AuthorizationRequest } from "./request.ts";
import { offerToLeave, refuseClient } from "./response.ts";
import type { Words } from "../../words/en.ts";

/** The person whom the request may be put to, which is a use of the client; else what is to be answered instead. */
export async function findSignedIn(call: Call, question: Question): Promise<AnySignedIn | Response> {
	const { request } = question;
	const { services } = call;
	// OIDC Core §3.1.2.6: what this client asks is always for a person to decide. It is told so before anybody looks who is
	// there: by no error, and in no time, does it learn whether somebody is signed in, or who (by `claims`, hints and ages).
	if (request.prompt.has("none") && !mayBeRemembered(request.client, request.redirectUri)) {
		return refuseClient(request, refused("interaction_required", "A person has to decide on this each time"), call);
	}
	const signedIn = await currentSignIn(readSessionCookie(call.request), services);
	const missing = await whatIsMissing(request, signedIn, services);
	if (missing === null && signedIn) {
		// OIDC Core §5.5.1: nobody else will do.
		if (!request.subjects || request.subjects.includes(signedIn.person.id)) {
			noteUse(request.client, services);
			return signedIn;
		}
		return refuseClient(request, refused("login_required", "Somebody else is signed in"), call);
	}
	if (missing === "out of reach") {
		const refusal = refused("unmet_authentication_requirements", "The person has set up no way to sign in like that");
		// RFC 9700 §4.11.2: nobody is sent to where strangers registered for themselves without having decided on anything.
		const isStrangers = isSelfRegistered(request.client) && !request.prompt.has("none");
		return isStrangers ? offerToLeave(request, refusal, call) : refuseClient(request, refusal, call);
	}
	if (request.prompt.has("none")) {
		return refuseClient(request, refused("login_required", "The person has to sign in"), call);
	}
	return askToSignIn(call, question, signedIn, missing);
}

/** OIDC Core §3.1.2.3. Null where the sign-in is as it was asked for. */
async function whatIsMissing(
	{ client, prompt, maxAge, contexts, isAnyGood, hinted, subjects, pushed }: AuthorizationRequest,
	signedIn: AnySignedIn | null,
	services: Services,
): Promise<Missing | null> {
	if (!signedIn) return "sign-in";
	if (hinted !== null && hinted !== signedIn.person.id) return "other person";
	// Not told to a stranger's client: it would learn who is not there.
	if (isSelfRegistered(client) && subjects?.includes(signedIn.person.id) === false) return "other person";
	// What was pushed nobody edits: that this is done with is seen by when they signed in.
	const isDone = pushed?.openedAt != null && signedIn.authenticatedAt >= pushed.openedAt && !signedIn.unasked;
	// Nobody here knows how old a sign-in at a provider is that was not told to ask anew.
	const isOld = signedIn.unasked || services.now() - signedIn.authenticatedAt > (maxAge ?? 0);
	const isTooOld = maxAge !== null && isOld;
	if (!isDone && (prompt.has("login") || isTooOld)) return "fresh sign-in";
	if (!contexts || isOneOf(contexts.acrs, signedIn.amr)) return null;
	const { acrs, isEssential } = contexts;
	if (!isEssential && (isDone || isAnyGood)) return null;
	if (isInReach(acrs, await waysOf(signedIn.person.id, services))) return "stronger sign-in";
	// OIDC Core §5.5.1.1: a wish that cannot be granted changes nothing, what is essential and cannot be had is no sign-in.
	return isEssential ? "out of reach" : null;
}

type Missing = "sign-in" | "fresh sign-in" | "stronger sign-in" | "out of reach" | "other person";

async function askToSignIn(
	call: Call,
	{ request, page: here, form }: Question,
	signedIn: AnySignedIn | null,
	missing: Missing | null,
): Promise<Response> {
	const { contexts } = request;
	const again = missing === "other person" ? undefined : signedIn?.person.username;
	const wished = missing === "stronger sign-in" && !contexts?.isEssential ? contexts : null;
	const { options, cookie } = await askForPasskey(call);
	const shell = await shellOf(call);
	const html = signInView({
		shell,
		action: "/sign-in",
		passkey: options,
		continueTo: request.pushed ? here : afterSignIn(here, { ...request, wished }, signInTtl),
		username: again ?? request.loginHint,
		error: null,
		anew: request.prompt.has("login") || request.maxAge !== null,
		notice: noticeOf(missing, contexts?.acrs ?? [], shell.words),
		ways: await waysToSignIn(call.services),
		asking: { ...clientDisplayOf(request.client, request.redirectUri), cancel: form },
	});
	return onwardPage(200, html, { "set-cookie": cookie });
}

function noticeOf(missing: Missing | null, acrs: readonly Acr[], { signIn: say }: Words): string | null {
	if (missing === "fresh sign-in") return say.again;
	if (missing === "other person") return say.otherPerson;
	if (missing !== "stronger sign-in") return null;
	if (acrs.some((acr) => acr !== "phr" && acr !== "pwd")) return say.againByTwo;
	return acrs.includes("phr") ? say.againByPasskey : say.againByPassword;
}
