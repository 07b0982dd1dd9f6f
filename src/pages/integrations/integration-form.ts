import type { ClientDraft, FieldProblem } from "../../domain/client-draft.ts";
import { toDraft } from "../../domain/client-draft.ts";
import { isSecretKey, type JwkSet, readJwkSet } from "../../domain/client-keys.ts";
import type { EditableOptions } from "../../domain/client-options.ts";
import type { Client } from "../../domain/client.ts";
import { identityScopes, isIdentityScope, splitScope } from "../../domain/identity.ts";
import { ringAlgorithms } from "../../domain/signing-key-ring.ts";
import { isPermission, permissions } from "../../domain/permission.ts";
import type { Params } from "../../http/body.ts";
import { chosenValues } from "../../ui/choices.tsx";
import type { ClientType, IntegrationField, IntegrationValues } from "./integration-form.tsx";

// What the form of an integration says, there and back.

export const permissionOptions = Object.entries(permissions).map(([value, sentence]) => ({
	value,
	label: sentence,
	hint: value,
}));

export const identityOptions = Object.entries(identityScopes).map(([value, sentence]) => ({
	value,
	label: sentence,
	hint: value,
}));

export const blankValues: IntegrationValues = {
	type: "integration",
	name: "",
	description: "",
	logo: "",
	redirectUrls: "",
	scopes: [],
	rotation: "",
	ttl: "",
	actsForItself: false,
	identity: [],
	authentication: "client_secret",
	// RFC 9700 §2.1.1: recommended for every client.
	requirePkce: true,
	idTokenAlg: "RS256",
	postLogoutUrls: "",
	jwks: "",
	jwksUri: "",
	resources: "",
};

export function typeOf({ kind, isConfidential }: Pick<ClientDraft, "kind" | "isConfidential">): ClientType {
	return kind === "integration" ? "integration" : isConfidential ? "web" : "native";
}

export const typeLabels: Readonly<Record<ClientType, string>> = {
	integration: "Integration",
	web: "Web application",
	native: "Native or browser application",
};

export function valuesOf(client: Client): IntegrationValues {
	const draft = toDraft(client);
	return {
		type: typeOf(draft),
		name: draft.name,
		description: draft.description,
		logo: draft.logoSvg ?? "",
		redirectUrls: draft.redirectUris.join("\n"),
		scopes: splitScope(draft.scope).access,
		rotation: draft.rotation,
		ttl: String(draft.accessTokenTtl),
		actsForItself: draft.actsForItself,
		identity: splitScope(draft.scope).identity,
		authentication: draft.authentication === "private_key_jwt" ? "private_key_jwt" : "client_secret",
		requirePkce: draft.options.requirePkce === true,
		idTokenAlg: draft.options.idTokenAlg ?? "RS256",
		postLogoutUrls: (draft.options.postLogoutRedirectUris ?? []).join("\n"),
		jwks: draft.options.jwks ? JSON.stringify(draft.options.jwks, null, "\t") : "",
		jwksUri: draft.options.jwksUri ?? "",
		resources: (draft.options.resources ?? []).join("\n"),
	};
}

/** A file in the place of the text, where one was chosen. `is` is what the client is already, null where the form says it. */
export function readValues(
	form: Params,
	is: Pick<IntegrationValues, "type" | "authentication"> | null,
): IntegrationValues {
	const said = form.get("type");
	return {
		type: is?.type ?? (said === "web" || said === "native" ? said : "integration"),
		name: form.get("name") ?? "",
		description: form.get("description") ?? "",
		logo: form.get("logo_file") ?? form.get("logo") ?? "",
		redirectUrls: form.get("redirect_urls") ?? "",
		scopes: chosenValues(form, "scopes").filter(isPermission),
		rotation: form.get("rotation") ?? "",
		ttl: form.get("ttl") ?? "",
		actsForItself: form.has("further:acts_for_itself"),
		identity: chosenValues(form, "identity").filter(isIdentityScope),
		authentication:
			is?.authentication ?? (form.get("authentication") === "private_key_jwt" ? "private_key_jwt" : "client_secret"),
		requirePkce: form.has("pkce:require_pkce"),
		idTokenAlg: form.get("id_token_alg") ?? "",
		postLogoutUrls: form.get("post_logout_urls") ?? "",
		jwks: form.get("jwks") ?? "",
		jwksUri: form.get("jwks_uri") ?? "",
		resources: form.get("resources") ?? "",
	};
}

