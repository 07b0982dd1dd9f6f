import { toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import type { Permission } from "../domain/permission.ts";
import type { Credential, Documentation, LoginOf } from "./documentation.ts";
import { longestIdempotencyKey, takesIdempotencyKey } from "./idempotency-key.ts";
import { referring } from "./named-schemas.ts";
import {
	type JsonSchema,
	limitHeaders,
	problemSchema,
	schemeOf,
	type SchemeName,
	securitySchemes,
} from "./openapi-components.ts";

/** One line of the route table. `path` has `:names`; the last may be `:name+`, which is whatever follows. */
export interface Operation {
	readonly method: string;
	readonly path: string;
	readonly doc: Documentation;
	readonly needs: Permission | null;
}

/** OpenAPI 3.1, as far as it is used here. */
export interface OpenapiDocument {
	readonly openapi: "3.1.1";
	readonly info: { readonly title: string; readonly version: string; readonly description: string };
	readonly servers: readonly { readonly url: string }[];
	readonly tags: readonly { readonly name: string }[];
	readonly paths: Readonly<Record<string, Readonly<Record<string, OpenapiOperation>>>>;
	readonly components: {
		readonly schemas: Readonly<Record<string, JsonSchema>>;
		readonly headers: typeof limitHeaders;
		readonly securitySchemes: typeof securitySchemes;
	};
}

export interface OpenapiOperation {
	readonly operationId: string;
	readonly tags: readonly [string];
	readonly summary: string;
	readonly description?: string;
	/** The permission without which it answers 403. */
	readonly "x-permission"?: Permission;
	/** Whose login token opens it, and nothing else. */
	readonly "x-login-token"?: LoginOf;
	/** One of them opens it; `{}` stands for none, or for one that is in the body. */
	readonly security: readonly Readonly<Partial<Record<SchemeName, readonly string[]>>>[];
	readonly parameters?: readonly Parameter[];
	readonly requestBody?: { readonly required: true; readonly content: Readonly<Record<string, Content>> };
	readonly responses: Readonly<
		Record<
			string,
			{
				readonly description: string;
				readonly headers?: Readonly<
					Record<string, { readonly $ref: string } | { readonly description: string; readonly schema: JsonSchema }>
				>;
				readonly content?: Readonly<Record<string, Content>>;
			}
		>
	>;
}

interface Parameter {
	readonly name: string;
	readonly in: "path" | "query" | "header";
	readonly required: boolean;
	readonly description: string;
	readonly schema: JsonSchema;
	readonly example?: string;
}

interface Content {
	readonly schema: JsonSchema;
	readonly example?: unknown;
}

/** A permission says what these may do; the others are for one thing alone. */
const scoped: readonly Credential[] = ["bearer", "access_code", "access_code_query", "last9"];

/** What the product answered to the example of an operation, or to a request that it refuses: by `METHOD /path` and status. */
export type Examples = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Of the lists of examples the first that has one counts. */
export function describeApi(
	operations: readonly Operation[],
	issuer: string,
	examples: readonly Examples[],
): OpenapiDocument {
	const schemas: Record<string, JsonSchema> = {};
	const paths: Record<string, Record<string, OpenapiOperation>> = {};
	for (const operation of operations) {
		const path = documentedPath(operation.path);
		paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(operation, schemas, examples) };
	}
	return {
		openapi: "3.1.1",
		info: { title: "latchkey", version: "1", description },
		servers: [{ url: issuer }],
		tags: [...new Set(operations.map(({ doc }) => doc.tag))].map((name) => ({ name })),
		paths,
		components: { schemas, headers: limitHeaders, securitySchemes },
	};
}

const description =
	"latchkey issues, checks and revokes credentials: OAuth tokens, login tokens and API keys. Two different credentials in one " +
	"request are refused with 400, and so is a parameter in the query of `/v1/…` that is not documented. A request is about the account of its path, else of `?account=` (a slug), else of the credential " +
	"itself. Each answer has a `Request-Id`, by which whoever runs this deployment finds it in the log. Any route may answer 503 " +
	"with `Retry-After` when something fails on our side: nothing was acknowledged, try again. One that reads a body answers 408 " +
	"where it took too long, and 400 where it broke off. " +
	"An error is a problem (RFC 9457) whose `code` never changes and whose `type` leads to a page about it, but where a standard or a " +
	"contract has its own form. Each 429 names the limit that was met in `RateLimit` and `RateLimit-Policy`. " +
	"A time is a text of RFC 3339, in UTC, but where a standard or a contract fixes a number.";

/** On every 429. */
const limitHeaderReferences = Object.fromEntries(
	Object.keys(limitHeaders).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
);

