-- Whose JWTs an account takes for a person of it or for a workload (RFC 7523): keys or where they are, and the rules, are JSON.
CREATE TABLE trusted_issuers (
	id TEXT PRIMARY KEY,
	account_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	issuer TEXT NOT NULL,
	name TEXT NOT NULL,
	terms TEXT NOT NULL,
	rev INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX trusted_issuers_by_issuer ON trusted_issuers (account_id, kind, issuer);

-- Whose address it is that an administrator said.
CREATE INDEX memberships_by_email ON memberships (account_id, verified_email COLLATE NOCASE) WHERE verified_email IS NOT NULL;
