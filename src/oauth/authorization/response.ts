import { destinationOf, appendToQuery } from "../../domain/redirect.ts";
import { onwardPage, seeOther } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { shellOf } from "../../endpoint/shell.ts";
import { formPostView } from "../../pages/consent/form-post.tsx";
import { leaveView } from "../../pages/consent/leave.tsx";
import type { Refusal } from "./refusal.ts";
import type { AnswerAddress } from "./request.ts";

type Answer = { readonly code: string } | { readonly error: string; readonly error_description: string };

/** RFC 6749 §4.1.2: back to the client, with `state` as it was given and `iss` against mix-up (RFC 9207). */
export async function answerClient(to: AnswerAddress, answer: Answer, call: Call): Promise<Response> {
	const { redirectUri, responseMode } = to;
	const fields = fieldsOf(to, answer, call);
	if (responseMode === "query") return seeOther(appendToQuery(redirectUri, fields));
	// OAuth 2.0 Form Post Response Mode §2. Its own `same-origin` would have the browser send `Origin: null`.
	const html = formPostView({
		shell: await shellOf(call),
		action: redirectUri,
		fields,
		host: destinationOf(redirectUri),
	});
	return onwardPage(200, html, { "referrer-policy": "strict-origin" });
}

export function refuseClient(to: AnswerAddress, refusal: Refusal, call: Call): Promise<Response> {
	return answerClient(to, { error: refusal.error, error_description: refusal.detail }, call);
}

/**
 * RFC 9700 §4.11.2: nobody is sent to where strangers registered for themselves without having decided on anything. The
 * page says where the answer would lead, and leaves the step to the person.
 */
export async function offerToLeave(to: AnswerAddress, refusal: Refusal, call: Call): Promise<Response> {
	const { redirectUri, responseMode, client } = to;
	const fields = fieldsOf(to, { error: refusal.error, error_description: refusal.detail }, call);
	const html = leaveView({
		shell: await shellOf(call),
		name: client.name,
		host: destinationOf(redirectUri),
		detail: refusal.detail,
		way: responseMode === "query" ? { href: appendToQuery(redirectUri, fields) } : { action: redirectUri, fields },
	});
	return onwardPage(400, html);
}

function fieldsOf({ state }: AnswerAddress, answer: Answer, { services }: Pick<Call, "services">) {
	return { ...answer, ...(state !== null && { state }), iss: services.config.issuer };
}
