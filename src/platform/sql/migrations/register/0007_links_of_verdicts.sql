-- The rows that follow from a key's verdict, as copy-verdict.ts keeps them from now on. Before, they were written apart from
-- it: a link that was made while it was removed opened the account and was listed nowhere.

-- What a deleted key was called: its own row goes.
ALTER TABLE key_verdicts ADD COLUMN deleted_name TEXT;
UPDATE key_verdicts SET deleted_name = (SELECT name FROM api_keys WHERE id = key_id) WHERE verdict ->> '$.state' = 'deleted';

INSERT INTO key_links (account_id, key_id, created_at)
SELECT accounts.id, api_keys.id, unixepoch()
FROM key_verdicts JOIN json_each(verdict, '$.policies') AS given
JOIN accounts ON accounts.id = given.key
JOIN api_keys ON api_keys.id = key_verdicts.key_id
WHERE verdict ->> '$.state' <> 'deleted' AND given.key <> verdict ->> '$.ownerId'
ON CONFLICT (account_id, key_id) DO NOTHING;

DELETE FROM key_links WHERE NOT EXISTS (
	SELECT 1 FROM key_verdicts JOIN json_each(verdict, '$.policies') AS given
	WHERE key_verdicts.key_id = key_links.key_id AND verdict ->> '$.state' <> 'deleted' AND given.key = key_links.account_id);

DELETE FROM access_codes WHERE NOT EXISTS (
	SELECT 1 FROM key_verdicts JOIN json_each(verdict, '$.codes') AS code
	WHERE key_verdicts.key_id = access_codes.key_id AND verdict ->> '$.state' <> 'deleted'
		AND code.value ->> '$.id' = access_codes.id);

DELETE FROM api_keys WHERE EXISTS (
	SELECT 1 FROM key_verdicts WHERE key_verdicts.key_id = api_keys.id AND verdict ->> '$.state' = 'deleted');
