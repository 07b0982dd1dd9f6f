-- Change events (contract 002) are events of their own type, so that one search finds both.
ALTER TABLE events ADD COLUMN type TEXT NOT NULL DEFAULT 'event';
-- workspace/name as the environment was called then; empty for a change event, which is of no environment.
ALTER TABLE events ADD COLUMN environment TEXT NOT NULL DEFAULT '';
CREATE INDEX events_by_type ON events (account_id, type, occurred_at, id);

-- What latchkey noticed: one row for each kind, subject, target and slot (the beginning of an hour or a day).
-- Times are epoch seconds, detail is JSON text.
CREATE TABLE alerts (
	id TEXT PRIMARY KEY,
	account_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	subject TEXT NOT NULL,
	target TEXT NOT NULL,
	slot INTEGER NOT NULL,
	count INTEGER NOT NULL,
	first_at INTEGER NOT NULL,
	last_at INTEGER NOT NULL,
	detail TEXT NOT NULL,
	UNIQUE (account_id, kind, subject, target, slot)
);
CREATE INDEX alerts_by_account ON alerts (account_id, first_at, id);
CREATE INDEX alerts_by_kind ON alerts (account_id, kind, first_at, id);
CREATE INDEX alerts_by_time ON alerts (last_at);
