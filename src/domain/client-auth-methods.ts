import type { ClientAuthMethod } from "./client.ts";

// How a client that registers itself may authenticate: RFC 7591 §2, OpenID Connect RP Metadata Choices 1.0.

/** What is taken of whoever registers in one way. */
export interface MethodRules {
	readonly supported: readonly ClientAuthMethod[];
	/** Of a client that says nothing, the first as RFC 7591 §2 has it. */
	readonly preset: readonly ClientAuthMethod[];
	/** RFC 7591 §3.2.1: in the place of one that is not known here, where an answer tells the client. */
	readonly instead: readonly ClientAuthMethod[];
}

/** By a secret, in either place: many clients say nothing, and then use the other one. */
const bySecret = ["client_secret_basic", "client_secret_post"] as const;

/** RFC 7591 */
export const registrationMethods: MethodRules = {
	supported: [...bySecret, "private_key_jwt", "none"],
	preset: bySecret,
	instead: bySecret,
};

/** Client ID Metadata Document §4.1: what everybody can read holds no secret. */
export const documentMethods: MethodRules = { supported: ["private_key_jwt", "none"], preset: ["none"], instead: [] };

/** What a client says of it: the one that it prefers, and all that it can. */
interface Said {
	readonly preferred: string | undefined;
	readonly choices: readonly string[] | undefined;
	readonly hasKeys: boolean;
	/** Whether it is answered by schemes of no domain alone. */
	readonly isDotlessAlone: boolean;
}

/**
 * The methods that it may use from now on: all that both sides have, since a document is read by servers that have other ones.
 * The first is the one that it is told (RP Metadata Choices §2). Empty where nothing is left. In the place of
 * a proof that was preferred, and cannot be kept, there comes another proof, never `none`.
 */
export function methodsFor(said: Said, rules: MethodRules): readonly ClientAuthMethod[] {
	const { preferred, choices, hasKeys } = said;
	// RFC 8252 §8.4: what is no secret is not given out for one.
	if (preferred === undefined && choices === undefined) return said.isDotlessAlone ? ["none"] : rules.preset;
	const named = [preferred, ...(choices ?? [])].flatMap((name) => rules.supported.find((each) => each === name) ?? []);
	if (named.length === 0 && choices === undefined) return rules.instead;
	const offered = [...new Set(named)].filter((method) => choices?.includes(method) ?? true);
	const possible = offered.filter((method) => hasKeys || method !== "private_key_jwt");
	const mayBePublic = preferred === undefined || preferred === "none" || possible.some((each) => each === preferred);
	const usable = possible.filter((method) => mayBePublic || method !== "none");
	const [told] = usable;
	// RFC 6749 §6: a client that was issued a secret authenticates, so that `none` beside it is left out, and so is a secret
	// beside `none`.
	const isTold = (method: ClientAuthMethod) => told !== undefined && isBySecret(method) === isBySecret(told);
	return usable.filter((method) => method === "private_key_jwt" || isTold(method));
}

export function isBySecret(method: ClientAuthMethod): boolean {
	return bySecret.some((each) => each === method);
}
