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

-- API keys: own and linked ones are each in the order of their list, and what is asked of them is found by an index.

-- 1 until a verdict of it was copied: what stays so for an hour stands for no key.
ALTER TABLE api_keys ADD COLUMN pending INTEGER NOT NULL DEFAULT 0 CHECK (pending IN (0, 1));
UPDATE api_keys SET pending = 1 WHERE NOT EXISTS (SELECT 1 FROM key_verdicts WHERE key_id = id);
CREATE INDEX api_keys_pending ON api_keys (account_id, created_at) WHERE pending = 1;
CREATE INDEX api_keys_by_id ON api_keys (account_id, id);

-- What the key is called, by which links are listed.
ALTER TABLE key_links ADD COLUMN name TEXT NOT NULL DEFAULT '';
UPDATE key_links SET name = (SELECT name FROM api_keys WHERE id = key_id);
CREATE INDEX key_links_by_name ON key_links (account_id, name COLLATE NOCASE, key_id);
CREATE TRIGGER key_links_named AFTER INSERT ON key_links WHEN new.name = '' BEGIN UPDATE key_links SET name = (SELECT name FROM api_keys WHERE id = new.key_id) WHERE account_id = new.account_id AND key_id = new.key_id; END;
CREATE TRIGGER key_links_renamed AFTER UPDATE OF name ON api_keys BEGIN UPDATE key_links SET name = new.name WHERE key_id = new.id; END;

-- The policies that accounts gave keys, and when the access codes end that are good now, as the verdict has it that was copied.
CREATE TABLE key_policies (
	account_id TEXT NOT NULL,
	policy_id TEXT NOT NULL,
	key_id TEXT NOT NULL,
	PRIMARY KEY (account_id, policy_id, key_id)
) WITHOUT ROWID;
CREATE TABLE code_ends (
	ends_at INTEGER NOT NULL,
	key_id TEXT NOT NULL,
	PRIMARY KEY (ends_at, key_id)
) WITHOUT ROWID;
INSERT INTO key_policies (account_id, policy_id, key_id)
SELECT given.key, policy.value, key_id FROM key_verdicts,
	json_each(CASE WHEN json_valid(verdict) THEN verdict ELSE '{}' END, '$.policies') AS given, json_each(given.value) AS policy
WHERE CASE WHEN json_valid(verdict) THEN verdict END ->> '$.state' <> 'deleted'
ON CONFLICT DO NOTHING;
INSERT INTO code_ends (ends_at, key_id)
SELECT code.value ->> '$.expiresAt', key_id FROM key_verdicts,
	json_each(CASE WHEN json_valid(verdict) THEN verdict ELSE '{}' END, '$.codes') AS code
WHERE CASE WHEN json_valid(verdict) THEN verdict END ->> '$.state' = 'enabled' AND code.value ->> '$.enabled'
ON CONFLICT DO NOTHING;
CREATE INDEX key_policies_by_key ON key_policies (key_id);
CREATE INDEX code_ends_by_key ON code_ends (key_id);
CREATE TRIGGER key_verdicts_new AFTER INSERT ON key_verdicts WHEN json_valid(new.verdict) BEGIN INSERT INTO key_policies (account_id, policy_id, key_id) SELECT given.key, policy.value, new.key_id FROM json_each(new.verdict, '$.policies') AS given, json_each(given.value) AS policy WHERE new.verdict ->> '$.state' <> 'deleted' ON CONFLICT DO NOTHING; INSERT INTO code_ends (ends_at, key_id) SELECT code.value ->> '$.expiresAt', new.key_id FROM json_each(new.verdict, '$.codes') AS code WHERE new.verdict ->> '$.state' = 'enabled' AND code.value ->> '$.enabled' ON CONFLICT DO NOTHING; UPDATE api_keys SET pending = 0 WHERE id = new.key_id AND pending = 1; END;
CREATE TRIGGER key_verdicts_other AFTER UPDATE OF verdict ON key_verdicts WHEN json_valid(new.verdict) BEGIN DELETE FROM key_policies WHERE key_id = new.key_id AND (account_id, policy_id, key_id) NOT IN (SELECT given.key, policy.value, new.key_id FROM json_each(new.verdict, '$.policies') AS given, json_each(given.value) AS policy WHERE new.verdict ->> '$.state' <> 'deleted'); DELETE FROM code_ends WHERE key_id = new.key_id AND (ends_at, key_id) NOT IN (SELECT code.value ->> '$.expiresAt', new.key_id FROM json_each(new.verdict, '$.codes') AS code WHERE new.verdict ->> '$.state' = 'enabled' AND code.value ->> '$.enabled'); INSERT INTO key_policies (account_id, policy_id, key_id) SELECT given.key, policy.value, new.key_id FROM json_each(new.verdict, '$.policies') AS given, json_each(given.value) AS policy WHERE new.verdict ->> '$.state' <> 'deleted' ON CONFLICT DO NOTHING; INSERT INTO code_ends (ends_at, key_id) SELECT code.value ->> '$.expiresAt', new.key_id FROM json_each(new.verdict, '$.codes') AS code WHERE new.verdict ->> '$.state' = 'enabled' AND code.value ->> '$.enabled' ON CONFLICT DO NOTHING; UPDATE api_keys SET pending = 0 WHERE id = new.key_id AND pending = 1; END;
CREATE TRIGGER key_verdicts_gone AFTER DELETE ON key_verdicts BEGIN DELETE FROM key_policies WHERE key_id = old.key_id; DELETE FROM code_ends WHERE key_id = old.key_id; END;

-- For the end of an account: the verdicts of keys that were deleted before.
CREATE INDEX key_verdicts_by_owner ON key_verdicts (CASE WHEN json_valid(verdict) THEN verdict END ->> '$.ownerId');

-- How far an account has forgotten what it kept sealed, by the ids of its keys, since it forbade to show that again. Null: wholly.
ALTER TABLE accounts ADD COLUMN forgotten_to TEXT;
CREATE INDEX accounts_forgetting ON accounts (id) WHERE forgotten_to IS NOT NULL;
