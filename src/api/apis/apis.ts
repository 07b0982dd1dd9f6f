import { nonceOf } from "../nonce-of.ts";
import { bounds } from "../../domain/bounds.ts";
import { etag, ifMatching } from "../../http/preconditions.ts";
import { problem } from "../../http/problem.ts";
import { empty, json } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { staleness } from "../../operations/lookups.ts";
import * as operations from "../../operations/apis/apis.ts";
import { type Body, bodyEndpointFor, endpointFor } from "../guard/access.ts";
import { listEndpoint } from "../list-endpoint.ts";
import { beyond, notFound } from "../refusals.ts";
import { apiSchema, createExample, createSchema, draftOf, editOf, editSchema, shown } from "./api-body.ts";
import { refuseApi } from "./refusals.ts";

const tag = "APIs";

/** `GET /v1/apis` (apis:read) */
export const listApisEndpoint = listEndpoint("apis:read", {
	tag,
	summary: "List the APIs that the account can be given something of",
	description: "Its own, and those of the whole deployment. latchkey's own API, `latchkey`, is not among them.",
	rows: "By name. `next` is null on the last page.",
	name: "ApiList",
	member: "apis",
	schema: apiSchema,
	find: async (query, { accountId }, services) => {
		const found = await operations.listApis(accountId, query, services);
		return found && { ...found, rows: found.rows.map((api) => ({ api, manages: api.accountId === accountId })) };
	},
	show: ({ api, manages }, { config }) => shown(api, manages, config.issuer),
});

/** `POST /v1/apis`: of whoever `manager` is. */
export async function createApi(
	call: Call,
	manager: operations.ApiManager,
	body: Body<typeof createSchema>,
	path: string,
	notPermitted: () => Response,
): Promise<Response> {
	const { services } = call;
	const created = await operations.createApi(draftOf(body), nonceOf(call), manager, services);
	if (created.kind !== "written") return refuseApi(created, notPermitted);
	const { api } = created;
	return json(201, shown(api, true, services.config.issuer), { location: `${path}/${api.id}`, etag: etag(api.rev) });
}

export const createDoc = {
	repeatable: true,
	body: { schema: createSchema, example: createExample },
	answers: {
		201: { description: "The API.", schema: apiSchema },
		400: { description: "`errors` names each field that is wrong, and why." },
		409: {
			description:
				"The identifier is taken, or one that differs by case or a slash; or a permission of that name is there, or an API of that " +
				`name; or there are ${bounds.apis.most}.`,
		},
	},
} as const;

export const createApiEndpoint = bodyEndpointFor(
	"apis:write",
	(call, actor, body) => createApi(call, actor, body, "/v1/apis", () => beyond("apis:write")),
	{
		tag,
		summary: "Register an API of the account",
		description:
			"A resource server that latchkey issues tokens for, and which only the account's own people can be given something of. " +
			"`description` is empty, `members` and `self_registered` are false where they are left out.",
		...createDoc,
	},
);

/** `GET /v1/apis/{id}` (apis:read) */
export const readApiEndpoint = endpointFor(
	"apis:read",
	async ({ params, services }, { accountId }) => {
		const api = await operations.findApi(params.id ?? "", accountId, services);
		if (!api) return notFound("API");
		return json(200, shown(api, api.accountId === accountId, services.config.issuer), { etag: etag(api.rev) });
	},
	{
		tag,
		summary: "Read an API",
		description: "`latchkey` is the id of latchkey's own.",
		tagged: true,
		answers: {
			200: { description: "The API.", schema: apiSchema },
			404: { description: "The account sees no such API." },
		},
	},
);

const forceParameter = {
	force: {
		description: "`true`: take the permissions that go from whatever names them.",
		schema: { type: "boolean", default: false },
	},
} as const;

/** `PATCH /v1/apis/{id}`: of whoever `manager` is. */
export async function editApi(
	{ request, url, params, services }: Call,
	manager: operations.ApiManager,
	body: Body<typeof editSchema>,
	notPermitted: () => Response,
): Promise<Response> {
	const isForced = readForce(url);
	if (isForced === null) return wrongForce();
	const edit = ifMatching(request, () => editOf(body));
	const edited = await operations.editApi(params.id ?? "", { isForced, edit }, manager, services);
	if (edited.kind !== "written") return refuseApi(edited, notPermitted);
	const { api } = edited;
	const answer = { ...shown(api, true, services.config.issuer), effective_within_seconds: staleness };
	return json(200, answer, { etag: etag(api.rev) });
}

export const editDoc = {
	tagged: true,
	description:
		"What is left out stays. A permission that is not in the list any more is removed, from the policies and clients that name it " +
		"too; tokens lose it at their next request here, and elsewhere with their own end. `identifier` and the name of a permission " +
		"never change. The edit takes up to 30 seconds to reach every check.",
	query: forceParameter,
	body: { schema: editSchema, example: { description: "What customers ordered, and when.", access_token_ttl: 300 } },
	answers: {
		200: { description: "The API, as it stands now.", schema: apiSchema },
		400: { description: "`errors` names each field that is wrong, and why." },
		409: {
			description:
				"A permission or an API of that name is there; or `policies` and `clients` name a permission that would go; or it is changed " +
				"all the time.",
		},
	},
} as const;

export const editApiEndpoint = bodyEndpointFor(
	"apis:write",
	(call, actor, body) => editApi(call, actor, body, () => beyond("apis:write")),
	{
		tag,
		summary: "Change an API of the account",
		...editDoc,
		answers: { ...editDoc.answers, 404: { description: "The account has no such API of its own." } },
	},
);

/** `DELETE /v1/apis/{id}`: of whoever `manager` is. */
export async function deleteApi(
	{ request, url, params, services }: Call,
	manager: operations.ApiManager,
	notPermitted: () => Response,
): Promise<Response> {
	const isForced = readForce(url);
	if (isForced === null) return wrongForce();
	const edit = ifMatching(request, () => ({}));
	const deleted = await operations.deleteApi(params.id ?? "", { isForced, edit }, manager, services);
	return deleted.kind === "deleted" ? empty(204) : refuseApi(deleted, notPermitted);
}

export const deleteDoc = {
	tagged: true,
	description:
		"Its permissions go from whatever names them. Within 30 seconds no token is issued for it any more; those that are out there are " +
		"good at its servers until they end.",
	query: forceParameter,
	answers: {
		204: { description: "Deleted." },
		400: { description: "`force` is neither true nor false." },
		409: { description: "`policies` and `clients` name its permissions, or it is changed all the time." },
	},
} as const;

export const deleteApiEndpoint = endpointFor(
	"apis:delete",
	(call, actor) => deleteApi(call, actor, () => beyond("apis:delete")),
	{
		tag,
		summary: "Delete an API of the account",
		...deleteDoc,
		answers: { ...deleteDoc.answers, 404: { description: "The account has no such API of its own." } },
	},
);

function readForce(url: URL): boolean | null {
	const force = url.searchParams.get("force") ?? "false";
	return force === "true" ? true : force === "false" ? false : null;
}

function wrongForce(): Response {
	return problem(400, "force is true or false.", { code: "wrong_query" });
}
