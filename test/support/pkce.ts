/** RFC 7636 appendix B. */
export const pkce = {
	verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
	challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
};

/** What of it an authorization request has, and the redemption of its code. */
export const challenged = { code_challenge: pkce.challenge, code_challenge_method: "S256" };
export const verified = { code_verifier: pkce.verifier };
