-- Where people sign in elsewhere and come in here: what else is said of it is JSON. Null for one of the whole deployment.
CREATE TABLE sign_in_providers (
	id TEXT PRIMARY KEY,
	account_id TEXT REFERENCES accounts (id),
	kind TEXT NOT NULL,
	issuer TEXT NOT NULL,
	client_id TEXT NOT NULL,
	name TEXT NOT NULL,
	sealed_secret TEXT NOT NULL,
	terms TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('on', 'off')),
	rev INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX sign_in_providers_by_account ON sign_in_providers (account_id, name, id);

-- Who somebody is there: its `sub`, and never an address.
CREATE TABLE provider_identities (
	provider_id TEXT NOT NULL REFERENCES sign_in_providers (id),
	subject TEXT NOT NULL,
	person_id TEXT NOT NULL REFERENCES people (id),
	linked_at INTEGER NOT NULL,
	last_used_at INTEGER,
	PRIMARY KEY (provider_id, subject)
) WITHOUT ROWID;
CREATE INDEX provider_identities_by_person ON provider_identities (person_id, linked_at);

-- Several accounts may name a domain. It is one's who showed it.
CREATE TABLE account_domains (
	account_id TEXT NOT NULL REFERENCES accounts (id),
	domain TEXT NOT NULL,
	provider_id TEXT,
	challenge TEXT NOT NULL,
	verified_at INTEGER,
	verified_by TEXT,
	PRIMARY KEY (account_id, domain)
) WITHOUT ROWID;
CREATE UNIQUE INDEX account_domains_verified ON account_domains (domain) WHERE verified_at IS NOT NULL;
CREATE INDEX account_domains_by_provider ON account_domains (provider_id) WHERE provider_id IS NOT NULL;
