import type { Client } from "../domain/client.ts";
import { bearerChallenge } from "../http/challenge.ts";
import { metadataSchema } from "../domain/registration.ts";
import { rateLimitHeaders } from "../http/rate-limit.ts";
import type { Stored } from "../domain/stored.ts";
import { etag, ifMatching } from "../http/preconditions.ts";
import { empty, json } from "../http/reply.ts";
import { oauthErrorSchema } from "../http/oauth-error-schema.ts";
import type { Handler } from "../endpoint/call.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { asOAuthError, behind, bearerAlone, type Guard, invalidToken } from "../endpoint/guard.ts";
import { deregister, findRegistered, reregister } from "../operations/clients/registered-client.ts";
import { noteUse } from "../operations/clients/note-use.ts";
import { clientInformation, informationSchema, readMetadata, refuseMetadata } from "./client-information.ts";

// RFC 7592: a client that registered itself manages its registration, by the token that it got then.

const notOfClient = "The registration access token is not that of this client";

const ownToken: Guard<Stored<Client>> = {
	form: (refused, challenge) => (refused.status === 400 ? asOAuthError(refused, challenge) : refuseToken()),
	read: bearerAlone(notOfClient),
	async check({ value }, { params, services }) {
		const client = await findRegistered(params.client_id ?? "", value, services);
		return client ? { kind: "admitted", who: client } : invalidToken(notOfClient);
	},
};

/** §2.1 */
const readRegistration: Handler = behind(ownToken, ({ services }, client) => {
	noteUse(client, services);
	const information = clientInformation(client, { secret: null, token: null }, services.config.issuer);
	return json(200, information, { etag: etag(client.rev) });
});

/** §2.2 */
const replaceRegistration: Handler = behind(ownToken, async ({ request, address, services }, client) => {
	const body = await readMetadata(request);
	if (!body.ok) return body.response;
	const edit = ifMatching(request, () => ({}));
	const outcome = await reregister(client, body.sent, address, edit, services);
	switch (outcome.kind) {
		case "changed":
			return json(
				200,
				clientInformation(outcome.client, { secret: outcome.secret, token: null }, services.config.issuer),
				{ etag: etag(outcome.client.rev) },
			);
		case "invalid":
			return refuseMetadata(outcome.error.code, outcome.error.detail);
		case "limited":
			return json(
				429,
				{ error: "temporarily_unavailable", error_description: "This client was changed too often: wait" },
				rateLimitHeaders(outcome),
			);
		case "gone":
			return refuseToken();
		case "stale":
		case "overtaken":
			return refuseChange(outcome.kind);
	}
});

/** §2.3 */
const deleteRegistration: Handler = behind(ownToken, async ({ request, address, services }, client) => {
	const edit = ifMatching(request, () => ({}));
	const ended = await deregister(client, address, edit, services);
	return ended === "gone" ? empty(204) : refuseChange(ended);
});

function refuseChange(why: "stale" | "overtaken"): Response {
	const detail = "The registration was changed since it was read: read it again";
	return json(why === "stale" ? 412 : 409, { error: "invalid_request", error_description: detail });
}

/** One answer for a wrong token and a client that is not there (§2.1). */
function refuseToken(): Response {
	return json(
		401,
		{ error: "invalid_token", error_description: notOfClient },
		bearerChallenge(null, { error: "invalid_token" }),
	);
}

const refusal = {
	400: { description: "Two credentials that differ.", schema: oauthErrorSchema },
	401: { description: "The token is not that of this client, or there is no such client.", schema: oauthErrorSchema },
};

const information = { 200: { description: "What is registered, without its secrets.", schema: informationSchema } };

export const readRegistrationEndpoint = endpoint(readRegistration, {
	tag: "OAuth",
	summary: "Read a client's own registration",
	tagged: true,
	description: "RFC 7592 §2.1, with the `registration_access_token` that its registration was answered with.",
	credentials: ["registration"],
	answers: { ...information, ...refusal },
});

export const replaceRegistrationEndpoint = endpoint(replaceRegistration, {
	tag: "OAuth",
	summary: "Replace a client's own registration",
	tagged: true,
	description:
		"RFC 7592 §2.2. What is left out is as if it had never been registered. `client_secret` may be sent and then has to be the " +
		"client's; a client that needs a secret from now on is answered with one.",
	credentials: ["registration"],
	body: {
		media: ["application/json"],
		schema: metadataSchema,
		example: {
			client_id: "lkid_…",
			client_name: "Weather station",
			redirect_uris: ["https://weather.example/callback"],
			token_endpoint_auth_method: "none",
		},
	},
	answers: {
		...refusal,
		...information,
		400: { description: "`invalid_redirect_uri` or `invalid_client_metadata`.", schema: oauthErrorSchema },
		409: { description: "It is changed all the time.", schema: oauthErrorSchema },
		412: { description: "`If-Match` is not its `ETag`.", schema: oauthErrorSchema },
		413: { description: "The body is larger than 16 KiB.", schema: oauthErrorSchema },
		415: { description: "Not JSON.", schema: oauthErrorSchema },
		429: { description: "Changed more than 20 times in an hour: see `Retry-After`.", schema: oauthErrorSchema },
	},
});

export const deleteRegistrationEndpoint = endpoint(deleteRegistration, {
	tag: "OAuth",
	summary: "Delete a client's own registration",
	tagged: true,
	description: "RFC 7592 §2.3. What people allowed it counts no more, within 30 seconds everywhere.",
	credentials: ["registration"],
	answers: {
		204: { description: "It is gone." },
		...refusal,
		409: { description: "It is changed all the time.", schema: oauthErrorSchema },
		412: { description: "`If-Match` is not its `ETag`.", schema: oauthErrorSchema },
	},
});
