-- Whether the ledger was seen to have redeemed the code of a grant. Until then it waits for that, or never comes to be: which of
-- the two, the ledger says. What is here already is asked about once.
ALTER TABLE installs ADD COLUMN settled INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1));
CREATE INDEX installs_unsettled ON installs (created_at) WHERE ended_at IS NULL AND settled = 0;
