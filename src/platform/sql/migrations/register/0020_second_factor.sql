-- 'required' where the account opens to nobody who signed in by one factor alone; null where it does not ask.
ALTER TABLE accounts ADD COLUMN second_factor TEXT;
