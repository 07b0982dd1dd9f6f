-- More than one account, people who come and go, and APIs beside latchkey's own.

-- Since when an account is suspended, and when all of it goes.
ALTER TABLE accounts ADD COLUMN suspended_at INTEGER;
ALTER TABLE accounts ADD COLUMN delete_at INTEGER;
ALTER TABLE accounts ADD COLUMN created_at INTEGER;
-- Whether its administrators have its alerts mailed.
ALTER TABLE accounts ADD COLUMN alert_mail INTEGER NOT NULL DEFAULT 0;
-- The person, no operator, who made it for themselves: there is a bound to how many.
ALTER TABLE accounts ADD COLUMN made_by TEXT;
CREATE INDEX accounts_by_maker ON accounts (made_by) WHERE made_by IS NOT NULL;
CREATE INDEX accounts_by_name ON accounts (name COLLATE NOCASE, id);
CREATE INDEX accounts_due ON accounts (delete_at) WHERE delete_at IS NOT NULL;

-- Who runs the deployment. Where it was set up before there were operators, those who administer its first account are.
CREATE TABLE operators (
	person_id TEXT PRIMARY KEY REFERENCES people (id),
	since INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO operators (person_id, since)
SELECT person_id, 0 FROM memberships JOIN setup ON setup.account_id = memberships.account_id
WHERE memberships.role = 'admin' AND memberships.state = 'active';

-- A sealed link that makes one person a member, once. `hash` is that of the link's secret.
CREATE TABLE invitations (
	id TEXT PRIMARY KEY,
	hash TEXT NOT NULL,
	account_id TEXT NOT NULL REFERENCES accounts (id),
	role TEXT NOT NULL,
	note TEXT NOT NULL,
	email TEXT,
	invited_by TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'revoked')),
	accepted_by TEXT,
	ended_at INTEGER
) WITHOUT ROWID;
CREATE INDEX invitations_by_account ON invitations (account_id, created_at, id);
CREATE INDEX invitations_by_expiry ON invitations (expires_at);

-- Each is used once. A row that was used stays until others are made, so that the same request once more finds itself done.
CREATE TABLE recovery_codes (
	person_id TEXT NOT NULL REFERENCES people (id),
	hash TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	used_at INTEGER,
	PRIMARY KEY (person_id, hash)
) WITHOUT ROWID;

-- A sealed link that sets a new password, once, while the password is still the one that it was when the link was made.
CREATE TABLE recovery_links (
	id TEXT PRIMARY KEY,
	hash TEXT NOT NULL,
	person_id TEXT NOT NULL REFERENCES people (id),
	-- Who vouches for it: `admin` (of `account_id`), `operator`, `mail`, `setup`. See domain/recovery.ts.
	kind TEXT NOT NULL,
	account_id TEXT,
	made_by TEXT NOT NULL,
	-- A digest of what is stored of the password.
	password TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	used_at INTEGER
) WITHOUT ROWID;
CREATE INDEX recovery_links_by_person ON recovery_links (person_id);
CREATE INDEX recovery_links_by_expiry ON recovery_links (expires_at);

-- Wrong passwords that were tried elsewhere than where their person signed in before, since they last said that they saw it.
CREATE TABLE wrong_passwords (
	person_id TEXT PRIMARY KEY REFERENCES people (id),
	count INTEGER NOT NULL,
	first_at INTEGER NOT NULL,
	last_at INTEGER NOT NULL
) WITHOUT ROWID;

-- The address that a person proved to be theirs by a link that was mailed there.
ALTER TABLE people ADD COLUMN verified_email TEXT COLLATE NOCASE;
CREATE UNIQUE INDEX people_by_verified_email ON people (verified_email) WHERE verified_email IS NOT NULL;
-- That link, one for each person: another takes its place, and once used it is no row any more.
CREATE TABLE email_links (
	person_id TEXT PRIMARY KEY REFERENCES people (id),
	hash TEXT NOT NULL,
	email TEXT NOT NULL,
	expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX email_links_by_expiry ON email_links (expires_at);

-- For whoever looks through the clients of all accounts.
CREATE INDEX clients_by_name ON clients (name COLLATE NOCASE, id);

-- Resource servers that latchkey issues tokens for, beside itself. `permissions` and `servers` are lists: see domain/api.ts.
CREATE TABLE apis (
	id TEXT PRIMARY KEY,
	-- Null for one of the whole deployment.
	account_id TEXT REFERENCES accounts (id),
	identifier TEXT NOT NULL,
	-- By which no two differ in case or a slash alone.
	folded TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	description TEXT NOT NULL,
	permissions TEXT NOT NULL,
	token_ttl INTEGER,
	algorithm TEXT,
	servers TEXT NOT NULL DEFAULT '[]',
	rev INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX apis_by_account ON apis (account_id, name COLLATE NOCASE, id);

-- What of an install's scope nobody here checks: it was passed on for a resource that nobody registered.
ALTER TABLE installs ADD COLUMN unchecked TEXT NOT NULL DEFAULT '[]';
