import { onceOnly } from "../http/body.ts";
import type { Documentation } from "../http/documentation.ts";
import { page } from "../http/reply.ts";
import type { Call } from "../operations/call.ts";
import { problemPage } from "../views/problem.tsx";
import { readAuthorizationRequest } from "./authorization-request.ts";
import { answerClient } from "./authorization-response.ts";
import { consent } from "./consent.ts";

/** RFC 6749 §4.1.1: the authorization endpoint, by GET. Its consent form posts to the same URL. */
export async function authorize(call: Call): Promise<Response> {
	const params = onceOnly(call.url.searchParams);
	if (typeof params === "string") {
		// RFC 6749 §3.1: not more than once. Which of two redirect URIs was meant is not to be guessed, so none is used.
		return page(
			400,
			problemPage({ title: "Malformed link", detail: "It gives a parameter more than once.", what: null }),
		);
	}
	const read = await readAuthorizationRequest(params, call.services);
	switch (read.kind) {
		case "unanswerable":
			return page(400, problemPage({ title: read.title, detail: read.detail, what: null }));
		case "refused":
			return answerClient(read, { error: read.error, error_description: read.detail }, call.services);
		case "request":
			return consent(call, read.request);
	}
}

export const authorizeDoc: Documentation = {
	tag: "OAuth",
	summary: "The page on which a person allows a client what it asks for",
	description:
		"RFC 6749 §4.1.1 with RFC 7636 (`S256` alone; public clients must) and RFC 9207. Send the person's browser here. A wrong " +
		"`client_id` or `redirect_uri` is told to the person and never redirected; every other error goes to the client.",
	credentials: [],
	query: {
		response_type: { description: "`code`", example: "code" },
		client_id: { description: "The client.", example: "lkid_…" },
		redirect_uri: {
			description: "One of its registered redirect URLs, exactly; may be left out where it has one.",
			example: "https://radar.example/done",
		},
		scope: { description: "Permissions, separated by spaces; all of the client's where it is left out." },
		state: { description: "Comes back with the answer, as it is.", example: "af0ifjsldkj" },
		code_challenge: { description: "RFC 7636 §4.2", example: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" },
		code_challenge_method: { description: "`S256`", example: "S256" },
	},
	answers: {
		200: { description: "A page: sign-in, then who asks for what.", media: "text/html" },
		303: { description: "To the redirect URL, with `error`: the request cannot be put to anybody." },
		400: { description: "A page: the client or its redirect URL is wrong.", media: "text/html" },
	},
};

export const answerAuthorizeDoc: Documentation = {
	tag: "OAuth",
	summary: "What the person answers, from the form of that page",
	credentials: ["session"],
	answers: {
		303: { description: "To the redirect URL, with `code` and `iss`, or with `error=access_denied`." },
		400: { description: "A page: something was not chosen, or the link is wrong.", media: "text/html" },
		403: { description: "A page: the form is out of date, or came from elsewhere.", media: "text/html" },
	},
};
