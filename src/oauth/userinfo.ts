import * as v from "valibot";
import { readBearer } from "../http/authorization-header.ts";
import { mediaType, readBody } from "../http/body.ts";
import { type BearerChallenge, bearerChallenge, placeOf } from "../http/challenge.ts";
import type { Documentation } from "../http/documentation.ts";
import { json } from "../http/reply.ts";
import type { Call } from "../endpoint/call.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { tellIdentity } from "../operations/tokens/tell-identity.ts";
import { oauthErrorSchema } from "./error.ts";

/** OIDC Core §5.3. By GET or POST, with the access token in the header, or by POST in a form (RFC 6750 §2). */
async function userinfo(call: Call): Promise<Response> {
	const presented = await readToken(call.request, call.url);
	switch (presented.kind) {
		case "malformed":
			return refuse(call, presented.status, { error: "invalid_request", description: presented.detail });
		case "none":
			return refuse(call, 401, { description: "Send an access token as Authorization: Bearer" });
		case "token":
			break;
	}
	const told = await tellIdentity(presented.token, call.url.pathname, call.services);
	switch (told.kind) {
		case "told":
			return json(200, told.claims);
		case "no_openid":
			return refuse(call, 403, {
				error: "insufficient_scope",
				description: "The access token has not the scope openid",
			});
		case "expired":
			return refuse(call, 401, { error: "invalid_token", description: "The access token has expired" });
		case "invalid":
			return refuse(call, 401, { error: "invalid_token", description: "The access token is not valid" });
	}
}

type Presented =
	| { kind: "token"; token: string }
	| { kind: "none" }
	| { kind: "malformed"; status: 400 | 413; detail: string };

async function readToken(request: Request, url: URL): Promise<Presented> {
	const inHeader = readBearer(request);
	let inForm: string | null = null;
	// RFC 6750 §2.2: in the body of a form, and never with GET.
	if (request.method === "POST" && mediaType(request) === "application/x-www-form-urlencoded") {
		const body = await readBody(request, { json: false });
		if (!body.ok) {
			return { kind: "malformed", status: body.error.status === 413 ? 413 : 400, detail: body.error.detail };
		}
		inForm = body.params.get("access_token") ?? null;
	}
	// RFC 6750 §2: not more than one method in a request. RFC 9700 §4.3.2: a token in a URL is none, but counts as one more.
	const methods = [inHeader, inForm].filter((each) => each !== null);
	if (methods.length + (url.searchParams.has("access_token") ? 1 : 0) > 1) {
		return { kind: "malformed", status: 400, detail: "The access token is sent in more than one way" };
	}
	const [token] = methods;
	return token === undefined ? { kind: "none" } : { kind: "token", token };
}

/** RFC 6750 §3.1: a request without any credential is told how to bring one, and of no error. */
function refuse(call: Call, status: 400 | 401 | 403 | 413, challenge: BearerChallenge): Response {
	const { error = "invalid_request", description = "" } = challenge;
	const shown = challenge.error ? challenge : {};
	const headers = bearerChallenge(placeOf(call), { ...shown, scope: "openid" });
	return json(status, { error, error_description: description }, headers);
}

const description =
	"OIDC Core §5.3, for an access token that `openid` was granted to and that is for latchkey. `sub` is always there; `profile`, " +
	"`email`, `address` and `phone` bring the claims of OIDC Core §5.4, and `claims` of the authorization request those that it " +
	"named. What a person has not entered is left out. Pages of any origin may ask.";

const answers: Documentation["answers"] = {
	200: { description: "The claims.", schema: v.looseObject({ sub: v.string() }) },
	400: {
		description: "The access token is sent in more than one way, or the form is malformed.",
		schema: oauthErrorSchema,
	},
	401: { description: "RFC 6750 §3.1, `invalid_token`.", schema: oauthErrorSchema },
	403: { description: "`insufficient_scope`: `openid` was not granted.", schema: oauthErrorSchema },
};

export const userinfoEndpoint = endpoint(userinfo, {
	tag: "OAuth",
	summary: "Who the person is for whom an access token was given",
	description,
	credentials: ["bearer"],
	scope: "openid",
	answers,
});

export const postUserinfoEndpoint = endpoint(userinfo, {
	...userinfoEndpoint.doc,
	summary: "The same by POST, with the access token in the header or in a form",
	credentials: ["bearer", "body"],
	body: {
		media: ["application/x-www-form-urlencoded"],
		// Read by http/body.ts, as the parameters that they are.
		schema: v.object({ access_token: v.optional(v.string()) }),
		example: { access_token: "eyJ…" },
	},
	answers: { ...answers, 413: { description: "The form is larger than 16 KiB.", schema: oauthErrorSchema } },
});
