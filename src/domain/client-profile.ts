import type { AssertionUse } from "./client-assertion.ts";
import type { AssertionAlg } from "./client-keys.ts";
import type { Client } from "./client.ts";
import type { StatedOptions } from "./client-options.ts";

/** FAPI 2.0 Security Profile: what banks and the like ask of a client and of whoever it asks. */
export function isFapi({ options }: { readonly options: StatedOptions }): boolean {
	return options.profile === "fapi2";
}

interface Profiled {
	readonly options: StatedOptions;
	readonly rotation: Client["rotation"];
}

/**
 * FAPI 2.0 §5.3.2.1 (8), (13), §5.4: the issuer alone is the audience, a clock is less than a minute ahead, and RS256 signs nothing.
 * Null, or what is wrong.
 */
export function assertionProblem(
	{ isForIssuer, ahead }: Pick<AssertionUse, "isForIssuer" | "ahead">,
	alg: AssertionAlg,
): "audience" | "clock" | "algorithm" | null {
	if (!isForIssuer) return "audience";
	if (ahead >= 60) return "clock";
	return alg === "RS256" ? "algorithm" : null;
}

/**
 * What goes with the profile, whatever is said beside it (FAPI 2.0 §5.3.2): pushed requests, PKCE, tokens that are bound to a key,
 * refresh tokens that stay, and no signature by RS256 (§5.4.1).
 */
export function inProfile<Of extends Profiled>(of: Of): Of {
	if (!isFapi(of)) return of;
	const { idTokenAlg = "RS256" } = of.options;
	const options = {
		...of.options,
		requirePushedRequests: true,
		requirePkce: true,
		dpopBoundAccessTokens: true,
		idTokenAlg: idTokenAlg === "RS256" ? "ES256" : idTokenAlg,
	};
	return { ...of, options, rotation: "keep" };
}
