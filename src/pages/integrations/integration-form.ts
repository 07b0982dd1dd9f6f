import type { ClientDraft } from "../../domain/client-draft.ts";
import type { FieldProblem } from "../../domain/client-option-problems.ts";
import { toDraft } from "../../domain/client-draft.ts";
import { isSecretKey, type JwkSet, readJwkSet } from "../../domain/client-keys.ts";
import type { OptionControl } from "../../domain/client-option.ts";
import { type EditableOption, editableOptions, gather } from "../../domain/client-option-values.ts";
import type { StatedOptions } from "../../domain/client-options.ts";
import type { Client } from "../../domain/client.ts";
import { identityScopes, isIdentityScope, splitScope } from "../../domain/identity.ts";
import { type Api } from "../../domain/api.ts";
import { permissions } from "../../domain/permission.ts";
import type { Params } from "../../http/body.ts";
import { readJsonText } from "../../json-text.ts";
import { chosenValues } from "../../ui/choices.tsx";
import { isOptionOf } from "./application-options.tsx";
import type { ClientType, IntegrationValues } from "./integration-form.tsx";

// What the form of an integration says, there and back.

export const permissionOptions = Object.entries(permissions).map(([value, sentence]) => ({
	value,
	label: sentence,
	hint: value,
}));

/** Those of an API that the account sees. */
export function apiOptions({ name, permissions: offered }: Api) {
	const options = offered.map((each) => ({ value: each.name, label: each.title, hint: each.name }));
	return { name, options };
}

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
	options: optionTexts({}),
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
		options: optionTexts(draft.options),
	};
}

/**
 * A file in the place of the text, where one was chosen. `is` is what the client is already, null where the form says it:
 * then what its form does not show stays.
 */
export function readValues(form: Params, is: IntegrationValues | null): IntegrationValues {
	const said = form.get("type");
	return {
		type: is?.type ?? (said === "web" || said === "native" ? said : "integration"),
		name: form.get("name") ?? "",
		description: form.get("description") ?? "",
		logo: form.get("logo_file") ?? form.get("logo") ?? "",
		redirectUrls: linesOf(form.get("redirect_urls") ?? "").join("\n"),
		// What is no permission here, its operation says.
		scopes: chosenValues(form, "scopes").filter((value) => !isIdentityScope(value)),
		rotation: form.get("rotation") ?? "",
		ttl: form.get("ttl") ?? "",
		actsForItself: form.has("further:acts_for_itself"),
		identity: chosenValues(form, "identity").filter(isIdentityScope),
		authentication:
			is?.authentication ?? (form.get("authentication") === "private_key_jwt" ? "private_key_jwt" : "client_secret"),
		options: Object.fromEntries(
			editableOptions.map((option) => {
				const { name, control } = option;
				if (is && !isOptionOf(option, is)) return [name, is.options[name] ?? ""];
				return [name, control.kind === "box" ? (form.has(`${name}:yes`) ? "on" : "") : (form.get(name) ?? "")];
			}),
		),
	};
}

/**
 * Contract 000: an integration keeps its refresh token, and its access tokens live for 24 hours. `before` are the options
 * that the client has, some of which the form does not show; none for a new one.
 */
export function draftOf(values: IntegrationValues, before: StatedOptions): ClientDraft {
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
		options: gather(editableOptions, (option) => readOption(option, values, before[option.key])),
	};
}

function optionTexts(options: StatedOptions): IntegrationValues["options"] {
	return Object.fromEntries(
		editableOptions.map(({ key, name, control, preset }) => [name, textOf(control, options[key] ?? preset)]),
	);
}

function textOf({ kind }: OptionControl, value: unknown): string {
	if (kind === "box") return value === true ? "on" : "";
	if (kind === "jwks") return value ? JSON.stringify(value, null, "\t") : "";
	if (Array.isArray(value)) return value.join("\n");
	return typeof value === "string" ? value : "";
}

function readOption(option: EditableOption, values: IntegrationValues, before: unknown): unknown {
	const { name, of, control } = option;
	const text = values.options[name] ?? "";
	// The form does not show the keys of a client that authenticates otherwise: software may have registered some.
	if (of === "keys" && values.authentication !== "private_key_jwt" && text === "") return before;
	switch (control.kind) {
		case "box":
			// In a new form it says nothing of a client that has no such thing.
			return isOptionOf(option, values) ? text !== "" : undefined;
		case "lines":
			return linesOf(text);
		case "jwks":
			return text.trim() === "" ? undefined : parseKeys(text);
		default:
			return text;
	}
}

/** What is no set of keys is one without any, which is refused. */
function parseKeys(text: string): JwkSet {
	const read = readJsonText(text);
	return (read.ok ? readJwkSet(read.value) : null) ?? { keys: [] };
}

function linesOf(text: string): readonly string[] {
	return text
		.split(/\r?\n/)
		.map((line) => line.trim())
		.filter((line) => line !== "");
}

/** Where the form has another name than the JSON API. */
const fieldOf = new Map([
	["logo_svg", "logo"],
	["client_type", "type"],
	["access_token_ttl", "ttl"],
]);

/** The same by the names of the form's values. */
const fieldOfValue: Readonly<Record<string, string>> = {
	redirectUrls: "redirect_urls",
	actsForItself: "acts_for_itself",
};

/** What stands there now in fields that somebody else has changed as well. */
export function conflictErrors(conflicts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
	return Object.fromEntries(Object.entries(conflicts).map(([name, there]) => [fieldOfValue[name] ?? name, there]));
}

export function errorsOf(problems: readonly FieldProblem[]): Readonly<Record<string, string>> {
	const errors: Record<string, string> = {};
	for (const { field, detail } of problems) {
		const name = fieldOf.get(field) ?? field;
		const before = errors[name];
		errors[name] = before === undefined ? detail : `${before} ${detail}`;
	}
	return errors;
}

/**
 * What was typed, without a file that is no text or far too long (it could not be mended in the page anyway), and without
 * a key that is secret.
 */
export function keptValues(values: IntegrationValues): IntegrationValues {
	const hasLogo = !/[\ufffd\0]/.test(values.logo) && values.logo.length <= 65_536;
	const options = Object.fromEntries(
		editableOptions.map(({ name, control }) => {
			const text = values.options[name] ?? "";
			const isKept = text.length <= 65_536 && (control.kind !== "jwks" || !parseKeys(text).keys.some(isSecretKey));
			return [name, isKept ? text : ""];
		}),
	);
	return { ...values, logo: hasLogo ? values.logo : "", options };
}
