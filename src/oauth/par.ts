import * as v from "valibot";
import { pushedTtl } from "../domain/pushed-request.ts";
import type { Call } from "../endpoint/call.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { type Params, readBody } from "../http/body.ts";
import { described, titled } from "../http/described.ts";
import { oauthErrorSchema } from "../http/oauth-error-schema.ts";
import { json } from "../http/reply.ts";
import { findOrFetchClient } from "../operations/clients/find-or-fetch-client.ts";
import { push } from "../operations/clients/pushed-request.ts";
import type { Refusal } from "./authorization/refusal.ts";
import { readRequest } from "./authorization/request.ts";
import { longestQuery, membersOf, requestExample, requestParameters } from "./authorization/parameters.ts";
import { clientOf } from "./client.ts";
import { provenKey, withNonce } from "./dpop.ts";
import { limitedAnswer, type OAuthError, refuse } from "./error.ts";
import { clientParameters } from "./grants/token-request.ts";
import { en } from "../words/en.ts";

/** RFC 9126 §2. What would be refused later is refused here already, to the client alone; only then is there something to send a person with. */
async function pushRequest(call: Call): Promise<Response> {
	const { request, address, services } = call;
	const body = await readBody(request, { json: false });
	if (!body.ok) return refuse({ code: "invalid_request", ...body.error });
	// RFC 9126 §2.1 (1). As at the authorization endpoint a client may be one whose document nobody has consented to yet.
	const find = async (id: string) => {
		const found = await findOrFetchClient(id, services, address);
		return found.kind === "client" ? found.client : null;
	};
	const authenticated = await clientOf(call, body.params, [], { find });
	if (!authenticated.ok) return refuse(authenticated.error);
	const { client } = authenticated;

	// §2.1 (2): it would be a reference to a reference.
	if (body.params.has("request_uri"))
		return refuse({ code: "invalid_request", detail: "request_uri cannot be pushed" });
	const params = new Map([...requestOf(body.params), ["client_id", client.id] as const]);
	// §2.1 (3): in the order of the authorization endpoint.
	const read = await readRequest({ params, source: { kind: "push" } }, call);
	if (read.kind !== "request") {
		// §2.3: what could not be redirected has no code of its own.
		const refusal =
			read.kind === "refused"
				? read.refusal
				: { error: "invalid_request" as const, detail: read.said(en.problems).detail };
		services.log("par.refused", { client: client.id, error: refusal.error, reason: refusal.detail });
		return refuseRequest(refusal);
	}
	const bound = await bindToKey(requestOf(body.params), call);
	if ("code" in bound) return withNonce(refuse(bound), call);
	const requestUri = await push(new URLSearchParams([...bound]).toString(), client.id, services);
	const link = new URLSearchParams({ client_id: client.id, request_uri: requestUri });
	if (link.toString().length > longestQuery) {
		return refuse({ code: "invalid_request", detail: "The request is too long for a link", status: 413 });
	}
	return withNonce(json(201, { request_uri: requestUri, expires_in: pushedTtl }), call);
}

/** RFC 9449 §10.1: a proof beside it is as good as its thumbprint in it, and does not contradict that. */
async function bindToKey(params: Params, call: Call): Promise<Params | OAuthError> {
	const proven = await provenKey(call);
	if (proven.kind === "unproven") {
		call.services.log("dpop.refused", { reason: proven.detail });
		return { code: proven.error, detail: proven.detail };
	}
	if (proven.key === null) return params;
	const named = params.get("dpop_jkt") ?? proven.key;
	if (named !== proven.key) return { code: "invalid_dpop_proof", detail: "dpop_jkt is of another key than the proof" };
	return new Map([...params, ["dpop_jkt", named]]);
}

/** RFC 9126 §2.1: without what its client authenticates by, and who that is. */
function requestOf(params: Params): Params {
	return new Map([...params].filter(([name]) => !(name in clientParameters)));
}

/** RFC 9126 §2.3: as at the token endpoint, with the codes of the authorization endpoint. */
function refuseRequest({ error, detail }: Pick<Refusal, "error" | "detail">): Response {
	return json(400, { error, error_description: detail });
}

export const parEndpoint = endpoint(pushRequest, {
	tag: "OAuth",
	summary: "Push an authorization request, to send a person with a reference to it",
	description:
		"RFC 9126. The client authenticates as at the token endpoint; a public one names itself. What is checked, and in which order, is " +
		"what the authorization endpoint checks. Then send the person to `/oauth/authorize` with `client_id` and the `request_uri`: " +
		"whatever stands beside them there does not count. It is good for a minute, for this client alone, until a code was given for " +
		"it; who came in that minute has an hour to sign in and to decide. Nothing is stored: the request stands in the `request_uri`, " +
		"encrypted. A `DPoP` header (RFC 9449) binds the code to its key, as `dpop_jkt` does. `request` and `request_uri` are refused. A client that has `require_pushed_authorization_requests` gets nothing " +
		"without it; nor does any where the metadata of the server says so.",
	credentials: ["body", "client"],
	body: {
		media: ["application/x-www-form-urlencoded"],
		schema: titled("PushedRequest", v.object({ ...membersOf(requestParameters), ...clientParameters })),
		example: { ...requestExample, client_secret: "lkcs_…" },
	},
	answers: {
		201: {
			description: "What to send the person with.",
			schema: titled(
				"PushedRequestAnswer",
				v.object({
					request_uri: described(v.string(), "For the authorization endpoint, beside `client_id`."),
					expires_in: described(v.number(), "How many seconds it is good."),
				}),
			),
		},
		400: {
			description:
				"As RFC 6749 §4.1.2.1 and §5.2 have it, such as `invalid_request`; `invalid_dpop_proof` or `use_dpop_nonce`.",
			schema: oauthErrorSchema,
		},
		401: { description: "`invalid_client`: the client did not authenticate.", schema: oauthErrorSchema },
		413: { description: "The body is larger than 16 KiB, or its reference than 15.", schema: oauthErrorSchema },
		415: { description: "Not a form.", schema: oauthErrorSchema },
		...limitedAnswer,
	},
});
