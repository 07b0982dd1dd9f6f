-- The first request with each Idempotency-Key, for 24 hours. `id` is a hash of whose key it is and of the key, `turn` is of the run that
-- may write the answer, which is sealed; `nonce` is what makes two runs of one key do one thing.
CREATE TABLE idempotency_keys (
	id TEXT PRIMARY KEY,
	turn TEXT NOT NULL,
	nonce TEXT NOT NULL,
	fingerprint TEXT NOT NULL,
	started_at INTEGER NOT NULL,
	answer TEXT
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_start ON idempotency_keys (started_at);
