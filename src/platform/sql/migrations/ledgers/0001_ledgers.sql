-- One file for what Cloudflare has in Durable Objects and KV. There each object makes its own tables, without a subject.

-- UNIQUE is what makes SQLite choose that index: otherwise it would read every row of the kind to find one by its lookup.
CREATE TABLE rows (
	subject TEXT NOT NULL,
	kind TEXT NOT NULL,
	id TEXT NOT NULL,
	lookup TEXT,
	body TEXT NOT NULL,
	purge_at INTEGER,
	PRIMARY KEY (subject, kind, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX rows_by_lookup ON rows (subject, kind, lookup) WHERE lookup IS NOT NULL;
CREATE INDEX rows_by_purge ON rows (purge_at) WHERE purge_at IS NOT NULL;

CREATE TABLE tallies (name TEXT PRIMARY KEY, count INTEGER NOT NULL, ends_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX tallies_by_end ON tallies (ends_at);

CREATE TABLE codes (hash TEXT PRIMARY KEY, record TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX codes_by_expiry ON codes (expires_at);

CREATE TABLE key_rings (algorithm TEXT PRIMARY KEY, ring TEXT NOT NULL) WITHOUT ROWID;
