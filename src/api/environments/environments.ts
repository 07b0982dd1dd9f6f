import * as v from "valibot";
import type { Documentation } from "../../http/documentation.ts";
import { json } from "../../http/reply.ts";
import { openEnvironments } from "../../operations/events/environments.ts";
import type { Call } from "../../operations/call.ts";
import { requireToken } from "../guard/require-token.ts";

/** `GET /oauth/environments` (contract 000): a bare array of the account's environments with their public keys. */
export async function environments(call: Call): Promise<Response> {
	const facts = await requireToken(call, "environments:read");
	if (facts instanceof Response) return facts;
	const found = await openEnvironments(facts.accountId, call.services);
	return json(
		200,
		found.map(({ workspace, name, publicKey }) => ({ workspaceId: workspace, environmentId: name, apiKey: publicKey })),
	);
}

const errorSchema = v.object({ error: v.string(), error_description: v.string() });

export const environmentsDoc: Documentation = {
	tag: "Environments",
	summary: "List the environments that events can be sent to, with their public keys",
	description: "A bare array. `apiKey` is a public key: it sends events to its one environment, and does nothing else.",
	credentials: ["bearer"],
	permission: "environments:read",
	answers: {
		200: {
			description: "The account's environments.",
			schema: v.array(v.object({ workspaceId: v.string(), environmentId: v.string(), apiKey: v.string() })),
		},
		401: { description: "RFC 6750 §3.1", schema: errorSchema },
		403: { description: "`insufficient_scope`", schema: errorSchema },
	},
};
