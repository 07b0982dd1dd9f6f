import * as v from "valibot";
import { described, epochSeconds, titled } from "../../http/described.ts";
import { pairAnswer } from "../../dialects/token-pair.ts";
import type { Documentation } from "../../http/documentation.ts";
import { isProblem, maxFormBytes, onceOnly, readText } from "../../http/body.ts";
import { parseJson } from "../../http/read-json.ts";
import { json } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { type RefreshedPair, refreshPair } from "../../operations/tokens/token-pairs.ts";
import { pairError, pairErrorSchema } from "./pair-error.ts";

const bodySchema = titled(
	"RefreshPair",
	v.object({
		refresh_token: v.pipe(
			v.string("must be a string"),
			v.minLength(1, "is empty"),
			v.description("The one of the pair."),
		),
	}),
);

/**
 * `POST /v4/oauth/access_token` (contract 002), also under `/api` and under an organization, whose own the token then has
 * to be. JSON under whatever content type curl gave it, or a form.
 */
async function postAccessToken({ request, params, address, services }: Call): Promise<Response> {
	const body = await readText(request, maxFormBytes);
	if (!body.ok) return pairError(body.error.status, body.error.detail);
	const refreshToken = readRefreshToken(body.text);
	if ("problem" in refreshToken) return pairError(400, refreshToken.problem);
	const refreshed = await refreshPair(refreshToken.token, params.org ?? null, address, services);
	return refreshed.kind === "refreshed" ? json(200, pairAnswer(refreshed.pair)) : refuse(refreshed.kind);
}

function refuse(kind: Exclude<RefreshedPair["kind"], "refreshed">): Response {
	switch (kind) {
		case "unknown":
			return pairError(401, "Refresh token is not valid");
		case "expired":
			return pairError(401, "Refresh token is expired: generate new tokens");
		case "revoked":
			return pairError(401, "Refresh token is revoked: generate new tokens");
		case "elsewhere":
			return pairError(403, "Refresh token is of another organization");
	}
}

function readRefreshToken(text: string): { token: string } | { problem: string } {
	if (text.trimStart().startsWith("{")) {
		const parsed = parseJson(text, bodySchema);
		return parsed.ok ? { token: parsed.value.refresh_token } : { problem: parsed.detail };
	}
	const params = onceOnly(new URLSearchParams(text));
	const token = isProblem(params) ? undefined : params.get("refresh_token");
	return token === undefined ? { problem: "The body has to be a JSON object with refresh_token, once" } : { token };
}

const documentation: Documentation = {
	tag: "Token pairs",
	summary: "Get a new access and refresh token for a refresh token",
	description:
		"The refresh token is replaced: use the one of the answer the next time. A retry within a minute (REFRESH_REPEAT_SECONDS) gets the same one again; after that, using a replaced token ends this pair, and no other.",
	credentials: ["body"],
	body: {
		media: ["application/json"],
		schema: bodySchema,
		example: { refresh_token: "lkr_AQ…" },
	},
	answers: {
		200: {
			description: "The next pair. Instants are in epoch seconds.",
			schema: titled(
				"TokenPair",
				v.object({
					access_token: described(v.string(), "The new access token."),
					expires_at: epochSeconds("When it ends."),
					issued_at: epochSeconds("When it was made."),
					refresh_token: described(v.string(), "The refresh token that gives the next."),
					type: described(v.literal("Bearer"), "How the access token is sent."),
					scopes: described(v.array(v.string()), "`read`, `write` or `delete`."),
				}),
			),
		},
		400: { description: "The body has no refresh token.", schema: pairErrorSchema },
		401: { description: "The refresh token is not valid, has expired or is revoked.", schema: pairErrorSchema },
		413: { description: "The body is larger than 16 KiB.", schema: pairErrorSchema },
	},
};

export const postAccessTokenEndpoint = endpoint(postAccessToken, documentation);

export const postOrganizationAccessTokenEndpoint = endpoint(postAccessToken, {
	...documentation,
	answers: {
		...documentation.answers,
		403: { description: "The refresh token is of another organization.", schema: pairErrorSchema },
	},
});
