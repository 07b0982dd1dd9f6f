import { curlOf } from "../../http/curl.ts";
import type { OpenapiDocument, OpenapiOperation } from "../../http/openapi.ts";
import { fieldsOf, typeOf } from "../../http/schema-fields.ts";
import type { ShownOperation } from "./subject.tsx";

/** The operations of one tag, which have a page. */
export interface Subject {
	readonly tag: string;
	readonly slug: string;
	readonly operations: readonly ShownOperation[];
}

export function subjectsOf(document: OpenapiDocument, issuer: string): readonly Subject[] {
	const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]) =>
			shown(document, issuer, method.toUpperCase(), path, operation),
		),
	);
	return document.tags.map(({ name }) => ({
		tag: name,
		slug: name.toLowerCase().replaceAll(/\W+/g, "-"),
		operations: operations.filter(({ tag }) => tag === name),
	}));
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
				// A problem has the same members everywhere: they are told once, with the errors.
				fields: first && Number(status) < 400 ? fieldsOf(first[1].schema, schemas) : [],
				example: first?.[1].example === undefined ? null : textOf(first[1].example),
			};
		}),
	};
}

function textOf(example: unknown): string {
	return typeof example === "string" ? example : JSON.stringify(example, null, 2);
}
