import { fetchProblem, type Own } from "./public-host.ts";
import type { SignInProvider } from "./sign-in-provider.ts";

/** What of a provider was looked at. */
export const checkedParts = [
	"discovery",
	"issuer",
	"endpoints",
	"client_auth",
	"pkce",
	"flow",
	"scopes",
	"keys",
	"sign_out",
] as const;

/** `note`: nobody is kept out by it. */
export const findingVerdicts = ["right", "wrong", "note"] as const;

/** A sentence about one part of a provider. */
export interface Finding {
	readonly about: (typeof checkedParts)[number];
	readonly verdict: (typeof findingVerdicts)[number];
	readonly detail: string;
}

type Metadata = Readonly<Record<string, unknown>>;

const right = (about: Finding["about"], detail: string): Finding => ({ about, verdict: "right", detail });
const wrong = (about: Finding["about"], detail: string): Finding => ({ about, verdict: "wrong", detail });
const note = (about: Finding["about"], detail: string): Finding => ({ about, verdict: "note", detail });

/** OpenID Connect Discovery 1.0 §3, §4.3: what a provider says of itself, against what a sign-in through it needs. */
export function checkMetadata(provider: SignInProvider, said: Metadata, own: Own): readonly Finding[] {
	return [
		checkIssuer(provider, said),
		...endpoints.map((name) => checkEndpoint(name, said[name], own)),
		checkClientAuth(provider, said),
		checkPkce(said),
		checkFlow(said),
		...checkScopes(provider, said),
		checkSignOut(said),
	];
}

const endpoints = ["authorization_endpoint", "token_endpoint", "jwks_uri"] as const;

/** §4.3: the very same text. */
function checkIssuer({ issuer }: SignInProvider, said: Metadata): Finding {
	if (said.issuer === issuer) return right("issuer", "It calls itself by the issuer that is registered here.");
	const other = typeof said.issuer === "string" ? `“${shown(said.issuer)}”` : "nothing";
	return wrong("issuer", `It calls itself ${other}, and not “${issuer}”: add it with its own issuer, to the letter.`);
}

function checkEndpoint(name: (typeof endpoints)[number], url: unknown, own: Own): Finding {
	if (typeof url !== "string") return wrong("endpoints", `It names no ${name}.`);
	const problem = fetchProblem(url, own);
	return problem === null ? right("endpoints", `It names its ${name}.`) : wrong("endpoints", `Its ${name} ${problem}.`);
}

/** §3: left out, it is `client_secret_basic`. */
function checkClientAuth({ tokenAuth }: SignInProvider, said: Metadata): Finding {
	const offered = textsOf(said.token_endpoint_auth_methods_supported) ?? ["client_secret_basic"];
	if (offered.includes(tokenAuth)) return right("client_auth", `It takes ${tokenAuth}.`);
	return wrong("client_auth", `It does not take ${tokenAuth}, but ${listed(offered)}.`);
}

/** RFC 8414 §2: whether it does is not known where it says nothing, and it is asked for in any case (RFC 7636 §5). */
function checkPkce(said: Metadata): Finding {
	const offered = textsOf(said.code_challenge_methods_supported);
	if (offered === null)
		return note("pkce", "It does not say whether it takes PKCE. It is sent, and ignored where it is not known.");
	return offered.includes("S256")
		? right("pkce", "It takes PKCE by S256.")
		: wrong("pkce", `It does not take PKCE by S256, but ${listed(offered)}.`);
}

function checkFlow(said: Metadata): Finding {
	const offered = textsOf(said.response_types_supported) ?? [];
	return offered.includes("code")
		? right("flow", "It gives codes.")
		: wrong("flow", `It does not give codes (response_types_supported is ${listed(offered)}).`);
}

function checkScopes({ scopes }: SignInProvider, said: Metadata): readonly Finding[] {
	const offered = textsOf(said.scopes_supported);
	const missing = offered === null ? [] : scopes.filter((scope) => !offered.includes(scope));
	return missing.length === 0 ? [] : [note("scopes", `It does not list these scopes: ${listed(missing)}.`)];
}

function checkSignOut(said: Metadata): Finding {
	return typeof said.end_session_endpoint === "string"
		? right("sign_out", "Whoever signs out here is led to where it signs people out.")
		: note("sign_out", "It names no place where people sign out: they stay signed in there.");
}

/** Those by which an id_token may be signed: what the library that reads it knows. */
const algorithms = [
	"ES256",
	"ES384",
	"ES512",
	"RS256",
	"RS384",
	"RS512",
	"PS256",
	"PS384",
	"PS512",
	"EdDSA",
	"Ed25519",
];

/** RFC 7517 §5: whether any of its keys could have signed an id_token. */
export function checkKeys(said: Metadata, keySet: Metadata): Finding {
	const keys = Array.isArray(keySet.keys) ? keySet.keys.map(membersOf) : [];
	const usable = keys.filter(
		({ kty, use }) => (kty === "RSA" || kty === "EC" || kty === "OKP") && (use ?? "sig") === "sig",
	);
	if (usable.length === 0) return wrong("keys", "Its key set has no key that an id_token could be signed with.");
	const signed = textsOf(said.id_token_signing_alg_values_supported) ?? ["RS256"];
	return signed.some((alg) => algorithms.includes(alg))
		? right("keys", `Its key set has ${usable.length} to sign with.`)
		: wrong("keys", `It signs by nothing that is taken here, but by ${listed(signed)}.`);
}

export function notFetched(about: Finding["about"], detail: string): Finding {
	return wrong(about, detail);
}

export function isFetched(about: Finding["about"], detail: string): Finding {
	return right(about, detail);
}

/** A JSON object, or nothing of one. */
export function membersOf(value: unknown): Metadata {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Metadata) : {};
}

/** Null where it is no list. */
function textsOf(value: unknown): readonly string[] | null {
	return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : null;
}

function listed(names: readonly string[]): string {
	return names.length === 0 ? "nothing" : shown(names.slice(0, 10).join(", "));
}

/** A stranger wrote it: a line of it, in letters that cannot be taken for ours. */
function shown(text: string): string {
	return text.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 200);
}
