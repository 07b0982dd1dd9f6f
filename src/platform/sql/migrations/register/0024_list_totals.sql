-- How many rows lists have that are searched: all clients of an account, ended ones too, and grants of an account whose end is not noted.
INSERT INTO totals (account_id, kind, n) SELECT account_id, 'listed_clients', count(*) FROM clients WHERE account_id IS NOT NULL GROUP BY account_id;
INSERT INTO totals (account_id, kind, n) SELECT account_id, 'grants', sum(grants) FROM install_totals WHERE account_id <> '*' GROUP BY account_id;
CREATE TRIGGER listed_clients_more AFTER INSERT ON clients WHEN new.account_id IS NOT NULL BEGIN INSERT INTO totals (account_id, kind, n) VALUES (new.account_id, 'listed_clients', 1) ON CONFLICT (account_id, kind) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER listed_clients_fewer AFTER DELETE ON clients WHEN old.account_id IS NOT NULL BEGIN UPDATE totals SET n = n - 1 WHERE account_id = old.account_id AND kind = 'listed_clients'; END;
CREATE TRIGGER grants_more AFTER INSERT ON installs WHEN new.ended_at IS NULL BEGIN INSERT INTO totals (account_id, kind, n) VALUES (new.account_id, 'grants', 1) ON CONFLICT (account_id, kind) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER grants_end AFTER UPDATE OF ended_at ON installs WHEN old.ended_at IS NULL AND new.ended_at IS NOT NULL BEGIN UPDATE totals SET n = n - 1 WHERE account_id = old.account_id AND kind = 'grants'; END;
CREATE TRIGGER grants_fewer AFTER DELETE ON installs WHEN old.ended_at IS NULL BEGIN UPDATE totals SET n = n - 1 WHERE account_id = old.account_id AND kind = 'grants'; END;
