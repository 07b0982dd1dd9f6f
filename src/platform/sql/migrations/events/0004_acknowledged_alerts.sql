-- Who acknowledged an alert and when; null as long as it is new. Triggers count what is new, each on one line. No row where there is none.
ALTER TABLE alerts ADD COLUMN acknowledged_at INTEGER;
ALTER TABLE alerts ADD COLUMN acknowledged_by TEXT;
CREATE INDEX alerts_new ON alerts (account_id, first_at, id) WHERE acknowledged_at IS NULL;
CREATE TABLE new_alerts (
	account_id TEXT PRIMARY KEY,
	n INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO new_alerts (account_id, n) SELECT account_id, count(*) FROM alerts GROUP BY account_id;
CREATE TRIGGER new_alerts_more AFTER INSERT ON alerts WHEN new.acknowledged_at IS NULL BEGIN INSERT INTO new_alerts (account_id, n) VALUES (new.account_id, 1) ON CONFLICT (account_id) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER new_alerts_again AFTER UPDATE OF acknowledged_at ON alerts WHEN old.acknowledged_at IS NOT NULL AND new.acknowledged_at IS NULL BEGIN INSERT INTO new_alerts (account_id, n) VALUES (new.account_id, 1) ON CONFLICT (account_id) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER new_alerts_fewer AFTER UPDATE OF acknowledged_at ON alerts WHEN old.acknowledged_at IS NULL AND new.acknowledged_at IS NOT NULL BEGIN UPDATE new_alerts SET n = n - 1 WHERE account_id = old.account_id; END;
CREATE TRIGGER new_alerts_gone AFTER DELETE ON alerts WHEN old.acknowledged_at IS NULL BEGIN UPDATE new_alerts SET n = n - 1 WHERE account_id = old.account_id; END;
CREATE TRIGGER new_alerts_none AFTER UPDATE ON new_alerts WHEN new.n = 0 BEGIN DELETE FROM new_alerts WHERE account_id = new.account_id; END;