/**
 * Contract 000: an integration keeps its refresh token, and its access tokens live for 24 hours. `before` are the options
 * that the client has, some of which the form does not show; none for a new one.
 */
export function draftOf(values: IntegrationValues, before: EditableOptions): ClientDraft {
	const isIntegration = values.type === "integration";
	const usual = isIntegration ? "keep" : "rotate";
	return {
		kind: isIntegration ? "integration" : "application",
		isConfidential: values.type !== "native",
		authentication: values.type === "native" ? "none" : values.authentication,
		name: values.name,
		description: values.description,
		logoSvg: values.logo,
		redirectUris: linesOf(values.redirectUrls),
		scope: [...values.scopes, ...values.identity],
		rotation: values.rotation === "keep" || values.rotation === "rotate" ? values.rotation : usual,
		accessTokenTtl: values.ttl === "" ? (isIntegration ? 86_400 : 3600) : Number(values.ttl),
		actsForItself: values.actsForItself,
		options: optionsOf(values, before),
	};
}

function optionsOf(values: IntegrationValues, before: EditableOptions): EditableOptions {
	const { jwks, jwksUri } = before;
	const idTokenAlg = ringAlgorithms.find((each) => each === values.idTokenAlg);
	const hasKeys = values.authentication === "private_key_jwt" || values.jwks !== "" || values.jwksUri !== "";
	return {
		// A box that stands checked in a new form says nothing of a client that has no such thing.
		requirePkce: values.type === "web" && values.requirePkce,
		...(idTokenAlg && { idTokenAlg }),
		postLogoutRedirectUris: linesOf(values.postLogoutUrls),
		resources: linesOf(values.resources),
		...(hasKeys ? keysOf(values) : { ...(jwks && { jwks }), ...(jwksUri !== undefined && { jwksUri }) }),
	};
}

function keysOf({ jwks, jwksUri }: IntegrationValues): EditableOptions {
	return { ...(jwks.trim() !== "" && { jwks: parseKeys(jwks) }), ...(jwksUri.trim() !== "" && { jwksUri }) };
}

/** What is no set of keys is one without any, which is refused. */
function parseKeys(text: string): JwkSet {
	try {
		return readJwkSet(JSON.parse(text)) ?? { keys: [] };
	} catch {
		return { keys: [] };
	}
}

function linesOf(text: string): readonly string[] {
	return text.split(/\r?\n/).filter((line) => line.trim() !== "");
}

const fieldOf: Readonly<Record<FieldProblem["field"], IntegrationField>> = {
	name: "name",
	description: "description",
	logo_svg: "logo",
	redirect_urls: "redirect_urls",
	client_type: "type",
	scopes: "scopes",
	rotation: "rotation",
	access_token_ttl: "ttl",
	acts_for_itself: "acts_for_itself",
	authentication: "authentication",
	require_pkce: "require_pkce",
	id_token_signed_response_alg: "id_token_alg",
	post_logout_redirect_urls: "post_logout_urls",
	jwks: "jwks",
	jwks_uri: "jwks_uri",
	resources: "resources",
};

export function errorsOf(problems: readonly FieldProblem[]): Partial<Record<IntegrationField, string>> {
	const errors: Partial<Record<IntegrationField, string>> = {};
	for (const { field, detail } of problems) {
		const before = errors[fieldOf[field]];
		errors[fieldOf[field]] = before === undefined ? detail : `${before} ${detail}`;
	}
	return errors;
}

/**
 * What was typed, without a file that is no text or far too long (it could not be mended in the page anyway), and without
 * a key that is secret.
 */
export function keptValues(values: IntegrationValues): IntegrationValues {
	const hasLogo = !/[\ufffd\0]/.test(values.logo) && values.logo.length <= 65_536;
	const hasKeys = values.jwks.length <= 65_536 && !parseKeys(values.jwks).keys.some(isSecretKey);
	return { ...values, logo: hasLogo ? values.logo : "", jwks: hasKeys ? values.jwks : "" };
}
