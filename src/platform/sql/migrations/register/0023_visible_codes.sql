-- What people tell an access code by (`lk_AQCZ3_k7…pHto`): it opens nothing. Null of those that were made before, until they are shown again.
ALTER TABLE access_codes ADD COLUMN visible TEXT;
