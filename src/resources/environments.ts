import { makePublicKey } from "../crypto/public-key.ts";
import { json } from "../http/reply.ts";
import type { Call } from "../operations/call.ts";
import { requireToken } from "./require-token.ts";

/** `GET /oauth/environments` (contract 000): a bare array of the account's environments with their public keys. */
export async function environments(call: Call): Promise<Response> {
	const facts = await requireToken(call, "environments:read");
	if (facts instanceof Response) return facts;
	const { register, serverKeys } = call.services;
	const found = await register.environments(facts.accountId);
	return json(
		200,
		await Promise.all(
			found.map(async ({ id, workspace, name, keyVersion }) => ({
				workspaceId: workspace,
				environmentId: name,
				apiKey: await makePublicKey(id, keyVersion, serverKeys),
			})),
		),
	);
}
