import * as v from "valibot";
import { liveSecrets } from "../../domain/client-change.ts";
import {
	accessTokenTtls,
	authenticationOf,
	type ClientDraft,
	maxDescription,
	toDraft,
} from "../../domain/client-draft.ts";
import type { FieldProblem } from "../../domain/client-option-problems.ts";
import { authentications, type Client, managesItself, alwaysNeedsPkce } from "../../domain/client.ts";
import { identityScopes } from "../../domain/identity.ts";
import { permissions } from "../../domain/permission.ts";
import type { Seconds } from "../../domain/brands.ts";
import { maxRedirectUris } from "../../domain/redirect-problems.ts";
import { problem } from "../../http/problem.ts";
import { optionMembers, readOptions, shownOptions } from "./option-members.ts";

// What the JSON API says of integrations, in and out. Rules that JSON Schema has no words for (redirect URLs, SVG, what
// goes with what) are those of domain/client-draft.ts.

const scopeNames = [...Object.keys(permissions), ...Object.keys(identityScopes)] as [string, ...string[]];

const fields = {
	name: v.pipe(v.string("is a string"), v.minLength(1, "is empty"), v.maxLength(200, "is too long")),
	description: v.pipe(v.string("is a string"), v.maxLength(maxDescription * 2, "is too long")),
	/** SVG source, or null for none. */
	logo_svg: v.nullable(v.string("is a string or null")),
	redirect_urls: v.pipe(
		v.array(v.string("is a string"), "is a list of URLs"),
		v.minLength(1, "has at least one URL"),
		v.maxLength(maxRedirectUris, `has at most ${maxRedirectUris} URLs`),
	),
	scopes: v.array(v.picklist(scopeNames, "is no permission"), "is a list of permissions"),
	rotation: v.picklist(["keep", "rotate"], "is keep or rotate"),
	access_token_ttl: v.pipe(
		v.number("is a number"),
		v.integer("is whole seconds"),
		v.minValue(accessTokenTtls.least, `is at least ${accessTokenTtls.least}`),
		v.maxValue(accessTokenTtls.most, `is at most ${accessTokenTtls.most}`),
	),
	acts_for_itself: v.boolean("is true or false"),
	...optionMembers,
};

export const createSchema = v.strictObject({
	...v.partial(v.object(fields)).entries,
	name: fields.name,
	redirect_urls: fields.redirect_urls,
	scopes: fields.scopes,
	kind: v.optional(v.picklist(["integration", "application"], "is integration or application")),
	client_type: v.optional(v.picklist(["confidential", "public"], "is confidential or public")),
	authentication: v.optional(v.picklist(authentications, `is one of ${authentications.join(", ")}`)),
});

export const changeSchema = v.partial(v.strictObject(fields));

const state = v.picklist(["active", "ended"]);

export const listedSchema = v.object({
	client_id: v.string(),
	name: v.string(),
	description: v.string(),
	kind: v.picklist(["integration", "application"]),
	client_type: v.picklist(["confidential", "public"]),
	redirect_urls: v.array(v.string()),
	scopes: v.array(v.string()),
	rotation: fields.rotation,
	access_token_ttl: v.number(),
	acts_for_itself: v.boolean(),
	authentication: v.picklist(authentications),
	...optionMembers,
	/** Null where it has no logo. */
	logo_url: v.nullable(v.string()),
	/** Where people install it; null for an application, which sends them to /oauth/authorize itself. */
	install_url: v.nullable(v.string()),
	/** Newest first. Epoch seconds; null while nothing has replaced it. */
	secrets: v.array(v.object({ expires_at: v.nullable(v.number()) })),
	/** Whether it can change its own registration (RFC 7592): it has a registration access token. */
	manages_itself: v.boolean(),
	state,
});

export const integrationSchema = v.object({
	...listedSchema.entries,
	/** Grants that are not known to have ended, and the accounts that they are in. Without those whose code waits. */
	installs: v.object({ grants: v.number(), accounts: v.number() }),
});

/** Once, and never again. Null for a client that has none. */
export const createdSchema = v.object({ ...listedSchema.entries, client_secret: v.nullable(v.string()) });

/** Contract 000: an integration keeps its refresh token, and its access tokens live for 24 hours. */
export function draftOf(body: v.InferOutput<typeof createSchema>): ClientDraft {
	const { kind = "integration", client_type: type = "confidential" } = body;
	const isIntegration = kind === "integration";
	return {
		kind,
		isConfidential: type === "confidential",
		authentication: body.authentication ?? (type === "confidential" ? "client_secret" : "none"),
		name: body.name,
		description: body.description ?? "",
		logoSvg: body.logo_svg ?? null,
		redirectUris: body.redirect_urls,
		scope: body.scopes,
		rotation: body.rotation ?? (isIntegration ? "keep" : "rotate"),
		accessTokenTtl: body.access_token_ttl ?? (isIntegration ? 86_400 : 3600),
		actsForItself: body.acts_for_itself ?? false,
		options: readOptions(body, {}),
	};
}

export function changedDraft(client: Client, body: v.InferOutput<typeof changeSchema>): ClientDraft {
	const draft = toDraft(client);
	return {
		...draft,
		name: body.name ?? draft.name,
		description: body.description ?? draft.description,
		logoSvg: body.logo_svg === undefined ? draft.logoSvg : body.logo_svg,
		redirectUris: body.redirect_urls ?? draft.redirectUris,
		scope: body.scopes ?? draft.scope,
		rotation: body.rotation ?? draft.rotation,
		accessTokenTtl: body.access_token_ttl ?? draft.accessTokenTtl,
		actsForItself: body.acts_for_itself ?? draft.actsForItself,
		options: readOptions(body, draft.options),
	};
}

export function shown(
	client: Omit<Client, "logoSvg">,
	hasLogo: boolean,
	{ issuer, now }: { issuer: string; now: Seconds },
): v.InferOutput<typeof listedSchema> {
	const { id, name, description, kind, redirectUris, scope, rotation, accessTokenTtl, options } = client;
	const authentication = authenticationOf(client);
	const page = `${issuer}/integrations/${id}`;
	const isActive = client.state === "active";
	return {
		client_id: id,
		name,
		description,
		kind,
		client_type: authentication === "none" ? "public" : "confidential",
		redirect_urls: [...redirectUris],
		scopes: [...scope],
		rotation,
		access_token_ttl: accessTokenTtl,
		acts_for_itself: client.grantTypes.includes("client_credentials"),
		authentication,
		...shownOptions({ ...options, requirePkce: alwaysNeedsPkce(client) }),
		logo_url: hasLogo && isActive ? `${page}/logo.svg` : null,
		install_url: kind === "integration" && isActive ? page : null,
		secrets: liveSecrets(client, now).map(({ expiresAt }) => ({ expires_at: expiresAt })),
		manages_itself: managesItself(client),
		state: client.state,
	};
}

/** As http/read-json.ts tells of fields that a schema refuses. */
export function malformed(errors: readonly FieldProblem[]): Response {
	const detail = errors.map((each) => `${each.field}: ${each.detail}`).join(" ");
	return problem(400, detail, { more: { errors } });
}
