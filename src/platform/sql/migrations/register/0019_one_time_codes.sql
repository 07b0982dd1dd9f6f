-- Whose password alone signs nobody in: the secret that their authenticator app makes codes of (RFC 6238), sealed, and the step of
-- the last code that was taken. No row where they are off.
CREATE TABLE one_time_codes (
	person_id TEXT PRIMARY KEY REFERENCES people (id),
	sealed_secret TEXT NOT NULL,
	since INTEGER NOT NULL,
	last_step INTEGER NOT NULL
) WITHOUT ROWID;
