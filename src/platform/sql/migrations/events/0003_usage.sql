-- How often something was done: in an account as a whole (object is empty), and by or to each key, client and API of it.
-- `at` is the beginning of the hour or the day, in epoch seconds.
CREATE TABLE usage_hours (
	account_id TEXT NOT NULL,
	object TEXT NOT NULL,
	at INTEGER NOT NULL,
	what TEXT NOT NULL,
	count INTEGER NOT NULL,
	PRIMARY KEY (account_id, object, at, what)
) WITHOUT ROWID;
CREATE INDEX usage_hours_by_time ON usage_hours (at);
-- What the hours of a day add up to, once that day is over for long.
CREATE TABLE usage_days (
	account_id TEXT NOT NULL,
	object TEXT NOT NULL,
	at INTEGER NOT NULL,
	what TEXT NOT NULL,
	count INTEGER NOT NULL,
	PRIMARY KEY (account_id, object, at, what)
) WITHOUT ROWID;
CREATE INDEX usage_days_by_time ON usage_days (at);
-- Which batches of counts were added: one that is sent again is not added again.
CREATE TABLE usage_batches (
	at INTEGER NOT NULL,
	id TEXT NOT NULL,
	PRIMARY KEY (at, id)
) WITHOUT ROWID;
