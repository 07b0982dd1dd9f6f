import type { Scope } from "../../domain/scope.ts";
import type { Clear, Seconds } from "../../domain/brands.ts";
import type { TokenType } from "../../domain/sender-key.ts";
import type { AccessToken } from "../signing/access-token.ts";

/** What a grant type hands out; a dialect writes it (RFC 6749 §5.1 or contract 000). */
export interface IssuedTokens extends Pick<AccessToken, "of"> {
	readonly ok: true;
	readonly token: Clear;
	readonly issuedAt: Seconds;
	readonly expiresIn: Seconds;
	readonly tokenType: TokenType;
	/** Null where the client keeps the one that it has, or uses none. */
	readonly refreshToken: Clear | null;
	/** OIDC Core §3.1.3.3; null where the grant does not tell who somebody is. */
	readonly idToken: Clear | null;
	readonly scope: Scope;
	/** RFC 8693 §2.2.1; of an exchange alone. */
	readonly issuedTokenType?: string;
}

/** `error` is for the wire; `reason` is for the log alone, since it would tell an attacker which part was right. */
export interface TokenRefusal {
	readonly ok: false;
	readonly error:
		| "invalid_grant"
		| "invalid_scope"
		| "invalid_target"
		| "invalid_request"
		| "unauthorized_client"
		// RFC 8628 §3.5
		| "authorization_pending"
		| "slow_down"
		| "access_denied"
		| "expired_token"
		// RFC 9449 §5
		| "invalid_dpop_proof";
	readonly reason: string;
	/** For the developer of the client, where there is more to say than `error` says. */
	readonly detail?: string;
}
