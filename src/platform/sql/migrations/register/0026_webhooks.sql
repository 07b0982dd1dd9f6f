-- Where accounts are told of what happens in them. Event types are a JSON list; null for all of them.
CREATE TABLE webhook_endpoints (
	id TEXT PRIMARY KEY,
	account_id TEXT NOT NULL REFERENCES accounts (id),
	url TEXT NOT NULL,
	description TEXT NOT NULL,
	event_types TEXT,
	state TEXT NOT NULL CHECK (state IN ('on', 'off')),
	disabled_for TEXT,
	sealed_secret TEXT NOT NULL,
	previous_secret TEXT,
	previous_until INTEGER,
	created_at INTEGER NOT NULL,
	rev INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX webhook_endpoints_by_account ON webhook_endpoints (account_id, created_at, id);

-- Entries of the audit log that endpoints are to be told of: written with the entry itself, by the trigger, which is one line.
CREATE TABLE webhook_outbox (
	entry_id INTEGER PRIMARY KEY,
	account_id TEXT NOT NULL
);
CREATE INDEX webhook_outbox_by_account ON webhook_outbox (account_id, entry_id);
CREATE TRIGGER webhook_outbox_more AFTER INSERT ON audit WHEN new.account_id IS NOT NULL AND EXISTS (SELECT 1 FROM webhook_endpoints WHERE account_id = new.account_id AND state = 'on') BEGIN INSERT INTO webhook_outbox (entry_id, account_id) VALUES (new.id, new.account_id); END;
