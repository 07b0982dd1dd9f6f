-- What of a subject is of one client, one credential or one account is found without reading the rest. What an earlier version writes,
-- which knows of neither column, is filled in.
ALTER TABLE rows ADD COLUMN account TEXT;
ALTER TABLE rows ADD COLUMN party TEXT;
UPDATE rows SET account = iif(json_valid(body), body ->> '$.accountId', NULL),
	party = iif(json_valid(body), coalesce(body ->> '$.clientId', body ->> '$.credential'), NULL)
	WHERE kind IN ('grant', 'session', 'consent');
CREATE TRIGGER rows_of_earlier AFTER INSERT ON rows WHEN new.account IS NULL AND new.kind IN ('grant', 'session', 'consent') BEGIN UPDATE rows SET account = iif(json_valid(body), body ->> '$.accountId', NULL), party = iif(json_valid(body), coalesce(body ->> '$.clientId', body ->> '$.credential'), NULL) WHERE subject = new.subject AND kind = new.kind AND id = new.id; END;
CREATE UNIQUE INDEX rows_by_account ON rows (subject, kind, account, party, id) WHERE account IS NOT NULL;
