import * as v from "valibot";
import { described, titled } from "../../http/described.ts";
import { etag } from "../../http/preconditions.ts";
import { pageParameters, readListPage, wrongCursor } from "../../http/list-page.ts";
import { problem } from "../../http/problem.ts";
import { json } from "../../http/reply.ts";
import * as operations from "../../operations/apis/apis.ts";
import { bodyEndpointForOperator, endpointForOperator, notAnOperator } from "../guard/operator.ts";
import { next } from "../list-endpoint.ts";
import { notFound } from "../refusals.ts";
import { apiSchema, shown } from "./api-body.ts";
import { createApi, createDoc, deleteApi, deleteDoc, editApi, editDoc } from "./apis.ts";

// The APIs of the whole deployment, of which every account can be given something. They are for operators.

const tag = "Operation";
const unknown = { 404: { description: "The deployment has no such API." } };
const notPermitted = () => problem(403, notAnOperator, { code: "operator_needed" });

/** `GET /v1/deployment/apis` */
export const listDeploymentApisEndpoint = endpointForOperator(
	async ({ url, services }) => {
		const asked = readListPage(url);
		if (!asked.ok) return asked.response;
		const found = await operations.listApis(null, asked.page, services);
		if (!found) return wrongCursor();
		return json(200, { apis: found.rows.map((api) => shown(api, true, services.config.issuer)), next: found.next });
	},
	{
		tag,
		summary: "List the APIs of the whole deployment",
		query: pageParameters,
		answers: {
			200: {
				description: "By name. `next` is null on the last page.",
				schema: titled("DeploymentApiList", v.object({ apis: described(v.array(apiSchema), "A page of them."), next })),
			},
			400: { description: "A limit out of range, or a cursor that is not of this list." },
		},
	},
);

/** `POST /v1/deployment/apis` */
export const createDeploymentApiEndpoint = bodyEndpointForOperator(
	(call, operator, body) => createApi(call, operator, body, "/v1/deployment/apis", notPermitted),
	{
		tag,
		summary: "Register an API of the whole deployment",
		description:
			"Every account can be given something of it, so that none may have a permission of the same name already. `servers` are " +
			"confidential clients of any account.",
		...createDoc,
	},
);

/** `GET /v1/deployment/apis/{id}` */
export const readDeploymentApiEndpoint = endpointForOperator(
	async ({ params, services }) => {
		const api = await operations.ownApi(params.id ?? "", null, services);
		return api ? json(200, shown(api, true, services.config.issuer), { etag: etag(api.rev) }) : notFound("API");
	},
	{
		tag,
		summary: "Read an API of the whole deployment",
		tagged: true,
		answers: { 200: { description: "The API.", schema: apiSchema }, ...unknown },
	},
);

/** `PATCH /v1/deployment/apis/{id}` */
export const editDeploymentApiEndpoint = bodyEndpointForOperator(
	(call, operator, body) => editApi(call, operator, body, notPermitted),
	{
		tag,
		summary: "Change an API of the whole deployment",
		...editDoc,
		answers: { ...editDoc.answers, ...unknown },
	},
);

/** `DELETE /v1/deployment/apis/{id}` */
export const deleteDeploymentApiEndpoint = endpointForOperator(
	(call, operator) => deleteApi(call, operator, notPermitted),
	{
		tag,
		summary: "Delete an API of the whole deployment",
		...deleteDoc,
		answers: { ...deleteDoc.answers, ...unknown },
	},
);
