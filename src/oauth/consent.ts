import { seeOther } from "../http/reply.ts";
import type { Call } from "../endpoint/call.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { takeDecision } from "./authorization/decision.ts";
import { handleRequest } from "./authorization/handle-request.ts";
import { requestOrReference } from "./authorization/parameters.ts";

/** `POST /oauth/consent` with the request as query: what the person answers, from the form of that page. */
function consent(call: Call): Promise<Response> {
	return handleRequest(call, takeDecision);
}

/** Whoever reloads the answer's address, or comes back to it, is asked again. */
function returnToRequest({ url }: Call): Response {
	return seeOther(`/oauth/authorize${url.search}`);
}

export const consentEndpoint = endpoint(consent, {
	tag: "OAuth",
	summary: "What the person answers, from the form of the authorization endpoint's page",
	description:
		"Its query is the request. The form's token binds the answer to the person's sign-in and to that query. Whoever goes back " +
		"instead of signing in has no such token, and can only say no.",
	credentials: ["session"],
	query: requestOrReference,
	answers: {
		200: { description: "A page: sign-in, or (`form_post`) the answer's form.", media: "text/html" },
		303: { description: "To the redirect URL, with `code` and `iss`, or with `error=access_denied`." },
		400: { description: "A page: something was not chosen, or the link is wrong.", media: "text/html" },
		403: { description: "A page: the form is out of date, or came from elsewhere.", media: "text/html" },
		413: { description: "A page: the form is larger than 16 KiB.", media: "text/html" },
		415: { description: "A page: it is no form.", media: "text/html" },
	},
});

export const returnToRequestEndpoint = endpoint(returnToRequest, {
	tag: "OAuth",
	summary: "Back to the request",
	description: "Leads to the authorization endpoint with the same query.",
	credentials: [],
	query: requestOrReference,
	answers: { 303: { description: "To the authorization endpoint." } },
});
