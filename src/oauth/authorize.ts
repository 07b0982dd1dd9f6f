import { onceOnly } from "../http/body.ts";
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
