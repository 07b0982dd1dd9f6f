import { githubIssuer, type ProviderDraft } from "./sign-in-provider.ts";

/** A provider that many have, as a form to add one begins: what is not the same for all of them is left empty. */
export interface ProviderPreset {
	readonly label: string;
	/** What is known of it; `<tenant>` stands for what each company has of its own. */
	readonly draft: ProviderDraft;
	/** Where its client is registered, and what to look out for. */
	readonly hint: string;
}

const blank: ProviderDraft = {
	kind: "oidc",
	issuer: "",
	clientId: "",
	name: "",
	clientSecret: null,
	tokenAuth: "client_secret_basic",
	scopes: ["openid", "profile", "email"],
	groupsClaim: null,
	groupRoles: [],
	justInTime: false,
	defaultRole: null,
	admits: "domains",
	only: false,
	trustsAmr: false,
	state: "on",
};

/** As their documentation has them: which issuer, and what of a client there is ours to choose. */
export const providerPresets = {
	google: {
		label: "Google",
		draft: { ...blank, name: "Google", issuer: "https://accounts.google.com" },
		hint: "In the Google Cloud console, under Clients of the Google Auth Platform: a client of the type Web application. Anybody may have an account there: who is let in is said by your domains.",
	},
	microsoft: {
		label: "Microsoft",
		draft: {
			...blank,
			name: "Microsoft",
			issuer: "https://login.microsoftonline.com/<tenant>/v2.0",
			tokenAuth: "client_secret_post",
			admits: "everybody",
		},
		hint: "In the Entra admin center, under App registrations: an application of your own directory alone, with a client secret. Put the directory (tenant) ID into the issuer. Entra says of no address that it is verified; groups come as object IDs in the claim groups, once the application has that claim.",
	},
	github: {
		label: "GitHub",
		draft: {
			...blank,
			kind: "github",
			name: "GitHub",
			issuer: githubIssuer,
			tokenAuth: "client_secret_post",
			scopes: ["read:user", "user:email"],
		},
		hint: "In the settings of your organization, under Developer settings: an OAuth app. With the scope read:org its groups are organizations (acme) and teams (acme/ops). Anybody may have an account there: who is let in is said by groups or your domains.",
	},
	other: { label: "Another provider", draft: blank, hint: "Any OpenID Provider, such as Okta or Keycloak." },
} as const satisfies Readonly<Record<string, ProviderPreset>>;

export type PresetName = keyof typeof providerPresets;

export function isPresetName(text: string | null): text is PresetName {
	return text !== null && Object.hasOwn(providerPresets, text);
}
