-- All that says which of the clients that wait for a first consent goes when there are too many, network by network.
CREATE INDEX clients_waiting ON clients (registered_from, used_at, registered_at, id, kept_at)
	WHERE registered_at IS NOT NULL AND kept_at IS NULL;
