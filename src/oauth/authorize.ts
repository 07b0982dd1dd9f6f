import * as v from "valibot";
import { titled } from "../http/described.ts";
import { isProblem, maxFormBytes, mediaType, onceOnly, readText } from "../http/body.ts";
import { page, seeOther } from "../http/reply.ts";
import type { Call } from "../endpoint/call.ts";
import { shellOf } from "../endpoint/shell.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { problemView } from "../ui/problem.tsx";
import { ask } from "./authorization/interaction.ts";
import { handleRequest } from "./authorization/handle-request.ts";
import { longestQuery, membersOf, requestExample, requestOrReference } from "./authorization/parameters.ts";

/** RFC 6749 §4.1.1, OIDC Core §3.1.2.1: the authorization endpoint. It never has CORS headers: it is for navigation. */
function authorize(call: Call): Promise<Response> {
	return handleRequest(call, ask);
}

/**
 * OIDC Core §3.1.2.1: the same by POST. A form of another site comes without the person's cookie, which is `SameSite=Lax`;
 * the navigation that it is sent on to has it.
 */
async function postAuthorize(call: Call): Promise<Response> {
	const { request, url } = call;
	if (mediaType(request) !== "application/x-www-form-urlencoded") {
		return malformed(call, 415, "The request must be a form (application/x-www-form-urlencoded).");
	}
	const body = await readText(request, maxFormBytes);
	if (!body.ok) return malformed(call, body.error.status, `${body.error.detail}.`);
	const params = new URLSearchParams([...url.searchParams, ...new URLSearchParams(body.text)]);
	const once = onceOnly(params);
	if (isProblem(once)) return malformed(call, 400, once.detail);
	const query = params.toString();
	if (query.length > longestQuery) return malformed(call, 413, "The request is too long for a link.");
	return seeOther(`/oauth/authorize?${query}`);
}

async function malformed(call: Call, status: number, detail: string): Promise<Response> {
	const shell = await shellOf(call);
	const { malformedRequest: said } = shell.words.problems;
	return page(status, problemView({ shell, ...said, detail: said.detail(detail) }));
}

export const authorizeEndpoint = endpoint(authorize, {
	tag: "OAuth",
	summary: "The page on which a person allows a client what it asks for",
	description:
		"RFC 6749 §4.1.1 and OIDC Core §3.1.2.1, with RFC 7636, RFC 8707, RFC 9207 and RFC 9449. Send the person's browser here. A wrong " +
		"`client_id` or `redirect_uri` is told to the person and never redirected; every other error goes to the client, with `state` " +
		"and `iss`, in the response mode that was asked for. `request`, any other `request_uri` than one of `POST /oauth/par` and `registration` " +
		"are refused with `request_not_supported` and its like; a pushed request that is over or used with `invalid_request_uri`; `claims_locales`, `display` and whatever else is unknown " +
		"change nothing. What a person agreed to once is not asked again, unless the client registered itself, is answered by a scheme of " +
		"its own, is a public one that is answered at no https URL, or asks for `prompt=consent`.",
	credentials: [],
	query: requestOrReference,
	answers: {
		200: { description: "A page: sign-in, who asks for what, or (`form_post`) the answer's form.", media: "text/html" },
		303: { description: "To the redirect URL, with `code` or `error`: nobody has to be asked, or nobody can be." },
		400: {
			description: "A page: the client or its redirect URL is wrong, or nobody vouches for where an error would lead.",
			media: "text/html",
		},
	},
});

export const postAuthorizeEndpoint = endpoint(postAuthorize, {
	tag: "OAuth",
	summary: "The same, from a form",
	description: "OIDC Core §3.1.2.1. Leads to the same request by GET; at most 16 KiB, and 15 KiB as a link.",
	credentials: [],
	body: {
		media: ["application/x-www-form-urlencoded"],
		schema: titled("AuthorizationRequest", v.object(membersOf(requestOrReference))),
		example: requestExample,
	},
	answers: {
		303: { description: "To the same request by GET." },
		400: { description: "A page: a parameter is given twice, or it is not UTF-8.", media: "text/html" },
		413: { description: "A page: it is too long.", media: "text/html" },
		415: { description: "A page: it is no form.", media: "text/html" },
	},
});
