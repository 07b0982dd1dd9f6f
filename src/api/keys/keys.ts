import * as v from "valibot";
import { nonceOf } from "../nonce-of.ts";
import { writeInstant } from "../../domain/instant.ts";
import { described, titled } from "../../http/described.ts";
import { bounds } from "../../domain/bounds.ts";
import { keyFileFormats } from "../../dialects/key-file.ts";
import { etag, ifMatch, preconditionFailed } from "../../http/preconditions.ts";
import { problem } from "../../http/problem.ts";
import { readJson } from "../../http/read-json.ts";
import { empty, json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { type Body, endpointFor, bodyEndpointFor } from "../guard/access.ts";
import { narrowedListEndpoint } from "../list-endpoint.ts";
import { createKey as create } from "../../operations/keys/create-key.ts";
import { findManagedKey, type ManagedKey } from "../../operations/keys/find-managed-key.ts";
import { keyList, listKeys } from "../../operations/keys/list-keys.ts";
import * as operations from "../../operations/keys/manage-key.ts";
import * as fields from "./fields.ts";
import { expiryPast, limitsSchema, readLimits } from "./limits.ts";
import { keyFileMember, keyFileReply } from "./key-file-reply.ts";
import { beyond, conflict, nameTaken, notFound, overtaken, limitReached } from "../refusals.ts";
import { refusePolicies } from "./refusals.ts";
import { keyFileSchema, keySchema, revealedSchema, showKey, showKeyNow } from "./shapes.ts";

/** `GET /v1/keys` (keys:read) */
export const listKeysEndpoint = narrowedListEndpoint("keys:read", {
	tag: "API keys",
	summary: "List the account's API keys, its own and linked ones",
	description:
		"Search, filters and orders are those of the console. Where several filters each find more than 1,000 keys, a page may have fewer " +
		"keys than `limit`, or none, and yet not be the last.",
	rows: "By name, unless another order is asked for. `next` is null on the last page.",
	name: "ApiKeyList",
	member: "keys",
	schema: keySchema,
	shape: keyList,
	find: (query, { accountId }, services) => listKeys(accountId, query, services),
	show: showKey,
});

const createSchema = titled(
	"CreateApiKey",
	v.strictObject({
		name: fields.name,
		tags: v.optional(fields.tags, []),
		policies: v.optional(fields.policies, []),
		type: v.optional(fields.type, "standard"),
		limits: v.optional(described(limitsSchema, "What its use is limited to; left out: nothing.")),
	}),
);

const createdSchema = titled(
	"CreatedApiKey",
	v.object({
		...keySchema.entries,
		code: v.optional(described(revealedSchema, "Of a key of type integration: its first access code.")),
		// Contract 004.
		key_file: v.optional(described(keyFileSchema, "The same as a key file.")),
	}),
);

/** `POST /v1/keys` (keys:write), with `?format=json` or `csv` for the key file alone. */
async function createKey(call: Call, actor: Actor): Promise<Response> {
	const { request, url, services } = call;
	const format = readFormat(url);
	if (format === "unknown") return problem(400, "format is json or csv.", { code: "wrong_query" });
	const body = await readJson(request, createSchema);
	if (!body.ok) return body.response;
	if (format !== null && body.value.type !== "integration") {
		return problem(400, "Only a key of type integration has a key file.");
	}
	const { limits, ...wanted } = body.value;
	const given = limits ? readLimits(limits, services) : null;
	if (given === "past") return expiryPast();
	const created = await create({ ...wanted, limits: given }, nonceOf(call), actor, services);
	switch (created.kind) {
		case "created": {
			const { key, code } = created;
			if (code && format !== null) return keyFileReply(201, key.row, code.secret, format, services);
			const { id } = key.row;
			const made = code && {
				code: { id: code.code.id, secret: code.secret, expires_at: writeInstant(code.code.expiresAt) },
				key_file: keyFileMember(id, code.secret, services),
			};
			return json(201, { ...showKey(key), ...made }, { location: `/v1/keys/${id}` });
		}
		case "name_taken":
			return taken();
		case "full":
			return limitReached(bounds.keys);
		case "used":
			return conflict("The key was deleted while it was being made: create it again.");
		case "beyond":
			return beyond(created.permission);
		case "unknown_policy":
			return refusePolicies(created);
	}
}

export const createKeyEndpoint = endpointFor("keys:write", createKey, {
	tag: "API keys",
	repeatable: true,
	summary: "Create an API key",
	description:
		"A key without a policy opens nothing. Type `integration` has the built-in policy (events:read, alerts:read) and " +
		"comes with its first access code, as a key file.",
	query: {
		format: {
			description: "Answer with the key file alone, as a download.",
			schema: { type: "string", enum: keyFileFormats },
		},
	},
	body: {
		media: ["application/json"],
		schema: createSchema,
		example: { name: "Metrics export", tags: ["metrics"], policies: [], type: "standard" },
	},
	answers: {
		201: { description: "The key. A secret is shown this once.", schema: createdSchema },
		400: { description: "A member that is missing or malformed, or a policy that is not of the account." },
		403: { description: "A policy that permits more than the caller may do." },
		409: { description: "The account has a key of this name." },
	},
});

/** `GET /v1/keys/{id}` (keys:read) */
async function readKey({ params, services }: Call, { accountId }: Actor): Promise<Response> {
	const key = await findManagedKey(params.id ?? "", accountId, services);
	return key ? json(200, showKeyNow(key, services.now()), { etag: tagOf(key) }) : notFound("API key");
}

export const readKeyEndpoint = endpointFor("keys:read", readKey, {
	tag: "API keys",
	summary: "Read an API key, own or linked",
	tagged: true,
	answers: {
		200: { description: "The key, as it stands now.", schema: keySchema },
		404: { description: "The account has no such key." },
	},
});

const editSchema = titled(
	"EditApiKey",
	v.strictObject({
		name: v.optional(fields.name),
		tags: v.optional(fields.tags),
		policies: v.optional(fields.policies),
		enabled: v.optional(fields.enabled),
		limits: v.optional(
			described(v.nullable(limitsSchema), "All of its limits: they take the place of what it had; null: none."),
		),
	}),
);

/** `PATCH /v1/keys/{id}` (keys:write) */
async function editKey(
	{ request, params, services }: Call,
	actor: Actor,
	body: Body<typeof editSchema>,
): Promise<Response> {
	const isFor = ifMatch(request);
	const onlyAsRead = request.headers.has("if-match");
	const { limits: said, ...others } = body;
	const limits = said ? readLimits(said, services) : said;
	if (limits === "past") return expiryPast();
	const edit = (key: ManagedKey) => (isFor(tagOf(key)) ? { ...others, limits, onlyAsRead } : "stale");
	const edited = await operations.editKey(params.id ?? "", edit, actor, services);
	switch (edited.kind) {
		case "edited":
			return json(200, showKeyNow(edited.key, services.now()), { etag: tagOf(edited.key) });
		case "unknown":
			return notFound("API key");
		case "name_taken":
			return taken();
		case "stale":
			return preconditionFailed();
		case "overtaken":
			return overtaken();
		case "beyond":
		case "unknown_policy":
			return refusePolicies(edited);
	}
}

/** Its name and tags are the register's, all else is its ledger's. */
function tagOf({ row, verdict }: ManagedKey): string {
	return etag(row.rev, verdict.rev);
}

export const editKeyEndpoint = bodyEndpointFor("keys:write", editKey, {
	tag: "API keys",
	summary: "Edit an API key of the account's own",
	tagged: true,
	description:
		"What is left out stays. Disabling a key ends its sessions at once, everywhere. The built-in policy of type " +
		"integration cannot be taken away. `limits` limit its use beside its codes, in every account: they are looked at each time a code is " +
		"shown to latchkey or verified, and told by that. A login token that it got before is good to its end, but not after the key's. A linked key is edited under `/v1/links`.",
	body: { schema: editSchema, example: { tags: ["metrics", "nightly"], enabled: false } },
	answers: {
		200: { description: "The key, as it stands now.", schema: keySchema },
		400: { description: "A member that is malformed, or a policy that is not of the account." },
		403: { description: "A policy that permits more than the caller may do." },
		404: { description: "The account owns no such key." },
		409: { description: "The account has another key of this name, or this one is changed all the time." },
	},
});

/** `DELETE /v1/keys/{id}` (keys:delete) */
async function deleteKey({ request, params, services }: Call, actor: Actor): Promise<Response> {
	const isFor = request.headers.has("if-match") ? ifMatch(request) : null;
	const edit = isFor && ((key: ManagedKey) => (isFor(tagOf(key)) ? {} : "stale"));
	const deleted = await operations.deleteKey(params.id ?? "", edit, actor, services);
	if (deleted === "stale") return preconditionFailed();
	return deleted === "deleted" ? empty(204) : notFound("API key");
}

export const deleteKeyEndpoint = endpointFor("keys:delete", deleteKey, {
	tag: "API keys",
	summary: "Delete an API key of the account's own",
	tagged: true,
	description: "It cannot be undone. Its access codes and every link to it stop working with the next request.",
	answers: { 204: { description: "Deleted." }, 404: { description: "The account owns no such key." } },
});

function readFormat(url: URL): (typeof keyFileFormats)[number] | "unknown" | null {
	const format = url.searchParams.get("format");
	return format === null ? null : (keyFileFormats.find((each) => each === format) ?? "unknown");
}

function taken(): Response {
	return nameTaken("The account has an API key of this name already.");
}
