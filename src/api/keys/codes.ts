import * as v from "valibot";
import { nonceOf } from "../nonce-of.ts";
import { writeInstant } from "../../domain/instant.ts";
import { visibleCode } from "../../crypto/access-code.ts";
import { described, titled } from "../../http/described.ts";
import { empty, json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { type Body, endpointFor, bodyEndpointFor } from "../guard/access.ts";
import * as operations from "../../operations/keys/change-code.ts";
import {
	type CodeRotated,
	createCode as create,
	listCodes as list,
	type ListedCode,
	rotateCode as rotate,
} from "../../operations/keys/create-code.ts";
import type { Services } from "../../operations/services.ts";
import { mostRotationDays } from "../../domain/code-rotation.ts";
import { findOwnKey } from "../../operations/keys/find-managed-key.ts";
import { builtInPolicy } from "../../domain/policy.ts";
import * as fields from "./fields.ts";
import { keyFileMember } from "./key-file-reply.ts";
import { beyond, conflict, notFound, overtaken } from "../refusals.ts";
import { codeSchema, keyFileSchema, showCode } from "./shapes.ts";

/** `GET /v1/keys/{id}/codes` (keys:read) */
async function listCodes({ params, services }: Call, { accountId }: Actor): Promise<Response> {
	const key = await findOwnKey(params.id ?? "", accountId, services);
	if (!key) return notFound("API key");
	return json(200, { codes: (await list(key, services)).map(showCode) });
}

const listSchema = titled(
	"AccessCodeList",
	v.object({ codes: described(v.array(codeSchema), "All of them: there are at most two.") }),
);

export const listCodesEndpoint = endpointFor("keys:read", listCodes, {
	tag: "Access codes",
	summary: "List the access codes of an API key, at most two",
	description: "A linked key has none here: its codes are the owner's.",
	answers: {
		200: { description: "The codes, without their secrets.", schema: listSchema },
		404: { description: "The account owns no such key." },
	},
});

const createSchema = titled("CreateAccessCode", v.strictObject({ description: fields.description }));
const createdSchema = titled(
	"CreatedAccessCode",
	v.object({
		...codeSchema.entries,
		secret: described(v.string(), "The access code itself, this once."),
		// Contract 004.
		key_file: v.optional(described(keyFileSchema, "Of a key of type integration: the same as a key file.")),
	}),
);

/** `POST /v1/keys/{id}/codes` (keys:write) */
async function createCode(call: Call, actor: Actor, body: Body<typeof createSchema>): Promise<Response> {
	const { params, services } = call;
	const wanted = { keyId: params.id ?? "", ...body };
	return answer(wanted.keyId, await create(wanted, nonceOf(call), actor, services), actor, services);
}

function answer(keyId: string, created: CodeRotated, actor: Actor, services: Services): Response {
	switch (created.kind) {
		case "created": {
			const { code, description, isKept, secret, key } = created;
			const hasFile = key.verdict.policies[actor.accountId]?.includes(builtInPolicy.id);
			const file = hasFile && { key_file: keyFileMember(keyId, secret, services) };
			return json(201, { ...showCode({ code, description, visible: visibleCode(secret), isKept }), secret, ...file });
		}
		case "full":
			return full(created.codes);
		case "unknown_key":
			return notFound("API key");
		case "used":
			return conflict("The access code was made, and its secret is shown no more: delete it, and create another.");
		case "unknown_code":
			return notFound("access code");
		case "beyond":
			return beyond(created.permission);
	}
}

/** Contract 003: at most two. The first of them is the one that may go first. */
function full(codes: readonly ListedCode[]): Response {
	const [first] = codes;
	const step = first?.code.enabled ? "disable it, then delete it" : "it is disabled already, so delete it";
	const named = first?.description ? `"${first.description}"` : "the older one";
	const detail = `An API key has at most two access codes. To make room, remove ${named}: ${step}.`;
	return conflict(detail, { remove: first?.code.id, codes: codes.map(inShort) });
}

function inShort({ code, description }: ListedCode) {
	return { id: code.id, description, enabled: code.enabled, expires_at: writeInstant(code.expiresAt) };
}

export const createCodeEndpoint = bodyEndpointFor("keys:write", createCode, {
	tag: "Access codes",
	repeatable: true,
	summary: "Create an access code",
	description: "Good for 365 days. The secret is in this answer, and in no list.",
	body: { schema: createSchema, example: { description: "The exporter's server" } },
	answers: {
		201: { description: "The code with its secret.", schema: createdSchema },
		400: { description: "A description that is missing or malformed." },
		403: { description: "The key may do more than the caller." },
		404: { description: "The account owns no such key." },
		409: { description: "The key has two codes; `remove` is the id of the one that may go first." },
	},
});

const daysRule = `takes 0 to ${mostRotationDays} days`;
const rotateSchema = titled(
	"RotateAccessCode",
	v.strictObject({
		description: v.optional(
			v.pipe(fields.description, v.description("What the new code is for; left out, what the old one was for.")),
		),
		ends_in_days: v.optional(
			v.pipe(
				v.number("is a number of days"),
				v.integer("takes whole days"),
				v.minValue(0, daysRule),
				v.maxValue(mostRotationDays, daysRule),
				v.description("In how many days the old code ends; 0: at once. It never lasts longer than it would have."),
			),
			7,
		),
		remove: v.optional(
			described(
				v.pipe(v.string("is the id of a code"), v.maxLength(100, "is the id of a code")),
				"The id of the key's other code, which makes room: a key has at most two. Not needed where that has expired, or the old one ends at once.",
			),
		),
	}),
);

/** `POST /v1/keys/{id}/codes/{codeId}/rotate` (keys:write; to remove the other code, keys:delete too) */
async function rotateCode(
	call: Call,
	actor: Actor,
	{ description, ends_in_days: days, remove }: Body<typeof rotateSchema>,
): Promise<Response> {
	const { params, services } = call;
	const keyId = params.id ?? "";
	const rotation = { keyId, of: params.codeId ?? "", keepFor: days * 86_400, remove: remove ?? null, description };
	const rotated = await rotate(rotation, nonceOf(call), actor, services);
	if (rotated.kind === "full") return noRoom(params.codeId, rotated.codes);
	return answer(keyId, rotated, actor, services);
}

function noRoom(rotated: string | undefined, codes: readonly ListedCode[]): Response {
	const other = codes.find(({ code }) => code.id !== rotated);
	const named = other?.description ? `"${other.description}"` : "the other one";
	const detail = `An API key has at most two access codes. Send remove for ${named} to go, or ends_in_days: 0 for this one to end at once.`;
	return conflict(detail, { remove: other?.code.id, codes: codes.map(inShort) });
}

export const rotateCodeEndpoint = bodyEndpointFor("keys:write", rotateCode, {
	tag: "Access codes",
	repeatable: true,
	summary: "Rotate an access code: create another, and the old one ends by itself",
	description:
		"One step: the new code is in this answer and good for 365 days; the old one goes on for `ends_in_days`, so that programs can be " +
		"given the new one meanwhile, and then ends. `last_used_at` of both says which is still used. Of a key that has two codes " +
		"already, `remove` (which needs `keys:delete`) has the other one go now.",
	body: { schema: rotateSchema, example: { ends_in_days: 7 } },
	answers: {
		201: { description: "The new code with its secret.", schema: createdSchema },
		400: { description: "A member that is malformed." },
		403: { description: "The key may do more than the caller, or `remove` was sent without `keys:delete`." },
		404: { description: "The key has no such code." },
		409: { description: "The key has two codes: `remove` is the id of the one that could go." },
	},
});

const editSchema = titled(
	"EditAccessCode",
	v.strictObject({
		description: v.optional(fields.description),
		enabled: v.optional(fields.enabled),
	}),
);

/** `PATCH /v1/keys/{id}/codes/{codeId}` (keys:write) */
async function editCode({ params, services }: Call, actor: Actor, body: Body<typeof editSchema>): Promise<Response> {
	const place = { keyId: params.id ?? "", codeId: params.codeId ?? "" };
	const edited = await operations.editCode(place, () => body, actor, services);
	if (edited.kind === "overtaken") return overtaken();
	const codes = edited.kind === "edited" ? await list(edited.key, services) : [];
	const code = codes.find((each) => each.code.id === place.codeId);
	return code ? json(200, showCode(code)) : notFound("access code");
}

export const editCodeEndpoint = bodyEndpointFor("keys:write", editCode, {
	tag: "Access codes",
	summary: "Edit the description of an access code, or disable or enable it",
	description: "Switching it off ends its sessions at once.",
	body: { schema: editSchema, example: { enabled: false } },
	answers: {
		200: { description: "The code, as it stands now.", schema: codeSchema },
		400: { description: "A member that is malformed." },
		404: { description: "The key has no such code." },
		409: { description: "The code is changed all the time." },
	},
});

/** `DELETE /v1/keys/{id}/codes/{codeId}` (keys:delete) */
async function deleteCode({ params, services }: Call, actor: Actor): Promise<Response> {
	const place = { keyId: params.id ?? "", codeId: params.codeId ?? "" };
	switch (await operations.deleteCode(place, actor, services)) {
		case "deleted":
			return empty(204);
		case "enabled":
			return conflict(
				'An access code must be disabled before it can be deleted: PATCH it with {"enabled": false} first.',
			);
		case "unknown":
			return notFound("access code");
	}
}

export const deleteCodeEndpoint = endpointFor("keys:delete", deleteCode, {
	tag: "Access codes",
	summary: "Delete a disabled access code",
	answers: {
		204: { description: "Deleted." },
		404: { description: "The key has no such code." },
		409: { description: "The code is enabled: disable it first." },
	},
});
