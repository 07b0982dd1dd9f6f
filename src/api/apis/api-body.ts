import * as v from "valibot";
import type { Api, ApiPermission } from "../../domain/api.ts";
import { type ApiDraft, type ApiEdit, maxApiDescription } from "../../domain/api-draft.ts";
import { builtInApiId } from "../../domain/api.ts";
import { atMost, bounds } from "../../domain/bounds.ts";
import { accessTokenTtls } from "../../domain/client-draft.ts";
import { defined } from "../../domain/defined.ts";
import { ringAlgorithms } from "../../domain/signing-key-ring.ts";
import { described, titled } from "../../http/described.ts";

// What the JSON API says of APIs, in and out. Its rules are those of domain/api-draft.ts.

const text = (most: number) => v.pipe(v.string("is a string"), v.maxLength(most, `is longer than ${most} characters`));

const permission = {
	name: described(
		text(200),
		"A scope-token (RFC 6749 §3.3) of 1 to 100 characters, as it stands in `scope`. It never changes.",
	),
	title: described(text(200), "What whoever is asked reads: 1 to 100 printable characters, such as `See orders`."),
	description: described(text(400), `More of it, at most ${maxApiDescription} printable characters; empty for none.`),
	members: described(
		v.boolean("is true or false"),
		"Whether members of an account may do it. Administrators may do all.",
	),
	self_registered: described(
		v.boolean("is true or false"),
		"Whether software that registered itself may ask a person for it.",
	),
};

const permissionSchema = titled("ApiPermission", v.object(permission));

const permissionInput = titled(
	"ApiPermissionInput",
	v.strictObject({
		name: permission.name,
		title: permission.title,
		description: v.optional(permission.description),
		members: v.optional(permission.members),
		self_registered: v.optional(permission.self_registered),
	}),
);

const fields = {
	name: described(text(200), "What people call it: 1 to 100 printable characters, unique among the owner's."),
	description: described(text(400), `At most ${maxApiDescription} printable characters; empty for none.`),
	permissions: v.pipe(
		v.array(permissionInput, "is a list of permissions"),
		v.maxLength(bounds.apiPermissions.most, `takes ${atMost(bounds.apiPermissions)}`),
		v.description(
			"All of them: one that is left out is removed. No account sees two of one name, in whatever case, latchkey's own included.",
		),
	),
	access_token_ttl: v.nullable(
		v.pipe(
			v.number("is a number or null"),
			v.integer("is whole seconds"),
			v.minValue(accessTokenTtls.least, `is at least ${accessTokenTtls.least}`),
			v.maxValue(accessTokenTtls.most, `is at most ${accessTokenTtls.most}`),
			v.description("How many seconds access tokens for it live at most; null: as long as the client's."),
		),
	),
	access_token_signed_response_alg: v.nullable(
		described(
			v.picklist(ringAlgorithms, `is one of ${ringAlgorithms.join(", ")}`),
			"What signs access tokens for it where the client did not choose; null: what signs all others.",
		),
	),
	servers: v.pipe(
		v.array(text(512), "is a list of client IDs"),
		v.maxLength(bounds.apiServers.most, `takes ${atMost(bounds.apiServers)}`),
		v.description("The ids of the confidential clients that may ask what a credential permits here."),
	),
};

const identifier = described(
	text(600),
	"An absolute URI (RFC 8707 §2), which `resource` and `aud` name it by. None of latchkey's own, and none that differs from " +
		"another by case or a slash at the end alone. It never changes.",
);

export const createSchema = titled(
	"CreateApi",
	v.strictObject({ ...v.partial(v.strictObject(fields)).entries, identifier, name: fields.name }),
);
export const editSchema = titled("EditApi", v.partial(v.strictObject(fields)));

export const apiSchema = titled(
	"Api",
	v.object({
		id: described(v.string(), "Its id."),
		identifier,
		name: fields.name,
		description: fields.description,
		permissions: described(v.array(permissionSchema), "What can be permitted there."),
		access_token_ttl: fields.access_token_ttl,
		access_token_signed_response_alg: fields.access_token_signed_response_alg,
		servers: v.optional(described(v.array(v.string()), "The clients that serve it; for whoever manages it alone.")),
		deployment_wide: described(v.boolean(), "Whether it is of the whole deployment, and an operator's to change."),
		built_in: described(v.boolean(), "Whether it is latchkey itself, which nobody changes."),
		metadata_url: described(v.string(), "Its protected resource metadata (RFC 9728), ready to be copied."),
		effective_within_seconds: v.optional(
			described(v.number(), "Of an answer to an edit: how long others may still go by what was there before."),
		),
	}),
);

export const createExample = {
	identifier: "https://orders.example.com/v1",
	name: "Orders",
	description: "What customers ordered.",
	permissions: [
		{ name: "orders:read", title: "See orders", members: true, self_registered: true },
		{ name: "orders:write", title: "Change orders" },
	],
	access_token_ttl: 600,
};

export function draftOf(body: v.InferOutput<typeof createSchema>): ApiDraft {
	return {
		identifier: body.identifier,
		name: body.name,
		description: body.description ?? "",
		permissions: (body.permissions ?? []).map(toPermission),
		tokenTtl: body.access_token_ttl ?? null,
		algorithm: body.access_token_signed_response_alg ?? null,
		servers: body.servers ?? [],
	};
}

export function editOf(body: v.InferOutput<typeof editSchema>): ApiEdit {
	return defined({
		name: body.name,
		description: body.description,
		permissions: body.permissions?.map(toPermission),
		tokenTtl: body.access_token_ttl,
		algorithm: body.access_token_signed_response_alg,
		servers: body.servers,
	});
}

function toPermission(given: v.InferOutput<typeof permissionInput>): ApiPermission {
	const { name, title, description = "", members = false, self_registered: selfRegistered = false } = given;
	return { name, title, description, members, selfRegistered };
}

/** `manages`: whether whoever reads it is who manages it. */
export function shown(api: Api, manages: boolean, issuer: string): v.InferOutput<typeof apiSchema> {
	return {
		id: api.id,
		identifier: api.identifier,
		name: api.name,
		description: api.description,
		permissions: api.permissions.map(({ name, title, description, members, selfRegistered }) => ({
			name,
			title,
			description,
			members,
			self_registered: selfRegistered,
		})),
		access_token_ttl: api.tokenTtl,
		access_token_signed_response_alg: api.algorithm,
		...(manages && { servers: [...api.servers] }),
		deployment_wide: api.accountId === null,
		built_in: api.id === builtInApiId,
		metadata_url: metadataUrlOf(api, issuer),
	};
}

function metadataUrlOf({ id }: Pick<Api, "id">, issuer: string): string {
	return id === builtInApiId ? `${issuer}/.well-known/oauth-protected-resource` : `${issuer}/v1/apis/${id}/metadata`;
}
