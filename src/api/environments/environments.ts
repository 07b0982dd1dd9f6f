import * as v from "valibot";
import type { PresentedToken } from "../../domain/dpop-proof.ts";
import { described, titled } from "../../http/described.ts";
import { oauthErrorSchema } from "../../http/oauth-error-schema.ts";
import { json } from "../../http/reply.ts";
import { openEnvironments } from "../../operations/events/environments.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import {
	asOAuthError,
	behind,
	type Guard,
	inAuthorization,
	insufficientScope,
	refusedToken,
} from "../../endpoint/guard.ts";
import { checkToken } from "../../operations/checks/check-token.ts";
import type { TokenFacts } from "../../operations/signing/token-facts.ts";

const permission = "environments:read";

const accessToken: Guard<TokenFacts, PresentedToken> = {
	scope: permission,
	form: asOAuthError,
	read: inAuthorization("Send an access token as Authorization: Bearer"),
	async check(token, { url, services }) {
		const checked = await checkToken(token, url.pathname, services);
		if (checked.kind !== "valid") return refusedToken(checked);
		const isPermitted = checked.facts.scope.includes(permission);
		return isPermitted
			? { kind: "admitted", who: checked.facts }
			: insufficientScope(`This needs the permission ${permission}`);
	},
};

/** `GET /oauth/environments` (contract 000): a bare array of the account's environments with their public keys. */
async function environments({ services }: Call, { accountId }: TokenFacts): Promise<Response> {
	const found = await openEnvironments(accountId, services);
	return json(
		200,
		found.map(({ workspace, name, publicKey }) => ({ workspaceId: workspace, environmentId: name, apiKey: publicKey })),
	);
}

export const environmentsEndpoint = endpoint(
	behind(accessToken, environments),
	{
		tag: "Environments",
		summary: "List the environments that events can be sent to, with their public keys",
		description:
			"A bare array. `apiKey` is a public key: it sends events to its one environment, and does nothing else.",
		credentials: ["bearer"],
		answers: {
			200: {
				description: "The account's environments.",
				schema: v.array(
					titled(
						"EnvironmentKey",
						v.object({
							workspaceId: described(v.string(), "The workspace."),
							environmentId: described(v.string(), "The environment in it."),
							apiKey: described(v.string(), "Its public key."),
						}),
					),
				),
			},
			400: { description: "Two credentials that differ.", schema: oauthErrorSchema },
			401: { description: "RFC 6750 §3.1", schema: oauthErrorSchema },
			403: { description: "`insufficient_scope`", schema: oauthErrorSchema },
		},
	},
	permission,
);
