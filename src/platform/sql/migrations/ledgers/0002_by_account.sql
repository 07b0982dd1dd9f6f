-- What of a subject is of one client, one credential or one account is found without reading the rest. The columns follow from the
-- body, so that an earlier version writes them too.
ALTER TABLE rows ADD COLUMN account TEXT AS (CASE WHEN json_valid(body) THEN body ->> '$.accountId' ELSE '' END);
ALTER TABLE rows ADD COLUMN party TEXT AS
	(CASE WHEN json_valid(body) THEN coalesce(body ->> '$.clientId', body ->> '$.credential') END);
CREATE UNIQUE INDEX rows_by_account ON rows (subject, kind, account, party, id) WHERE account IS NOT NULL;
