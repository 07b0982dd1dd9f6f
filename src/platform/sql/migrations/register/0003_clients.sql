-- Integrations as people manage them, and what of their grants is left (contract 000).

-- Raised by every change, so that of two at once the second looks again.
ALTER TABLE clients ADD COLUMN rev INTEGER NOT NULL DEFAULT 0;
CREATE INDEX clients_ended ON clients (not_before) WHERE state = 'ended';

-- What was agreed to, as a JSON list, and when the grant's end was noted. Both for lists: the ledgers decide.
ALTER TABLE installs ADD COLUMN scope TEXT NOT NULL DEFAULT '[]';
ALTER TABLE installs ADD COLUMN ended_at INTEGER;

DROP INDEX installs_by_account;
CREATE INDEX installs_by_account ON installs (account_id, created_at, grant_id) WHERE ended_at IS NULL;
DROP INDEX installs_by_client;
CREATE INDEX installs_by_client ON installs (client_id) WHERE ended_at IS NULL;
