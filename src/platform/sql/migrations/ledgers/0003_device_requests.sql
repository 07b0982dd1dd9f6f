-- What devices ask for, by the hash of the user code, until somebody answers (RFC 8628).
CREATE TABLE device_requests (user_code TEXT PRIMARY KEY, body TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX device_requests_by_expiry ON device_requests (expires_at);
