import * as v from "valibot";
import { checkedParts, findingVerdicts } from "../../domain/provider-check.ts";
import type { Call } from "../../endpoint/call.ts";
import { described, titled } from "../../http/described.ts";
import { problem } from "../../http/problem.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { json } from "../../http/reply.ts";
import type { ProviderManager } from "../../operations/people/sign-in-providers.ts";
import { testProvider } from "../../operations/people/test-provider.ts";
import { endpointForAdministrator } from "../guard/administrator.ts";
import { endpointForOperator } from "../guard/operator.ts";
import { notFound } from "../refusals.ts";

const findingSchema = titled(
	"ProviderFinding",
	v.object({
		about: described(v.picklist(checkedParts), "Which part of it."),
		verdict: described(v.picklist(findingVerdicts), "`wrong` keeps people out; a `note` keeps out nobody."),
		detail: described(v.string(), "A sentence for people."),
	}),
);

/** `POST /v1/sign-in-providers/{id}/test` */
async function test({ params, services }: Call, manager: ProviderManager): Promise<Response> {
	const tested = await testProvider(params.id ?? "", manager, services);
	switch (tested.kind) {
		case "tested": {
			const { findings } = tested;
			return json(200, { usable: findings.every(({ verdict }) => verdict !== "wrong"), findings });
		}
		case "unknown":
			return notFound("provider");
		case "limited": {
			const detail = `Providers were tested too often. Try again in ${tested.retryAfter} seconds.`;
			return problem(429, detail, { headers: rateLimitHeaders(tested) });
		}
	}
}

const doc = {
	tag: "Sign-in providers",
	description:
		"Reads its discovery document and its keys, as a sign-in would, and says what is right and what is wrong. Nothing is changed, and " +
		"whether it takes the client secret shows at a sign-in alone. Thirty times in an hour.",
	path: { id: "The provider." },
	answers: {
		200: {
			description: "What was found.",
			schema: titled(
				"ProviderTest",
				v.object({
					usable: described(v.boolean(), "Whether nothing is wrong."),
					findings: described(v.array(findingSchema), "Each thing that was looked at."),
				}),
			),
		},
		404: { description: "There is no such provider." },
		429: { description: "Tested too often; `Retry-After` says when to try again." },
	},
} as const;

export const testSignInProviderEndpoint = endpointForAdministrator(test, {
	summary: "Test a provider of the account",
	...doc,
});

export const testDeploymentProviderEndpoint = endpointForOperator(test, {
	summary: "Test a provider of the deployment",
	...doc,
});
