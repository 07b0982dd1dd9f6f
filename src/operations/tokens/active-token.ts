import type { ShownAuthentication } from "../../domain/authentication.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Act } from "../../domain/token-exchange.ts";
import type { Scope } from "../../domain/scope.ts";
import type { SubjectId } from "../../domain/subject.ts";

/** RFC 7662 §2.2: what an active token is good for. */
export interface ActiveToken {
	readonly use: "access_token" | "refresh_token";
	readonly subject: SubjectId;
	/** The person's user name, where it is for the caller to know. */
	readonly username: string | null;
	readonly clientId: string;
	readonly accountId: string;
	readonly scope: Scope;
	readonly issuedAt: Seconds;
	readonly expiresAt: Seconds;
	/** Null for a refresh token. */
	readonly jti: string | null;
	readonly audience: readonly string[];
	/** Null where nobody acts for the subject. */
	readonly act: Act | null;
	/** The thumbprint of the key that an access token is bound to; null for one that is good for whoever has it. */
	readonly senderKey: string | null;
	/** Of an access token whose grant tells who its person is. */
	readonly authentication?: ShownAuthentication;
}
