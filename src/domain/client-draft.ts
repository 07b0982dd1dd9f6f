import { type FieldProblem, optionProblems } from "./client-option-problems.ts";
import { editableOf, tidyOptions } from "./client-option-values.ts";
import type { StatedOptions } from "./client-options.ts";
import { actsAlone, grantTypesAfter } from "./client-grant-types.ts";
import { inProfile } from "./client-profile.ts";
import { isBySecret } from "./client-auth-methods.ts";
import {
	asksOnDevices,
	type Authentication,
	type Client,
	type ClientAuthMethod,
	type ClientSecret,
	isPublic,
} from "./client.ts";
import { isLegibleText, readName } from "./display-name.ts";
import { type Api, scopeOfApi } from "./api.ts";
import { isIdentityScope } from "./identity.ts";
import { isPermission } from "./permission.ts";
import type { Own } from "./public-host.ts";
import { redirectProblems } from "./redirect-problems.ts";
import { toScope } from "./scope.ts";
import { readLogo } from "./svg.ts";
import type { Seconds } from "./brands.ts";

/** What people say of a client when they register it (contract 000, "Getting Started"); none of it is checked yet. */
export interface ClientDraft {
	readonly kind: Client["kind"];
	/** RFC 6749 §2.1. A public client cannot keep a secret, and gets none. */
	readonly isConfidential: boolean;
	readonly authentication: Authentication;
	readonly name: string;
	readonly description: string;
	readonly logoSvg: string | null;
	readonly redirectUris: readonly string[];
	readonly scope: readonly string[];
	readonly rotation: Client["rotation"];
	readonly accessTokenTtl: Seconds;
	/** RFC 6749 §4.4: it may log in by its secret, in the account that owns it. */
	readonly actsForItself: boolean;
	readonly options: StatedOptions;
}

export const maxDescription = 500;
/** Of access tokens that stand for a person: a minute to a day. */
export const accessTokenTtls = { least: 60, most: 86_400 } as const;

/** The draft as it would be registered. */
export function tidyDraft(draft: ClientDraft): ClientDraft {
	const tidy = {
		...draft,
		name: draft.name.trim(),
		description: draft.description.replaceAll("\r\n", "\n").trim(),
		logoSvg: tidyLogo(draft.logoSvg?.trim() || null),
		redirectUris: draft.redirectUris.map((uri) => uri.trim()),
		scope: toScope(draft.scope),
		options: tidyOptions(draft.options),
	};
	// An integration (contract 000) has none, and is told so.
	return draft.kind === "integration" ? tidy : inProfile(tidy);
}

/** The drawing alone; what is none stays, to be refused. */
function tidyLogo(text: string | null): string | null {
	const logo = text === null ? null : readLogo(text);
	return logo?.kind === "drawing" ? logo.svg : text;
}

