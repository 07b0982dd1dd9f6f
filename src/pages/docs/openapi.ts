import * as v from "valibot";
import { described, titled } from "../../http/described.ts";
import { describeApi, type Examples } from "../../http/openapi.ts";
import { json } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { cached, kept } from "./kept.ts";
import { describeWebhooks } from "./openapi-webhooks.ts";

/** From runs of the product (test/protocol/openapi, inert-refusals; test/unit/rare-refusals). */
const exampleFiles = ["answers", "refusals", "rare"];

export const openapi = kept(async ({ api, services: { config, readStatic } }) => {
	const examples = exampleFiles.map(async (name): Promise<Examples> =>
		JSON.parse(await readStatic(`examples/${name}.json`)),
	);
	const document = describeApi(await api.operations(), config.issuer, await Promise.all(examples));
	return { ...document, webhooks: describeWebhooks() };
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
