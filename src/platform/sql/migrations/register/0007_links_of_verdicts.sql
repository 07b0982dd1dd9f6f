-- The rows that follow from a key's verdict, as copy-verdict.ts keeps them from now on. Before, they were written apart from
-- it: a link that was made while it was removed opened the account and was listed nowhere.

-- A copy that cannot be read stops nobody's upgrade: what stands beside it is left as it is.

-- What a deleted key was called: its own row goes.
ALTER TABLE key_verdicts ADD COLUMN deleted_name TEXT;
UPDATE key_verdicts SET deleted_name = (SELECT name FROM api_keys WHERE id = key_id) WHERE CASE WHEN json_valid(verdict) THEN verdict END ->> '$.state' = 'deleted';

WITH readable AS (SELECT key_id, CASE WHEN json_valid(verdict) THEN verdict END AS verdict FROM key_verdicts)
INSERT INTO key_links (account_id, key_id, created_at)
SELECT accounts.id, api_keys.id, unixepoch()
FROM readable JOIN json_each(verdict, '$.policies') AS given
JOIN accounts ON accounts.id = given.key
JOIN api_keys ON api_keys.id = readable.key_id
WHERE verdict ->> '$.state' <> 'deleted' AND given.key <> verdict ->> '$.ownerId'
ON CONFLICT (account_id, key_id) DO NOTHING;

WITH readable AS (SELECT key_id, CASE WHEN json_valid(verdict) THEN verdict END AS verdict FROM key_verdicts)
DELETE FROM key_links WHERE key_id NOT IN (SELECT key_id FROM readable WHERE verdict IS NULL) AND NOT EXISTS (
	SELECT 1 FROM readable JOIN json_each(verdict, '$.policies') AS given
	WHERE readable.key_id = key_links.key_id AND verdict ->> '$.state' <> 'deleted' AND given.key = key_links.account_id);

WITH readable AS (SELECT key_id, CASE WHEN json_valid(verdict) THEN verdict END AS verdict FROM key_verdicts)
DELETE FROM access_codes WHERE key_id NOT IN (SELECT key_id FROM readable WHERE verdict IS NULL) AND NOT EXISTS (
	SELECT 1 FROM readable JOIN json_each(verdict, '$.codes') AS code
	WHERE readable.key_id = access_codes.key_id AND verdict ->> '$.state' <> 'deleted'
		AND code.value ->> '$.id' = access_codes.id);

WITH readable AS (SELECT key_id, CASE WHEN json_valid(verdict) THEN verdict END AS verdict FROM key_verdicts)
DELETE FROM api_keys WHERE EXISTS (
	SELECT 1 FROM readable WHERE readable.key_id = api_keys.id AND verdict ->> '$.state' = 'deleted');
