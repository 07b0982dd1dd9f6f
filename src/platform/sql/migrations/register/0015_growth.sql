-- What is as fast with a million rows as with a hundred: totals are kept, not counted.

-- How many there are, of an account, of none ('', as the deployment's own APIs are), and in all ('*'). No row where there are none.
-- Kept by triggers, which no writer can forget: whose a row is never changes, its state may. Each trigger is on one line, since
-- D1's query endpoint, by which a deployment is migrated, takes others apart at their semicolons.
CREATE TABLE totals (
	account_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (account_id, kind)
) WITHOUT ROWID;

INSERT INTO totals (account_id, kind, n) SELECT account_id, 'keys', count(*) FROM api_keys GROUP BY account_id;
INSERT INTO totals (account_id, kind, n) SELECT account_id, 'policies', count(*) FROM policies GROUP BY account_id;
INSERT INTO totals (account_id, kind, n) SELECT account_id, 'environments', count(*) FROM environments GROUP BY account_id;
INSERT INTO totals (account_id, kind, n) SELECT coalesce(account_id, ''), 'apis', count(*) FROM apis GROUP BY account_id;
INSERT INTO totals (account_id, kind, n)
SELECT coalesce(account_id, ''), 'clients', count(*) FROM clients WHERE state = 'active' GROUP BY account_id;
INSERT INTO totals (account_id, kind, n)
SELECT '*', kind, sum(n) FROM totals WHERE kind IN ('keys', 'apis', 'clients') GROUP BY kind;
INSERT INTO totals (account_id, kind, n)
SELECT account_id, 'people', count(*) FROM memberships WHERE state = 'active' GROUP BY account_id;
INSERT INTO totals (account_id, kind, n) SELECT '*', 'people', count(*) FROM people WHERE state = 'active' GROUP BY state;
INSERT INTO totals (account_id, kind, n) SELECT '*', 'accounts', count(*) FROM accounts WHERE state = 'active' GROUP BY state;

CREATE TRIGGER totals_none AFTER UPDATE ON totals WHEN new.n = 0 BEGIN DELETE FROM totals WHERE account_id = new.account_id AND kind = new.kind; END;

CREATE TRIGGER api_keys_more AFTER INSERT ON api_keys BEGIN INSERT INTO totals (account_id, kind, n) VALUES (new.account_id, 'keys', 1), ('*', 'keys', 1) ON CONFLICT (account_id, kind) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER api_keys_fewer AFTER DELETE ON api_keys BEGIN UPDATE totals SET n = n - 1 WHERE account_id IN (old.account_id, '*') AND kind = 'keys'; END;

CREATE TRIGGER policies_more AFTER INSERT ON policies BEGIN INSERT INTO totals (account_id, kind, n) VALUES (new.account_id, 'policies', 1) ON CONFLICT (account_id, kind) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER policies_fewer AFTER DELETE ON policies BEGIN UPDATE totals SET n = n - 1 WHERE account_id = old.account_id AND kind = 'policies'; END;

CREATE TRIGGER environments_more AFTER INSERT ON environments BEGIN INSERT INTO totals (account_id, kind, n) VALUES (new.account_id, 'environments', 1) ON CONFLICT (account_id, kind) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER environments_fewer AFTER DELETE ON environments BEGIN UPDATE totals SET n = n - 1 WHERE account_id = old.account_id AND kind = 'environments'; END;

CREATE TRIGGER apis_more AFTER INSERT ON apis BEGIN INSERT INTO totals (account_id, kind, n) VALUES (coalesce(new.account_id, ''), 'apis', 1), ('*', 'apis', 1) ON CONFLICT (account_id, kind) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER apis_fewer AFTER DELETE ON apis BEGIN UPDATE totals SET n = n - 1 WHERE account_id IN (coalesce(old.account_id, ''), '*') AND kind = 'apis'; END;

-- Whoever ended, or left, makes room.
CREATE TRIGGER clients_more AFTER INSERT ON clients WHEN new.state = 'active' BEGIN INSERT INTO totals (account_id, kind, n) VALUES (coalesce(new.account_id, ''), 'clients', 1), ('*', 'clients', 1) ON CONFLICT (account_id, kind) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER clients_back AFTER UPDATE OF state ON clients WHEN new.state = 'active' AND old.state <> 'active' BEGIN INSERT INTO totals (account_id, kind, n) VALUES (coalesce(new.account_id, ''), 'clients', 1), ('*', 'clients', 1) ON CONFLICT (account_id, kind) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER clients_end AFTER UPDATE OF state ON clients WHEN old.state = 'active' AND new.state <> 'active' BEGIN UPDATE totals SET n = n - 1 WHERE account_id IN (coalesce(old.account_id, ''), '*') AND kind = 'clients'; END;
CREATE TRIGGER clients_fewer AFTER DELETE ON clients WHEN old.state = 'active' BEGIN UPDATE totals SET n = n - 1 WHERE account_id IN (coalesce(old.account_id, ''), '*') AND kind = 'clients'; END;

CREATE TRIGGER memberships_more AFTER INSERT ON memberships WHEN new.state = 'active' BEGIN INSERT INTO totals (account_id, kind, n) VALUES (new.account_id, 'people', 1) ON CONFLICT (account_id, kind) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER memberships_back AFTER UPDATE OF state ON memberships WHEN new.state = 'active' AND old.state <> 'active' BEGIN INSERT INTO totals (account_id, kind, n) VALUES (new.account_id, 'people', 1) ON CONFLICT (account_id, kind) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER memberships_end AFTER UPDATE OF state ON memberships WHEN old.state = 'active' AND new.state <> 'active' BEGIN UPDATE totals SET n = n - 1 WHERE account_id = old.account_id AND kind = 'people'; END;
CREATE TRIGGER memberships_fewer AFTER DELETE ON memberships WHEN old.state = 'active' BEGIN UPDATE totals SET n = n - 1 WHERE account_id = old.account_id AND kind = 'people'; END;

CREATE TRIGGER people_more AFTER INSERT ON people WHEN new.state = 'active' BEGIN INSERT INTO totals (account_id, kind, n) VALUES ('*', 'people', 1) ON CONFLICT (account_id, kind) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER people_back AFTER UPDATE OF state ON people WHEN new.state = 'active' AND old.state <> 'active' BEGIN INSERT INTO totals (account_id, kind, n) VALUES ('*', 'people', 1) ON CONFLICT (account_id, kind) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER people_end AFTER UPDATE OF state ON people WHEN old.state = 'active' AND new.state <> 'active' BEGIN UPDATE totals SET n = n - 1 WHERE account_id = '*' AND kind = 'people'; END;
CREATE TRIGGER people_fewer AFTER DELETE ON people WHEN old.state = 'active' BEGIN UPDATE totals SET n = n - 1 WHERE account_id = '*' AND kind = 'people'; END;

CREATE TRIGGER accounts_more AFTER INSERT ON accounts WHEN new.state = 'active' BEGIN INSERT INTO totals (account_id, kind, n) VALUES ('*', 'accounts', 1) ON CONFLICT (account_id, kind) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER accounts_back AFTER UPDATE OF state ON accounts WHEN new.state = 'active' AND old.state <> 'active' BEGIN INSERT INTO totals (account_id, kind, n) VALUES ('*', 'accounts', 1) ON CONFLICT (account_id, kind) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER accounts_end AFTER UPDATE OF state ON accounts WHEN old.state = 'active' AND new.state <> 'active' BEGIN UPDATE totals SET n = n - 1 WHERE account_id = '*' AND kind = 'accounts'; END;
CREATE TRIGGER accounts_fewer AFTER DELETE ON accounts WHEN old.state = 'active' BEGIN UPDATE totals SET n = n - 1 WHERE account_id = '*' AND kind = 'accounts'; END;