/** `schemas` gets those that have a name. */
function describe(
	operation: Operation,
	schemas: Record<string, JsonSchema>,
	examples: readonly Examples[],
): OpenapiOperation {
	const { method, path, doc, needs } = operation;
	const parameters = parametersOf(operation);
	const input = doc.body && referring(jsonSchema(doc.body.schema, "input"), schemas);
	return {
		operationId: operationId(method, path),
		tags: [doc.tag],
		summary: doc.summary,
		...(doc.description !== undefined && { description: doc.description }),
		...(needs !== null && { "x-permission": needs }),
		...(doc.login && { "x-login-token": doc.login }),
		security: securityOf(operation),
		...(parameters.length > 0 && { parameters }),
		...(doc.body && {
			requestBody: {
				required: true,
				content: Object.fromEntries(
					doc.body.media.map((media) => [media, { schema: input ?? {}, example: doc.body?.example }]),
				),
			},
		}),
		responses: responsesOf(operation, schemas, examples),
	};
}

/** Unique, as path and method are: `GET /v1/keys/:id` is `get_v1_keys_id`. */
function operationId(method: string, path: string): string {
	return [method.toLowerCase(), ...path.split(/[^A-Za-z0-9_]+/).filter((part) => part !== "")].join("_");
}

function securityOf({ doc, needs }: Operation): OpenapiOperation["security"] {
	// OpenAPI 3.1 §4.8.30: roles that are needed may stand with schemes of every type.
	return doc.credentials.map((credential) =>
		credential === "body"
			? {}
			: { [schemeOf[credential]]: needs !== null && scoped.includes(credential) ? [needs] : [] },
	);
}

function parametersOf({ method, path, doc }: Operation): readonly Parameter[] {
	const names = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
	const inPath = names.map((name) => ({
		name,
		in: "path" as const,
		required: true,
		description:
			doc.path?.[name] ?? (name === "org" ? "The account, by its slug." : `The ${name.replaceAll("_", " ")}.`),
		schema: { type: "string" },
	}));
	const inQuery = Object.entries(doc.query ?? {}).map(([name, { description: text, example, schema }]) => ({
		name,
		in: "query" as const,
		required: false,
		description: text,
		schema: schema ?? { type: "string" },
		...(example !== undefined && { example }),
	}));
	return [
		...inPath,
		...inQuery,
		...(doc.tagged && method !== "GET" ? [ifMatchParameter] : []),
		...(takesIdempotencyKey(method, path, doc) ? [idempotencyKeyParameter] : []),
	];
}

const idempotencyKeyParameter = {
	name: "Idempotency-Key",
	in: "header" as const,
	required: false,
	description:
		"What you made up for this request alone, as a UUID: sent again with it within 24 hours, by the same caller and for the same account, " +
		"it is not done again, and answered as it was, with `Idempotent-Replayed: true`. 409 while it is still running or where nobody knows " +
		"how it ended, 422 with another request.",
	schema: { type: "string", maxLength: longestIdempotencyKey + 2 },
};

const ifMatchParameter = {
	name: "If-Match",
	in: "header" as const,
	required: false,
	description:
		"RFC 9110 §13.1.1: the `ETag` that a GET answered with, for a write that is refused with 412 where somebody else has " +
		"changed it since. Left out, the write is made to whatever stands there then: what it does not name stays.",
	schema: { type: "string" },
};

const etagHeader = { ETag: { description: "Its version, to be sent as `If-Match`.", schema: { type: "string" } } };
const preconditionFailed = { 412: { description: "`If-Match` is not its `ETag`: somebody has changed it since." } };

function responsesOf(
	operation: Operation,
	schemas: Record<string, JsonSchema>,
	examples: readonly Examples[],
): OpenapiOperation["responses"] {
	const known = examplesOf(operation, examples);
	const { method, doc } = operation;
	const documented = { ...(doc.tagged && method !== "GET" && preconditionFailed), ...doc.answers };
	return Object.fromEntries(
		Object.entries<Documentation["answers"][number]>(documented).map(
			([status, { description: text, media, schema }]) => {
				const isProblem = Number(status) >= 400 && schema === undefined && media === undefined;
				const said = isProblem ? problemSchema : schema && jsonSchema(schema, "output");
				const json = said && referring(said, schemas);
				const type = media ?? (isProblem ? "application/problem+json" : "application/json");
				const content = json ?? (media !== undefined && { type: "string" });
				const headers =
					(status === "429" && { headers: limitHeaderReferences }) ||
					(doc.tagged && status === "200" && { headers: etagHeader });
				const example = known(status);
				return [
					status,
					{
						description: text,
						...headers,
						...(content && { content: { [type]: { schema: content, ...(example !== undefined && { example }) } } }),
					},
				];
			},
		),
	);
}

function examplesOf({ method, path }: Operation, examples: readonly Examples[]): (status: string) => unknown {
	const name = `${method} ${documentedPath(path)}`;
	return (status) => examples.map((each) => each[name]?.[status]).find((each) => each !== undefined);
}

function documentedPath(path: string): string {
	return path.replaceAll(/:(\w+)\+?/g, "{$1}");
}

/** What JSON Schema has no words for is left out: the description says it. */
function jsonSchema(schema: GenericSchema, typeMode: "input" | "output"): JsonSchema {
	const { $schema: _, ...rest } = toJsonSchema(schema, { typeMode, errorMode: "ignore", target: "draft-2020-12" });
	return rest;
}
