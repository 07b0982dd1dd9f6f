-- Raised by every change, so that of two at once the second looks again, as `clients` has it already.
ALTER TABLE policies ADD COLUMN rev INTEGER NOT NULL DEFAULT 0;
ALTER TABLE api_keys ADD COLUMN rev INTEGER NOT NULL DEFAULT 0;
