-- Lists in the order of an index, and what was counted row by row as totals that triggers keep (each on one line, as in 0015).

-- What ended stays in these two until it runs out: an account that goes finds all of its installs by them.
DROP INDEX installs_by_account;
CREATE INDEX installs_by_account ON installs (account_id, ended_at, created_at, grant_id);
DROP INDEX installs_by_client;
CREATE INDEX installs_by_client ON installs (client_id, ended_at, account_id, subject);
DROP INDEX installs_by_subject;
CREATE INDEX installs_by_subject ON installs (subject) WHERE ended_at IS NULL;
CREATE INDEX installs_unsettled_of_account ON installs (account_id, created_at) WHERE ended_at IS NULL AND settled = 0;
CREATE INDEX installs_unsettled_of_client ON installs (client_id, created_at) WHERE ended_at IS NULL AND settled = 0;

-- Of each client by account, and in all ('*'): grants whose end is not noted; installs, which are what one subject allowed, once or
-- again; and in how many accounts. No row where there is none.
CREATE TABLE install_totals (
	client_id TEXT NOT NULL,
	account_id TEXT NOT NULL,
	grants INTEGER NOT NULL,
	installs INTEGER NOT NULL,
	accounts INTEGER NOT NULL,
	PRIMARY KEY (client_id, account_id)
) WITHOUT ROWID;
INSERT INTO install_totals (client_id, account_id, grants, installs, accounts)
SELECT client_id, account_id, count(*), count(DISTINCT subject), 1 FROM installs WHERE ended_at IS NULL GROUP BY client_id, account_id;
INSERT INTO install_totals (client_id, account_id, grants, installs, accounts)
SELECT client_id, '*', sum(grants), sum(installs), count(*) FROM install_totals GROUP BY client_id;
CREATE TRIGGER installs_more AFTER INSERT ON installs WHEN new.ended_at IS NULL BEGIN INSERT INTO install_totals (client_id, account_id, grants, installs, accounts) SELECT new.client_id, column1, 1, NOT EXISTS (SELECT 1 FROM installs WHERE client_id = new.client_id AND ended_at IS NULL AND account_id = new.account_id AND subject = new.subject AND grant_id <> new.grant_id), NOT EXISTS (SELECT 1 FROM install_totals AS here WHERE here.client_id = new.client_id AND here.account_id = new.account_id) FROM (VALUES ('*'), (new.account_id)) WHERE true ON CONFLICT (client_id, account_id) DO UPDATE SET grants = grants + 1, installs = installs + excluded.installs, accounts = accounts + excluded.accounts; END;
CREATE TRIGGER installs_end AFTER UPDATE OF ended_at ON installs WHEN old.ended_at IS NULL AND new.ended_at IS NOT NULL BEGIN UPDATE install_totals SET grants = grants - 1, installs = installs - (NOT EXISTS (SELECT 1 FROM installs WHERE client_id = old.client_id AND ended_at IS NULL AND account_id = old.account_id AND subject = old.subject)) WHERE client_id = old.client_id AND account_id IN ('*', old.account_id); END;
CREATE TRIGGER installs_fewer AFTER DELETE ON installs WHEN old.ended_at IS NULL BEGIN UPDATE install_totals SET grants = grants - 1, installs = installs - (NOT EXISTS (SELECT 1 FROM installs WHERE client_id = old.client_id AND ended_at IS NULL AND account_id = old.account_id AND subject = old.subject)) WHERE client_id = old.client_id AND account_id IN ('*', old.account_id); END;
CREATE TRIGGER install_totals_none AFTER UPDATE ON install_totals WHEN new.grants = 0 BEGIN DELETE FROM install_totals WHERE client_id = new.client_id AND account_id = new.account_id; END;
CREATE TRIGGER install_totals_fewer AFTER DELETE ON install_totals WHEN old.account_id <> '*' BEGIN UPDATE install_totals SET accounts = accounts - 1 WHERE client_id = old.client_id AND account_id = '*'; END;

