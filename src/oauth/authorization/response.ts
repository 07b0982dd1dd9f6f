import { destinationOf, appendToQuery } from "../../domain/redirect.ts";
import { onwardPage, seeOther } from "../../http/reply.ts";
import type { Services } from "../../operations/services.ts";
import { formPostView } from "../../pages/consent/form-post.tsx";
import { leaveView } from "../../pages/consent/leave.tsx";
import type { Refusal } from "./refusal.ts";
import type { AnswerAddress } from "./request.ts";

type Answer = { readonly code: string } | { readonly error: string; readonly error_description: string };

/** RFC 6749 §4.1.2: back to the client, with `state` as it was given and `iss` against mix-up (RFC 9207). */
export function answerClient(to: AnswerAddress, answer: Answer, services: Pick<Services, "config">): Response {
	const { redirectUri, responseMode } = to;
	const fields = fieldsOf(to, answer, services);
	if (responseMode === "query") return seeOther(appendToQuery(redirectUri, fields));
	// OAuth 2.0 Form Post Response Mode §2. Its own `same-origin` would have the browser send `Origin: null`.
	const html = formPostView({ action: redirectUri, fields, host: destinationOf(redirectUri) });
	return onwardPage(200, html, { "referrer-policy": "strict-origin" });
}

export function refuseClient(to: AnswerAddress, refusal: Refusal, services: Pick<Services, "config">): Response {
	return answerClient(to, { error: refusal.error, error_description: refusal.detail }, services);
}

/**
 * RFC 9700 §4.11.2: nobody is sent to where strangers registered for themselves without having decided on anything. The
 * page says where the answer would lead, and leaves the step to the person.
 */
export function offerToLeave(to: AnswerAddress, refusal: Refusal, services: Pick<Services, "config">): Response {
	const { redirectUri, responseMode, client } = to;
	const fields = fieldsOf(to, { error: refusal.error, error_description: refusal.detail }, services);
	const html = leaveView({
		name: client.name,
		host: destinationOf(redirectUri),
		detail: refusal.detail,
		way: responseMode === "query" ? { href: appendToQuery(redirectUri, fields) } : { action: redirectUri, fields },
	});
	return onwardPage(400, html);
}

function fieldsOf({ state }: AnswerAddress, answer: Answer, { config }: Pick<Services, "config">) {
	return { ...answer, ...(state !== null && { state }), iss: config.issuer };
}
