import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import { described, instant, titled } from "../../http/described.ts";
import { liveSecrets } from "../../domain/client-change.ts";
import {
	accessTokenTtls,
	authenticationOf,
	type ClientDraft,
	maxDescription,
	toDraft,
} from "../../domain/client-draft.ts";
import { authentications, type Client, managesItself, optionsInForce } from "../../domain/client.ts";
import { parseScope } from "../../domain/scope.ts";
import type { Seconds } from "../../domain/brands.ts";
import { maxRedirectUris } from "../../domain/redirect-problems.ts";
import { optionMembers, readOptions, shownOptions } from "./option-members.ts";

// What the JSON API says of integrations, in and out. Rules that JSON Schema has no words for (redirect URLs, SVG, what
// goes with what) are those of domain/client-draft.ts.

/** Of latchkey, or of an API that the account sees, which its operation knows. */
const scopeName = v.pipe(
	v.string("is a string"),
	v.maxLength(100, "is no permission"),
	v.check((text) => parseScope(text)?.[0] === text, "is no permission"),
);

const fields = {
	name: v.pipe(
		v.string("is a string"),
		v.minLength(1, "is empty"),
		v.maxLength(200, "is too long"),
		v.description("1 to 100 printable characters; spaces around it are taken off."),
	),
	description: v.pipe(
		v.string("is a string"),
		v.maxLength(maxDescription * 2, "is too long"),
		v.description("What it does, for whoever installs it."),
	),
	logo_svg: v.nullable(described(v.string("is a string or null"), "SVG source; null for none.")),
	redirect_urls: v.pipe(
		v.array(v.string("is a string"), "is a list of URLs"),
		v.maxLength(maxRedirectUris, `has at most ${maxRedirectUris} URLs`),
		v.description(
			"Where answers may go, exactly: https, http on loopback, or a scheme of its own, without a dot (`cursor://…`) for a " +
				"public client alone. None for an application that only acts for itself.",
		),
	),
	scopes: described(
		v.array(scopeName, "is a list of permissions"),
		"What it may ask for at most: permissions of latchkey and of the APIs that the account sees, by their names, and identity scopes.",
	),
	rotation: described(
		v.picklist(["keep", "rotate"], "is keep or rotate"),
		"Whether a refresh token stays the same one, or each refresh gives the next.",
	),
	access_token_ttl: v.pipe(
		v.number("is a number"),
		v.integer("is whole seconds"),
		v.minValue(accessTokenTtls.least, `is at least ${accessTokenTtls.least}`),
		v.maxValue(accessTokenTtls.most, `is at most ${accessTokenTtls.most}`),
		v.description("How many seconds its access tokens live."),
	),
	acts_for_itself: described(
		v.boolean("is true or false"),
		"Whether it gets tokens for itself, without a person (RFC 6749 §4.4).",
	),
	...optionMembers,
};

export const createSchema = titled(
	"CreateIntegration",
	v.strictObject({
		...v.partial(v.object(fields)).entries,
		name: fields.name,
		scopes: fields.scopes,
		kind: v.optional(
			described(
				v.picklist(["integration", "application"], "is integration or application"),
				"`integration`: people install it; `application`: it sends people to `/oauth/authorize`. `integration` where it is left out.",
			),
		),
		client_type: v.optional(
			described(
				v.picklist(["confidential", "public"], "is confidential or public"),
				"Whether it can keep a secret (RFC 6749 §2.1); `confidential` where it is left out.",
			),
		),
		authentication: v.optional(
			described(v.picklist(authentications, `is one of ${authentications.join(", ")}`), "How it authenticates."),
		),
	}),
);

export const changeSchema = titled("ChangeIntegration", v.partial(v.strictObject(fields)));

const state = described(v.picklist(["active", "ended"]), "Whether it has been ended.");

export const listedSchema = titled(
	"ListedIntegration",
	v.object({
		client_id: described(v.string(), "Its id."),
		name: described(v.string(), "What it is called."),
		description: described(v.string(), "What it does, for whoever installs it."),
		kind: described(
			v.picklist(["integration", "application"]),
			"`integration`: people install it; `application`: it sends people to `/oauth/authorize`.",
		),
		client_type: described(v.picklist(["confidential", "public"]), "Whether it can keep a secret (RFC 6749 §2.1)."),
		redirect_urls: described(v.array(v.string()), "Where answers may go, exactly."),
		scopes: described(v.array(v.string()), "What it may ask for at most."),
		rotation: fields.rotation,
		access_token_ttl: described(v.number(), "How many seconds its access tokens live."),
		acts_for_itself: fields.acts_for_itself,
		authentication: described(v.picklist(authentications), "How it authenticates."),
		...optionMembers,
		logo_url: v.nullable(described(v.string(), "Where its logo is; null where it has none.")),
		install_url: v.nullable(
			described(
				v.string(),
				"Where people install it; null for an application, which sends them to `/oauth/authorize`.",
			),
		),
		secrets: described(
			v.array(
				titled(
					"LiveSecret",
					v.object({ expires_at: v.nullable(instant("When it ends; null while nothing has replaced it.")) }),
				),
			),
			"What is known of its secrets, newest first.",
		),
		manages_itself: described(
			v.boolean(),
			"Whether it can change its own registration (RFC 7592): it has a registration access token.",
		),
		state,
	}),
);

export const integrationSchema = titled(
	"Integration",
	v.object({
		...listedSchema.entries,
		installs: described(
			titled(
				"InstallCount",
				v.object({
					grants: described(v.number(), "How many grants it has that are not known to have ended."),
					accounts: described(v.number(), "In how many accounts."),
				}),
			),
			"How often it is installed, without what waits for its code to be redeemed.",
		),
	}),
);

/** Once, and never again. Null for a client that has none. */
export const createdSchema = titled(
	"CreatedIntegration",
	v.object({
		...listedSchema.entries,
		client_secret: v.nullable(described(v.string(), "Its secret, this once; null for a client that has none.")),
	}),
);

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
		redirectUris: body.redirect_urls ?? [],
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
	const { id, name, description, kind, redirectUris, scope, rotation, accessTokenTtl } = client;
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
		...shownOptions(optionsInForce(client)),
		logo_url: hasLogo && isActive ? `${page}/logo.svg` : null,
		install_url: kind === "integration" && isActive ? page : null,
		secrets: liveSecrets(client, now).map(({ expiresAt }) => ({ expires_at: writeInstant(expiresAt) })),
		manages_itself: managesItself(client),
		state: client.state,
	};
}