-- The networks of the clients that wait for a first consent ('' where it was not noted): how many, and how many never used.
CREATE TABLE waiting_networks (
	network TEXT PRIMARY KEY,
	size INTEGER NOT NULL,
	unused INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX waiting_networks_by_size ON waiting_networks (size);
INSERT INTO waiting_networks (network, size, unused)
SELECT coalesce(registered_from, ''), count(*), count(*) - count(used_at) FROM clients
WHERE registered_at IS NOT NULL AND kept_at IS NULL GROUP BY registered_from;
INSERT INTO totals (account_id, kind, n) SELECT '*', 'waiting', sum(size) FROM waiting_networks HAVING count(*) > 0;
CREATE TRIGGER waiting_more AFTER INSERT ON clients WHEN new.registered_at IS NOT NULL AND new.kept_at IS NULL BEGIN INSERT INTO waiting_networks (network, size, unused) VALUES (coalesce(new.registered_from, ''), 1, new.used_at IS NULL) ON CONFLICT (network) DO UPDATE SET size = size + 1, unused = unused + excluded.unused; INSERT INTO totals (account_id, kind, n) VALUES ('*', 'waiting', 1) ON CONFLICT (account_id, kind) DO UPDATE SET n = n + 1; END;
CREATE TRIGGER waiting_fewer AFTER DELETE ON clients WHEN old.registered_at IS NOT NULL AND old.kept_at IS NULL BEGIN UPDATE waiting_networks SET size = size - 1, unused = unused - (old.used_at IS NULL) WHERE network = coalesce(old.registered_from, ''); UPDATE totals SET n = n - 1 WHERE account_id = '*' AND kind = 'waiting'; END;
CREATE TRIGGER waiting_kept AFTER UPDATE OF kept_at ON clients WHEN old.registered_at IS NOT NULL AND old.kept_at IS NULL AND new.kept_at IS NOT NULL BEGIN UPDATE waiting_networks SET size = size - 1, unused = unused - (old.used_at IS NULL) WHERE network = coalesce(old.registered_from, ''); UPDATE totals SET n = n - 1 WHERE account_id = '*' AND kind = 'waiting'; END;
CREATE TRIGGER waiting_used AFTER UPDATE OF used_at ON clients WHEN new.registered_at IS NOT NULL AND new.kept_at IS NULL AND old.used_at IS NULL AND new.used_at IS NOT NULL BEGIN UPDATE waiting_networks SET unused = unused - 1 WHERE network = coalesce(new.registered_from, ''); END;
CREATE TRIGGER waiting_from AFTER UPDATE OF registered_from ON clients WHEN new.registered_at IS NOT NULL AND new.kept_at IS NULL AND old.registered_from IS NOT new.registered_from BEGIN UPDATE waiting_networks SET size = size - 1, unused = unused - (new.used_at IS NULL) WHERE network = coalesce(old.registered_from, ''); INSERT INTO waiting_networks (network, size, unused) VALUES (coalesce(new.registered_from, ''), 1, new.used_at IS NULL) ON CONFLICT (network) DO UPDATE SET size = size + 1, unused = unused + excluded.unused; END;
CREATE TRIGGER waiting_networks_none AFTER UPDATE ON waiting_networks WHEN new.size = 0 BEGIN DELETE FROM waiting_networks WHERE network = new.network; END;

-- The last that was heard of a client that somebody consented to.
DROP INDEX clients_kept;
CREATE INDEX clients_kept ON clients (max(kept_at, coalesce(used_at, 0))) WHERE kept_at IS NOT NULL;

DROP INDEX clients_by_account;
CREATE INDEX clients_by_account ON clients (account_id, name COLLATE NOCASE, id);

-- What has ended has no name any more, and is in no list.
DROP INDEX accounts_by_name;
CREATE INDEX accounts_by_name ON accounts (name COLLATE NOCASE, id) WHERE state = 'active';
CREATE INDEX accounts_suspended ON accounts (name COLLATE NOCASE, id) WHERE state = 'active' AND suspended_at IS NOT NULL;

CREATE INDEX invitations_open ON invitations (account_id, expires_at) WHERE state = 'open';
CREATE INDEX invitations_open_by ON invitations (invited_by) WHERE state = 'open';

-- The name of their person, since an account's people are listed by it.
ALTER TABLE memberships ADD COLUMN name TEXT NOT NULL DEFAULT '';
UPDATE memberships SET name = coalesce((SELECT people.name FROM people WHERE people.id = person_id), '');
CREATE INDEX memberships_by_name ON memberships (account_id, name, person_id) WHERE state = 'active';
CREATE TRIGGER memberships_named AFTER INSERT ON memberships BEGIN UPDATE memberships SET name = coalesce((SELECT people.name FROM people WHERE people.id = new.person_id), '') WHERE person_id = new.person_id AND account_id = new.account_id; END;
CREATE TRIGGER people_named AFTER INSERT ON people BEGIN UPDATE memberships SET name = new.name WHERE person_id = new.id; END;
CREATE TRIGGER people_renamed AFTER UPDATE OF name ON people WHEN old.name <> new.name BEGIN UPDATE memberships SET name = new.name WHERE person_id = new.id; END;

-- An entry's number grows with its time, by which the oldest are found too: an index less that each entry writes.
DROP INDEX audit_by_time;
