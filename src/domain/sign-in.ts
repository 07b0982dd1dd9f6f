import type { AuthenticationMethod } from "./authentication.ts";
import { type Hash, isSameHash, type Seconds } from "./brands.ts";

/** A browser's sign-in: what stands behind the session cookie. */
export interface SignIn {
	readonly id: string;
	readonly hash: Hash;
	/** When the person last proved who they are (OIDC `auth_time`). */
	readonly authenticatedAt: Seconds;
	/** By what (RFC 8176); left out: by password. */
	readonly amr?: readonly AuthenticationMethod[];
	/** The account whose own provider somebody came in by: the sign-in opens that account alone. Left out: all that they have. */
	readonly within?: string;
	/** The provider that vouched for them; left out: none did. */
	readonly through?: string;
	/** That provider was not told to ask them anew: how long ago they proved it there who they are, nobody here knows. */
	readonly unasked?: true;
	/** When they did, as it says: left out where that is not before this was opened. */
	readonly shownAt?: Seconds;
	readonly expiresAt: Seconds;
	/** Where it was opened, so that its owner may know it again: the network address, and the browser in words. */
	readonly from?: { readonly address: string | null; readonly browser: string };
}

/** A working day: long enough not to be in the way, short enough for a machine that was left behind. */
export const signInTtl: Seconds = 12 * 3600;

export function isSignedIn(signIn: SignIn | null, hash: Hash, now: Seconds): signIn is SignIn {
	return signIn !== null && now < signIn.expiresAt && isSameHash(signIn.hash, hash);
}
