import { page } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { shellOf } from "../../endpoint/shell.ts";
import { isSelfRegistered } from "../../domain/client.ts";
import { decisionAt } from "../../operations/clients/client-display.ts";
import { referenceTo } from "../../operations/clients/pushed-request.ts";
import { problemView } from "../../ui/problem.tsx";
import type { Question } from "./question.ts";
import { type AuthorizationRequest, readAuthorizationRequest } from "./request.ts";
import { offerToLeave, refuseClient } from "./response.ts";
import type { Unanswerable } from "./client-and-redirect.ts";
import { writeLocalesCookie } from "../../http/cookies.ts";

/** Reads the request in the query of this URL, and goes on with it where it may be put to a person. */
export async function handleRequest(
	call: Call,
	goOn: (call: Call, question: Question) => Promise<Response>,
): Promise<Response> {
	const { services } = call;
	const read = await readAuthorizationRequest(call);
	switch (read.kind) {
		case "unanswerable":
			return page(400, await unanswerable(call, read));
		case "refused": {
			const { to, refusal, silent } = read;
			services.log("authorize.refused", { client: to.client.id, error: refusal.error, reason: refusal.detail });
			// RFC 9700 §4.11.2: a person decides first, but for silent authentication. Whoever is signed in, too: where they are led
			// on at once and others are not, a stranger finds out which they are.
			const isStrangers = isSelfRegistered(to.client) && !silent;
			return isStrangers ? offerToLeave(to, refusal, call) : refuseClient(to, refusal, call);
		}
		case "request": {
			const here = await pageOf(read.request, call);
			const question = { request: read.request, page: here, form: decisionAt(here) };
			const { uiLocales } = read.request;
			if (uiLocales === null) return goOn(call, question);
			const answer = await goOn({ ...call, uiLocales }, question);
			// The pages that follow (a second factor, a way back in) are said in it as well.
			if (answer.status === 200) answer.headers.append("set-cookie", writeLocalesCookie(uiLocales));
			return answer;
		}
	}
}

async function unanswerable(call: Call, { said, client }: Unanswerable): Promise<string> {
	const shell = await shellOf(call);
	return problemView({ shell, ...said(shell.words.problems), ...(client !== undefined && { client }) });
}

/** Where the request is put: a pushed one by a reference that lasts until its person has decided. */
async function pageOf({ pushed, client }: AuthorizationRequest, { url, services }: Call): Promise<string> {
	if (!pushed) return `/oauth/authorize${url.search}`;
	const query = { client_id: client.id, request_uri: await referenceTo(pushed, client.id, services) };
	return `/oauth/authorize?${new URLSearchParams(query).toString()}`;
}