/** Everything that is wrong with a tidy draft, so that it can be mended at once. `visible` are the APIs that its account sees. */
export function draftProblems(draft: ClientDraft, own: Own, visible: readonly Api[] = []): readonly FieldProblem[] {
	const { kind, isConfidential, name, description, logoSvg, scope, rotation, accessTokenTtl, actsForItself } = draft;
	const problems: FieldProblem[] = [];
	const add = (field: string, detail: string) => problems.push({ field, detail });
	if (readName(name) !== name) {
		add("name", "The name must have 1 to 100 printable characters, and no control characters.");
	}
	if (description.length > maxDescription || !isLegibleText(description)) {
		add("description", `The description may have ${maxDescription} printable characters.`);
	}
	const logo = logoSvg === null ? null : readLogo(logoSvg);
	if (logo?.kind === "refused") add("logo_svg", `The logo ${logo.reason}.`);
	// RFC 6749 §3.1.2.2: only what people are sent back to is registered.
	const sendsPeople = draft.redirectUris.length > 0 || !(actsForItself || draft.options.deviceAuthorization);
	const ofRedirects = sendsPeople ? redirectProblems(draft.redirectUris, isConfidential) : [];
	for (const problem of ofRedirects) add("redirect_urls", problem);
	if (kind === "integration" && !isConfidential) {
		// Its install page knows no PKCE, which RFC 9700 §2.1.1 demands of public clients.
		add("client_type", "An integration authenticates with its secret: a public client has to be an application.");
	}
	const theirs = new Set(visible.flatMap(scopeOfApi));
	const unknown = scope.find((value) => !isPermission(value) && !isIdentityScope(value) && !theirs.has(value));
	if (unknown !== undefined) add("scopes", "There is a scope that is no permission here.");
	// Contract 000: an installed integration gets four members back, and none of them is an id_token.
	if (kind === "integration" && scope.some(isIdentityScope)) {
		add("scopes", "People sign in to applications: an integration cannot ask who they are.");
	}
	// RFC 9700 §4.14.2: a public client's refresh tokens rotate.
	if (rotation === "keep" && !isConfidential) {
		add("rotation", "Only a client with a secret may keep its refresh tokens: those of a public client rotate.");
	}
	const { least, most } = accessTokenTtls;
	if (!Number.isInteger(accessTokenTtl) || accessTokenTtl < least || accessTokenTtl > most) {
		add("access_token_ttl", `Access tokens may live from ${least} to ${most} seconds.`);
	}
	if (actsForItself && (kind !== "application" || !isConfidential)) {
		add("acts_for_itself", "Only an application with a secret may act for itself: choose Web application.");
	}
	const { authentication } = draft;
	if (isConfidential === (authentication === "none")) {
		add(
			"authentication",
			"A public client authenticates by nothing, and a confidential one by its secret or its keys.",
		);
	} else if (kind === "integration" && authentication === "private_key_jwt") {
		add("authentication", "An integration authenticates with its secret.");
	}
	return [...problems, ...optionProblems(draft, own)];
}

/** The client that a good draft makes. */
export function toClient(
	draft: ClientDraft,
	made: { id: string; accountId: string; secrets: readonly ClientSecret[] },
): Client {
	const { actsForItself: _, ...fields } = editable(draft);
	return {
		...made,
		...fields,
		grantTypes: grantTypesAfter({ grantTypes: [], redirectUris: [] }, draft),
		kind: draft.kind,
		authMethods: methodsOf[draft.authentication],
		state: "active",
		notBefore: 0,
	};
}

/** What of a client can be changed later. What it is, integration or not, with a secret or without, stays. */
export function editable(draft: ClientDraft): ClientEdit {
	const { name, description, logoSvg, redirectUris, rotation, accessTokenTtl, actsForItself, options } = draft;
	const scope = toScope(draft.scope);
	return { name, description, logoSvg, redirectUris, scope, rotation, accessTokenTtl, actsForItself, options };
}

/** `options` in the place of those that can be changed here. The client keeps the others, which it registered itself. */
export type ClientEdit = Pick<
	ClientDraft,
	| "name"
	| "description"
	| "logoSvg"
	| "redirectUris"
	| "scope"
	| "rotation"
	| "accessTokenTtl"
	| "actsForItself"
	| "options"
>;

const methodsOf: Readonly<Record<Authentication, readonly ClientAuthMethod[]>> = {
	client_secret: ["client_secret_post", "client_secret_basic"],
	private_key_jwt: ["private_key_jwt"],
	none: ["none"],
};

/** What it has to prove who it is by, at the least. */
export function authenticationOf({ authMethods }: Pick<Client, "authMethods">): Authentication {
	if (isPublic({ authMethods })) return "none";
	return authMethods.some(isBySecret) ? "client_secret" : "private_key_jwt";
}

/** The draft that a client could have been made from, to be changed. */
export function toDraft(client: Client): ClientDraft {
	const { kind, name, description, logoSvg, redirectUris, scope, rotation, accessTokenTtl, options } = client;
	return {
		kind,
		isConfidential: !isPublic(client),
		authentication: authenticationOf(client),
		name,
		description,
		logoSvg,
		redirectUris,
		scope,
		rotation,
		accessTokenTtl,
		actsForItself: actsAlone(client),
		options: { ...editableOf(options), ...(asksOnDevices(client) ? { deviceAuthorization: true } : {}) },
	};
}
