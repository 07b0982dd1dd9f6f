import type { TokenType } from "../domain/sender-key.ts";

/**
 * The token endpoint speaks two dialects: that of RFC 6749 (snake_case, as a form or JSON) and that of contract 000
 * (camelCase JSON, whose redirect parameter is called `redirect`). It answers in the one that it was asked in.
 */
export const tokenCamelNames: Readonly<Record<string, string>> = {
	grantType: "grant_type",
	clientId: "client_id",
	clientSecret: "client_secret",
	redirect: "redirect_uri",
	refreshToken: "refresh_token",
	codeVerifier: "code_verifier",
};

export interface TokenAnswer {
	readonly token: string;
	readonly tokenType: TokenType;
	readonly expiresIn: number;
	/** Null where the client keeps the one that it has: then the member is left out, as contract 000 shows. */
	readonly refreshToken: string | null;
	/** Null where there is none. Contract 000 knows no such member: its dialect leaves it out. */
	readonly idToken: string | null;
	readonly scope: readonly string[];
	/** RFC 8693 §2.2.1: of an exchange alone. */
	readonly issuedTokenType?: string;
}

/** Contract 000. */
export function camelTokens({
	token,
	tokenType,
	expiresIn,
	refreshToken,
}: TokenAnswer): Record<string, string | number> {
	return { accessToken: token, ...(refreshToken !== null && { refreshToken }), expiresIn, tokenType };
}

/** RFC 6749 §5.1, OIDC Core §3.1.3.3. A scope has one value at least (RFC 6749 App. A.4): an empty one is left out. */
export function standardTokens({
	token,
	tokenType,
	expiresIn,
	refreshToken,
	idToken,
	scope,
	issuedTokenType,
}: TokenAnswer): Record<string, string | number> {
	return {
		access_token: token,
		...(issuedTokenType !== undefined && { issued_token_type: issuedTokenType }),
		token_type: tokenType,
		expires_in: expiresIn,
		...(refreshToken !== null && { refresh_token: refreshToken }),
		...(idToken !== null && { id_token: idToken }),
		...(scope.length > 0 && { scope: scope.join(" ") }),
	};
}
