/** RFC 9449 §5, RFC 6750 §6.1.1: how a token is shown; RFC 8693 §2.2.1: of what is no access token, that it is not. */
export type TokenType = "Bearer" | "DPoP" | "N_A";

/**
 * A token may be bound to the key of whoever it was issued to: its RFC 7638 thumbprint, which is null for a token that is good for
 * whoever has it.
 */
export function tokenTypeOf(senderKey: string | null): TokenType {
	return senderKey === null ? "Bearer" : "DPoP";
}

/** RFC 7800 §3.1, RFC 9449 §6: as a member of claims and of what is said of a token. */
export interface Confirmed {
	readonly cnf?: { readonly jkt: string };
}

export function confirmed(senderKey: string | null): Confirmed {
	return senderKey === null ? {} : { cnf: { jkt: senderKey } };
}

/** What a token's `cnf` says; undefined for one that no token of ours has. */
export function senderKeyOf(cnf: unknown): string | null | undefined {
	if (cnf === undefined) return null;
	const isObject = typeof cnf === "object" && cnf !== null && "jkt" in cnf;
	return isObject && typeof cnf.jkt === "string" ? cnf.jkt : undefined;
}
