import * as v from "valibot";
import { type Role, roles } from "../../domain/permission.ts";
import {
	admissions,
	githubIssuer,
	providerKinds,
	providerTokenAuths,
	type SignInProvider,
} from "../../domain/sign-in-provider.ts";
import { described, titled } from "../../http/described.ts";
import type { ProviderEdit } from "../../operations/people/sign-in-providers.ts";
import type { Body } from "../guard/access.ts";

const text = v.string("is a string");
const truth = v.boolean("is true or false");
const role = v.picklist(Object.keys(roles) as Role[], `is one of ${Object.keys(roles).join(", ")}`);

const groupRoleSchema = titled(
	"GroupRole",
	v.strictObject({
		group: described(text, "As the claim has it; of GitHub an organization, or `organization/team`."),
		role: described(role, "What whoever is in it is here."),
	}),
);

const fields = {
	name: v.pipe(text, v.metadata({ minLength: 1, maxLength: 100, description: "What people read on the button." })),
	token_endpoint_auth_method: described(
		v.picklist(providerTokenAuths, `is one of ${providerTokenAuths.join(", ")}`),
		"How latchkey says who it is at the provider's token endpoint; `client_secret_basic` where it is left out.",
	),
	scopes: described(
		v.array(text, "is a list of strings"),
		"What is asked for. `openid profile email` where it is left out, of GitHub `read:user user:email`; `read:org` beside them tells of groups.",
	),
	groups_claim: v.nullable(
		described(
			text,
			"The claim that lists somebody's groups; null where none does, as of GitHub, whose organizations and teams are its groups.",
		),
	),
	group_roles: described(
		v.array(groupRoleSchema, "is a list of groups and roles"),
		"What members of groups are here, at each sign-in: of several the role that permits most.",
	),
	just_in_time: described(
		truth,
		"Whether somebody who is nobody here becomes a member by signing in. False where it is left out.",
	),
	default_role: v.nullable(described(role, "As what, where no group says; null where then not at all.")),
	admits: described(
		v.picklist(admissions, `is one of ${admissions.join(", ")}`),
		"Whom `default_role` is for: those with an address that the provider verified, of a verified domain of the account (`domains`, " +
			"where it is left out), or everybody who has an account there.",
	),
	only: described(
		truth,
		"Whether members come in through a provider of the account alone, and not by password or passkey; administrators may still, for " +
			"an emergency. False where it is left out.",
	),
	trusts_amr: described(
		truth,
		"Whether what the provider says of how somebody proved who they are (`amr`, RFC 8176) is taken for true. False where it is left out.",
	),
	enabled: described(truth, "Whether people come in through it. True where it is left out."),
};

const fixed = {
	kind: described(
		v.picklist(providerKinds, `is one of ${providerKinds.join(", ")}`),
		"`oidc`: an OpenID Provider, found by its discovery document; `github`: GitHub's OAuth and user API.",
	),
	issuer: described(
		text,
		`Its issuer, exactly; of GitHub ${githubIssuer}, or where a company runs its own. It never changes.`,
	),
	client_id: described(text, "What latchkey is called there. It never changes."),
};
const secret = { client_secret: described(text, "What the provider gave you. It is sealed, and never told again.") };

export const providerSchema = titled(
	"SignInProvider",
	v.object({
		id: described(v.string(), "Its id."),
		...fixed,
		...fields,
		redirect_uri: described(
			v.string(),
			"What latchkey has to be registered with at the provider. It is of this provider alone.",
		),
	}),
);

export const createSchema = titled(
	"AddSignInProvider",
	v.strictObject({
		...v.partial(v.object(fields)).entries,
		...fixed,
		...secret,
		issuer: v.optional(fixed.issuer),
		name: fields.name,
	}),
);
export const editSchema = titled("EditSignInProvider", v.partial(v.strictObject({ ...fields, ...secret })));

/** Where nothing is said. */
export function unsaid(kind: SignInProvider["kind"]): ProviderEdit {
	return {
		name: "",
		clientSecret: null,
		tokenAuth: "client_secret_basic",
		scopes: kind === "github" ? ["read:user", "user:email"] : ["openid", "profile", "email"],
		groupsClaim: null,
		groupRoles: [],
		justInTime: false,
		defaultRole: null,
		admits: "domains",
		only: false,
		trustsAmr: false,
		state: "on",
	};
}

/** What is said in the place of what was there. */
export function editOf(body: Body<typeof editSchema>, before: Omit<ProviderEdit, "clientSecret">): ProviderEdit {
	const isOn = body.enabled ?? before.state === "on";
	return {
		name: body.name ?? before.name,
		clientSecret: body.client_secret ?? null,
		tokenAuth: body.token_endpoint_auth_method ?? before.tokenAuth,
		scopes: body.scopes ?? before.scopes,
		groupsClaim: body.groups_claim === undefined ? before.groupsClaim : body.groups_claim,
		groupRoles: body.group_roles?.map(({ group, role: as }) => [group, as] as const) ?? before.groupRoles,
		justInTime: body.just_in_time ?? before.justInTime,
		defaultRole: body.default_role === undefined ? before.defaultRole : body.default_role,
		admits: body.admits ?? before.admits,
		only: body.only ?? before.only,
		trustsAmr: body.trusts_amr ?? before.trustsAmr,
		state: isOn ? "on" : "off",
	};
}

export function shownProvider(provider: SignInProvider, redirectUri: string): v.InferOutput<typeof providerSchema> {
	return {
		id: provider.id,
		kind: provider.kind,
		name: provider.name,
		issuer: provider.issuer,
		client_id: provider.clientId,
		token_endpoint_auth_method: provider.tokenAuth,
		scopes: [...provider.scopes],
		groups_claim: provider.groupsClaim,
		group_roles: provider.groupRoles.map(([group, as]) => ({ group, role: as })),
		just_in_time: provider.justInTime,
		default_role: provider.defaultRole,
		admits: provider.admits,
		only: provider.only,
		trusts_amr: provider.trustsAmr,
		enabled: provider.state === "on",
		redirect_uri: redirectUri,
	};
}
