// Of the operations of `npm run bench`, by what a replica has to do with them.

/** What only asks whether something still counts: a replica answers where it has a lease. */
export const checks = ["login, live session", "refresh, kept", "verify an API key", "introspect", "UserInfo"];

/** What touches no storage at all, and shows how busy the machine is. */
export const untouched = "client credentials";

/** What touches no ledger. */
export const others = ["introspect, max_staleness", "verify a key, max_staleness", untouched];

/** What a subject's home alone does. */
export const changes = ["login, new session", "refresh, rotated", "code exchange"];
