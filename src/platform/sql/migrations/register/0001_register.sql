-- The register: what is listed, searched and joined. Lists and objects are JSON text; instants are epoch seconds.

-- One row for ever: whoever inserts it first has set the deployment up.
CREATE TABLE setup (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	account_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE accounts (
	id TEXT PRIMARY KEY,
	slug TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('active', 'ended')),
	not_before INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE people (
	id TEXT PRIMARY KEY,
	username TEXT NOT NULL COLLATE NOCASE UNIQUE,
	name TEXT NOT NULL,
	password_hash TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('active', 'ended')),
	not_before INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE memberships (
	person_id TEXT NOT NULL REFERENCES people (id),
	account_id TEXT NOT NULL REFERENCES accounts (id),
	role TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('active', 'ended')),
	not_before INTEGER NOT NULL,
	PRIMARY KEY (person_id, account_id)
) WITHOUT ROWID;
CREATE INDEX memberships_by_account ON memberships (account_id);

CREATE TABLE clients (
	id TEXT PRIMARY KEY,
	account_id TEXT NOT NULL REFERENCES accounts (id),
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
	state TEXT NOT NULL CHECK (state IN ('active', 'ended')),
	not_before INTEGER NOT NULL
);
CREATE INDEX clients_by_account ON clients (account_id);

CREATE TABLE environments (
	id TEXT PRIMARY KEY,
	account_id TEXT NOT NULL REFERENCES accounts (id),
	workspace TEXT NOT NULL,
	name TEXT NOT NULL,
	key_version INTEGER NOT NULL,
	enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
	UNIQUE (account_id, workspace, name)
) WITHOUT ROWID;

CREATE TABLE policies (
	id TEXT PRIMARY KEY,
	account_id TEXT NOT NULL REFERENCES accounts (id),
	name TEXT NOT NULL,
	description TEXT NOT NULL,
	permissions TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX policies_by_account ON policies (account_id);

CREATE TABLE api_keys (
	id TEXT PRIMARY KEY,
	account_id TEXT NOT NULL REFERENCES accounts (id),
	name TEXT NOT NULL,
	tags TEXT NOT NULL,
	created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX api_keys_by_account ON api_keys (account_id);

CREATE TABLE access_codes (
	id TEXT PRIMARY KEY,
	key_id TEXT NOT NULL REFERENCES api_keys (id),
	description TEXT NOT NULL,
	sealed_secret TEXT
) WITHOUT ROWID;
CREATE INDEX access_codes_by_key ON access_codes (key_id);

-- Copies of what the keys' ledgers decide: never ahead of them. No foreign key, since a copy must never be refused.
CREATE TABLE key_verdicts (
	key_id TEXT PRIMARY KEY,
	rev INTEGER NOT NULL,
	verdict TEXT NOT NULL
) WITHOUT ROWID;

-- client_id and subject may name what is no row here (a generated token pair, a client acting for itself).
CREATE TABLE installs (
	grant_id TEXT PRIMARY KEY,
	client_id TEXT NOT NULL,
	account_id TEXT NOT NULL REFERENCES accounts (id),
	subject TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX installs_by_account ON installs (account_id);
CREATE INDEX installs_by_client ON installs (client_id);
CREATE INDEX installs_by_subject ON installs (subject);
CREATE INDEX installs_by_expiry ON installs (expires_at);

-- No foreign keys: the log outlives what it tells of.
CREATE TABLE audit (
	id INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	account_id TEXT,
	actor TEXT NOT NULL,
	action TEXT NOT NULL,
	target TEXT NOT NULL,
	address TEXT,
	detail TEXT NOT NULL
);
CREATE INDEX audit_by_account ON audit (account_id, at);
CREATE INDEX audit_by_time ON audit (at);
