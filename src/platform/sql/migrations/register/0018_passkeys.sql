-- The passkeys that people sign in with (WebAuthn). `id` is made of `credential_id`; `public_key` is a JWK.
CREATE TABLE passkeys (
	id TEXT PRIMARY KEY,
	person_id TEXT NOT NULL REFERENCES people (id),
	credential_id TEXT NOT NULL,
	public_key TEXT NOT NULL,
	sign_count INTEGER NOT NULL,
	synced INTEGER NOT NULL,
	transports TEXT NOT NULL DEFAULT '[]',
	name TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	last_used_at INTEGER
) WITHOUT ROWID;
CREATE INDEX passkeys_by_person ON passkeys (person_id, created_at, id);
