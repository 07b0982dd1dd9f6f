import * as v from "valibot";
import { nonceOf } from "../nonce-of.ts";
import { described, titled } from "../../http/described.ts";
import { bounds } from "../../domain/bounds.ts";
import { builtInPolicy } from "../../domain/policy.ts";
import type { Policy } from "../../domain/policy.ts";
import { etag, ifMatching, preconditionFailed } from "../../http/preconditions.ts";
import { fieldProblem, problem } from "../../http/problem.ts";
import { empty, json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { type Body, endpointFor, bodyEndpointFor } from "../guard/access.ts";
import { narrowedListEndpoint } from "../list-endpoint.ts";
import { staleness } from "../../operations/lookups.ts";
import * as operations from "../../operations/keys/policies.ts";
import * as fields from "./fields.ts";
import { beyond, conflict, nameTaken, notFound, overtaken, limitReached, inUse } from "../refusals.ts";

const policySchema = titled(
	"Policy",
	v.object({
		id: described(v.string(), "Its id."),
		name: described(v.string(), "What people call it."),
		description: described(v.string(), "What it is for."),
		permissions: described(v.array(v.string()), "What it permits."),
		built_in: described(v.boolean(), "Whether it is latchkey's own, which nobody changes."),
		effective_within_seconds: v.optional(
			described(v.number(), "Of an answer to an edit: how long checks may still go by what was there before."),
		),
	}),
);
/** `GET /v1/policies` (keys:read) */
export const listPoliciesEndpoint = narrowedListEndpoint("keys:read", {
	tag: "Policies",
	summary: "List the account's policies",
	description: "The built-in policy `integration` is not among them: nobody gives it to a key.",
	rows: "By name, unless another order is asked for. `next` is null on the last page.",
	name: "PolicyList",
	member: "policies",
	schema: policySchema,
	shape: operations.policyList,
	find: (query, { accountId }, services) => operations.listPolicies(accountId, query, services),
	show: show,
});

const createSchema = titled(
	"CreatePolicy",
	v.strictObject({
		name: fields.name,
		description: fields.description,
		permissions: fields.permissionList,
	}),
);

/** `POST /v1/policies` (keys:write) */
async function createPolicy(call: Call, actor: Actor, body: Body<typeof createSchema>): Promise<Response> {
	const written = await operations.createPolicy(body, nonceOf(call), actor, call.services);
	if (written.kind !== "written") return refuse(written);
	return json(201, show(written.policy), { location: `/v1/policies/${written.policy.id}` });
}

export const createPolicyEndpoint = bodyEndpointFor("keys:write", createPolicy, {
	tag: "Policies",
	repeatable: true,
	summary: "Create a policy: a named, described set of permissions",
	description:
		"Permissions of latchkey and of the APIs that the account sees, each by its name. A permission of an API is given by whoever has " +
		"it: a person by their role now, a key by its policies, a client by its own scope.",
	body: {
		schema: createSchema,
		example: {
			name: "Read metrics",
			description: "Search events and alerts.",
			permissions: ["events:read", "alerts:read"],
		},
	},
	answers: {
		201: { description: "The policy.", schema: policySchema },
		400: { description: "A member that is missing or malformed, or a name that is no permission here." },
		403: { description: "A permission that the caller does not have." },
		409: { description: `The account has a policy of this name, or ${bounds.policies.most} policies.` },
	},
});

/** `GET /v1/policies/{id}` (keys:read) */
async function readPolicy({ params, services }: Call, { accountId }: Actor): Promise<Response> {
	const policy = await operations.findPolicy(params.id ?? "", accountId, services);
	return policy ? json(200, show(policy), { etag: etag(policy.rev) }) : notFound("policy");
}

export const readPolicyEndpoint = endpointFor("keys:read", readPolicy, {
	tag: "Policies",
	summary: "Read a policy",
	tagged: true,
	answers: {
		200: { description: "The policy.", schema: policySchema },
		404: { description: "The account has no such policy." },
	},
});

const editSchema = titled(
	"EditPolicy",
	v.strictObject({
		name: v.optional(fields.name),
		description: v.optional(fields.description),
		permissions: v.optional(fields.permissionList),
	}),
);

/** `PATCH /v1/policies/{id}` (keys:write) */
async function editPolicy(
	{ request, params, services }: Call,
	actor: Actor,
	body: Body<typeof editSchema>,
): Promise<Response> {
	const edit = ifMatching(request, () => body);
	const written = await operations.editPolicy(params.id ?? "", edit, actor, services);
	if (written.kind !== "written") return refuse(written);
	const { policy } = written;
	return json(200, { ...show(policy), effective_within_seconds: staleness }, { etag: etag(policy.rev) });
}

export const editPolicyEndpoint = bodyEndpointFor("keys:write", editPolicy, {
	tag: "Policies",
	summary: "Edit a policy",
	tagged: true,
	description: "What is left out stays. The edit takes up to 30 seconds to reach every check.",
	body: { schema: editSchema, example: { permissions: ["events:read"] } },
	answers: {
		200: { description: "The policy, as it stands now.", schema: policySchema },
		400: { description: "A member that is malformed, or a name that is no permission here." },
		403: { description: "A permission that the caller does not have." },
		404: { description: "The account has no such policy." },
		409: {
			description: "The account has another policy of this name, or this one is built in, or is changed all the time.",
		},
	},
});

/** `DELETE /v1/policies/{id}` (keys:delete), with `?force=true` for one that keys use. */
async function deletePolicy({ request, params, url, services }: Call, actor: Actor): Promise<Response> {
	const force = url.searchParams.get("force") ?? "false";
	if (force !== "true" && force !== "false") return problem(400, "force is true or false.", { code: "wrong_query" });
	const isForced = force === "true";
	const edit = ifMatching(request, () => ({}));
	const deleted = await operations.deletePolicy(params.id ?? "", { isForced, edit }, actor, services);
	switch (deleted.kind) {
		case "deleted":
			return empty(204);
		case "unknown":
			return notFound("policy");
		case "built_in":
			return refuse({ kind: "built_in" });
		case "stale":
			return preconditionFailed();
		case "overtaken":
			return overtaken();
		case "in_use": {
			const names = deleted.keys.map(({ name }) => name).join(", ");
			const detail = `Keys use this policy, and would lose what it permits: ${names}. To delete it all the same, send force=true.`;
			return inUse(detail, { keys: deleted.keys });
		}
	}
}

export const deletePolicyEndpoint = endpointFor("keys:delete", deletePolicy, {
	tag: "Policies",
	summary: "Delete a policy",
	tagged: true,
	description: "Within 30 seconds it permits nothing any more.",
	query: {
		force: { description: "`true`: delete it though keys use it.", schema: { type: "boolean", default: false } },
	},
	answers: {
		204: { description: "Deleted." },
		400: { description: "`force` is neither true nor false." },
		404: { description: "The account has no such policy." },
		409: { description: "Keys use it (`keys` names them), or the policy is built in." },
	},
});

function show({ id, name, description, permissions }: Policy): v.InferOutput<typeof policySchema> {
	return { id, name, description, permissions: [...permissions], built_in: id === builtInPolicy.id };
}

function refuse(refusal: Exclude<operations.PolicyWritten, { kind: "written" }>): Response {
	switch (refusal.kind) {
		case "unknown":
			return notFound("policy");
		case "name_taken":
			return nameTaken("The account has a policy of this name already.");
		case "full":
			return limitReached(bounds.policies);
		case "built_in":
			return conflict("This policy is built in, and can be neither edited nor deleted: make one of your own instead.");
		case "beyond":
			return beyond(refusal.permission);
		case "unknown_permission": {
			const detail = `${refusal.permission} is no permission of latchkey's, nor of an API that this account sees.`;
			return fieldProblem("wrong_members", "permissions", detail, `permissions: ${detail}`);
		}
		case "stale":
			return preconditionFailed();
		case "overtaken":
			return overtaken();
	}
}
