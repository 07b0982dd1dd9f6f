import { isRole, type Role } from "../../domain/permission.ts";
import {
	admissions,
	type ProviderDraft,
	type ProviderKind,
	providerTokenAuths,
} from "../../domain/sign-in-provider.ts";
import type { Params } from "../../http/body.ts";
import { chosenValues } from "../../ui/choices.tsx";
import type { ProviderFormProps, ProviderValues } from "./provider-form.tsx";

// A provider as its form has it, and back.

export type ReadDraft = { readonly draft: ProviderDraft } | Pick<ProviderFormProps, "errors">;

export function typedIn(form: Params): ProviderValues {
	const text = (name: string) => form.get(name) ?? "";
	return {
		name: text("name"),
		issuer: text("issuer"),
		client_id: text("client_id"),
		client_secret: text("client_secret"),
		token_endpoint_auth_method: text("token_endpoint_auth_method"),
		scopes: text("scopes"),
		groups_claim: text("groups_claim"),
		group_roles: text("group_roles"),
		default_role: text("default_role"),
		admits: text("admits"),
		holds: chosenValues(form, "holds"),
	};
}

/** The secret is never shown again: its field is empty. */
export function valuesOf(provider: Omit<ProviderDraft, "clientSecret">): ProviderValues {
	const { tokenAuth, groupRoles, justInTime, only, trustsAmr, state } = provider;
	return {
		name: provider.name,
		issuer: provider.issuer,
		client_id: provider.clientId,
		client_secret: "",
		token_endpoint_auth_method: tokenAuth,
		scopes: provider.scopes.join(" "),
		groups_claim: provider.groupsClaim ?? "",
		group_roles: groupRoles.map(([group, role]) => `${group} = ${role}`).join("\n"),
		default_role: provider.defaultRole ?? "",
		admits: provider.admits,
		holds: [
			...(state === "on" ? ["on"] : []),
			...(justInTime ? ["just_in_time"] : []),
			...(only ? ["only"] : []),
			...(trustsAmr ? ["trusts_amr"] : []),
		],
	};
}

export function draftOf(values: ProviderValues, kind: ProviderKind): ReadDraft {
	const { name, issuer, holds } = values;
	const groupRoles = values.group_roles
		.split(/\r?\n/)
		.filter((line) => line.trim() !== "")
		.map(readGroupRole);
	const wrong = groupRoles.indexOf(null);
	if (wrong !== -1) {
		return { errors: { group_roles: `Line ${wrong + 1}: a line is a group, =, and admin or member.` } };
	}
	return {
		draft: {
			kind,
			name,
			issuer,
			clientId: values.client_id,
			clientSecret: values.client_secret === "" ? null : values.client_secret,
			tokenAuth: providerTokenAuths.find((each) => each === values.token_endpoint_auth_method) ?? "client_secret_basic",
			scopes: values.scopes.split(/\s+/).filter((each) => each !== ""),
			groupsClaim: values.groups_claim.trim() || null,
			groupRoles: groupRoles.filter((each) => each !== null),
			justInTime: holds.includes("just_in_time"),
			defaultRole: isRole(values.default_role) ? values.default_role : null,
			admits: admissions.find((each) => each === values.admits) ?? "domains",
			only: holds.includes("only"),
			trustsAmr: holds.includes("trusts_amr"),
			state: holds.includes("on") ? "on" : "off",
		},
	};
}

/** The last `=` of it, since a group may have one in its name. */
function readGroupRole(line: string): readonly [group: string, role: Role] | null {
	const at = line.lastIndexOf("=");
	const [group, role] = [
		line.slice(0, at).trim(),
		line
			.slice(at + 1)
			.trim()
			.toLowerCase(),
	];
	return at > 0 && group !== "" && isRole(role) ? [group, role] : null;
}
