-- API keys as people manage them (contracts 003 and 004). Names are compared without regard to ASCII case.

ALTER TABLE accounts ADD COLUMN reveal_allowed INTEGER NOT NULL DEFAULT 1 CHECK (reveal_allowed IN (0, 1));

ALTER TABLE api_keys ADD COLUMN type TEXT NOT NULL DEFAULT 'standard' CHECK (type IN ('standard', 'integration'));

DROP INDEX api_keys_by_account;
CREATE UNIQUE INDEX api_keys_by_name ON api_keys (account_id, name COLLATE NOCASE);

DROP INDEX policies_by_account;
CREATE UNIQUE INDEX policies_by_name ON policies (account_id, name COLLATE NOCASE);

-- Which accounts have linked a key. The key's ledger decides; this lists.
CREATE TABLE key_links (
	account_id TEXT NOT NULL REFERENCES accounts (id),
	key_id TEXT NOT NULL REFERENCES api_keys (id),
	created_at INTEGER NOT NULL,
	PRIMARY KEY (account_id, key_id)
) WITHOUT ROWID;
CREATE INDEX key_links_by_key ON key_links (key_id);
