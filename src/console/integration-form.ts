import type { ClientDraft, FieldProblem } from "../domain/client-draft.ts";
import { toDraft } from "../domain/client-draft.ts";
import type { Client } from "../domain/client.ts";
import { isPermission, permissions } from "../domain/permission.ts";
import type { Params } from "../http/body.ts";
import { chosenValues } from "../views/choices.tsx";
import type { ClientType, IntegrationField, IntegrationValues } from "../views/integration-form.tsx";

// What the form of an integration says, there and back.

export const permissionOptions = Object.entries(permissions).map(([value, sentence]) => ({
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
		scopes: draft.scope,
		rotation: draft.rotation,
		ttl: String(draft.accessTokenTtl),
		actsForItself: draft.actsForItself,
	};
}

/** A file in the place of the text, where one was chosen. `type` is what the client is, null where the form says it. */
export function readValues(form: Params, type: ClientType | null): IntegrationValues {
	const said = form.get("type");
	return {
		type: type ?? (said === "web" || said === "native" ? said : "integration"),
		name: form.get("name") ?? "",
		description: form.get("description") ?? "",
		logo: form.get("logo_file") ?? form.get("logo") ?? "",
		redirectUrls: form.get("redirect_urls") ?? "",
		scopes: chosenValues(form, "scopes").filter(isPermission),
		rotation: form.get("rotation") ?? "",
		ttl: form.get("ttl") ?? "",
		actsForItself: form.has("further:acts_for_itself"),
	};
}

/** Contract 000: an integration keeps its refresh token, and its access tokens live for 24 hours. */
export function draftOf(values: IntegrationValues): ClientDraft {
	const isIntegration = values.type === "integration";
	const usual = isIntegration ? "keep" : "rotate";
	return {
		kind: isIntegration ? "integration" : "application",
		isConfidential: values.type !== "native",
		name: values.name,
		description: values.description,
		logoSvg: values.logo,
		redirectUris: values.redirectUrls.split(/\r?\n/).filter((line) => line.trim() !== ""),
		scope: values.scopes,
		rotation: values.rotation === "keep" || values.rotation === "rotate" ? values.rotation : usual,
		accessTokenTtl: values.ttl === "" ? (isIntegration ? 86_400 : 3600) : Number(values.ttl),
		actsForItself: values.actsForItself,
		options: {},
	};
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
};

export function errorsOf(problems: readonly FieldProblem[]): Partial<Record<IntegrationField, string>> {
	const errors: Partial<Record<IntegrationField, string>> = {};
	for (const { field, detail } of problems) {
		const before = errors[fieldOf[field]];
		errors[fieldOf[field]] = before === undefined ? detail : `${before} ${detail}`;
	}
	return errors;
}

/** What was typed, without a file that is no text or far too long: it could not be mended in the page anyway. */
export function keptValues(values: IntegrationValues): IntegrationValues {
	return /[\ufffd\0]/.test(values.logo) || values.logo.length > 65_536 ? { ...values, logo: "" } : values;
}
