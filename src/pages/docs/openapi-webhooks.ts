import { testEventType, webhookEvents, webhookEventTypes } from "../../domain/webhook-event.ts";
import type { JsonSchema } from "../../http/openapi-components.ts";

/** OpenAPI 3.1 §4.8.1: what is sent, one entry for each type of event. */
export function describeWebhooks() {
	const events = webhookEventTypes.map((type) => {
		const { says, alert } = webhookEvents[type];
		return [type, { post: sent(type, says, alert === undefined ? entryData : alertData) }] as const;
	});
	const test = { post: sent(testEventType, "A test, that somebody asked for.", testData) };
	return Object.fromEntries([...events, [testEventType, test]]);
}

function sent(type: string, summary: string, data: JsonSchema) {
	const schema = object({
		type: { const: type, description: "The type of the event." },
		timestamp: { type: "string", format: "date-time", description: "When it happened." },
		data: { description: "What it is about.", ...data },
	});
	return {
		operationId: `webhook_${type.replaceAll(".", "_")}`,
		tags: ["Webhooks"] as const,
		summary,
		parameters: headers,
		requestBody: { required: true as const, content: { "application/json": { schema } } },
		responses: {
			"2XX": { description: "It is taken, and not sent again." },
			"410": { description: "Nobody is there any more: the endpoint is disabled." },
			default: { description: "It is sent again, ten times in three days. A redirect is not followed." },
		},
	};
}

const headers = [
	["webhook-id", "Names the event: the same at each try. Whoever has seen it has been told already."],
	["webhook-timestamp", "When it was sent, in epoch seconds: refuse what is older than five minutes."],
	[
		"webhook-signature",
		"`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; two, with a space, after a rotation.",
	],
].map(([name, description]) => ({
	name,
	in: "header" as const,
	required: true,
	description,
	schema: { type: "string" },
}));

const id = (description: string): JsonSchema => ({ type: "string", description });
const account = id("The account that it happened in.");
const details: JsonSchema = {
	type: "object",
	description: "Names and numbers about it; never a secret. More may come.",
	additionalProperties: { type: ["string", "number"] },
};

/** As dataOfEntry of domain/webhook-event.ts makes it. */
const entryData = object({
	account_id: account,
	actor_id: id("Who did it: a person, an API key, a client or `system`."),
	object_id: id("What it was done to: the key, access code, integration, grant, policy, environment or person."),
	details,
});

/** As dataOfAlert makes it. */
const alertData = object({
	account_id: account,
	alert_id: id("The alert, as `/v1/alerts` has it."),
	subject_id: id("Whom or what it is about: a person, an API key or an endpoint."),
	target_id: { type: ["string", "null"], description: "What of the subject: a client or an access code." },
	details,
});

const testData = object({ account_id: account, webhook_id: id("The endpoint.") });

function object(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
	return { type: "object", properties, required: Object.keys(properties) };
}
