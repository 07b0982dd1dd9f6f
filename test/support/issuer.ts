/** Of every deployment that tests start in a process of their own. */
export const issuer = "http://localhost:8787";
