import { exchangeCode } from "../../operations/exchange-code.ts";
import { type GrantTypeHandler, missing } from "./grant-type.ts";

/** RFC 6749 §4.1.3, RFC 7636 §4.5. */
export const authorizationCode: GrantTypeHandler = {
	name: "authorization_code",
	async handle(params, client, { address, services }) {
		const code = params.get("code");
		if (code === undefined) return missing("code");
		const codeVerifier = params.get("code_verifier") ?? null;
		// RFC 7636 §4.1
		if (codeVerifier !== null && !/^[A-Za-z0-9._~-]{43,128}$/.test(codeVerifier)) {
			return { ok: false, error: "invalid_request", reason: "verifier", detail: "code_verifier is malformed" };
		}
		const redirectUri = params.get("redirect_uri") ?? null;
		const issued = await exchangeCode({ code, redirectUri, codeVerifier }, client, address, services);
		// One sentence for every reason: which binding was wrong is for the log.
		return issued.ok
			? issued
			: { ...issued, detail: "The code is not valid for this client and request, or not any more" };
	},
};
