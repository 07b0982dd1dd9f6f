import { readBearer } from "../../http/authorization-header.ts";
import { readCredential } from "../../http/presented-credential.ts";
import { problem } from "../../http/problem.ts";
import { empty } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { twoCredentials } from "../../endpoint/guard.ts";
import { withdrawSigningKey } from "../../operations/signing/withdraw-key.ts";
import { notFound } from "../refusals.ts";

/** `DELETE /v1/signing-keys/{kid}`, for whoever runs the deployment: no account's administrator may end the tokens of others. */
async function withdraw({ request, url, params, services }: Call): Promise<Response> {
	if (readCredential(request, url).kind === "conflict") return problem(400, twoCredentials.detail);
	switch (await withdrawSigningKey(params.kid ?? "", readBearer(request), services)) {
		case "withdrawn":
			return empty(204);
		case "unknown":
			return notFound("signing key");
		case "wrong_secret":
			return problem(401, "Authenticate by the setup secret of this deployment.", {
				headers: { "www-authenticate": 'Bearer realm="latchkey"' },
			});
	}
}

export const withdrawSigningKeyEndpoint = endpoint(withdraw, {
	tag: "Operation",
	summary: "Withdraw a signing key",
	description:
		"For whoever runs the deployment, with its `SETUP_SECRET`. The key is gone from the key set at once, and its successor signs; " +
		"tokens that it signed are refused, and a login gives another. What verifies by the published keys alone goes on until its copy " +
		"of the key set ends (5 minutes).",
	credentials: ["deployment"],
	path: { kid: "The key's id, as the key set has it." },
	answers: {
		204: { description: "It is withdrawn." },
		400: { description: "Two credentials that differ." },
		401: { description: "Not the setup secret, or the deployment has none." },
		404: { description: "No key of this deployment has that id, or not any more." },
	},
});
