-- The network that a client registered itself from: of those that wait for somebody's first consent, a network's newest goes last.
ALTER TABLE clients ADD COLUMN registered_from TEXT;
