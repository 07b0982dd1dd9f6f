import * as v from "valibot";
import { described, titled } from "../../http/described.ts";
import { curlOf } from "../../http/curl.ts";
import { describeApi, type Examples, type OpenapiDocument, type OpenapiOperation } from "../../http/openapi.ts";
import { json, page } from "../../http/reply.ts";
import { fieldsOf, typeOf } from "../../http/schema-fields.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { docsView, type ShownOperation } from "./docs.tsx";

/** Neither has anything of anybody in it, and both change with a deploy alone. */
const cached = { "cache-control": "public, max-age=300" };

/** From runs of the product (test/protocol/openapi, inert-refusals; test/unit/rare-refusals). */
const exampleFiles = ["answers", "refusals", "rare"];

const openapi = kept(async ({ api, services: { config, readStatic } }) => {
	const examples = exampleFiles.map(async (name): Promise<Examples> =>
		JSON.parse(await readStatic(`examples/${name}.json`)),
	);
	return describeApi(await api.operations(), config.issuer, await Promise.all(examples));
});

/** `GET /openapi.json`: OpenAPI 3.1, made of the route table. */
async function showOpenapi(call: Call): Promise<Response> {
	return json(200, await openapi(call), cached);
}

const documentSchema = titled("OpenAPI", v.looseObject({ openapi: described(v.string(), "The version of OpenAPI.") }));

export const openapiEndpoint = endpoint(showOpenapi, {
	tag: "Discovery",
	summary: "This document",
	description: "OpenAPI 3.1. `/docs` shows it to people.",
	credentials: [],
	answers: { 200: { description: "The document.", schema: documentSchema } },
});

const docs = kept(async (call) => {
	const { issuer, brand } = call.services.config;
	const document = await openapi(call);
	return docsView({
		shell: { brand },
		issuer,
		introduction: document.info.description,
		groups: groupsOf(document, issuer),
	});
});

/** `GET /docs`: the same document, for people. */
export async function docsPage(call: Call): Promise<Response> {
	return page(200, await docs(call), cached);
}

/** Made when it is first asked for, and kept: an isolate has one issuer. */
function kept<Value>(build: (call: Call) => Promise<Value>): (call: Call) => Promise<Value> {
	let built: { issuer: string; value: Value } | null = null;
	return async (call) => {
		const { issuer } = call.services.config;
		if (built?.issuer === issuer) return built.value;
		const value = await build(call);
		// Not the promise: one request does not wait for what another does.
		built = { issuer, value };
		return value;
	};
}

function groupsOf(document: OpenapiDocument, issuer: string) {
	const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]) =>
			shown(document, issuer, method.toUpperCase(), path, operation),
		),
	);
	return document.tags.map(({ name }) => ({ tag: name, operations: operations.filter(({ tag }) => tag === name) }));
}

function shown(
	document: OpenapiDocument,
	issuer: string,
	method: string,
	path: string,
	operation: OpenapiOperation,
): ShownOperation {
	const { operationId: id, summary, description = null, security, parameters = [], requestBody, responses } = operation;
	const content = Object.entries(requestBody?.content ?? {});
	const { schemas } = document.components;
	const schemes = security.flatMap((each) => Object.keys(each) as (keyof typeof each)[]);
	return {
		id,
		tag: operation.tags[0],
		method,
		path,
		summary,
		description,
		permission: operation["x-permission"] ?? null,
		login: operation["x-login-token"] ?? null,
		credentials: [
			...schemes.map((scheme) => document.components.securitySchemes[scheme].description),
			...(security.some((each) => Object.keys(each).length === 0) ? ["The credential that the body has."] : []),
		],
		parameters: parameters.map((each) => ({
			name: each.name,
			place: each.in,
			type: typeOf(each.schema, schemas),
			description: each.description,
		})),
		media: content.map(([media]) => media),
		fields: content[0] ? fieldsOf(content[0][1].schema, schemas) : [],
		curl: curlOf(issuer, method, path, operation),
		answers: Object.entries(responses).map(([status, answer]) => {
			const [first] = Object.entries(answer.content ?? {});
			return {
				status,
				description: answer.description,
				media: first?.[0] ?? null,
				fields: first && Number(status) < 400 ? fieldsOf(first[1].schema, schemas) : [],
				example: first?.[1].example === undefined ? null : JSON.stringify(first[1].example, null, 2),
			};
		}),
	};
}
