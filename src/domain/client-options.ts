import { resourceProblem, withoutSlash } from "./audience.ts";
import type { ClientDraft } from "./client-draft.ts";
import { assertionAlgs, isSecretKey, keysFor, readJwkSet } from "./client-keys.ts";
import type { ClientOptions } from "./client.ts";
import { fetchProblem, type Own } from "./public-host.ts";
import { redirectUriProblem } from "./redirect.ts";

/** The options of a client that people set; it has others if it registered itself. */
const editable = ["requirePkce", "idTokenAlg", "postLogoutRedirectUris", "jwks", "jwksUri", "resources"] as const;
export type EditableOptions = Pick<ClientOptions, (typeof editable)[number]>;

export interface OptionProblem {
	readonly field:
		| "require_pkce"
		| "id_token_signed_response_alg"
		| "post_logout_redirect_urls"
		| "jwks"
		| "jwks_uri"
		| "resources";
	readonly detail: string;
}

export const maxPostLogoutUris = 10;
export const maxResources = 10;
const maxJwksLength = 16 * 1024;

export function editableOptions(options: ClientOptions): EditableOptions {
	return Object.fromEntries(editable.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}

/** What can be edited is as it is said now, and not there where it is not said; everything else is as it was. */
export function withOptions(before: ClientOptions, edited: EditableOptions): ClientOptions {
	const kept = Object.entries(before).filter(([name]) => !editable.some((each) => each === name));
	return { ...Object.fromEntries(kept), ...edited };
}

/** Trimmed, and without what says no more than that it is left out. */
export function tidyOptions(options: EditableOptions): EditableOptions {
	const { requirePkce, idTokenAlg, postLogoutRedirectUris = [], jwks, jwksUri = "", resources = [] } = options;
	return {
		...(requirePkce && { requirePkce }),
		...(idTokenAlg && idTokenAlg !== "RS256" && { idTokenAlg }),
		...(postLogoutRedirectUris.length > 0 && {
			postLogoutRedirectUris: postLogoutRedirectUris.map((uri) => uri.trim()),
		}),
		...(jwks && { jwks }),
		...(jwksUri.trim() !== "" && { jwksUri: jwksUri.trim() }),
		...(resources.length > 0 && { resources: resources.map((each) => each.trim()) }),
	};
}

/** Everything that is wrong with the options of a tidy draft. */
export function optionProblems(
	{
		kind,
		isConfidential,
		authentication,
		options,
	}: Pick<ClientDraft, "kind" | "isConfidential" | "authentication" | "options">,
	own: Own,
): readonly OptionProblem[] {
	const problems: OptionProblem[] = [];
	const add = (field: OptionProblem["field"], detail: string) => problems.push({ field, detail });
	const { requirePkce, idTokenAlg, postLogoutRedirectUris = [], jwks, jwksUri, resources = [] } = options;
	if (kind === "integration") {
		if ((jwks || jwksUri !== undefined) && authentication !== "private_key_jwt")
			add("jwks", "An integration has no keys.");
		// Contract 000: its install page knows no PKCE, and nobody signs in to it.
		if (requirePkce) add("require_pkce", `${ofIntegration} no PKCE.`);
		if (idTokenAlg) add("id_token_signed_response_alg", `${ofIntegration} no id_tokens.`);
		if (postLogoutRedirectUris.length > 0) add("post_logout_redirect_urls", `${ofIntegration} no sign-out.`);
		if (resources.length > 0) add("resources", "An integration serves no resources: register an application for them.");
	}
	for (const each of returnProblems(postLogoutRedirectUris)) add("post_logout_redirect_urls", each);
	if (resources.length > 0 && !isConfidential) {
		add("resources", "A public client cannot introspect tokens, so it serves no resources.");
	}
	for (const each of servedProblems(resources, own)) add("resources", each);
	// RFC 7591 §2: one or the other.
	if (jwks && jwksUri !== undefined) add("jwks", "Give the keys, or the URL where they are, but not both.");
	if (authentication === "private_key_jwt" && !jwks && jwksUri === undefined) {
		add("jwks", "Give the client's public keys, or the URL where they are.");
	}
	const inKeys = jwks && keysProblem(jwks, authentication);
	if (inKeys) add("jwks", inKeys);
	const inUri = jwksUri === undefined ? null : fetchProblem(jwksUri, own);
	if (inUri !== null) add("jwks_uri", `The URL of the keys ${inUri}.`);
	return problems;
}

/** For a new client: keys that nothing is done with are there by mistake. (Software that registers itself may have some.) */
export function idleKeysProblems({
	kind,
	authentication,
	options: { jwks, jwksUri },
}: Pick<ClientDraft, "kind" | "authentication" | "options">): readonly OptionProblem[] {
	if (kind === "integration" || authentication === "private_key_jwt") return [];
	const detail = "Only a client that authenticates by private_key_jwt has keys.";
	return [
		...(jwks ? [{ field: "jwks", detail } as const] : []),
		...(jwksUri === undefined ? [] : [{ field: "jwks_uri", detail } as const]),
	];
}

const ofIntegration = "An integration is installed from a page of its own, which knows";

/** OIDC RP-Initiated Logout §3.1: matched exactly, and `state` is added to it. */
function returnProblems(uris: readonly string[]): readonly string[] {
	if (uris.length > maxPostLogoutUris) return [`Give at most ${maxPostLogoutUris} return URLs.`];
	return uris.flatMap((uri, index) => {
		const problem = redirectUriProblem(uri) ?? stateProblem(uri) ?? repeatProblem(uris, index);
		return problem === null ? [] : [`Return URL ${index + 1} ${problem}.`];
	});
}

function stateProblem(uri: string): string | null {
	const names = [...new URL(uri).searchParams.keys()].map((name) => name.toLowerCase());
	return names.includes("state") ? "has state in its query, which the answer adds" : null;
}

function repeatProblem(texts: readonly string[], index: number): string | null {
	const text = texts[index];
	return text !== undefined && texts.indexOf(text) < index ? "stands there twice" : null;
}

/** RFC 8707 §2: what a token may be for. */
function servedProblems(resources: readonly string[], { issuer }: Own): readonly string[] {
	if (resources.length > maxResources) return [`Give at most ${maxResources} resources.`];
	return resources.flatMap((resource, index) => {
		const invalid = resourceProblem(resource)?.replace(/^resource /, "") ?? null;
		const isOurs = withoutSlash(resource) === issuer || resource.startsWith(`${issuer}/`);
		const problem = invalid ?? (isOurs ? "is one of latchkey's own" : null) ?? repeatProblem(resources, index);
		return problem === null ? [] : [`Resource ${index + 1} ${problem}.`];
	});
}

/** Null for a set by which an assertion can be verified, and nothing else be done. */
function keysProblem(
	given: NonNullable<ClientOptions["jwks"]>,
	authentication: ClientDraft["authentication"],
): string | null {
	if (JSON.stringify(given).length > maxJwksLength) return "The keys are larger than 16 KiB.";
	const set = readJwkSet(given);
	if (!set || set.keys.length === 0) return "Give a JWK set (RFC 7517 §5) with 1 to 20 public keys.";
	// Whoever sends a private key has shown it to somebody: it has to be made anew.
	if (set.keys.some(isSecretKey)) return "There is a private or symmetric key among them: give public keys only.";
	if (authentication !== "private_key_jwt") return null;
	const isUsable = assertionAlgs.some((alg) => keysFor(set, { alg, kid: null }).length > 0);
	return isUsable ? null : "None of the keys can verify RS256, PS256, ES256 or EdDSA.";
}
