import * as v from "valibot";
import { curlOf } from "../../http/curl.ts";
import type { Documentation } from "../../http/documentation.ts";
import { describeApi, type OpenapiDocument, type OpenapiOperation, type Operation } from "../../http/openapi.ts";
import { json, page } from "../../http/reply.ts";
import { fieldsOf } from "../../http/schema-fields.ts";
import type { Endpoint } from "../../operations/call.ts";
import { docsView, type ShownOperation } from "./docs.tsx";

type Operations = () => readonly Operation[];

/** Neither has anything of anybody in it, and both change with a deploy alone. */
const cached = { "cache-control": "public, max-age=300" };

/** `GET /openapi.json`: OpenAPI 3.1, made of the route table. */
export function showOpenapi(operations: Operations): Endpoint {
	const build = once((issuer) => describeApi(operations(), issuer));
	return ({ services }) => json(200, build(services.config.issuer), cached);
}

export const openapiDoc: Documentation = {
	tag: "Discovery",
	summary: "This document",
	description: "OpenAPI 3.1. `/docs` shows it to people.",
	credentials: [],
	answers: { 200: { description: "The document.", schema: v.looseObject({ openapi: v.string() }) } },
};

/** `GET /docs`: the same document, for people. */
export function showDocs(operations: Operations): Endpoint {
	const build = once((issuer) => {
		const document = describeApi(operations(), issuer);
		return docsView({ issuer, introduction: document.info.description, groups: groupsOf(document, issuer) });
	});
	return ({ services }) => page(200, build(services.config.issuer), [], cached);
}

/** Made when it is first asked for, and kept: an isolate has one issuer. */
function once<Value>(build: (issuer: string) => Value): (issuer: string) => Value {
	let built: { issuer: string; value: Value } | null = null;
	return (issuer) => {
		if (built?.issuer !== issuer) built = { issuer, value: build(issuer) };
		return built.value;
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
	const schemes = security.flatMap((each) => Object.keys(each) as (keyof typeof each)[]);
	return {
		id,
		tag: operation.tags[0],
		method,
		path,
		summary,
		description,
		permission: operation["x-permission"] ?? null,
		credentials: [
			...schemes.map((scheme) => document.components.securitySchemes[scheme].description),
			...(security.some((each) => Object.keys(each).length === 0) ? ["The credential that the body has."] : []),
		],
		parameters: parameters.map((each) => ({ name: each.name, place: each.in, description: each.description })),
		media: content.map(([media]) => media),
		fields: content[0] ? fieldsOf(content[0][1].schema) : [],
		curl: curlOf(issuer, method, path, operation),
		answers: Object.entries(responses).map(([status, answer]) => {
			const [first] = Object.entries(answer.content ?? {});
			return {
				status,
				description: answer.description,
				media: first?.[0] ?? null,
				fields: first && Number(status) < 400 ? fieldsOf(first[1].schema) : [],
			};
		}),
	};
}
