import { readResources } from "../../domain/audience.ts";
import { resourcesOf } from "../../http/body.ts";
import { exchangeCode } from "../../operations/tokens/exchange-code.ts";
import type { TokenRefusal } from "../../operations/tokens/issued-tokens.ts";
import { type GrantTypeHandler, invalidTarget, missing } from "./grant-type.ts";

/** RFC 6749 §4.1.3, RFC 7636 §4.5, RFC 8707 §2.2. */
export const authorizationCode: GrantTypeHandler = async (params, client, { address, isProven, sender, services }) => {
	const code = params.get("code");
	if (code === undefined) return missing("code");
	const codeVerifier = params.get("code_verifier") ?? null;
	// RFC 7636 §4.1 has fewer characters, and some clients send base64: whether it is the right one, its digest decides.
	if (codeVerifier !== null && !/^[\x21-\x7e]{43,128}$/.test(codeVerifier)) {
		return {
			ok: false,
			error: "invalid_request",
			reason: "verifier",
			detail: "code_verifier has to have 43 to 128 visible characters of ASCII",
		};
	}
	const redirectUri = params.get("redirect_uri") ?? null;
	const named = readResources(resourcesOf(params), services.config.issuer);
	if (!named.ok) return invalidTarget(named.detail);
	const { resource } = named;
	const issued = await exchangeCode(
		{ code, redirectUri, codeVerifier, resource, isProven, sender },
		client,
		address,
		services,
	);
	if (issued.ok) return issued;
	return { ...issued, detail: issued.detail ?? detailOf(issued.error) };
};

function detailOf(error: TokenRefusal["error"]): string {
	switch (error) {
		case "invalid_target":
			return "A resource was not granted";
		case "invalid_scope":
			return "Nothing of what was agreed to is permitted any more";
		default:
			// One sentence for every binding: which of them was wrong is for the log.
			return "The code is not valid for this client and request, or not any more";
	}
}
