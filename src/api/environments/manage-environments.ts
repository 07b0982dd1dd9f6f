import * as v from "valibot";
import { nonceOf } from "../nonce-of.ts";
import { described, titled } from "../../http/described.ts";
import { atMost, bounds } from "../../domain/bounds.ts";
import { stageNamePattern } from "../../domain/environment.ts";
import { json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { type Body, endpointFor, bodyEndpointFor } from "../guard/access.ts";
import { listEndpoint } from "../list-endpoint.ts";
import { conflict, nameTaken, notFound, limitReached } from "../refusals.ts";
import * as operations from "../../operations/events/environments.ts";

const environmentSchema = titled(
	"Environment",
	v.object({
		id: described(v.string(), "Its id."),
		workspace: described(v.string(), "The workspace that it is in."),
		name: described(v.string(), "What it is called there."),
		enabled: described(v.boolean(), "Whether its public key sends events."),
		key_version: described(v.number(), "Raised each time the key is replaced."),
		public_key: described(v.string(), "What sends events to it, and does nothing else."),
	}),
);
const stageName = v.pipe(
	v.string("is a string"),
	v.regex(stageNamePattern, "takes 1 to 40 small letters, digits and hyphens"),
	v.metadata({ minLength: 1, maxLength: 40, description: "Small letters, digits and hyphens." }),
);
const createSchema = titled("CreateEnvironment", v.strictObject({ workspace: stageName, name: stageName }));
const changeSchema = titled(
	"ChangeEnvironment",
	v.strictObject({ enabled: described(v.boolean("is true or false"), "Whether its public key sends events.") }),
);

/** `GET /v1/environments` (environments:read) */
export const listEnvironmentsEndpoint = listEndpoint("environments:read", {
	tag: "Environments",
	summary: "List the account's environments, the disabled ones too, with their public keys",
	rows: "By workspace and name. `next` is null on the last page.",
	name: "EnvironmentList",
	member: "environments",
	schema: environmentSchema,
	find: operations.listEnvironments,
	show: shown,
});

/** `POST /v1/environments` (environments:write) */
async function createEnvironment(call: Call, actor: Actor, body: Body<typeof createSchema>): Promise<Response> {
	const outcome = await operations.createEnvironment({ id: nonceOf(call), ...body }, actor, call.services);
	if (outcome.kind === "created") return json(201, shown(outcome.environment));
	if (outcome.kind === "full") return limitReached(bounds.environments);
	const { workspace, name } = body;
	return nameTaken(`The workspace ${workspace} has an environment ${name} already.`);
}

export const createEnvironmentEndpoint = bodyEndpointFor("environments:write", createEnvironment, {
	tag: "Environments",
	repeatable: true,
	summary: "Create an environment",
	description: "A workspace is there as soon as an environment names it.",
	body: { schema: createSchema, example: { workspace: "my-workspace", name: "preview" } },
	answers: {
		201: { description: "The environment, with its public key.", schema: environmentSchema },
		400: { description: "A name that is missing or malformed." },
		409: {
			description: `The workspace has an environment of that name, or the account ${atMost(bounds.environments)}.`,
		},
	},
});

/** `PATCH /v1/environments/{id}` (environments:write) */
async function changeEnvironment(
	{ params, services }: Call,
	actor: Actor,
	body: Body<typeof changeSchema>,
): Promise<Response> {
	const changed = await operations.switchEnvironment(params.id ?? "", body.enabled, actor, services);
	return changed ? json(200, shown(changed)) : notFound("environment");
}

export const changeEnvironmentEndpoint = bodyEndpointFor("environments:write", changeEnvironment, {
	tag: "Environments",
	summary: "Disable an environment, or enable it again",
	description: "Events with the public key of an environment that is off are refused within 30 seconds.",
	body: { schema: changeSchema, example: { enabled: false } },
	answers: {
		200: { description: "The environment as it is now.", schema: environmentSchema },
		400: { description: "A body that is malformed." },
		404: { description: "The account has no such environment." },
	},
});

/** `POST /v1/environments/{id}/rotate_key` (environments:write); it has no body. */
async function rotateKey({ params, services }: Call, actor: Actor): Promise<Response> {
	const outcome = await operations.rotatePublicKey(params.id ?? "", null, actor, services);
	switch (outcome.kind) {
		case "rotated":
			return json(200, shown(outcome.environment));
		case "unknown":
			return notFound("environment");
		case "used_up":
			return conflict("This environment's key was replaced as often as it can be. Create another environment.");
	}
}

export const rotateKeyEndpoint = endpointFor("environments:write", rotateKey, {
	tag: "Environments",
	summary: "Replace the public key of an environment",
	description: "The answer has the new key, good at once. The old key stops working within 30 seconds.",
	answers: {
		200: { description: "The environment with its new public key.", schema: environmentSchema },
		404: { description: "The account has no such environment." },
		409: { description: "The key was replaced 65,534 times." },
	},
});

function shown({ id, workspace, name, enabled, keyVersion, publicKey }: operations.OpenEnvironment) {
	return { id, workspace, name, enabled, key_version: keyVersion, public_key: publicKey };
}
