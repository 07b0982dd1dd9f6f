import { alwaysNeedsPkce, type Client, isPublic } from "../../domain/client.ts";
import type { Scope } from "../../domain/scope.ts";
import type { Params } from "../../http/body.ts";
import { checked, type Checked, refused } from "./refusal.ts";

/** RFC 7636 §4.3: the challenge, or null where there is none and none is needed. `scope` is what the request can have. */
export function readCodeChallenge(params: Params, client: Client, scope: Scope): Checked<string | null> {
	const challenge = params.get("code_challenge") ?? null;
	const method = params.get("code_challenge_method");
	if (challenge === null) {
		// RFC 9700 §4.8.2: whoever takes the challenge out of a request must not be left without a word.
		if (method !== undefined) return refused("invalid_request", "code_challenge is missing");
		// OAuth 2.1 §7.5.1: an id_token binds the code to the session of a client that authenticates, by its nonce.
		const isNeeded = alwaysNeedsPkce(client) || !scope.includes("openid");
		return isNeeded ? refused("invalid_request", `${missing}${wayOut(client)}`) : checked(null);
	}
	// RFC 7636 §4.3: absent means `plain`, which RFC 9700 §2.1.1 rules out.
	if (method !== "S256") return refused("invalid_request", "code_challenge_method must be S256");
	// RFC 7636 §4.2: base64url of a SHA-256.
	if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) return refused("invalid_request", "code_challenge is malformed");
	return checked(challenge);
}

const missing = "code_challenge is missing: send it with code_challenge_method=S256 (RFC 7636)";

/** For the developer of a client that knows no PKCE. */
function wayOut(client: Client): string {
	if (isPublic(client)) return "";
	return alwaysNeedsPkce(client) ? ": require_pkce is set for this client" : ", or ask for the scope openid";
}
