-- When a client that registered itself was last used, to the day; null while it never was.
ALTER TABLE clients ADD COLUMN used_at INTEGER;
