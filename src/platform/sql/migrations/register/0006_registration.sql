-- Clients that registered themselves (RFC 7591), and those of Client ID Metadata Documents.

-- When a person last consented to one; null while nobody has. `registered_at` is null for those that an account has.
ALTER TABLE clients ADD COLUMN kept_at INTEGER;
DROP INDEX clients_by_registration;
CREATE INDEX clients_unclaimed ON clients (registered_at) WHERE registered_at IS NOT NULL AND kept_at IS NULL;
CREATE INDEX clients_kept ON clients (kept_at) WHERE kept_at IS NOT NULL;
