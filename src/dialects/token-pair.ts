/** Contract 002: `type`, not `token_type`; instants in epoch seconds. */
export function pairAnswer(pair: {
	readonly accessToken: string;
	readonly refreshToken: string;
	readonly issuedAt: number;
	readonly expiresAt: number;
	readonly scopes: readonly string[];
}) {
	return {
		access_token: pair.accessToken,
		expires_at: pair.expiresAt,
		issued_at: pair.issuedAt,
		refresh_token: pair.refreshToken,
		type: "Bearer",
		scopes: pair.scopes,
	};
}
