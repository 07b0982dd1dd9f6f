-- OpenID Connect and registration by strangers' software (RFC 7591).

-- What a person says of themselves, as a JSON object of OIDC claims.
ALTER TABLE people ADD COLUMN profile TEXT NOT NULL DEFAULT '{}';

-- A client that registered itself belongs to no account, so that account_id may be null: SQLite needs the table anew.
CREATE TABLE clients_anew (
	id TEXT PRIMARY KEY,
	account_id TEXT REFERENCES accounts (id),
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	description TEXT NOT NULL,
	logo_svg TEXT,
	redirect_uris TEXT NOT NULL,
	auth_methods TEXT NOT NULL,
	secrets TEXT NOT NULL,
	grant_types TEXT NOT NULL,
	scope TEXT NOT NULL,
	rotation TEXT NOT NULL,
	access_token_ttl INTEGER NOT NULL,
	-- A JSON object: see ClientOptions in domain/client.ts.
	options TEXT NOT NULL DEFAULT '{}',
	-- When it registered itself; null for one that a person registered.
	registered_at INTEGER,
	state TEXT NOT NULL CHECK (state IN ('active', 'ended')),
	not_before INTEGER NOT NULL,
	rev INTEGER NOT NULL DEFAULT 0
);
INSERT INTO clients_anew (id, account_id, kind, name, description, logo_svg, redirect_uris, auth_methods, secrets,
	grant_types, scope, rotation, access_token_ttl, state, not_before, rev)
SELECT id, account_id, kind, name, description, logo_svg, redirect_uris, auth_methods, secrets,
	grant_types, scope, rotation, access_token_ttl, state, not_before, rev FROM clients;
DROP TABLE clients;
ALTER TABLE clients_anew RENAME TO clients;
CREATE INDEX clients_by_account ON clients (account_id);
CREATE INDEX clients_ended ON clients (not_before) WHERE state = 'ended';
CREATE INDEX clients_by_registration ON clients (registered_at) WHERE registered_at IS NOT NULL;
