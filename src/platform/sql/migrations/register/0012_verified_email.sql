-- The e-mail address that an administrator of the account says is the person's.
ALTER TABLE memberships ADD COLUMN verified_email TEXT;
