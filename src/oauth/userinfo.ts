import * as v from "valibot";
import type { PresentedToken } from "../domain/dpop-proof.ts";
import { described, titled } from "../http/described.ts";
import { readToken } from "../http/authorization-header.ts";
import { mediaType, readBody } from "../http/body.ts";
import type { Documentation } from "../http/documentation.ts";
import { hasOther, readCredential } from "../http/presented-credential.ts";
import { openJson } from "../http/reply.ts";
import { oauthErrorSchema } from "../http/oauth-error-schema.ts";
import type { Call, Handler } from "../endpoint/call.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import {
	asOAuthError,
	behind,
	insufficientScope,
	presentedIn,
	type Refused,
	refusedToken,
	twoCredentials,
} from "../endpoint/guard.ts";
import type { IdentityClaims } from "../domain/identity-claims.ts";
import { tellIdentity } from "../operations/tokens/tell-identity.ts";
import { userinfoSchema } from "./userinfo-claims.ts";

/** OIDC Core §5.3. By GET or POST, with the access token in the header, or by POST in a form (RFC 6750 §2). */
const userinfo: Handler = behind<IdentityClaims, PresentedToken>(
	{
		scope: "openid",
		form: asOAuthError,
		read: readAccessToken,
		async check(token, { services }) {
			const told = await tellIdentity(token, services);
			switch (told.kind) {
				case "told":
					return { kind: "admitted", who: told.claims };
				case "no_openid":
					return insufficientScope("The access token has not the scope openid");
				default:
					return refusedToken(told);
			}
		},
	},
	openJson,
);

async function readAccessToken(call: Call): Promise<PresentedToken | Refused> {
	const { request, url } = call;
	const inHeader = readToken(request);
	let inForm: string | null = null;
	// RFC 6750 §2.2: in the body of a form, and never with GET.
	if (request.method === "POST" && mediaType(request) === "application/x-www-form-urlencoded") {
		const body = await readBody(request, { json: false });
		if (!body.ok) {
			const { status, detail } = body.error;
			return malformed(status === 415 ? 400 : status, detail);
		}
		inForm = body.params.get("access_token") ?? null;
	}
	// RFC 6750 §2: not more than one method in a request. RFC 9700 §4.3.2: a token in a URL is none, but counts as one more.
	const methods = [inHeader, inForm].filter((each) => each !== null);
	const isInUrl = url.search !== "" && url.searchParams.has("access_token");
	if (methods.length + (isInUrl ? 1 : 0) > 1) {
		return malformed(400, "The access token is sent in more than one way");
	}
	const token = inHeader ?? (inForm === null ? null : ({ kind: "bearer", value: inForm } as const));
	if (token) return hasOther(readCredential(request, url), token.value) ? twoCredentials : presentedIn(call, token);
	return { kind: "refused", status: 401, detail: "Send an access token as Authorization: Bearer" };
}

function malformed(status: 400 | 408 | 413, detail: string): Refused {
	return { kind: "refused", status, error: "invalid_request", detail };
}

const description =
	"OIDC Core §5.3, for any access token that `openid` was granted to, whatever its audience. `sub` is always there; `profile`, " +
	"`email`, `address` and `phone` bring the claims of OIDC Core §5.4, `groups` the account and the role in it, and `claims` of the " +
	"authorization request those that it named. What a person has not entered is left out. Pages of any origin may ask.";

const answers: Documentation["answers"] = {
	200: { description: "The claims.", schema: userinfoSchema },
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
		schema: titled(
			"UserInfoForm",
			v.object({
				access_token: v.optional(described(v.string(), "The access token, where the header does not bring it.")),
			}),
		),
		example: { access_token: "eyJ…" },
	},
	answers: { ...answers, 413: { description: "The form is larger than 16 KiB.", schema: oauthErrorSchema } },
});
