/** Contract 001 writes snake_case; camelCase is taken as well, and answered in kind. */
export const loginCamelNames: Readonly<Record<string, string>> = {
	apiKey: "api_key",
	sessionId: "session_id",
	minTtl: "min_ttl",
	clientId: "client_id",
	clientSecret: "client_secret",
};

interface LoginAnswer {
	readonly token: string;
	readonly expiresIn: number;
}

/** The three members of contract 001. */
export function standardLogin({ token, expiresIn }: LoginAnswer): Record<string, string | number> {
	return { access_token: token, expires_in: expiresIn, token_type: "Bearer" };
}

export function camelLogin({ token, expiresIn }: LoginAnswer): Record<string, string | number> {
	return { accessToken: token, expiresIn, tokenType: "Bearer" };
}
