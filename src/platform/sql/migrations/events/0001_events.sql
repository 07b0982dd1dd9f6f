-- Events as they were sent. received_at is in epoch seconds, occurred_at in epoch milliseconds.
CREATE TABLE events (
	id TEXT PRIMARY KEY,
	account_id TEXT NOT NULL,
	environment_id TEXT NOT NULL,
	received_at INTEGER NOT NULL,
	occurred_at INTEGER NOT NULL,
	body TEXT NOT NULL
);
-- A search goes through one account by time; the id breaks ties, so that a cursor knows where it stood.
CREATE INDEX events_by_account ON events (account_id, occurred_at, id);
CREATE INDEX events_by_receipt ON events (received_at);
