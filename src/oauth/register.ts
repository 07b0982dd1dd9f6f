import { metadataSchema } from "../domain/registration.ts";
import { atMost, bounds, isFull } from "../domain/bounds.ts";
import { rateLimitHeaders } from "../http/rate-limit.ts";
import { json } from "../http/reply.ts";
import { oauthErrorSchema } from "../http/oauth-error-schema.ts";
import { type Actor } from "../operations/actor.ts";
import { findActor } from "../operations/checks/find-actor.ts";
import { withRolesOfNow } from "../operations/standing.ts";
import type { Call, Handler } from "../endpoint/call.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { behind, inAuthorization, insufficientScope, invalidToken, refusedSender } from "../endpoint/guard.ts";
import { registerClient } from "../operations/clients/register-client.ts";
import { clientInformation, informationSchema, readMetadata, refuseMetadata } from "./client-information.ts";

/** What an initial access token has to permit (RFC 7591 §3). */
const needed = "integrations:write";

/** RFC 7591 §3: software that registers itself as a client, as far as REGISTRATION lets it. */
function register(call: Call): Promise<Response> | Response {
	const { registration } = call.services.config;
	if (registration === "off") return refuseMetadata("access_denied", "Clients cannot register themselves here", 403);
	// A token that is shown has to be good: it says whose the client will be.
	const isOpen = registration === "open" && !call.request.headers.has("authorization");
	return isOpen ? registerFor(call, null) : registerByToken(call);
}

/** `actor` is null for nobody. */
async function registerFor({ request, address, services }: Call, actor: Actor | null): Promise<Response> {
	const body = await readMetadata(request);
	if (!body.ok) return body.response;
	const outcome = await registerClient(body.sent, { actor, address }, services);
	switch (outcome.kind) {
		case "registered":
			return json(201, clientInformation(outcome.client, outcome, services.config.issuer));
		case "invalid":
			return refuseMetadata(outcome.error.code, outcome.error.detail);
		case "full":
			return refuseMetadata("invalid_client_metadata", isFull(bounds.clients), 409);
		case "limited":
			return json(
				429,
				{ error: "temporarily_unavailable", error_description: "Too many clients were registered from here: wait" },
				rateLimitHeaders(outcome),
			);
	}
}

const registerByToken: Handler = behind<Actor>(
	{
		scope: needed,
		read: inAuthorization("Show an initial access token"),
		async check(credential, { url, address, services }) {
			const at = { path: url.pathname, address };
			const found = await findActor(credential, async () => null, at, withRolesOfNow(services));
			if (found.kind === "unproven") return refusedSender(found);
			if (found.kind !== "actor") return invalidToken("The initial access token is not good");
			const isPermitted = found.actor.permissions.includes(needed);
			return isPermitted
				? { kind: "admitted", who: found.actor }
				: insufficientScope(`The token has to permit ${needed}`);
		},
		form({ status, error = status === 400 ? "invalid_request" : "invalid_token", detail }, challenge) {
			return json(status, { error, error_description: detail }, challenge());
		},
	},
	registerFor,
);

export const registerEndpoint = endpoint(register, {
	tag: "OAuth",
	summary: "Register a client",
	description:
		"RFC 7591, where the deployment allows it (`REGISTRATION`). Without a token the client belongs to nobody: people are shown " +
		"where it comes from, and it may ask for reading environments, events and alerts, for events and change events, for what an API " +
		"opens to clients that register themselves, and for who somebody is; its `scope` is what it asks for where a request does not " +
		"say. With an initial access token (any that permits `integrations:write`) it belongs to that token's account, and its `scope` " +
		"is the most that it may ask for. " +
		"Members and values that are not known here are ignored, and so are redirect URLs that are not good here, unless a browser " +
		"would act on one (`javascript:` and its like); the answer says what is registered. Values of `scope` that are unknown here " +
		"stay where the client belongs to nobody, for an API may know them; an account's that has no other gets that of who somebody " +
		"is. Without one the client may ask people by name for what a stranger may, and gets nothing by default. " +
		"At most 100 an hour from one network address, 200 for one account, unless the deployment says otherwise. One that nobody " +
		"consents to is forgotten 90 days after it was last used.",
	credentials: ["body", "bearer"],
	scope: needed,
	body: {
		media: ["application/json"],
		schema: metadataSchema,
		example: {
			client_name: "Weather station",
			redirect_uris: ["https://weather.example/callback"],
			grant_types: ["authorization_code", "refresh_token"],
			token_endpoint_auth_method: "none",
			scope: "openid events:read",
		},
	},
	answers: {
		201: {
			description:
				"What is registered. `client_secret` and `registration_access_token` are shown here and never again; the latter " +
				"manages the client at `registration_client_uri` (RFC 7592).",
			schema: informationSchema,
		},
		400: {
			description: "`invalid_redirect_uri`, `invalid_client_metadata` or `unapproved_software_statement`.",
			schema: oauthErrorSchema,
		},
		401: {
			description: "An initial access token is needed, or the one that was shown is not good.",
			schema: oauthErrorSchema,
		},
		403: { description: "Registration is off, or the token does not permit it.", schema: oauthErrorSchema },
		413: { description: "The body is larger than 16 KiB.", schema: oauthErrorSchema },
		415: { description: "Not JSON.", schema: oauthErrorSchema },
		409: { description: `The account has ${atMost(bounds.clients)}.`, schema: oauthErrorSchema },
		429: { description: "Too many registrations: see `Retry-After`.", schema: oauthErrorSchema },
	},
});
