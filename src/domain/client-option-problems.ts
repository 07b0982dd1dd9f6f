import * as v from "valibot";
import type { Authentication, Client } from "./client.ts";
import type { StatedOptions } from "./client-options.ts";
import { isFapi } from "./client-profile.ts";
import { type EditableOption, editableOptions } from "./client-option-values.ts";
import { canVerify, isSecretKey, type JwkSet, readJwkSet } from "./client-keys.ts";
import type { Own } from "./public-host.ts";

/** What the options of a draft depend on. */
interface Drafted {
	readonly kind: Client["kind"];
	readonly isConfidential: boolean;
	readonly authentication: Authentication;
	readonly options: StatedOptions;
}

/** A field by its name in the JSON API, and what is wrong with it. */
export interface FieldProblem {
	readonly field: string;
	readonly detail: string;
}

const maxJwksLength = 16 * 1024;

/** Everything that is wrong with the options of a tidy draft. */
export function optionProblems(draft: Drafted, own: Own): readonly FieldProblem[] {
	const { isConfidential, authentication, options } = draft;
	const { jwks, jwksUri, resources, tokenExchangeApis, identityAssertions } = options;
	const problems: FieldProblem[] = editableOptions.flatMap((option) => {
		const value = options[option.key];
		const details = value === undefined ? [] : [...placeProblems(option, draft), ...valueProblems(option, value, own)];
		return details.map((detail) => ({ field: option.name, detail }));
	});
	const add = (field: string, detail: string) => problems.push({ field, detail });
	if (resources && !isConfidential) {
		add("resources", "A public client cannot introspect tokens, so it serves no resources.");
	}
	if (tokenExchangeApis && !isConfidential) {
		add("token_exchange_apis", "A public client cannot show that it is the one that may exchange tokens.");
	}
	if (identityAssertions && !isConfidential) {
		add("identity_assertions", "A public client cannot show that it is the one that may have them.");
	}
	// RFC 7591 §2: one or the other.
	if (jwks && jwksUri !== undefined) add("jwks", "Give the keys, or the URL where they are, but not both.");
	if (authentication === "private_key_jwt" && !jwks && jwksUri === undefined) {
		add("jwks", "Give the client's public keys, or the URL where they are.");
	}
	// FAPI 2.0 §5.3.2.1, §5.4.1
	if (isFapi(draft) && draft.kind === "application" && authentication !== "private_key_jwt") {
		add("profile", "FAPI 2.0 is for a client that is registered with keys of its own (private_key_jwt).");
	}
	if (isFapi(draft) && options.accessTokenAlg === "RS256") {
		add("access_token_signed_response_alg", "FAPI 2.0 rules out RS256: choose another algorithm.");
	}
	// FAPI 2.0 §5.3.2.2 (2), (5): such a request is not pushed, and no PKCE binds its code to whoever asked.
	if (isFapi(draft) && options.deviceAuthorization) {
		add("device_authorization", "FAPI 2.0 rules out codes that are shown: people come by pushed requests.");
	}
	const inKeys = jwks && keysProblem(jwks, authentication);
	if (inKeys) add("jwks", inKeys);
	return problems;
}

/** For a new client: keys that nothing is done with are there by mistake. (Software that registers itself may have some.) */
export function idleKeysProblems({ kind, authentication, options }: Drafted): readonly FieldProblem[] {
	if (kind === "integration" || authentication === "private_key_jwt") return [];
	const detail = "Only a client that authenticates by private_key_jwt has keys.";
	const idle = editableOptions.filter(({ of, key }) => of === "keys" && options[key] !== undefined);
	return idle.map(({ name }) => ({ field: name, detail }));
}

/** Contract 000: its install page knows no PKCE, nobody signs in to it or out of it, and it authenticates by a secret. */
function placeProblems({ of }: EditableOption, { kind, authentication }: Drafted): readonly string[] {
	// That it has keys is not what is wrong then.
	const isFollowing = of === "keys" && authentication === "private_key_jwt";
	return kind === "integration" && of !== "client" && !isFollowing
		? ["Only an application has this, and no integration."]
		: [];
}

function valueProblems({ schema, rule, control }: EditableOption, value: unknown, own: Own): readonly string[] {
	const parsed = v.safeParse(schema, value, { abortEarly: true });
	if (!parsed.success) return [`It ${parsed.issues[0].message}.`];
	const wrong = (text: unknown) => (typeof text === "string" ? (rule?.(text, own) ?? null) : null);
	const list: readonly unknown[] = Array.isArray(value) ? value : [];
	const inList = list.flatMap((each, index) => {
		const problem = wrong(each) ?? (list.indexOf(each) < index ? "stands there twice" : null);
		return problem === null ? [] : [`${control.kind === "lines" ? control.each : "Number"} ${index + 1} ${problem}.`];
	});
	const problem = wrong(value);
	return problem === null ? inList : [`It ${problem}.`];
}

/** Null for a set by which an assertion can be verified, and nothing else be done. */
function keysProblem(given: JwkSet, authentication: Authentication): string | null {
	if (JSON.stringify(given).length > maxJwksLength) return "The keys are larger than 16 KiB.";
	const set = readJwkSet(given);
	if (!set || set.keys.length === 0) return "Give a JWK set (RFC 7517 §5) with 1 to 20 public keys.";
	// Whoever sends a private key has shown it to somebody: it has to be made anew.
	if (set.keys.some(isSecretKey)) return "There is a private or symmetric key among them: give public keys only.";
	if (authentication !== "private_key_jwt") return null;
	return canVerify(set, undefined) ? null : "None of the keys can verify RS256, PS256, ES256 or EdDSA.";
}
